"""Vectors of words made from several rows of a matrix: the mean of their own and their n-grams'.

Bojanowski, Grave, Joulin, Mikolov 2017, "Enriching word vectors with subword information", section
3.2: n-grams of characters, of the word between ``<`` and ``>``, share rows by their hash.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from fastw2v.io.encoding import SENTENCE_END, to_bytes, to_word
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows

MOST_NGRAMS = 1 << 24  # of one word: more is a damaged file
_WORDS = 1024  # made at once: their sums stay in the cache
_FNV_BASIS, _FNV_PRIME = 2166136261, np.uint32(16777619)
_END = to_bytes(SENTENCE_END)


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of a model, and their rows.

    shortest, longest: in characters; a longest of 0 or less: the model has none.
    buckets: number of hash values. first_row: the row of the first bucket.
    kept: of a pruned model, the buckets that have a row, (n,) increasing, and their rows after
        ``first_row``, (n,); None if all have one.
    """

    shortest: int
    longest: int
    buckets: int
    first_row: int
    kept: tuple[Array, Array] | None = None

    def most(self, word_bytes: int) -> int:
        """No word of that length has more n-grams."""
        return (word_bytes + 2) * max(0, min(self.longest, word_bytes + 2))

    def rows_of(self, words: Sequence[bytes]) -> tuple[Array, Array]:
        """The rows of all n-grams of the words, in the order of fastText: by start, then length.

        Returns (n,) int64, the number of rows of each word, and all rows one word after the other,
        int64. The sentence end has none.
        """
        if self.longest <= 0:
            return np.zeros(len(words), np.int64), np.empty(0, np.int64)
        framed = [b"" if word == _END else b"<%b>" % word for word in words]
        owners, buckets = _hashed(framed, self)
        rows = buckets.astype(np.int64)
        if self.kept is not None:
            numbers, places = self.kept
            found = np.searchsorted(numbers, rows)
            found[found == len(numbers)] = 0
            have = numbers[found] == rows if len(numbers) else np.zeros(len(rows), bool)
            owners, rows = owners[have], places[found[have]].astype(np.int64)
        return np.bincount(owners, minlength=len(words)), rows + self.first_row


def _hashed(framed: list[bytes], ngrams: Ngrams) -> tuple[Array, Array]:
    """The word and the bucket of each n-gram, (n,) int64 and (n,) uint32, in order.

    All n-grams grow at once, byte by byte, from every start of a character.
    """
    lengths = np.array([len(word) for word in framed], np.int64)
    # One more byte, so that the byte after an n-gram can be read.
    text = np.frombuffer(b"".join([*framed, b" "]), np.uint8)
    starts_character = (text & 0xC0) != 0x80
    # fastText hashes signed characters: FNV-1a differs from it for bytes above 127.
    signed = text.view(np.int8).astype(np.int32).view(np.uint32)
    first = np.flatnonzero(starts_character[:-1])
    owner = np.repeat(np.arange(len(framed)), lengths)[first]
    ends = np.cumsum(lengths)
    end, at_start = ends[owner], first == (ends - lengths)[owner]
    value = np.full(len(first), _FNV_BASIS, np.uint32)
    size, place = np.zeros(len(first), np.int64), first.copy()
    found: list[tuple[Array, Array, Array]] = []
    while len(place):
        value = (value ^ signed[place]) * _FNV_PRIME
        place = place + 1
        inside = place < end
        whole = ~inside | starts_character[place]
        size = size + whole
        # A single < or > is none.
        is_one = whole & (size >= ngrams.shortest) & ~((size == 1) & (at_start | ~inside))
        found.append((first[is_one], owner[is_one], value[is_one] % np.uint32(ngrams.buckets)))
        on = inside & ~(whole & (size >= ngrams.longest))
        first, owner, end, at_start = first[on], owner[on], end[on], at_start[on]
        value, size, place = value[on], size[on], place[on]
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.uint32)
    starts, owners, buckets = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(starts, kind="stable")  # shorter ones were found first
    return owners[order], buckets[order]


