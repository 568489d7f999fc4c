"""How a command ends: one line for every exception, and an exit code."""

import os
import sys
import traceback
from typing import NoReturn

from fastw2v.standard_streams import silence, tell

TRACEBACK = "FASTW2V_TRACEBACK"
"""Environment variable: if set, the traceback of an unexpected exception is printed, too."""
OUTPUT_CLOSED = 141  # exit code when nobody reads the output, as that of a process SIGPIPE ended


def end(code: int, line: str = "") -> NoReturn:
    """Print ``line`` on standard error, and exit."""
    if line:
        tell(line)
    for stream in (sys.stdout, sys.stderr):
        if not _flushed(stream):
            silence(stream)
    sys.exit(code)


def unexpected(error: Exception) -> str:
    """One line on an exception that no code expects, after its traceback if that is asked for.

    Most come from the system: a disk that fails, a file that others may not read.
    """
    if os.environ.get(TRACEBACK):
        for line in "".join(traceback.format_exception(error)).splitlines():
            tell(f"  {line}")
    if isinstance(error, MemoryError):
        return "out of memory; close other programs, or use smaller files or settings"
    if isinstance(error, OSError) and error.strerror:
        if error.filename is not None:
            return f"{os.fsdecode(error.filename)}: {error.strerror}"
        # What is written by `standard_streams` raises OutputError; the help text is not.
        calls = {frame.name for frame in traceback.extract_tb(error.__traceback__)}
        place = "cannot write to standard output: " if "echo" in calls else ""
        return f"{place}{error.strerror}"
    detail = f"{type(error).__name__}: {error}".rstrip(": ")
    return f"unexpected {detail}; set {TRACEBACK}=1 to see where, and report it"


def _flushed(stream: object) -> bool:
    try:
        stream.flush()  # type: ignore[attr-defined]
    except (OSError, ValueError):  # full, closed, or nobody reads it
        return False
    except AttributeError:  # None: closed from the start
        pass
    return True
