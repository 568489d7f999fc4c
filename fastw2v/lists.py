"""Lists of words: files with one word a line, or with a word and a number."""

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from fastw2v.atomic import replacing
from fastw2v.errors import FormatError, OutputError
from fastw2v.words import to_bytes, to_word

STDOUT = "-"
_MARK = b"\xef\xbb\xbf"


def read_words(path) -> list[str]:
    """The words of a file, one a line, in its order. Raises FormatError where it cannot be read,
    or holds none."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    words = words_in(content)
    if not words:
        raise FormatError(f"{path}: no word in it; a list has one word a line")
    return words


def words_in(content: bytes) -> list[str]:
    """The words of a text with one a line; blanks within a line belong to the word.

    A byte order mark, carriage returns at line ends and empty lines are dropped.
    """
    lines = [line.removesuffix(b"\r") for line in content.removeprefix(_MARK).split(b"\n")]
    return [to_word(line) for line in lines if line]


def write_numbered(path, numbered: Iterable[tuple[str, int]], what: str) -> None:
    """Write lines ``word number``; ``-``: to standard output.

    what: the kind of file, for messages. What stood at ``path`` stays until the new file is
    complete. Raises OutputError where a word holds a newline, which the file cannot hold, and where
    the file cannot be written.
    """
    lines = [b"%b %d\n" % (to_bytes(word), number) for word, number in numbered]
    data = b"".join(lines)
    if data.count(b"\n") != len(lines):
        raise OutputError(f"{path}: {what} cannot hold words with a newline in them")
    if os.fspath(path) == STDOUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    with replacing(path) as file:
        file.write(data)
