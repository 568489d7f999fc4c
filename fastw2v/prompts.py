"""Lines that are typed at a terminal: with history and editing if Python has ``readline``.

The history is that of the session: none is read or written. An `.inputrc` is respected.
"""

import sys
from collections.abc import Iterator

from fastw2v.standard_streams import input_terminal, on_terminal, read_line, tell, write

END = "EXIT"
"""What is typed to leave, as in the C programs; Ctrl-D does it, too."""


def edits() -> bool:
    """Whether lines can be edited: what is typed, and what is printed, are on a terminal."""
    return input_terminal() and on_terminal()


def typed_lines(prompt: str) -> Iterator[str]:
    """The lines typed after ``prompt``, without line ends, until Ctrl-D or `END`.

    Bytes that are not UTF-8 become surrogate escapes, whatever the locale. Raises FormatError if
    standard input cannot be read.
    """
    while True:
        line = _edited_line(prompt) if edits() else _plain_line(prompt)
        if line is None or line.strip() == END:
            return
        yield line


def _edited_line(prompt: str) -> str | None:
    try:  # noqa: SIM105, so that a test sees what may be missing; `input` uses it from now on
        import readline  # noqa: F401
    except ImportError:  # not on Windows, and not in every build of Python
        pass

    sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
    try:
        return input(prompt)
    except EOFError:
        write("\n")  # what the shell prints next begins a line
        return None


def _plain_line(prompt: str) -> str | None:
    """As `_edited_line` where the output goes elsewhere: the prompt is no part of it."""
    tell(prompt, end="")
    line = read_line()
    if not line:
        tell("")
        return None
    return line.decode("utf-8", "surrogateescape").rstrip("\r\n")
