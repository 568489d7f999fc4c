"""Files of rows without words: a NumPy matrix, or lines of numbers."""

import io
import os
from collections.abc import Iterable
from typing import IO

import numpy as np

from fastw2v.errors import OutputError, parameter
from fastw2v.formats import compressing
from fastw2v.formats.decimals import row_texts
from fastw2v.io.atomic import check_writable, replacing
from fastw2v.io.files import StrPath
from fastw2v.io.names import COMPRESSED, check_text_name, ending_of
from fastw2v.io.streams import is_stream
from fastw2v.matrix.arrays import Array
from fastw2v.standard_streams import DASH, on_terminal

FORMATS = ("npy", "text", "tsv")
_SEPARATORS = {"text": b" ", "tsv": b"\t"}
_HEADER_BYTES = 128  # of a .npy; the number of rows is known at the end


def rows_format(path: StrPath, format: str | None = None) -> str:
    """The format of the rows at ``path``, one of `FORMATS`; None: that of its extension.

    Raises OutputError if they cannot be written there.
    """
    name = os.fspath(path)
    bare = name
    for ending in COMPRESSED:
        bare = bare.removesuffix(ending)
    chosen = format or {".npy": "npy", ".tsv": "tsv"}.get(ending_of(bare), "text")
    if chosen not in FORMATS:
        raise OutputError(f"no format {chosen!r}; the formats are: {', '.join(FORMATS)}")
    if chosen != "npy":
        check_text_name(name, compressed=True)
    elif ending_of(name) in COMPRESSED:
        raise OutputError(f"cannot write {name}: a .npy is not compressed; use a name with .npy")
    elif name == DASH and on_terminal():
        raise OutputError(
            "binary data is not written to a terminal: redirect standard output to a file or a "
            f"pipe, or choose {parameter('format', 'text')}"
        )
    check_writable(name)
    return chosen


def needs_count(path: StrPath, format: str) -> bool:
    """Whether `write_rows` must know the number of rows: it cannot go back in a pipe."""
    return format == "npy" and is_stream(path)


def write_rows(
    path: StrPath,
    format: str,
    dimensions: int,
    blocks: Iterable[Array],
    count: int | None = None,
) -> int:
    """Write rows as they come to a file that replaces ``path``; return their number.

    blocks: (n, D) float32 each. count: see `needs_count`. Raises OutputError.
    """
    rows = 0
    with replacing(path) as file, compressing(file, os.fspath(path)) as content:
        if format == "npy":
            content.write(_header(count or 0, dimensions))
        for block in blocks:
            rows += len(block)
            if format == "npy":
                content.write(np.ascontiguousarray(block, "<f4").data)
            else:
                _write_text(content, block, _SEPARATORS[format])
                if content is file:  # who waits for a line's vector gets it
                    file.flush()
        if format == "npy" and count is None:
            content.seek(0)
            content.write(_header(rows, dimensions))
            content.seek(0, os.SEEK_END)
    return rows


def _write_text(file: IO[bytes], block: Array, separator: bytes) -> None:
    lines = [text[1:] for text in row_texts(np.ascontiguousarray(block), separator)]
    if lines:
        file.write(b"\n".join(lines) + b"\n")


def _header(rows: int, dimensions: int) -> bytes:
    """The first bytes of a .npy of (rows, dimensions) float32."""
    room = io.BytesIO()
    header = {"descr": "<f4", "fortran_order": False, "shape": (rows, dimensions)}
    np.lib.format.write_array_header_1_0(room, header)
    assert room.tell() == _HEADER_BYTES  # whatever the numbers: NumPy pads to 64 bytes
    return room.getvalue()
