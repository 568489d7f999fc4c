"""Run the real command from a test, in this process or in one of its own."""

import os
import resource
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from click.testing import CliRunner

import fastw2v
from fastw2v.cli import cli
from tests.support.fork_server import server

MAX_MEMORY_MIB = 500  # peak for a hostile file, including Python, NumPy and Numba
FOLDER = Path(fastw2v.__file__).parents[1]


_MEASURED = """
import runpy, sys
try:
    runpy.run_module("fastw2v", run_name="__main__", alter_sys=True)
finally:
    peak = open("/proc/self/status").read().split("VmHWM:")[1].split()[0]
    print(f"peak {peak}", file=sys.stderr)
"""


def run_process(
    *arguments, cwd=None, stdin=None, file_size=None, timeout=300, code=None, fresh=False
):
    """``python -m fastw2v`` with these arguments, in a process of its own.

    file_size: bytes that a file it writes may have. code: Python to run in place of the module.
    fresh: imports all, as users' processes do; otherwise a fork that need not, if that will do.
    """
    forkable = sys.platform.startswith("linux") and code in (None, _MEASURED) and file_size is None
    if forkable and not fresh and server().fits():
        with suppress(OSError):  # too long for a message
            return server().run(list(map(str, arguments)), cwd, stdin or b"", timeout, code)
    search = [str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, file_size))

    return subprocess.run(
        [sys.executable, *(["-c", code] if code else ["-m", "fastw2v"]), *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(search)},
        input=b"" if stdin is None else stdin,
        timeout=timeout,
        preexec_fn=limit if file_size is not None else None,
    )


def run_measured(*arguments, stdin=None, timeout=30, fresh=False):
    """``(completed process, peak MiB)``; the peak is 0 except on Linux.

    The line of the peak is removed from stderr.
    """
    if not sys.platform.startswith("linux"):
        return run_process(*arguments, stdin=stdin, timeout=timeout, fresh=fresh), 0
    done = run_process(*arguments, stdin=stdin, timeout=timeout, fresh=fresh, code=_MEASURED)
    done.stderr, _, peak = done.stderr.rpartition(b"peak ")
    return done, int(peak) >> 10


def run_command(*arguments, stdin=None, **more):
    """Run in this process, which is faster; errors are the one line the user sees.

    more: options of Click's runner.
    """
    result = CliRunner().invoke(cli, [str(each) for each in arguments], input=stdin, **more)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def succeeded(*arguments, stdin=None):
    """The result of a command that must end with exit code 0."""
    result = run_command(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return result


def error_line(result) -> str:
    """The error line of a failed command, of `run_command` or `run_process`."""
    code = result.exit_code if hasattr(result, "exit_code") else result.returncode
    text = result.stderr if isinstance(result.stderr, str) else result.stderr.decode()
    assert code not in (0, None)
    assert "Traceback" not in text
    last = text.splitlines()[-1]
    assert last.startswith("Error: "), text
    return last


def counted(path, *options) -> dict[bytes, int]:
    """Words and counts of a text, as ``fastw2v vocab`` writes them, in its order."""
    shown = succeeded("vocab", path, "-o", "-", "--min-count", 1, "-q", *options).stdout_bytes
    lines = [line.rsplit(b" ", 1) for line in shown.split(b"\n")[:-1]]
    return {word: int(count) for word, count in lines}


def refused(*arguments, stdin=None) -> str:
    """The error line of a command in a process of its own that must refuse a file."""
    done, peak = run_measured(*arguments, stdin=stdin)
    line = error_line(done)
    assert done.stderr.count(b"\n") == 1, done.stderr
    assert peak < MAX_MEMORY_MIB
    return line
