"""Files of fastText models, written without fastText: what its C++ program saves."""

import struct
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

MAGIC = 793712314
LABEL = "__label__"


class Options(NamedTuple):
    """version: 0 for the form of 2016. pruned: pairs of numbers, or None for all n-grams.

    quantised: the bytes that `quantised_bytes` gives, in place of the input matrix.
    """

    version: int = 12
    model: int = 2
    minn: int = 3
    maxn: int = 6
    buckets: int = 40
    labels: Sequence[str] = ()
    pruned: Sequence[tuple[int, int]] | None = None
    quantised: bytes | None = None
    output: bool = True


def model_bytes(words, inputs, **options):
    """The bytes of a model. words: str or bytes. inputs: (R, D) float32. options: `Options`."""
    chosen, dimensions = Options(**options), inputs.shape[1]
    ngrams = (chosen.buckets, chosen.minn, chosen.maxn)
    parts = [struct.pack("<2i", MAGIC, chosen.version)] if chosen.version else []
    parts.append(
        struct.pack("<12id", dimensions, 5, 5, 1, 5, 1, 2, chosen.model, *ngrams, 99, 1e-4)
    )
    both = len(words) + len(chosen.labels)
    parts.append(struct.pack("<3iq", both, len(words), len(chosen.labels), 999))
    if chosen.version:
        parts.append(struct.pack("<q", -1 if chosen.pruned is None else len(chosen.pruned)))
    for kind, spelled in ((0, words), (1, chosen.labels)):
        for count, word in enumerate(spelled, 3):
            data = word if isinstance(word, bytes) else word.encode("utf-8", "surrogateescape")
            parts.append(data + b"\0" + struct.pack("<qb", 1000 - count, kind))
    parts += [struct.pack("<2i", *pair) for pair in chosen.pruned or ()]
    if chosen.version:
        parts.append(struct.pack("<?", chosen.quantised is not None))
    parts.append(dense_bytes(inputs) if chosen.quantised is None else chosen.quantised)
    if chosen.output:
        parts.append(b"\0" if chosen.version else b"")
        rows = len(chosen.labels) or len(words)
        parts.append(dense_bytes(np.ones((rows, dimensions), np.float32)))
    return b"".join(parts)


def dense_bytes(matrix):
    return struct.pack("<2q", *matrix.shape) + np.asarray(matrix, "<f4").tobytes()


def quantised_bytes(rows, dimensions, width, seed=0, norms=True):
    """``(bytes, matrix)``: a quantised matrix of random codes, and what it stands for."""
    rng = np.random.default_rng(seed)
    groups = -(-dimensions // width)
    last = dimensions - (groups - 1) * width
    codes = rng.integers(0, 256, (rows, groups), dtype=np.uint8)
    centroids = rng.normal(size=(256 * dimensions)).astype(np.float32)
    matrix = np.empty((rows, dimensions), np.float32)
    for row in range(rows):
        for group in range(groups):
            wide = last if group == groups - 1 else width
            start = group * 256 * width + int(codes[row, group]) * wide
            matrix[row, group * width : group * width + wide] = centroids[start : start + wide]
    head = struct.pack("<?2qi", norms, rows, dimensions, codes.size) + codes.tobytes()
    head += struct.pack("<4i", dimensions, groups, width, last) + centroids.tobytes()
    if norms:
        norm_codes = rng.integers(0, 256, rows, dtype=np.uint8)
        sizes = rng.random(256).astype(np.float32)
        head += norm_codes.tobytes() + struct.pack("<4i", 1, 1, 1, 1) + sizes.tobytes()
        matrix *= sizes[norm_codes][:, None]
    return head, matrix


# --- the twin of `fastw2v.formats.subwords` ---------------------------------------------------


def naive_hash(ngram: bytes) -> int:
    value = 2166136261
    for byte in ngram:
        signed = byte - 256 if byte > 127 else byte
        value = ((value ^ (signed & 0xFFFFFFFF)) * 16777619) % (1 << 32)
    return value


def naive_ngrams(word: bytes, minn: int, maxn: int) -> list[bytes]:
    """N-grams of a word as in the paper: those of ``<word>``, except ``<`` and ``>`` alone."""
    if word == b"</s>":
        return []
    framed, characters = b"<" + word + b">", []
    for place in range(len(framed)):
        byte = framed[place : place + 1]
        if byte[0] & 0xC0 == 0x80:
            characters[-1] += byte
        else:
            characters.append(byte)
    found = []
    for start in range(len(characters)):
        for size in range(1, maxn + 1):
            end = start + size
            alone = size == 1 and (start == 0 or end == len(characters))
            if size >= minn and end <= len(characters) and not alone:
                found.append(b"".join(characters[start:end]))
    return found


def naive_vector(word: bytes, words, inputs, minn, maxn, buckets, pruned=None):
    """(D,) float32 as fastText makes it; None for an unknown word without n-grams."""
    rows = [words.index(word)] if word in words else []
    for ngram in naive_ngrams(word, minn, maxn):
        bucket = naive_hash(ngram) % buckets
        if pruned is None:
            rows.append(len(words) + bucket)
        elif bucket in dict(pruned):
            rows.append(len(words) + dict(pruned)[bucket])
    if not rows:
        return None
    total = np.zeros(inputs.shape[1], np.float32)
    for row in rows:
        total += inputs[row]
    return total * np.float32(1.0 / len(rows))
