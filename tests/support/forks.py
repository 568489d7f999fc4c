"""Run commands with odd standard streams, quickly: each in a fork of one process that has imported
what they need.

`Forks` starts that process, ``python -m tests.support.forks``. A fork gets the streams, makes
``sys.stdin`` and the others as Python does at the start, runs the command, and writes what the
streams hold as Python does at the end.
"""

import errno
import importlib
import io
import json
import os
import resource
import runpy
import subprocess
import sys
import tempfile
import traceback
from pathlib import Path
from typing import NamedTuple

from fastw2v.phrases import write_phrases
from tests.support.paths import ROOT

CLOSED, GONE, WRITE_ONLY, LIMITED = "closed", "gone", "write-only", "limited"
"""Streams besides files: closed, a pipe that nobody reads, standard input that cannot be read, and
standard output to a file that takes no more than `LIMIT` bytes."""
APPENDED = ">>"
"""Before a path: what is written goes after what the file has."""
LIMIT = 7
_ROLES = ("stdin", "stdout", "stderr")


class Done(NamedTuple):
    """How a command ended; ``stdout`` and ``stderr`` are what arrived in files."""

    code: int
    stdout: bytes
    stderr: bytes


class Forks:
    """Context manager: a process whose forks run commands."""

    def __init__(self, folder: Path, exact: bool = False):
        """exact: also have the kernels of the exact path in memory."""
        self.folder, self._exact = folder, exact

    def __enter__(self):
        command = [sys.executable, "-m", "tests.support.forks", *["exact"] * self._exact]
        environment = os.environ | {"NUMBA_THREADING_LAYER": "workqueue"}  # survives a fork
        self._process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        self._process.wait(timeout=60)
        self._process.stdout.close()

    def run(self, program: str, arguments, failing: str = "", **streams: str) -> Done:
        """Run ``fastw2v``, or a C tool. streams: by role a path, or one of the names above.

        failing: the name of a file whose status the system cannot tell.
        """
        out, err = self.folder / "out", self.folder / "err"
        for path in (out, err):
            path.write_bytes(b"")
        streams = {"stdin": os.devnull, "stdout": str(out), "stderr": str(err)} | streams
        limited = streams["stdout"] == LIMITED
        if limited:
            streams["stdout"] = str(out)
        case = {
            "program": program,
            "arguments": [str(each) for each in arguments],
            "streams": [streams[role] for role in _ROLES],
            "limited": limited,
            "failing": failing,
            "cwd": str(self.folder),
        }
        self._process.stdin.write(json.dumps(case) + "\n")
        self._process.stdin.flush()
        return Done(int(self._process.stdout.readline()), out.read_bytes(), err.read_bytes())


def load(exact: bool) -> None:
    """Import modules and compiled code, which takes much longer than a fork."""
    import fastw2v
    from fastw2v.cli import COMMANDS

    for name in COMMANDS:
        importlib.import_module(f"fastw2v.commands.{name.replace('-', '_')}")
    for module in ("vectors.inspection", "evaluation", "mapping"):
        importlib.import_module(f"fastw2v.{module}")
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "text")
        text.write_text("a b a b c\n" * 9)
        fastw2v.train(text, size=4, min_count=1, epochs=1, threads=1, output=Path(folder, "v"))
        write_phrases([text], Path(folder, "phrases"), min_count=1, threads=1)
        if exact:
            _load_exact(text)


def _load_exact(text: Path) -> None:
    import fastw2v
    from fastw2v.classes import assign_classes_exactly

    for model in ("cbow", "skipgram"):
        for layers in ({"negative": 2}, {"negative": 2, "hs": True}, {"negative": 0, "hs": True}):
            trained = fastw2v.train(
                text, model=model, size=4, min_count=1, epochs=1, exact=True, **layers
            )
    assign_classes_exactly(trained.matrix, 2)


def _serve() -> None:
    load("exact" in sys.argv[1:])
    for line in sys.stdin:
        case = json.loads(line)
        errors = case["streams"][2]
        if case["limited"]:  # as would be a file of standard error
            read, write = os.pipe()
            case["streams"][2] = f"/dev/fd/{write}"
        child = os.fork()
        if child == 0:
            os._exit(_run(case))
        _, status = os.waitpid(child, 0)
        if case["limited"]:
            os.close(write)
            with open(read, "rb") as pipe:
                Path(errors).write_bytes(pipe.read())
        print(os.waitstatus_to_exitcode(status), flush=True)


def _run(case) -> int:
    """Run the command in the fork. Return its exit code."""
    os.chdir(case["cwd"])
    for number, what in enumerate(case["streams"]):
        _set_stream(number, what)
    if case["limited"]:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LIMIT, LIMIT))
    if case["failing"]:
        _let_fail(case["failing"])
    if case["program"] == "fastw2v":
        return run_as_main("fastw2v", case["arguments"])
    return run_as_main("fastw2v.c_tools", [case["program"], *case["arguments"]])


def run_as_main(name: str, arguments: list[str], is_code: bool = False) -> int:
    """Run a module, or code, as ``python -m`` and ``python -c`` do. Returns the exit code."""
    code = 0
    try:
        if is_code:
            sys.argv = ["-c", *arguments]
            exec(name, {"__name__": "__main__"})
        else:
            sys.argv = [name, *arguments]
            runpy.run_module(name, run_name="__main__", alter_sys=True)
    except SystemExit as error:
        code = error.code or 0
        assert isinstance(code, int), code
    except BaseException:
        traceback.print_exc()
        code = 1
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except Exception as error:
            os.write(2, f"Exception ignored in {stream.name}: {error}".encode())
            code = 120  # as Python's
    return code


def _let_fail(name: str) -> None:
    """Let calls for the status of files of that name fail as on a broken disk."""

    def failing(call):
        def fail(path, *args, **named):
            if not isinstance(path, int) and os.path.basename(os.fspath(path)) in (
                name,
                name.encode(),
            ):
                raise OSError(errno.EIO, os.strerror(errno.EIO), path)
            return call(path, *args, **named)

        return fail

    os.stat, os.lstat = failing(os.stat), failing(os.lstat)


def _set_stream(number: int, what: str) -> None:
    name = _ROLES[number]
    if what == CLOSED:
        os.close(number)
        setattr(sys, name, None)
        setattr(sys, f"__{name}__", None)
        return
    if what == GONE:
        read, opened = os.pipe()
        os.close(read)
    elif number == 0:
        write_only = what == WRITE_ONLY
        opened = os.open(os.devnull if write_only else what, os.O_WRONLY if write_only else 0)
    else:
        path = what.removeprefix(APPENDED)
        opened = os.open(path, os.O_WRONLY | os.O_NOCTTY | (os.O_APPEND if path != what else 0))
    os.dup2(opened, number)
    os.close(opened)
    open_stream(number)


def open_stream(number: int) -> None:
    """Make ``sys.stdin``, ``stdout`` or ``stderr`` of a descriptor, as Python does at the start."""
    name = _ROLES[number]
    mode = "r" if number == 0 else "w"
    binary = open(number, f"{mode}b", closefd=False)  # noqa: SIM115
    errors = "backslashreplace" if number == 2 else "strict"
    stream = io.TextIOWrapper(binary, "utf-8", errors, line_buffering=number == 2)
    setattr(sys, name, stream)
    setattr(sys, f"__{name}__", stream)


if __name__ == "__main__":
    _serve()
