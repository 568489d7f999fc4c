"""The vocabulary: words in order with their counts, and its file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from fastw2v.errors import VocabularyError, parameter
from fastw2v.io.encoding import SENTENCE_END, quoted, to_bytes, to_word
from fastw2v.io.files import MAX_WORD_BYTES, LongLineError, StrPath, chunks_of, lines_of
from fastw2v.io.word_lists import write_numbered
from fastw2v.matrix.arrays import Array

_MAX_COUNT = 2**62  # of all words together, well within int64
_MAX_LINE_BYTES = MAX_WORD_BYTES + 10_000


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Distinct words by word_id, and their counts.

    words: ``words[0]`` is the sentence end ``</s>``, whatever its count; the others by decreasing
        count, equal counts in the order of first occurrence.
    counts: (V,) int64.

        >>> vocabulary = fastw2v.Vocabulary.load("vocab.txt")
        >>> vocabulary.words, vocabulary.counts.tolist(), vocabulary.total
        (['</s>', 'the', 'king'], [2, 5, 3], 10)
    """

    words: list[str]
    counts: Array

    def __post_init__(self) -> None:
        if not self.words or self.words[0] != SENTENCE_END:
            raise VocabularyError(f"a vocabulary must start with {SENTENCE_END}, the sentence end")
        if self.counts.shape != (len(self.words),):
            raise VocabularyError(
                f"a vocabulary of {len(self.words):,} words needs as many counts, "
                f"not an array of shape {self.counts.shape}"
            )

    def __len__(self) -> int:
        return len(self.words)

    @property
    def total(self) -> int:
        """The sum of the counts, including sentence ends."""
        return int(self.counts.sum())

    def save(self, path: StrPath, sentence_end: bool = True) -> None:
        """Write ``word count`` lines, as the C program's ``-save-vocab``; ``-``: standard output.

        sentence_end: whether the first line is that of the sentence end.

        An existing file is replaced once the new one is complete. Raises OutputError if the file
        cannot be written, or a word contains a newline, which the file cannot express.
        """
        numbered = list(zip(self.words, self.counts.tolist(), strict=True))
        write_numbered(path, numbered[0 if sentence_end else 1 :], "a vocabulary file")

    @classmethod
    def load(cls, path: StrPath, min_count: int = 1) -> Vocabulary:
        """Read a file of ``word count`` lines, as the C program's ``-read-vocab``.

        The lines may be in any order, with Unix or Windows line ends. The count follows the last
        space or tab. Counts of repeated words are added: two concatenated files are the vocabulary
        of both texts. ``</s>`` is added with count 0 if it is missing. Words with a count below
        ``min_count`` are left out, except ``</s>``.

        Raises VocabularyError, with the number of the line, if the file is invalid.
        """
        return cls.read(chunks_of(path), path, min_count)

    @classmethod
    def read(cls, chunks: Iterable[bytes], path: StrPath, min_count: int = 1) -> Vocabulary:
        """As `load`, from the content of the file at ``path`` in chunks."""
        totals = {to_bytes(SENTENCE_END): 0}
        for number, line in enumerate(_lines(chunks, path), start=1):
            if line:
                spelled, count = _parse(line, path, number)
                totals[spelled] = totals.get(spelled, 0) + count
        if sum(totals.values()) > _MAX_COUNT:
            raise VocabularyError(f"{path}: the counts add up to more than {_MAX_COUNT:,}")
        words = [to_word(spelled) for spelled in totals]
        counts = np.array(list(totals.values()), np.int64)
        order = rank(counts, np.arange(len(words)), min_count)
        if len(order) < 2:
            raise VocabularyError(
                f"{path}: none of its {len(words) - 1:,} words has a count of {min_count} or "
                f"more; lower {parameter('min_count')}, or use another file"
            )
        return cls([words[i] for i in order.tolist()], counts[order])


def rank(counts: Array, firsts: Array, min_count: int, max_vocab: int | None = None) -> Array:
    """The order of a vocabulary: indices into ``counts`` (int64), index 0 first.

    counts, firsts: (n,) int64: count and first position of each word. Index 0 is the sentence end
        and is always kept.
    min_count: words with fewer occurrences are left out.
    max_vocab: maximum number of words besides the sentence end, the most frequent.
    """
    kept = np.flatnonzero(counts >= min_count)
    kept = kept[kept > 0]
    order = kept[np.lexsort((firsts[kept], -counts[kept]))][:max_vocab]
    return np.concatenate(([0], order)).astype(np.int64)


def _lines(chunks: Iterable[bytes], path: StrPath) -> Iterator[bytes]:
    """The lines of a file without line ends, and without a byte order mark."""
    mark = b"\xef\xbb\xbf"
    try:
        for lines in lines_of(chunks, _MAX_LINE_BYTES):
            lines[0] = lines[0].removeprefix(mark)
            mark = b""
            yield from [line.removesuffix(b"\r") for line in lines]
    except OSError as error:
        raise VocabularyError(f"{path}: cannot be read: {error.strerror or error}") from error
    except LongLineError as error:
        raise VocabularyError(
            f"{path}: {error} for a word and its count; `fastw2v vocab` writes such files"
        ) from error


def _parse(line: bytes, path: StrPath, number: int) -> tuple[bytes, int]:
    """``(word, count)`` of a line. The word may be empty or contain spaces."""
    cut = max(line.rfind(b" "), line.rfind(b"\t"))
    digits = line[cut + 1 :]
    if cut < 0 or not digits.isdigit():
        raise VocabularyError(
            f"{path}, line {number}: expected a word, a space and a count, not "
            f"{quoted(to_word(line[:200]))}; `fastw2v vocab` writes such files"
        )
    if len(digits) > 4000:  # Python does not convert more digits
        digits = digits[:4000]
    return line[:cut], int(digits)
