"""Standard input, output and error: closed, full, or left by their reader or writer.

Results go to standard output: if it cannot be written, that is an error. Messages go to standard
error: if that cannot be written, work goes on. On a terminal control characters are escaped, since
words and file names may hold escape sequences; pipes and files get every byte as it is.
"""

import codecs
import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, BinaryIO

import click

from fastw2v.errors import FormatError, OutputError, escaped, one_line

DASH = "-"
"""The path that names standard input or output."""
_LAYOUT = "\n\t"  # control characters that are part of our output


class _Closed(io.TextIOWrapper):
    """A standard stream that was closed when the process began."""


def keep_descriptors() -> None:
    """Give each standard stream that is closed a descriptor that cannot be used.

    Otherwise the next file that is opened would take its number, and what a library prints would
    go into that file. Python leaves such streams out: `sys.stdout` is None, and prints nothing.
    """
    for number, mode in enumerate((os.O_WRONLY, os.O_RDONLY, os.O_RDONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # gets the lowest free number, which is this one
    sys.stdout = sys.stdout or _closed_output(1)
    sys.stderr = sys.stderr or _closed_output(2)


def _closed_output(number: int) -> _Closed:
    return _Closed(open(number, "wb", closefd=False), "utf-8", "backslashreplace")


def silence(stream: Any) -> None:
    """Discard what ``stream``, a standard stream, holds and is given from now on.

    Python writes what a stream holds at exit; if that fails again it prints a message and changes
    the exit code.
    """
    with suppress(OSError, ValueError, AttributeError):  # closed, or not a file: nothing to do
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


# --- standard error -----------------------------------------------------------------------------


def tell(message: str, end: str = "\n") -> None:
    """Print one line on standard error, or nothing if that is not possible."""
    try:
        click.echo(one_line(message) + end, err=True, nl=False)
    except (OSError, ValueError):  # full, closed, or nobody reads it
        silence(sys.stderr)


# --- standard output ----------------------------------------------------------------------------


def on_terminal() -> bool:
    """Whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def write(text: str, keep: str = "") -> None:
    """Write results to standard output, as UTF-8 whatever the encoding of the terminal.

    Surrogate escapes, which represent bytes that are not UTF-8, are written as these bytes.

    keep: control characters that are not escaped on a terminal, besides newlines and tabs.

    Raises OutputError, and BrokenPipeError if nobody reads the output any more.
    """
    with _checked_output() as file:
        shown = escaped(text, _LAYOUT + keep) if on_terminal() else text
        file.write(shown.encode("utf-8", "surrogateescape"))


@contextmanager
def standard_output() -> Iterator[Any]:
    """Context manager: standard output as a file for bytes of text; see `write` for its errors."""
    with _checked_output() as file:
        yield for_display(file) if on_terminal() else file


def check_output() -> None:
    """Raise OutputError if standard output is closed."""
    if sys.stdout is None or isinstance(sys.stdout, _Closed):
        raise OutputError("cannot write to standard output: it is closed; redirect it to a file")


@contextmanager
def _checked_output() -> Iterator[BinaryIO]:
    check_output()
    try:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader closed the pipe; handled by the command line
        raise
    except OSError as error:
        silence(sys.stdout)
        problem = error.strerror or error
        raise OutputError(f"cannot write to standard output: {problem}") from error


def for_display(file: Any) -> "_Display":
    """A file for bytes of text that writes to ``file``, a terminal, with control characters
    escaped."""
    return _Display(file)


class _Display(io.RawIOBase):
    def __init__(self, file: Any):
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        text = self._decoder.decode(bytes(data))  # holds back an incomplete character
        self._file.write(escaped(text, _LAYOUT).encode())
        return len(data)

    def flush(self) -> None:
        self._file.flush()


# --- standard input -----------------------------------------------------------------------------


def standard_input() -> BinaryIO:
    """Standard input as a file of bytes, not to be closed. Raises OSError if it is closed."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed; use a pipe, or give a file")
    return sys.stdin.buffer


def input_terminal() -> bool:
    """Whether standard input is a terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def read_line() -> bytes:
    """The next line of standard input; empty at its end. Raises FormatError."""
    with input_errors():
        return standard_input().readline()


@contextmanager
def input_errors(name: str = "standard input") -> Iterator[None]:
    """Context manager: errors of reading become FormatError."""
    try:
        yield
    except OSError as error:
        raise FormatError(f"{name}: cannot be read: {error.strerror or error}") from error


class UnclosedInput(io.RawIOBase):
    """Standard input as a file of its own, whose closing leaves standard input open."""

    def __init__(self) -> None:
        self._file, self._position = standard_input(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        data = self._file.read1(len(room))  # type: ignore[attr-defined]
        room[: len(data)] = data
        self._position += len(data)
        return len(data)

    def tell(self) -> int:
        return self._position
