"""Lines of text as word ids: by the rules of `fastw2v.corpus.blocks`, a sentence for each line."""

import os
from collections.abc import Callable, Iterator, Mapping
from itertools import repeat

import numpy as np

from fastw2v.corpus.text_check import HEAD_BYTES, check_text
from fastw2v.errors import CorpusError
from fastw2v.io.compression import BROKEN, check_head, decompressor
from fastw2v.io.files import MAX_WORD_BYTES, StrPath, open_file
from fastw2v.io.sniff import MARK
from fastw2v.matrix.arrays import Array
from fastw2v.sentences.sums import END, NOTHING, UNKNOWN
from fastw2v.standard_streams import DASH

_AT_ONCE = 1 << 18  # bytes


def ids_of_lines(path: StrPath, rows: Mapping[bytes, int]) -> Iterator[tuple[int, Array]]:
    """For each part of a text its size in bytes and its ids, (n,) int64, as `SentenceSums` takes.

    path: a file, compressed or not, or ``-``, standard input. What a pipe has is read at once, so
        that a program which waits for a line's vector gets it. rows: row by word.

    Raises CorpusError if it cannot be read, or is no text.
    """
    known = {**rows, b"\n": END, b"": NOTHING}
    for text in _parts(path):
        size, spaced = len(text), text.replace(b"\r", b"").replace(b"\t", b" ")
        tokens = spaced.replace(b"\n", b" \n ").split(b" ")
        yield size, np.fromiter(map(known.get, tokens, repeat(UNKNOWN)), np.int64, len(tokens))


def _parts(path: StrPath) -> Iterator[bytes]:
    """A text in parts that end between words; the last line ends with a newline."""
    name = "standard input" if os.fspath(path) == DASH else os.fspath(path)
    held, last = b"", b"\n"
    for chunk in _chunks(path, name):
        held += chunk
        last = chunk[-1:]
        end = 1 + max(held.rfind(b" "), held.rfind(b"\t"), held.rfind(b"\n"))
        if end:
            yield held[:end]
            held = held[end:]
        if len(held) > MAX_WORD_BYTES:
            raise CorpusError(f"{name}: a word of more than {MAX_WORD_BYTES:,} bytes; give a text")
    if last != b"\n":
        yield held + b"\n"


def _chunks(path: StrPath, name: str) -> Iterator[bytes]:
    """The content of a text, decompressed, without a byte order mark."""
    kind = None
    try:
        with open_file(path) as file:  # type: ignore[no-untyped-call]
            kind = check_head(file.peek(HEAD_BYTES), name)
            read = file.read1 if kind is None else decompressor(file, kind).read
            head = _start(read)
            check_text(head[:HEAD_BYTES], name)
            if head := head.removeprefix(MARK):
                yield head
            yield from iter(lambda: read(_AT_ONCE), b"")
    except BROKEN as error:
        if kind is None:
            reason = getattr(error, "strerror", None) or error
            raise CorpusError(f"{name}: cannot be read: {reason}") from error
        raise CorpusError(
            f"{name}: corrupt {kind} data ({error}); download or regenerate the file"
        ) from error


def _start(read: Callable[[int], bytes]) -> bytes:
    """The first bytes of a text, as many as tell whether it begins with a byte order mark."""
    head = read(_AT_ONCE)
    while head and len(head) < len(MARK) and MARK.startswith(head):
        more = read(_AT_ONCE)
        if not more:
            break
        head += more
    return head
