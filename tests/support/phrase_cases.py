"""Texts and helpers shared by the tests of phrases."""

import random
from pathlib import Path

from fastw2v.phrases import write_phrases

# Words that, when joined, have the spelling of other joined words or of words of the text.
COLLIDING = [b"a", b"b", b"c", b"_", b"a_b", b"b_a", b"a_", b"_b", b"a_b_a", b"c_", b"__"]


def joined(text: bytes, folder: Path, **options) -> bytes:
    """The output of `write_phrases` for a text."""
    path, out = folder / "text.txt", folder / "out.txt"
    path.write_bytes(text)
    write_phrases(path, out, **options)
    return out.read_bytes()


def colliding_text(seed: int, words: int = 4000) -> bytes:
    """Words of `COLLIDING`, the first ones often, in lines of about nine."""
    chance = random.Random(seed)
    weights = [1 / (rank + 1) for rank in range(len(COLLIDING))]
    pieces = [chance.choices(COLLIDING, weights)[0] + b" " for _ in range(words)]
    breaks = set(chance.sample(range(words), words // 9))
    return b"".join(piece + b"\n" * (i in breaks) for i, piece in enumerate(pieces)) + b"\n"
