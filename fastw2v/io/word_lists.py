"""Lists of words: files with one word a line, or with a word and a number."""

import os
import sys
from collections.abc import Iterable

from fastw2v.errors import FormatError, OutputError
from fastw2v.io.atomic import replacing
from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.io.files import MAX_WORD_BYTES, LongLineError, chunks_of, lines_of

STDOUT = "-"
_MARK = "\ufeff"


def read_words(path) -> list[str]:
    """The words of a file, one a line, in its order. Raises FormatError where it cannot be read,
    or holds none."""
    words = words_in(lines_in(chunks_of(path), path))
    if not words:
        raise FormatError(f"{path}: no word in it; a list has one word a line")
    return words


def words_in(lines: Iterable[bytes]) -> list[str]:
    """The words of a text with one a line; blanks within a line belong to the word.

    A byte order mark, carriage returns at line ends and empty lines are dropped.
    """
    words = [to_word(line.removesuffix(b"\r")) for line in lines]
    if words:
        words[0] = words[0].removeprefix(_MARK)
    return [word for word in words if word]


def lines_in(chunks: Iterable[bytes], path) -> list[bytes]:
    """The lines of a text that comes in pieces, without newlines.

    path: what messages call it. Raises FormatError where it cannot be read, or has lines longer
        than any word.
    """
    try:
        return [line for lines in lines_of(chunks, MAX_WORD_BYTES) for line in lines]
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    except LongLineError as error:
        raise FormatError(f"{path}: {error} for a word; a list has one word a line") from error


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
