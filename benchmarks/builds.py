"""Peers that have to be built or installed, each in an environment of its own.

The environments lie in the project's root. The C program comes from the PyPI package
``word2vec``, compiled on this machine with given flags (``.venv-c-NAME``); fastText from PyPI too,
compiled here or, where that fails, as a ready wheel (``.venv-fasttext``). Standard library only.
`run_command` runs what was built.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MEASURING = Path(__file__).resolve().with_name("run_measured.py")
C_PACKAGE = "word2vec==0.11.1"
# What its setup.py needs, fixed: newer ones may cease to understand so old a package.
C_BUILD_TOOLS = ("setuptools==80.9.0", "setuptools_scm==8.3.1", "wheel==0.45.1")
LINKING = "-lm -pthread"
COMPILERS = ("gcc", "cc", "clang")
FASTTEXT_PACKAGES = ("fasttext==0.9.3", "fasttext-wheel==0.9.2")  # the first that installs
FASTTEXT_NEEDS = "numpy<2"  # 0.9.3 was written for it


class PeerError(Exception):
    """A peer that cannot be built or run; one line."""


def environment_of(name: str) -> Path:
    """The folder of the environment that is made for peer ``name``."""
    return ROOT / f".venv-{name}"


def built_c(name: str, cflags: str) -> Path | None:
    """The C program's build ``name``, or None where it has not been made with these flags."""
    binary = environment_of(name) / "bin" / "word2vec"
    return binary if binary.is_file() and _stamp(name) == _c_key(cflags) else None


def build_c(name: str, cflags: str) -> Path:
    """Make the C program's build ``name`` unless it is there; its path.

    Raises `PeerError` where there is no compiler, or pip cannot install.
    """
    binary = built_c(name, cflags)
    if binary is not None:
        return binary
    compiler = _compiler(name)
    pip = _new_environment(name)
    _checked([*pip, *C_BUILD_TOOLS])
    # pip keeps the wheels it builds and does not know that our flags are part of them: no cache.
    source = ["--no-cache-dir", "--no-binary", "word2vec", "--no-deps", "--no-build-isolation"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "gcc").symlink_to(compiler)  # the one name that its setup.py calls
        variables = {"WORD2VEC_CFLAGS": f"{LINKING} {cflags}"}
        variables["PATH"] = os.pathsep.join((folder, os.environ["PATH"]))
        _checked([*pip, *source, C_PACKAGE], variables)
    _write_stamp(name, _c_key(cflags))
    binary = built_c(name, cflags)
    if binary is None:
        raise PeerError(f"{name}: {C_PACKAGE} was installed, yet its folder has no word2vec")
    return binary


def compile_c(name: str, cflags: str, source: Path) -> Path:
    """Make the build from ``source``, the package's word2vec.c, without the network; its path."""
    binary = environment_of(name) / "bin" / "word2vec"
    binary.parent.mkdir(parents=True, exist_ok=True)
    options = [*LINKING.split(), *cflags.split()]
    _checked([_compiler(name), str(source), "-o", str(binary), *options])
    _write_stamp(name, _c_key(cflags))
    return binary


def _compiler(name: str) -> str:
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise PeerError(f"{name}: not built, no C compiler found ({', '.join(COMPILERS)})")
    return compiler


def build_fasttext(name: str) -> Path:
    """Install fastText unless it is there; the Python that can import it.

    What failed once is not tried again: delete the environment to try again. Raises `PeerError`
    where pip cannot install it.
    """
    python = environment_of(name) / "bin" / "python"
    stamp = _stamp(name) if python.exists() else None
    if stamp is None:
        stamp = _install_fasttext(name, python)
        _write_stamp(name, stamp)
    if stamp.startswith("failed"):
        raise PeerError(
            f"{name}: pip could not install it; delete {python.parents[1]} to try again"
        )
    return python


def _install_fasttext(name: str, python: Path) -> str:
    pip = _new_environment(name)
    for package in FASTTEXT_PACKAGES:
        try:
            _checked([*pip, FASTTEXT_NEEDS, package], quiet=True)
            _checked([str(python), "-c", "import fasttext"], quiet=True)
        except PeerError as error:
            reason = str(error)
            print(f"{name}: {package} does not install", file=sys.stderr)
        else:
            return f"{package}\n"
    return f"failed: {reason}\n"


def _new_environment(name: str) -> list[str]:
    """Make the environment of ``name`` afresh; how to call its pip to install."""
    environment = environment_of(name)
    print(f"building {name} into {environment.name}", file=sys.stderr)
    _checked([sys.executable, "-m", "venv", "--clear", str(environment)])
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    return [*pip, "--disable-pip-version-check", "--no-input"]


def _stamp(name: str) -> str | None:
    stamp = environment_of(name) / ".built"
    return stamp.read_text() if stamp.is_file() else None


def _write_stamp(name: str, text: str) -> None:
    (environment_of(name) / ".built").write_text(text)


def _c_key(cflags: str) -> str:
    return f"{C_PACKAGE} {cflags}\n"


def _run(command: list[str], variables: Mapping | None, **more) -> subprocess.CompletedProcess:
    """Run to the end without standard input; what it says on both streams in one text."""
    return subprocess.run(
        command,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **more,
    )


def _checked(command: list[str], variables: Mapping | None = None, *, quiet: bool = False) -> None:
    done = _run(command, variables)
    if done.returncode:
        if not quiet:
            print(done.stdout, file=sys.stderr)
        raise PeerError(f"failed: {' '.join(command)}")


def run_command(
    command: list[str], folder: Path, variables: Mapping | None = None
) -> tuple[str, float, int]:
    """Run to the end in ``folder``: (what was said, wall seconds, peak memory in bytes).

    variables: set in the environment on top of ours. Raises `PeerError` where it fails; what it
    said goes to standard error before.
    """
    told = folder / "measured.json"
    told.unlink(missing_ok=True)
    measured_command = [sys.executable, "-I", "-S", str(MEASURING), str(told), *command]
    done = _run(measured_command, variables, cwd=folder)
    measured = json.loads(told.read_text()) if told.is_file() else {"code": "no result"}
    if measured["code"] != 0:
        print(re.sub(r".*\r", "", done.stdout), file=sys.stderr)  # without the progress bars
        raise PeerError(f"failed with {measured['code']}: {shlex.join(command)}")
    return done.stdout, measured["seconds"], measured["peak_rss_bytes"]
