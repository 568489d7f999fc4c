"""The text of a comparison: a part to train on and one held out, as files that all rows read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, NamedTuple

import numpy as np

from fastw2v.comparison.models import warm_up_text
from fastw2v.corpus.sources import check_sources, describe, total_size
from fastw2v.corpus.whole import chunks_of
from fastw2v.errors import CorpusError, ResourceError
from fastw2v.progress import Progress, Stage

_LEAST_WORDS = 20
_HELD_OUT = 10  # one word in so many
_NO_WORD = np.zeros(256, bool)
_NO_WORD[[*b" \t\n"]] = True
_CHUNK = 1 << 20


class PreparedText(NamedTuple):
    """Files in a temporary folder, and what they hold.

    train: nine tenths of the text; words of them. held_out: the last tenth, from the start of a
    line where there are enough lines. warm_up: a small text. fingerprint: of the two parts.
    """

    train: str
    held_out: str
    warm_up: str
    words: int
    held_out_words: int
    fingerprint: str


@contextmanager
def prepared(corpus, column: str | None, words: int, progress: Progress) -> Iterator[PreparedText]:
    """Context manager: the first ``words`` words of a corpus (0: all), in two parts.

    Raises CorpusError if it cannot be read or is too short, ResourceError if the folder for
    temporary files is full.
    """
    with tempfile.TemporaryDirectory(prefix="fastw2v-compare-") as folder:
        try:
            text = _prepare(Path(folder), check_sources(corpus, column), words, progress)
        except OSError as error:
            raise ResourceError(
                f"cannot write the text to the folder for temporary files: {error.strerror}; free "
                "some space, or set TMPDIR to another folder"
            ) from error
        yield text


def _prepare(folder: Path, sources, most: int, progress: Progress) -> PreparedText:
    whole, held_out, warm_up = (folder / name for name in ("train", "held-out", "warm-up"))
    total = total_size(sources) if not most else None  # how much of it is read is not known
    silent = nullcontext(Stage())
    with (
        silent if total is None else progress.stage("Reading the corpus", total) as stage,
        whole.open("wb") as file,
    ):
        places = _write(file, chunks_of(sources, stage.update), most)
    words = places[-1][1]
    if words < _LEAST_WORDS:
        raise CorpusError(
            f"{describe(sources)}: {words:,} words; a comparison needs {_LEAST_WORDS} at least"
        )
    with whole.open("r+b") as file:
        kept = words - words // _HELD_OUT
        cut, kept = _place_of_cut(file, places, kept)
        file.seek(cut)
        with held_out.open("wb") as tail:
            while part := file.read(_CHUNK):
                tail.write(part)
        file.truncate(cut)
    warm_up.write_bytes(warm_up_text())
    digest = hashlib.blake2b(digest_size=16)
    for path in (whole, held_out):
        digest.update(str(os.path.getsize(path)).encode())
        with path.open("rb") as file:
            while part := file.read(_CHUNK):
                digest.update(part)
    return PreparedText(
        str(whole), str(held_out), str(warm_up), kept, words - kept, digest.hexdigest()
    )


def _write(file: BinaryIO, chunks: Iterator[bytes], most: int) -> list[tuple[int, int]]:
    """Write a text of up to ``most`` words; (bytes, words) before each chunk, and in all."""
    places = [(0, 0)]
    within = False  # whether the last byte is part of a word
    for chunk in chunks:
        chunk = chunk.replace(b"\r", b"")
        starts = _word_starts(chunk, within)
        size, words = places[-1]
        if most and words + len(starts) > most:
            chunk = chunk[: starts[most - words]]
            file.write(chunk)
            places.append((size + len(chunk), most))
            break
        file.write(chunk)
        places.append((size + len(chunk), words + len(starts)))
        within = (bool(chunk) and not _NO_WORD[chunk[-1]]) or (within and not chunk)
    return places


def _word_starts(chunk: bytes, within: bool) -> np.ndarray:
    """Where words begin. within: whether the byte before is part of a word."""
    is_word = ~_NO_WORD[np.frombuffer(chunk, np.uint8)]
    before = np.concatenate(([within], is_word[:-1])) if len(chunk) else is_word
    return np.flatnonzero(is_word & ~before)


def _place_of_cut(file: BinaryIO, places: list[tuple[int, int]], kept: int) -> tuple[int, int]:
    """(bytes, words) before the held-out part: at the start of the last line that begins among the
    first ``kept`` words, or of the word after these if its line is as long as a tenth of them."""
    place = next(number for number, (_, words) in enumerate(places) if words > kept) - 1
    start, words = places[place]
    file.seek(max(0, start - 1))
    before = file.read(1) if start else b" "
    file.seek(start)
    chunk = file.read(places[place + 1][0] - start)
    starts = _word_starts(chunk, not _NO_WORD[before[0]])
    cut = start + int(starts[kept - words])
    least = places[-1][0] * (_HELD_OUT - 2) // _HELD_OUT
    back = cut - least
    file.seek(max(0, least))
    tail = file.read(max(0, back))
    line = tail.rfind(b"\n") + 1
    if not line:
        return cut, kept
    return least + line, kept - len(_word_starts(tail[line:], False))
