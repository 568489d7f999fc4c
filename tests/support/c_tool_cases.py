"""The programs named like the C tools, run as a shell runs them."""

import subprocess
import sys


def program(name, *arguments, **options):
    """Run to the end; what ``subprocess.run`` returns. options: also ``input``, bytes."""
    command = [sys.executable, "-m", "fastw2v.c_tools", name, *map(str, arguments)]
    if "input" not in options:
        options["stdin"] = subprocess.DEVNULL
    return subprocess.run(command, capture_output=True, timeout=120, **options)


def said_by(name, *arguments, **options) -> bytes:
    """Its standard output; nothing went wrong and nothing was said besides."""
    done = program(name, *arguments, **options)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout
