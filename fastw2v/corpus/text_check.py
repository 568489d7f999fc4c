"""Refusing files whose content is no plain text: their bytes would be trained on as if words."""

from __future__ import annotations

import csv
import io
import re

from fastw2v.errors import CorpusError, parameter
from fastw2v.io.array_file import MAGIC as CHECKPOINT_MAGIC
from fastw2v.io.compression import kind_of
from fastw2v.io.sniff import MARK, binary_kind

HEAD_BYTES = 1 << 16  # of the content that are checked
_OTHER_KINDS = {
    b"\x93NUMPY": "a NumPy array; write its text to a file",
    CHECKPOINT_MAGIC: "a checkpoint; resume it with fastw2v train --resume",
}
_VECTORS_HEADER = re.compile(rb"[0-9]{1,19} [0-9]{1,19}\n")
_VECTOR_SAMPLE = 5, 1 << 15  # lines and bytes in which word vectors are looked for
_NUMBER = re.compile(rb"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_LEAST_DIMENSIONS = 10  # of vectors without a header
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # in nearly all binary numbers
_WIDE_SAMPLE = 4096  # bytes checked for UTF-16 without a byte order mark
_WIDE_LEAST = 64
_JSON = re.compile(rb'(?:\[\s*)?\{\s*"(?:[^"\\]|\\.){1,200}"\s*:')
_CSV_ROWS = 3, 50  # the fewest and the most rows that are compared
_IF_TEXT = "if it is plain text all the same, put an empty line before it"


def check_text(head: bytes, name: str) -> None:
    """Raise CorpusError if content that starts with ``head`` is no plain text.

    head: `HEAD_BYTES` bytes of the decompressed content, or all of it. name: for the message.
    """
    problem = binary_kind(head) or _kind(head) or _table(head.removeprefix(MARK))
    if problem is not None:
        raise CorpusError(f"{name}: {problem}")


def _kind(head: bytes) -> str | None:
    packed = kind_of(head)
    if packed is not None:
        return f"{packed} data within compressed data; unpack it first"
    for magic, what in _OTHER_KINDS.items():
        if head.startswith(magic):
            return what
    header = _VECTORS_HEADER.match(head)
    if header is not None and _CONTROL.search(head, header.end()):
        return "word vectors in binary form, not text; give the text to train on"
    if _has_vectors(head, header):
        return f"word vectors as text; give the text to train on; {_IF_TEXT}"
    wide = _wide(head[:_WIDE_SAMPLE])
    return None if wide is None else f"text in {wide}; save it as UTF-8"


def _has_vectors(head: bytes, header: re.Match[bytes] | None) -> bool:
    """Whether the lines are words with as many numbers each: as many as the header says, or many
    with decimals, as in GloVe's files."""
    *lines, _ = head[: _VECTOR_SAMPLE[1]].split(b"\n")  # the last may be cut
    rows = [line.split() for line in lines[header is not None :][: _VECTOR_SAMPLE[0]]]
    counts = {len(row) - 1 for row in rows}
    if len(counts) != 1 or not all(_NUMBER.fullmatch(each) for row in rows for each in row[1:]):
        return False
    if not all(b"." in b"".join(row[1:]) for row in rows):  # edges of a graph, walks on one
        return False
    (count,) = counts
    return count >= _LEAST_DIMENSIONS if header is None else count == int(header[0].split()[1])


def _wide(sample: bytes) -> str | None:
    """The encoding of text with two or four bytes per character, without a byte order mark.

    Its zero bytes are all in the same places, those of other text are not.
    """
    if len(sample) < _WIDE_LEAST:
        return None
    sample = sample[: len(sample) // 4 * 4]
    zeros = [sample[start::4].count(0) / (len(sample) // 4) for start in range(4)]
    rare, frequent = 0.05, 0.6
    for encoding, text in (
        ("UTF-16", (0, 2)),
        ("UTF-16", (1, 3)),
        ("UTF-32", (0,)),
        ("UTF-32", (3,)),
    ):
        padding = [zeros[place] for place in range(4) if place not in text]
        if max(zeros[place] for place in text) < rare and min(padding) > frequent:
            return encoding
    return None


def _table(head: bytes) -> str | None:
    """Whether the content is JSON or CSV, of which keys and whole rows would become words."""
    if _JSON.match(head):
        return (
            f"JSON, not plain text; name the field that has the text with "
            f"{parameter('column')}; {_IF_TEXT}"
        )
    for delimiter in ",;":
        if _is_csv(head, delimiter):
            return (
                f"CSV, fields separated by {delimiter!r}, not plain text; name the column "
                f"that has the text with {parameter('column')}, or separate words by spaces; "
                f"{_IF_TEXT}"
            )
    return None


def _is_csv(head: bytes, delimiter: str) -> bool:
    """Whether all rows have as many fields as the first, whose delimiters have no spaces around
    them, as commas in sentences have."""
    first = head.partition(b"\n")[0].decode("latin-1").rstrip("\r")
    names = first.split(delimiter)
    if len(names) < 2 or any(not name or name != name.strip() for name in names):
        return False
    lines = io.StringIO(head.decode("latin-1"), newline="")
    rows = []
    try:
        for row in csv.reader(lines, delimiter=delimiter):
            rows.append(row)
            if len(rows) > _CSV_ROWS[1]:
                break
    except csv.Error:
        return False
    if len(head) >= HEAD_BYTES:
        rows.pop()  # it may be cut
    rows = [row for row in rows if row]
    return len(rows) >= _CSV_ROWS[0] and len({len(row) for row in rows}) == 1
