"""Lists of words: files with one word per line, or with a word and a number."""

from collections.abc import Iterable

from fastw2v.errors import FormatError, OutputError
from fastw2v.io.atomic import replacing
from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.io.files import MAX_WORD_BYTES, LongLineError, chunks_of, lines_of

_MARK = "\ufeff"


def read_words(path) -> list[str]:
    """The words of a file, one per line, in order.

    Raises FormatError if it cannot be read or has no words.
    """
    words = words_in(lines_in(chunks_of(path), path))
    if not words:
        raise FormatError(f"{path}: no words in it; a word list has one word per line")
    return words


def words_in(lines: Iterable[bytes]) -> list[str]:
    """The words of a text, one per line; spaces within a line belong to the word.

    A byte order mark, carriage returns at line ends and empty lines are dropped.
    """
    words = [to_word(line.removesuffix(b"\r")) for line in lines]
    if words:
        words[0] = words[0].removeprefix(_MARK)
    return [word for word in words if word]


def lines_in(chunks: Iterable[bytes], path) -> list[bytes]:
    """The lines of a text that comes in chunks, without newlines.

    path: for messages. Raises FormatError if it cannot be read, or has lines longer than any
        word.
    """
    try:
        return [line for lines in lines_of(chunks, MAX_WORD_BYTES) for line in lines]
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    except LongLineError as error:
        raise FormatError(
            f"{path}: {error} for a word; a word list has one word per line"
        ) from error


def write_numbered(path, numbered: Iterable[tuple[str, int]], what: str) -> None:
    """Write lines ``word number`` to a file that replaces ``path``, or ``-``, standard output.

    what: the kind of file, for messages. Raises OutputError if a word contains a newline, which
    the file cannot express, or if the file cannot be written.
    """
    lines = [b"%b %d\n" % (to_bytes(word), number) for word, number in numbered]
    data = b"".join(lines)
    if data.count(b"\n") != len(lines):
        raise OutputError(
            f"{path}: {what} cannot express words with a newline; remove or replace them"
        )
    with replacing(path) as file:
        file.write(data)
