"""Scripts with the names of the C programs, each running the Python that wrote it."""

import os
import shlex
import sys
from pathlib import Path

from fastw2v.c_tools import PROGRAMS
from fastw2v.errors import OutputError, parameter
from fastw2v.io.atomic import replacing

_MARK = "# Written by fastw2v c-tools:"  # identifies our scripts


def write_scripts(folder, force: bool = False) -> list[Path]:
    """Write an executable for each of `PROGRAMS` into ``folder``, which is created if missing.

    force: overwrite other programs, too.

    Raises OutputError, before anything is written, if another program has one of the names, and if
    the system refuses.
    """
    folder = Path(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / name for name in PROGRAMS]
        for path in paths:
            if not (force or _is_free(path)):
                raise OutputError(
                    f"{path} exists and is not a script of fastw2v: choose another "
                    f"folder, or use {parameter('force', True)} to overwrite it"
                )
        for name, path in zip(PROGRAMS, paths, strict=True):
            _write_script(path, name)
    except OSError as error:
        raise OutputError(f"cannot write to {folder}: {error.strerror or error}") from error
    return paths


def _is_free(path: Path) -> bool:
    if not os.path.lexists(path):
        return True
    return path.is_file() and _MARK.encode() in path.read_bytes()


def _write_script(path: Path, name: str) -> None:
    if path.is_symlink():  # replace the link, not what it points to
        path.unlink()
    with replacing(path, "w") as file:
        file.write(
            f"#!/bin/sh\n{_MARK} {name}, with the flags of the C program.\n"
            "export PYTHONSAFEPATH=1\n"  # import no modules from the current folder
            f'exec {shlex.quote(sys.executable)} -m fastw2v.c_tools {name} "$@"\n'
        )
    mode = path.stat().st_mode
    path.chmod(mode | (mode & 0o444) >> 2)  # executable by whoever may read it
