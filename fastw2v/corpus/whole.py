"""The text of all sources from first to last, for those who do not count words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from fastw2v.corpus.blocks import BYTE_ORDER_MARK
from fastw2v.corpus.pieces import Piece, pieces_of
from fastw2v.corpus.sources import Source

_READ_BYTES = 1 << 18


def chunks_of(sources: Sequence[Source], report: Callable[[int], None]) -> Iterator[bytes]:
    """The text of all sources, decompressed, or of their columns, in chunks.

    A byte order mark at the start of a source is left out, and a newline ends each.
    report: called with the number of bytes on disk that were read.

    Raises CorpusError if a source cannot be read.
    """
    done, last = 0, b"\n"
    for piece in pieces_of(sources, _READ_BYTES):
        try:
            for chunk in _chunks(piece):
                last = chunk[-1:]
                yield chunk
                report(done + piece.stream.done)
            done += piece.stream.done
            if piece.last:
                piece.source.finish()
        except BaseException:
            piece.source.close()
            raise
        if piece.last and last != b"\n":
            last = b"\n"
            yield last


def _chunks(piece: Piece) -> Iterator[bytes]:
    stream = piece.stream
    if stream.pipe is not None:
        stream.pipe.feeds_itself = True
    marked = piece.first
    room = bytearray(_READ_BYTES)
    while count := stream.readinto(memoryview(room)):
        chunk = bytes(memoryview(room)[:count])
        if marked:
            chunk, marked = chunk.removeprefix(BYTE_ORDER_MARK), False
        if chunk:
            yield chunk
