"""No call that only some systems have, outside the room that says what is done elsewhere."""

import ast
from collections.abc import Iterator

import pytest

from tests.support.paths import ROOT
from tests.support.platform_names import MODULES, is_missing, missing, names

PLATFORMS = ("win32", "darwin")
ROOM = ROOT / "fastw2v" / "system"
SOURCES = [path for path in sorted((ROOT / "fastw2v").rglob("*.py")) if ROOM not in path.parents]


def uses(source: str) -> Iterator[tuple[int, str, str]]:
    """Line, module and name of each use of one of `MODULES`; the name is "" for an import."""
    tree = ast.parse(source)
    known = {}
    expected = {id(each) for node in ast.walk(tree) for each in _tried(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                module = alias.name.partition(".")[0]
                known[alias.asname or module] = module
                if id(node) not in expected:
                    yield node.lineno, module, ""
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, node.module, alias.name
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in known:
            yield node.lineno, known[node.value.id], node.attr
        elif node.attr in missing("mmap.mmap", "win32"):
            yield node.lineno, "mmap.mmap", node.attr


def _tried(node: ast.AST) -> list[ast.stmt]:
    """The statements of a ``try`` that expects a module to be missing, as ``readline``."""
    if not isinstance(node, ast.Try):
        return []
    caught = [ast.unparse(each.type) for each in node.handlers if each.type is not None]
    return node.body if "ImportError" in " ".join(caught) else []


def not_everywhere(source: str) -> list[str]:
    """What of a module's source Windows or macOS does not have, with its line."""
    found = []
    for line, module, name in uses(source):
        for platform in PLATFORMS:
            if module in MODULES and is_missing(module, platform):
                found.append(f"line {line}: {module} is not on {platform}")
            elif module.partition(".")[0] in MODULES and name in missing(module, platform):
                found.append(f"line {line}: {module}.{name} is not on {platform}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_such_calls_are_in_the_room_for_them(path):
    """A finding: move the call to `fastw2v/system/posix.py`, and say there what replaces it."""
    assert not_everywhere(path.read_text("utf-8")) == []


def test_the_room_has_them():
    found = [line for path in ROOM.glob("*.py") for line in not_everywhere(path.read_text("utf-8"))]
    text = "\n".join(found)
    for name in ("fcntl is", "os.fchmod", "os.preadv", "mmap.MAP_PRIVATE", "os.sched_getaffinity"):
        assert name in text


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import os\nos.fork()", ["line 2: os.fork is not on win32"]),
        ("import os as o\ndef f():\n  o.O_NOFOLLOW", ["line 3: os.O_NOFOLLOW is not on win32"]),
        ("from os import geteuid", ["line 1: os.geteuid is not on win32"]),
        ("def f():\n  import fcntl", ["line 2: fcntl is not on win32"]),
        ("from pwd import getpwnam", ["line 1: pwd is not on win32"]),
        ("import os\nos.sched_getaffinity(0)",
         [f"line 2: os.sched_getaffinity is not on {each}" for each in PLATFORMS]),
        ("import signal\nsignal.SIGHUP", ["line 2: signal.SIGHUP is not on win32"]),
        ("pages.madvise(3)", ["line 1: mmap.mmap.madvise is not on win32"]),
        ("import os\nos.path.join; os.replace; os.getpid; os.O_RDWR; os.link; os.PathLike", []),
        ("import signal, mmap, os.path\nsignal.SIGINT; mmap.ACCESS_READ; os.kill", []),
        ("try:\n  import readline\nexcept ImportError:\n  pass", []),
        ("try:\n  import fcntl\nexcept ImportError:\n  fcntl = None\nfcntl.flock",
         ["line 5: fcntl is not on win32"]),
        ("class A:\n  fork = 1\nA.fork", []),
    ],
)  # fmt: skip
def test_the_search(source, found):
    assert not_everywhere(source) == found


def test_the_inventory():
    """What the documentation of Python marks "Availability: Unix", and some that it does not."""
    gone = missing("os", "win32")
    assert {"fork", "fchmod", "fchown", "preadv", "getxattr", "set_blocking", "sysconf"} <= gone
    assert {"O_NONBLOCK", "O_CLOEXEC", "O_DIRECTORY"} <= gone
    assert not {"open", "stat_result", "replace", "PathLike", "path", "O_BINARY"} & gone
    assert {"posix_fadvise", "getxattr", "O_TMPFILE"} <= missing("os", "darwin")
    assert not {"fork", "O_NOFOLLOW", "preadv"} & missing("os", "darwin")
    assert is_missing("resource", "win32")
    assert not is_missing("resource", "darwin")
    assert "SIGBREAK" in names("signal", "win32")
