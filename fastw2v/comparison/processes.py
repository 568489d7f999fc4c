"""A row in a process of its own: its peak of memory is that of its model alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from fastw2v.errors import FastW2VError, ResourceError
from fastw2v.exits import unexpected
from fastw2v.progress import for_terminal
from fastw2v.standard_streams import keep_descriptors
from fastw2v.system.warnings import show_in_one_line

_PACKAGE = Path(__file__).parents[2]
# The first entry would be the current folder, in which any file may lie.
_CODE = (
    "import sys; sys.path[0] = sys.argv[1]; from fastw2v.comparison.processes import main; main()"
)


def measure_in_process(task: dict[str, Any], shows: bool) -> dict[str, Any]:
    """As `fastw2v.comparison.measuring.measure`, in another process.

    shows: whether it shows progress and messages on standard error. Raises FastW2VError, also if
    the process ends without a result.
    """
    command = [sys.executable, "-c", _CODE, os.fspath(_PACKAGE)]
    pipe = subprocess.PIPE
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=None if shows else said)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            with suppress(BrokenPipeError):  # it ended at once: reported below
                # It ends when this pipe is closed, also if this process is killed.
                process.stdin.write(json.dumps(task | {"shows": shows}).encode() + b"\n")
                process.stdin.flush()
            answer = process.stdout.read()
            process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.stdout.close()
        said.seek(0)
        return _result(task["row"], process.returncode, answer, said.read())


def _result(row: str, code: int, answer: bytes, said: bytes) -> dict[str, Any]:
    try:
        found = json.loads(answer)
    except ValueError:
        found = {}
    if "result" in found:
        result: dict[str, Any] = found["result"]
        return result
    if "error" in found:
        raise FastW2VError(found["error"])
    lines = said.decode("utf-8", "replace").strip().splitlines()
    last = f": {lines[-1][:200]}" if lines else ""
    killed = " (killed; maybe there is too little memory)" if code == -9 else ""
    raise ResourceError(f"its process ended with code {code}{killed}{last}")


def main() -> None:
    """What the process does: a task from standard input, its result to standard output."""
    keep_descriptors()
    with os.fdopen(0, "rb", closefd=False) as file:
        task = json.loads(file.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    results = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no result
    show_in_one_line()
    try:
        from fastw2v.comparison.measuring import measure

        answer = {"result": measure(task, for_terminal(not task["shows"]))}
    except FastW2VError as error:
        answer = {"error": error.args[0]}
    except MemoryError:
        answer = {"error": "out of memory; close other programs, or use fewer words"}
    except KeyboardInterrupt:  # the process that started this one says so
        os._exit(130)
    except Exception as error:
        answer = {"error": unexpected(error)}
    with os.fdopen(results, "wb") as file:
        file.write(json.dumps(answer).encode())


def _end_with_parent() -> None:
    os.read(0, 1)
    os._exit(1)
