"""The parts of a text as a single thread reads them."""

from collections.abc import Iterator

from fastw2v.corpus import check_sources
from fastw2v.corpus.blocks import Part, PieceText, TextMemory
from fastw2v.corpus.pieces import Piece, pieces_of
from fastw2v.corpus.seams import Seams


def pieces(paths, block_bytes: int) -> Iterator[Piece]:
    """The pieces of these sources; their files are closed as they end."""
    for piece in pieces_of(check_sources(paths), block_bytes):
        yield piece
        if piece.last:
            piece.source.finish()


def parts_of(paths, block_bytes: int, c_rules: bool = False) -> Iterator[Part]:
    """The parts of all pieces; each is valid until the next one."""
    memory = TextMemory(block_bytes)
    for piece in pieces(paths, block_bytes):
        text = PieceText(piece, c_rules)
        while True:
            part = text.read(memory)
            yield part
            if part.ended:
                break


def text_of(paths, size=1 << 20, c_rules=False):
    """All text of these sources, joined over the ends of pieces, without carriage returns."""
    seams, memory, text = Seams(c_rules), TextMemory(size), b""
    for piece in pieces(paths, size):
        piece_text, part = PieceText(piece, c_rules), None
        while part is None or not part.ended:
            part = piece_text.read(memory)
            text += bytes_of(seams.join(piece, part)) + bytes_of(part.block)
    return text + bytes_of(seams.last_word())


def bytes_of(block):
    return b"" if block is None else block.text[: block.size].tobytes()
