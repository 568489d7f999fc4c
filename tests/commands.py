"""Run the real command from a test, in this process or in one of its own."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

import fastw2v
from fastw2v.cli import cli

FOLDER = Path(fastw2v.__file__).parents[1]


def run_process(*arguments, cwd=None, stdin=None, memory=None, file_size=None):
    """``python -m fastw2v`` with these arguments, in a process of its own.

    memory, file_size: bytes that it may have, and that a file it writes may.
    """

    def limit():
        for what, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, file_size)):
            if most is not None:
                resource.setrlimit(what, (most, most))

    return subprocess.run(
        [sys.executable, "-m", "fastw2v", *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(FOLDER), *sys.path])},
        stdin=subprocess.DEVNULL if stdin is None else None,
        input=stdin,
        timeout=300,
        preexec_fn=limit,
    )


def run_command(*arguments, stdin=None):
    """In this process, which is quicker; errors come as the one line they are."""
    result = CliRunner().invoke(cli, [str(each) for each in arguments], input=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def succeeded(*arguments, stdin=None):
    """The result of a command that must end with exit code 0."""
    result = run_command(*arguments, stdin=stdin)
    assert result.exit_code == 0, result.stderr
    return result


def error_line(result) -> str:
    """The one line by which a command that failed tells why; of either kind of running."""
    code = result.exit_code if hasattr(result, "exit_code") else result.returncode
    text = result.stderr if isinstance(result.stderr, str) else result.stderr.decode()
    assert code not in (0, None)
    assert "Traceback" not in text
    last = text.splitlines()[-1]
    assert last.startswith("Error: "), text
    return last


def counted(path, *options) -> dict[bytes, int]:
    """The words of a text and their counts, by ``fastw2v vocab``, in its order."""
    shown = succeeded("vocab", path, "-o", "-", "--min-count", 1, "-q", *options).stdout_bytes
    lines = [line.rsplit(b" ", 1) for line in shown.split(b"\n")[:-1]]
    return {word: int(count) for word, count in lines}
