"""Lines of evaluation files, and their fields, whatever separates them."""

import csv
import os
from collections.abc import Iterator
from typing import BinaryIO

from fastw2v.errors import FormatError
from fastw2v.formats.reading import open_stream
from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.io.files import LongLineError, StrPath, lines_of

Source = StrPath | BinaryIO
"""A path, of a file that may be compressed, or a file open for reading bytes."""

BLANKS = b""  # fields are separated by tabs, or by spaces in a line without tabs
SEPARATORS = (BLANKS, b";", b",")

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1 << 20  # bytes read at once
_MAX_LINE_BYTES = 1 << 20  # a file with longer lines is not a file of questions
_NAMES = {b";": "semicolons", b",": "commas", BLANKS: "tabs or spaces"}


def lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """Line numbers, from 1, and lines of a text, without empty ones.

    Raises FormatError for what is no text in UTF-8.
    """
    number = 0
    try:
        for block in lines_of(_chunks(source), _MAX_LINE_BYTES):
            if number == 0 and block[0].startswith(_UTF16_MARKS):
                raise FormatError(f"{name_of(source)}: text in UTF-16; save it as UTF-8")
            for line in block:
                number += 1
                yield from _checked(source, number, line)
    except LongLineError as error:
        raise FormatError(
            f"{name_of(source)}: line {error.number} is longer than {_MAX_LINE_BYTES:,} bytes; "
            "use a text file of questions"
        ) from error


def name_of(source: Source) -> str:
    """The name of a source, for messages."""
    if isinstance(source, (str, os.PathLike)):
        return str(source)
    return str(getattr(source, "name", "questions"))


def split(line: bytes, separator: bytes) -> list[bytes]:
    """The fields of a line, without spaces around them, unquoted."""
    if separator == BLANKS:
        separator = b"\t" if b"\t" in line else b" "
    if b'"' in line and (line.lstrip().startswith(b'"') or separator + b'"' in line):
        quoted = _unquoted(line, separator)
        if quoted is not None:
            return quoted
    fields = line.split() if separator == b" " else line.split(separator)
    return [field.strip() for field in fields]


def separator_name(separator: bytes) -> str:
    """For messages."""
    return _NAMES[separator]


def is_comment(fields: list[bytes], asked: tuple[int, ...]) -> bool:
    """Whether a line starts with ``#``, alone or before a comment.

    asked: numbers of fields that a line may have; its first word may then start with ``#``.
    """
    return fields[0] == b"#" or (fields[0].startswith(b"#") and len(fields) not in asked)


def _unquoted(line: bytes, separator: bytes) -> list[bytes] | None:
    """The fields of a line of CSV; None if its quotes do not match."""
    text = to_word(line.strip())
    try:
        rows = list(
            csv.reader([text], delimiter=to_word(separator), skipinitialspace=True, strict=True)
        )
    except csv.Error:
        return None
    fields = [to_bytes(field).strip() for field in rows[0]] if len(rows) == 1 else []
    return [field for field in fields if field] if separator == b" " else fields


def _checked(source: Source, number: int, line: bytes) -> Iterator[tuple[int, bytes]]:
    if b"\0" in line:
        raise FormatError(
            f"{name_of(source)}: line {number} has a zero byte: not a text file; "
            "use a text file of questions in UTF-8"
        )
    if number == 1:
        line = line.removeprefix(_UTF8_MARK)
    if line.strip():
        yield number, line


def _chunks(source: Source) -> Iterator[bytes]:
    if not isinstance(source, (str, os.PathLike)):
        yield from iter(lambda: source.read(_CHUNK), b"")
        return
    with open_stream(os.fspath(source)) as stream:
        yield from stream.chunks()
