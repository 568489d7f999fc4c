"""The last resort of the commands: one line for an exception that no code expects."""

import os
import subprocess
import sys

import pytest

from fastw2v.exits import TRACEBACK, unexpected
from tests.support.paths import ROOT

PROGRAMS = {
    "fastw2v": ("fastw2v.cli", ["fastw2v", "words", "v.txt"], "Error: "),
    "distance": ("fastw2v.c_tools.__main__", ["c_tools", "distance", "v.txt"], "distance: "),
}
# Lets loading of vectors fail as no code expects.
_CODE = """
import sys
from fastw2v.vectors import word_vectors
def load(*arguments, **named):
    raise {error}
word_vectors.WordVectors.load = load
sys.argv = {arguments}
from {module} import main
main()
"""


def run(folder, program, error, **environment):
    module, arguments, starts = PROGRAMS[program]
    (folder / "v.txt").touch()  # Click looks for it
    code = _CODE.format(error=error, arguments=arguments, module=module)
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(starts)
    return done.stderr


@pytest.mark.parametrize("program", PROGRAMS)
def test_one_line_and_how_to_see_the_traceback(tmp_path, program):
    told = run(tmp_path, program, "ZeroDivisionError('two\\nlines \\x1b[2J')")
    assert told.count("\n") == 1
    assert "ZeroDivisionError: two\\nlines \\x1b[2J; set FASTW2V_TRACEBACK=1" in told


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_traceback_is_shown_if_asked_for(tmp_path, program):
    told = run(tmp_path, program, "ZeroDivisionError('x')", FASTW2V_TRACEBACK="1")
    assert "Traceback" in told
    assert "in load" in told
    assert told.splitlines()[-1].endswith("and report it")


def test_errors_of_the_system_need_no_report(monkeypatch):
    monkeypatch.delenv(TRACEBACK, raising=False)
    assert unexpected(OSError(5, "Input/output error", b"a\xff")) == "a\udcff: Input/output error"
    assert unexpected(OSError(28, "No space left on device")) == "No space left on device"
    assert unexpected(MemoryError()).startswith("out of memory; ")
    assert unexpected(AssertionError()).startswith("unexpected AssertionError; set ")
