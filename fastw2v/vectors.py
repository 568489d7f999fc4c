"""Word vectors, and the questions they answer: a word's vector, and its nearest neighbours."""

from collections.abc import Iterator, Sequence

import numpy as np

from fastw2v import formats
from fastw2v.errors import FormatError, UnknownWordError
from fastw2v.spelling import nearest_spellings

BLOCK = 4096  # rows looked at together: their vectors fit in the cache


def load(path, *, limit: int | None = None, strict: bool = False) -> "WordVectors":
    """The word vectors in a file of any known format; see `fastw2v.formats.load`."""
    return WordVectors.load(path, limit=limit, strict=strict)


class WordVectors:
    """V words and their vectors of D dimensions.

    words: list of V str, each once.
    matrix: (V, D) float32, C-contiguous; row i is the vector of ``words[i]``.
    index: dict from word to row.
    report: what was trained and how (dict), where the vectors come from a training; else None.
    notes: lines on faults of the file they were read from.
    """

    def __init__(self, words: Sequence[str], matrix: np.ndarray, report: dict | None = None):
        self.words = list(words)
        # A matrix mapped from a file may be larger than memory: no unit-length copy of it is made.
        self._mapped = isinstance(matrix, np.memmap)
        self.matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        self.index = dict(zip(self.words, range(len(self.words)), strict=True))
        self.report = report
        self.notes: list[str] = []
        self._unit: np.ndarray | None = None
        self._sound: np.ndarray | None = None
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.words):
            raise FormatError(
                f"{len(self.words)} words and a matrix of shape {self.matrix.shape}: "
                "it must have one row for each word"
            )
        if len(self.index) != len(self.words):
            raise FormatError("a word comes twice among the words; give each once")

    @classmethod
    def load(cls, path, limit: int | None = None, strict: bool = False) -> "WordVectors":
        """Read a file of any known format; see `fastw2v.formats.load`."""
        notes: list[str] = []
        vectors = cls(*formats.load(path, limit=limit, strict=strict, notes=notes))
        vectors.notes = notes
        return vectors

    def save(self, path, *, format: str | None = None) -> None:
        """Write to ``path`` in the format its name tells; see `fastw2v.formats.save`."""
        formats.save(path, self.words, self.matrix, format=format)

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word) -> bool:
        return word in self.index

    def __getitem__(self, word: str) -> np.ndarray:
        """(D,) float32, a view of the matrix. Raises UnknownWordError."""
        return self.matrix[self.row(word)]

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self)} words, {self.matrix.shape[1]} dimensions>"

    def row(self, word: str) -> int:
        """The row of ``word``; UnknownWordError, with the nearest spellings, if it has none."""
        try:
            return self.index[word]
        except KeyError:
            pass
        near = self.nearest_spellings(word)
        hint = f"spelt nearly so: {', '.join(near)}" if near else "no word is spelt nearly so"
        raise UnknownWordError(f"{word!r} is not in the vocabulary; {hint}")

    def nearest_spellings(self, word: str, n: int = 3) -> list[str]:
        """Up to ``n`` words of the vocabulary that are spelt most like ``word``, best first."""
        return nearest_spellings(word, self.words, n)

    def similar(self, word: str | Sequence[str], n: int = 10) -> list[tuple[str, float]]:
        """The ``n`` nearest neighbours: words and their cosines, falling; ties by lower row.

        word: one word, or several for the neighbours of the mean of their unit vectors. They
            themselves are left out.

        All rows are compared. A zero vector has cosine 0 to everything; rows with NaN or infinity
        are nobody's neighbours. Raises UnknownWordError, and FormatError for a word whose own
        vector holds NaN or infinity.
        """
        asked = [word] if isinstance(word, str) else list(word)
        rows = [self.row(one) for one in asked]
        for one, row in zip(asked, rows, strict=True):
            if not self.sound[row]:
                raise FormatError(f"the vector of {one!r} holds NaN or infinity: no neighbours")
        if not rows or n < 1:
            return []
        query = _unit_rows(self.matrix[rows], np.float64).sum(axis=0)
        query = _unit_rows(query[None, :], np.float64)[0]
        near = self._candidates(query, rows, n)
        cosines = self._exact_cosines(near, query)
        # Most similar first; of equals the lower row: `near` rises, and the sort is stable.
        order = np.argsort(-cosines, kind="stable")[:n]
        return [(self.words[near[i]], float(cosines[i])) for i in order]

    @property
    def sound(self) -> np.ndarray:
        """(V,) bool: whether all numbers of the row are finite."""
        if self._sound is None:
            blocks = [np.isfinite(block).all(axis=1) for _, block in _blocks(self.matrix)]
            self._sound = np.concatenate([np.empty(0, bool), *blocks])
        return self._sound

    def unit_rows(self, count: int | None = None) -> np.ndarray:
        """(count, D) float32: the first ``count`` rows (None: all) scaled to length 1.

        Zero vectors and those with NaN or infinity become zeros.
        """
        wanted = self.matrix[:count]
        unit = np.empty_like(wanted)
        for start, block in _blocks(wanted):
            unit[start : start + len(block)] = _unit_rows(block)
        return unit

    def _unit_blocks(self) -> Iterator[tuple[int, np.ndarray]]:
        """The unit-length matrix, computed once; block by block and anew if it is mapped."""
        if self._mapped:
            return ((start, _unit_rows(block)) for start, block in _blocks(self.matrix))
        if self._unit is None:
            self._unit = self.unit_rows()
        return _blocks(self._unit)

    def _candidates(self, query: np.ndarray, left_out: list[int], n: int) -> np.ndarray:
        """Rows, rising, that may be among the ``n`` nearest: float32 decides but for a margin."""
        query32 = query.astype(np.float32)
        scores = np.empty(len(self), np.float32)
        for start, block in self._unit_blocks():
            scores[start : start + len(block)] = block @ query32
        allowed = self.sound.copy()
        allowed[left_out] = False
        rows = np.flatnonzero(allowed)
        if len(rows) <= n:
            return rows
        scores = scores[rows]
        last = np.partition(scores, len(rows) - n)[len(rows) - n]
        # Twice the largest error that summing D rounded products of unit vectors can have.
        margin = (len(query) + 8) * 2.0**-22
        return rows[scores >= last - margin]

    def _exact_cosines(self, rows: np.ndarray, query: np.ndarray) -> np.ndarray:
        """(len(rows),) float64. Equal vectors get equal cosines, wherever their rows are."""
        cosines = np.empty(len(rows))
        for start, block in _blocks(rows):
            # Not a matrix product: that sums a row in an order that depends on where it stands.
            products = _unit_rows(self.matrix[block], np.float64) * query
            cosines[start : start + len(block)] = products.sum(axis=1)
        return cosines.clip(-1.0, 1.0)


def _blocks(array: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    for start in range(0, len(array), BLOCK):
        yield start, array[start : start + BLOCK]


def _unit_rows(block: np.ndarray, dtype=np.float32) -> np.ndarray:
    """Rows of ``block`` scaled to length 1; zeros where that cannot be.

    Lengths are float64: squares of float32 fit in there, however large or small.
    """
    wide = block.astype(np.float64)
    with np.errstate(invalid="ignore"):
        lengths = np.sqrt((wide * wide).sum(axis=1))
        sound = np.isfinite(lengths) & (lengths > 0)
    wide[~sound] = 0
    wide /= np.where(sound, lengths, 1)[:, None]
    return wide.astype(dtype, copy=False)