class Subwords:
    """Makes vectors from the input matrix of a model.

    inputs: (R, D) rows of words and buckets, in their file.
    """

    def __init__(self, inputs: MappedRows, ngrams: Ngrams, beyond: dict[str, int] | None = None):
        """beyond: rows of words that the model knows but that were not read."""
        self.inputs, self.ngrams = inputs, ngrams
        self._beyond = beyond or {}

    def make(self, word: str) -> Array | None:
        """(D,) float32: the vector of a word without a row of its own.

        None if it has no n-grams, too many, or characters that UTF-8 cannot express.
        """
        try:
            spelled = to_bytes(word)
        except UnicodeEncodeError:
            return None
        if self.ngrams.most(len(spelled)) > MOST_NGRAMS:
            return None
        own = self._beyond.get(to_word(spelled), -1)
        counts, rows = self.ngrams.rows_of([spelled])
        if own < 0 and not counts[0]:
            return None
        return self._means(np.array([own]), counts, rows)[0]

    def of_words(self, words: Sequence[str], rows: Array) -> Array:
        """(n, D) float32: the vectors of words with rows of their own. rows: (n,) int64."""
        made = np.empty((len(words), self.inputs.shape[1]), np.float32)
        spelled = [to_bytes(word) for word in words]
        for start, stop in self._blocks(spelled):
            made[start:stop] = self._means(
                rows[start:stop], *self.ngrams.rows_of(spelled[start:stop])
            )
        return made

    def _blocks(self, spelled: list[bytes]) -> Iterator[tuple[int, int]]:
        """Blocks of words with a bounded number of n-grams."""
        start, held = 0, 0
        for number, word in enumerate(spelled):
            most = self.ngrams.most(len(word))
            if number > start and (number - start == _WORDS or held + most > MOST_NGRAMS):
                yield start, number
                start, held = number, 0
            held += most
        if start < len(spelled):
            yield start, len(spelled)

    def _means(self, own: Array, counts: Array, rows: Array) -> Array:
        """(n, D) float32, rounded as fastText does: sums in order, then one product.

        own: (n,) int64, rows of words; -1 for none. counts, rows: of their n-grams.
        """
        order = np.argsort(-counts, kind="stable")
        starts = (np.cumsum(counts) - counts)[order]
        sums = np.zeros((len(own), self.inputs.shape[1]), np.float32)
        with np.errstate(all="ignore"):  # a file may hold any numbers
            has_row = own[order] >= 0
            sums[has_row] += self.inputs[own[order][has_row]]
            falling = -counts[order]
            for number in range(int(counts.max(initial=0))):
                active = int(np.searchsorted(falling, -number))  # those with more n-grams
                sums[:active] += self.inputs[rows[starts[:active] + number]]
            parts = counts[order] + has_row
            sums *= (1.0 / np.maximum(parts, 1)).astype(np.float32)[:, None]
        means = np.empty_like(sums)
        means[order] = sums
        return means


class SubwordRows(MappedRows):
    """(V, D) float32: the vectors of a model's words, made when they are read.

    Needs little memory. Indexed as `MappedRows`.
    """

    def __init__(self, words: list[str], subwords: Subwords, rows: Array | None = None) -> None:
        """words: of all rows of the model's words. rows: (V,) int64, those of this matrix."""
        self._words, self._subwords = words, subwords
        self._rows = np.arange(len(words)) if rows is None else rows
        self.shape = (len(self._rows), subwords.inputs.shape[1])

    def __getitem__(self, rows: slice | int | Array | list[int]) -> Array:
        own = self._rows[rows]
        flat = np.atleast_1d(own)
        made = self._subwords.of_words([self._words[row] for row in flat.tolist()], flat)
        return made.reshape(*own.shape, self.shape[1])

    def select(self, rows: slice | Array) -> "SubwordRows":
        return SubwordRows(self._words, self._subwords, self._rows[rows])
