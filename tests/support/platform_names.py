"""Which names of Python's own modules a platform does not have, by the stubs that mypy brings.

`missing("os", "win32")` has ``fork``, ``fchmod`` and the like: what the documentation marks with
"Availability: Unix". What Windows got in a later Python than the oldest we support is missing, too.
"""

import ast
from functools import cache
from pathlib import Path

import mypy

STUBS = Path(mypy.__file__).parent / "typeshed" / "stdlib"
OLDEST = (3, 10)  # requires-python of pyproject.toml
MODULES = (
    "os", "signal", "mmap", "socket", "select", "time", "errno", "sys", "fcntl", "resource", "pwd",
    "grp", "termios", "tty", "pty", "syslog", "posix", "readline", "crypt", "spwd", "nis",
)  # fmt: skip
"""Modules that are looked at: those with names of one platform, and those of one platform alone."""

# The stubs do not say so: flags of `os.open`, "Availability: Unix", and some "Linux".
_FLAGS = {
    "win32": {"O_DSYNC", "O_RSYNC", "O_SYNC", "O_NDELAY", "O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC",
              "O_ASYNC", "O_DIRECTORY", "O_NOFOLLOW", "O_NOATIME", "O_PATH", "O_TMPFILE",
              "O_SHLOCK", "O_EXLOCK", "O_DIRECT", "O_LARGEFILE", "O_ACCMODE"},
    "darwin": {"O_RSYNC", "O_NOATIME", "O_PATH", "O_TMPFILE", "O_DIRECT", "O_LARGEFILE"},
}  # fmt: skip
_EVERYWHERE = {"os": {"PathLike", "path"}}  # imported, not defined, in the stub


@cache
def missing(module: str, platform: str) -> frozenset[str]:
    """Names of ``module`` that Linux has and ``platform`` does not."""
    flags = _FLAGS.get(platform, set()) if module == "os" else set()
    return (names(module, "linux") | flags) - (names(module, platform) - flags)


def is_missing(module: str, platform: str) -> bool:
    """Whether ``platform`` does not have the module at all."""
    return bool(names(module, "linux")) and not names(module, platform)


@cache
def names(module: str, platform: str) -> frozenset[str]:
    """The names that a module, or ``mmap.mmap`` as a class, has on a platform."""
    path, _, inner = module.partition(".")
    file = STUBS / path / "__init__.pyi"
    body = ast.parse((file if file.exists() else STUBS / f"{path}.pyi").read_text("utf-8")).body
    if inner:
        (body,) = [each.body for each in body if getattr(each, "name", "") == inner]
    found = set(_EVERYWHERE.get(module, ()))
    _collect(body, platform, found)
    return frozenset(name for name in found if not name.startswith("_"))


def _collect(body: list[ast.stmt], platform: str, found: set[str]) -> None:
    for node in body:
        if isinstance(node, ast.If):
            _collect(node.body if _holds(node.test, platform) else node.orelse, platform, found)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found.add(node.target.id)
        elif isinstance(node, ast.Assign):
            found.update(each.id for each in node.targets if isinstance(each, ast.Name))


def _holds(test: ast.expr, platform: str) -> bool:
    if isinstance(test, ast.BoolOp):
        results = [_holds(each, platform) for each in test.values]
        return all(results) if isinstance(test.op, ast.And) else any(results)
    if isinstance(test, ast.UnaryOp):
        return not _holds(test.operand, platform)
    if isinstance(test, ast.Compare):
        known = {"sys.platform": platform, "sys.version_info": OLDEST}
        left = known.get(ast.unparse(test.left))
        if left is not None:
            right = ast.literal_eval(test.comparators[0])
            compare = {ast.Eq: "__eq__", ast.NotEq: "__ne__", ast.GtE: "__ge__", ast.Lt: "__lt__"}
            return bool(getattr(left, compare[type(test.ops[0])])(right))
    return True  # TYPE_CHECKING and the like
