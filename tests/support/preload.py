"""Libraries of C that are loaded before the C library, so that calls of it can be made to fail."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def compiler() -> str | None:
    """The C compiler, if there is one that can make such libraries."""
    return shutil.which("cc") if sys.platform.startswith("linux") else None


def build(name: str, folder: Path) -> Path:
    """Compile ``NAME.c``, beside this file, into ``folder``."""
    source, library = Path(__file__).with_name(f"{name}.c"), folder / f"{name}.so"
    command = [compiler(), "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"]
    subprocess.run(command, check=True)
    return library


def environment(library: Path) -> dict[str, str]:
    """The environment of a process that has the library."""
    return os.environ | {"LD_PRELOAD": str(library)}
