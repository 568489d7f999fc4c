"""Run the C-compatible programs in processes of their own."""

import subprocess
import sys


def program(name, *arguments, **options):
    """Run to completion. options: of ``subprocess.run``, such as ``input``, bytes."""
    command = [sys.executable, "-m", "fastw2v.c_tools", name, *map(str, arguments)]
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    return subprocess.run(command, capture_output=True, timeout=120, **options)


def stdout_of(name, *arguments, **options) -> bytes:
    """The standard output of a run that must succeed without a word on stderr."""
    done = program(name, *arguments, **options)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout
