"""Run commands as far as possible as if this were another platform: ``win32`` or ``darwin``.

``python -X warn_default_encoding -m tests.support.elsewhere win32 < lines``: each line is a JSON
list, the arguments of one ``fastw2v``. Prints a JSON list of exit code, output and errors for each.

Modules of fastw2v, and only they, see Python's own modules without the names that the platform does
not have, and not at all those that it lacks. For ``win32``, further:

- a file that this process has open or mapped cannot be replaced, renamed or removed
- memory maps have no flags, a folder cannot be opened, there is no ``/proc`` and no ``/sys``
- the standard streams have the encoding cp1252, and text gets ``\\r\\n`` as line end
- opening a text file without an encoding is an error

What differs otherwise is not seen here: paths with drives and backslashes, other compilers, the
sharing of files between programs.
"""

import builtins
import importlib
import io
import json
import mmap
import os
import pathlib
import sys
import types
import warnings

from tests.support.platform_names import MODULES, is_missing, missing

HERE = sys.platform


class Seen(types.ModuleType):
    """A module without the names that a platform does not have."""

    def __init__(self, real, hidden, changed):
        object.__setattr__(self, "_parts", (real, hidden, changed))
        super().__init__(real.__name__)

    def __getattribute__(self, name):
        real, hidden, changed = object.__getattribute__(self, "_parts")
        if name in hidden:
            raise AttributeError(f"module {real.__name__!r} has no attribute {name!r} there")
        return changed[name] if name in changed else getattr(real, name)

    def __setattr__(self, name, value):
        setattr(object.__getattribute__(self, "_parts")[0], name, value)


def pretend(platform: str) -> None:
    """Let modules of fastw2v that are imported from now on see the platform."""
    changed = {"sys": {"platform": platform}}
    if platform == "win32":
        changed |= {"os": windows_files(), "mmap": {"mmap": WindowsMap}}
    seen = {
        name: Seen(importlib.import_module(name), missing(name, platform), changed.get(name, {}))
        for name in MODULES
        if not is_missing(name, platform)
    }
    really = builtins.__import__

    def imported(name, globals=None, locals=None, fromlist=(), level=0):
        importer = (globals or {}).get("__name__", "")
        if importer.partition(".")[0] == "fastw2v":
            if name.partition(".")[0] not in seen and is_known_missing(name, platform):
                raise ModuleNotFoundError(f"No module named {name!r} there", name=name)
            if name in seen or (not fromlist and name.partition(".")[0] in seen):
                return seen[name.partition(".")[0]]
        return really(name, globals, locals, fromlist, level)

    builtins.__import__ = imported
    read_text = pathlib.Path.read_text

    def read_text_there(path, *arguments, **named):
        if str(path).startswith(("/proc/", "/sys/")):
            raise FileNotFoundError(2, "No such file or directory", str(path))
        return read_text(path, *arguments, **named)

    pathlib.Path.read_text = read_text_there
    warnings.filterwarnings("error", category=EncodingWarning, module=r"fastw2v\.")


def is_known_missing(name: str, platform: str) -> bool:
    return name in MODULES and is_missing(name, platform)


# --- Windows ------------------------------------------------------------------------------------


class WindowsMap(mmap.mmap):
    """A memory map with the arguments that it has on Windows."""

    def __new__(cls, fileno, length, tagname=None, access=mmap.ACCESS_DEFAULT, offset=0):
        return super().__new__(cls, fileno, length, access=access, offset=offset)

    @property
    def madvise(self):
        raise AttributeError("not on Windows")


def in_use(path) -> bool:
    """Whether this process has the file open or mapped."""
    path = os.path.realpath(path)
    for number in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{number}") == path:
                return True
        except OSError:  # that of the folder that is listed
            pass
    with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
        return any(line.rstrip("\n").endswith(f" {path}") for line in maps)


def windows_files() -> dict:
    """Functions of `os` that refuse what Windows refuses. Those of `pathlib.Path` are replaced."""

    def unless_in_use(function):
        def refusing(*paths, **named):
            for path in paths:
                if isinstance(path, (str, os.PathLike)) and in_use(path):
                    raise PermissionError(13, "The process cannot access the file", str(path))
            return function(*paths, **named)

        return refusing

    def open_there(path, flags, *arguments, **named):
        if os.path.isdir(path):
            raise PermissionError(13, "Permission denied", str(path))
        if named:
            raise NotImplementedError("dir_fd unavailable on this platform")
        return os.open(path, flags, *arguments)

    for name in ("unlink", "rename", "replace"):
        setattr(pathlib.Path, name, unless_in_use(getattr(pathlib.Path, name)))
    changed = {name: unless_in_use(getattr(os, name)) for name in
               ("replace", "rename", "unlink", "remove")}  # fmt: skip
    return changed | {"open": open_there, "name": "nt", "O_BINARY": 0}


class Console(io.TextIOWrapper):
    """A standard stream into memory, which stays open."""

    def __init__(self, platform):
        kind = {"encoding": "cp1252", "newline": "\r\n"} if platform == "win32" else {}
        super().__init__(io.BytesIO(), **({"encoding": "utf-8", "newline": "\n"} | kind))

    def content(self) -> bytes:
        self.flush()
        return self.buffer.getvalue()


# --- commands -----------------------------------------------------------------------------------


def run(arguments: list[str], platform: str) -> tuple[int, str, str]:
    """One ``fastw2v``: its exit code, output and errors, bytes as latin-1."""
    from fastw2v import cli

    kept = sys.stdout, sys.stderr, sys.argv
    sys.stdout, sys.stderr = Console(platform), Console(platform)
    sys.stderr.reconfigure(errors="backslashreplace")
    sys.argv = ["fastw2v", *arguments]
    try:
        cli.main()
    except SystemExit as ended:
        code = ended.code
    finally:
        out, err = sys.stdout.content(), sys.stderr.content()
        sys.stdout, sys.stderr, sys.argv = kept
    return code or 0, out.decode("latin-1"), err.decode("latin-1")


def main(platform: str) -> None:
    lines = [json.loads(line) for line in sys.stdin]
    warnings.filterwarnings("ignore", category=EncodingWarning)  # of libraries
    if platform != HERE:
        pretend(platform)
    print(json.dumps([run(line, platform) for line in lines]))


if __name__ == "__main__":
    main(sys.argv[1])
