"""fastText models: ``.bin``, and ``.ftz``, which are quantised.

All numbers are little-endian: magic and version, of files since May 2017; the settings; the
dictionary, words before labels, and which n-grams a pruned model keeps; the input matrix, rows of
words before rows of n-grams; the output matrix, which is not used. Files of 2016 have no magic and
are neither pruned nor quantised.

The vector of a word is made from several rows (`fastw2v.formats.subwords`), which stay in the file.
"""

import math
import mmap
import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.quantised import read_quantised
from fastw2v.formats.reading import MAX_DIMENSIONS, Reading, Stream
from fastw2v.formats.subwords import MOST_NGRAMS, Ngrams, SubwordRows, Subwords
from fastw2v.io.encoding import to_word
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.matrix.norms import blocks

MAGIC = struct.pack("<i", 793712314)
_VERSIONS = (11, 12)
_NAME = "fastText model"
_SETTINGS = struct.Struct("<12id")
_SIZES = struct.Struct("<3iq")
_MODELS = {1: "cbow", 2: "skipgram", 3: "supervised"}
# A word, its count, and whether it is a label.
_ENTRY = re.compile(rb"([^\0]{0,65536})\0(?s:.{8})([\0\1])")
_OUTPUT = "its output matrix"
_REMEDY = "download or regenerate the file"


@dataclass(frozen=True)
class Header:
    """What precedes the dictionary of a model.

    version: 0 for files of 2016. pruned: number of n-grams kept; None: all.
    """

    version: int
    dimensions: int
    model: str
    buckets: int
    shortest: int
    longest: int
    words: int
    labels: int
    pruned: int | None


def matches(stream: Stream) -> bool:
    """Whether the content is a fastText model. Raises FormatError if it is compressed or a pipe."""
    if not (stream.head.startswith(MAGIC) or _is_of_2016(stream.head)):
        return False
    stream.check_plain(_NAME)
    return True


def read(stream: Stream, reading: Reading) -> tuple[list[str], MappedRows | Array]:
    """Words and (V, D) float32 vectors, V words or as many as ``reading.limit``; labels are none.

    The vectors are made on demand if memory is short, unless ``reading.mapped`` is False.
    ``reading.subwords`` becomes what makes vectors of other words.

    Raises FormatError, with word number or byte offset, if the file is damaged.
    """
    content = stream.mapped()
    parts = _Parts(b"".join(stream.chunks()) if content is None else content, reading)
    header = _header(parts)
    words = _words(parts, header)
    kept = _kept(parts, header)
    inputs = _inputs(parts, header)
    ngrams = Ngrams(header.shortest, header.longest, header.buckets, header.words, kept)
    _check_rows(parts, header, ngrams, inputs)
    _check_words(parts, words, ngrams)
    _check_end(parts, header)
    limit = header.words if reading.limit is None else reading.limit
    beyond = {word: row for row, word in enumerate(words[limit:], limit)}
    words = words[:limit]
    reading.subwords = Subwords(inputs, ngrams, beyond)
    rows = SubwordRows(words, reading.subwords)
    if reading.mapped is not False and Reading("", mapped=None).stays_in_file(rows.nbytes):
        return words, rows
    matrix = np.empty(rows.shape, np.float32)
    for start, stop in blocks(*rows.shape):
        matrix[start:stop] = rows[start:stop]
    return words, matrix


class _Parts:
    """Reads the parts of a model one after the other."""

    def __init__(self, content: "bytes | mmap.mmap", reading: Reading):
        self.content, self.reading, self.at = content, reading, 0
        self.name = f"a {_NAME}"

    def take(self, layout: struct.Struct, what: str) -> tuple[Any, ...]:
        """The numbers that come next."""
        self.require(layout.size, what)
        found = layout.unpack_from(self.content, self.at)
        self.at += layout.size
        return found

    def numbers(self, kind: str, count: int, what: str) -> Array:
        """(count,) of a NumPy dtype: a copy of what comes next."""
        size = np.dtype(kind).itemsize * count
        self.require(size, what)
        found = np.frombuffer(self.content, kind, count, self.at).copy()
        self.at += size
        return found

    def require(self, size: int, what: str) -> None:
        """Raise FormatError if fewer bytes follow."""
        if size < 0 or self.at + size > len(self.content):
            raise self.damage(f"the file ends within {what} ({len(self.content):,} bytes)")

    def damage(self, problem: str, remedy: str = _REMEDY) -> FormatError:
        return FormatError(f"{self.reading.path}: {self.name}, but {problem}; {remedy}")


def _is_of_2016(head: bytes) -> bool:
    """Whether a file without magic starts with plausible settings and a word."""
    if len(head) < _SETTINGS.size + _SIZES.size:
        return False
    *settings, threshold = _SETTINGS.unpack_from(head)
    words_and_labels, words, labels, tokens = _SIZES.unpack_from(head, _SETTINGS.size)
    return (
        min(settings) >= 0
        and 0 < settings[0] <= MAX_DIMENSIONS
        and math.isfinite(threshold)
        and 0 <= threshold <= 1
        and min(words, labels, tokens) >= 0
        and words_and_labels == words + labels > 0
        and _ENTRY.match(head, _SETTINGS.size + _SIZES.size) is not None
    )


def _header(parts: _Parts) -> Header:
    version = 0
    if parts.content[:4] == MAGIC:
        _, version = parts.take(struct.Struct("<2i"), "its header")
        if version not in _VERSIONS:
            known = " and ".join(map(str, _VERSIONS))
            raise parts.damage(
                f"of the unknown version {version} (known: {known})",
                "save its vectors as text (.vec) with the program that wrote it",
            )
    else:
        parts.name = f"a {_NAME} of 2016"
    settings = parts.take(_SETTINGS, "its header")
    dimensions, model, buckets, shortest, longest = (settings[place] for place in (0, 7, 8, 9, 10))
    both, words, labels, _ = parts.take(_SIZES, "its header")
    pruned = parts.take(struct.Struct("<q"), "its header")[0] if version else -1
    if model not in _MODELS:
        raise parts.damage(f"its header declares the unknown model type {model}")
    if not 0 < dimensions <= MAX_DIMENSIONS or 4 * dimensions > len(parts.content):
        raise parts.damage(f"its header declares vectors of {dimensions} dimensions")
    if min(words, labels) < 0 or both != words + labels or both > len(parts.content) // 10:
        raise parts.damage(f"its header declares {both} words, {words} of them no labels")
    if words == 0:
        raise parts.damage("it has no words", "use a model with words")
    if _MODELS[model] == "supervised" and version < _VERSIONS[-1]:
        longest = 0  # had no n-grams yet, whatever their settings
    return Header(
        version, dimensions, _MODELS[model], buckets, shortest, longest, words, labels,
        pruned if pruned >= 0 else None,
    )  # fmt: skip


def _words(parts: _Parts, header: Header) -> list[str]:
    """The words of the dictionary, without its labels."""
    spelled: list[bytes] = []
    match, content, at = _ENTRY.match, parts.content, parts.at
    for number in range(header.words + header.labels):
        entry = match(content, at)
        is_label = number >= header.words
        if entry is None or entry[2] != (b"\1" if is_label else b"\0"):
            raise parts.damage(f"its dictionary is damaged at word number {number + 1}, byte {at}")
        at = entry.end()
        if not is_label:
            spelled.append(entry[1])
    parts.at = at
    text = to_word(b"\n".join(spelled))
    words = text.split("\n")
    if len(words) != header.words:
        number = next(place for place, word in enumerate(spelled, 1) if b"\n" in word)
        raise parts.damage(f"its word number {number} has a newline")
    return words


def _kept(parts: _Parts, header: Header) -> tuple[Array, Array] | None:
    """See `Ngrams.kept`."""
    if header.pruned is None:
        return None
    table = parts.numbers("<i4", 2 * header.pruned, "its list of n-grams").reshape(-1, 2)
    if table.size and table.min() < 0:
        raise parts.damage("its list of n-grams has negative numbers")
    table = table[np.argsort(table[:, 0], kind="stable")]
    return table[:, 0].copy(), table[:, 1].copy()


def _inputs(parts: _Parts, header: Header) -> MappedRows:
    """(R, D) the input matrix, in the file."""
    quantised = header.version > 0 and parts.take(struct.Struct("<?"), "its matrix")[0]
    if quantised:
        return read_quantised(parts, header.dimensions)
    if header.pruned is not None:
        raise parts.damage("its n-grams are pruned and its matrix is not quantised")
    rows, dimensions = parts.take(struct.Struct("<2q"), "its matrix")
    if dimensions != header.dimensions or rows < 0:
        raise parts.damage(
            f"its matrix is {rows} x {dimensions}, where vectors have {header.dimensions} "
            "dimensions"
        )
    parts.require(4 * rows * dimensions, f"its matrix of {rows:,} vectors")
    offsets = parts.at + 4 * dimensions * np.arange(rows, dtype=np.int64)
    parts.at += 4 * rows * dimensions
    return MappedRows(parts.content, offsets, dimensions)


def _check_rows(parts: _Parts, header: Header, ngrams: Ngrams, inputs: MappedRows) -> None:
    """Raise FormatError if words or n-grams have no row."""
    needed = header.words
    if header.longest > 0:
        if header.buckets <= 0:
            raise parts.damage(f"its header declares n-grams in {header.buckets} buckets")
        if ngrams.kept is None:
            needed += header.buckets
        elif header.pruned:
            needed += int(ngrams.kept[1].max()) + 1
    if len(inputs) < needed:
        raise parts.damage(f"its matrix has {len(inputs):,} rows instead of {needed:,}")


def _check_words(parts: _Parts, words: list[str], ngrams: Ngrams) -> None:
    longest = max(range(len(words)), key=lambda row: len(words[row]))
    if ngrams.most(4 * len(words[longest])) > MOST_NGRAMS:
        raise parts.damage(f"its word number {longest + 1} has too many n-grams")


def _check_end(parts: _Parts, header: Header) -> None:
    """Note bytes that are missing or left over after the input matrix."""
    try:
        quantised = header.version > 0 and parts.take(struct.Struct("<?"), _OUTPUT)[0]
        if quantised:
            return
        rows, dimensions = parts.take(struct.Struct("<2q"), _OUTPUT)
        parts.require(4 * rows * dimensions, _OUTPUT)
    except FormatError:
        parts.reading.fault(
            "the file ends within the output matrix of the model, which word vectors do not need"
        )
        return
    rest = len(parts.content) - parts.at - 4 * rows * dimensions
    if rest:
        parts.reading.fault(f"ignored {rest} trailing bytes")
