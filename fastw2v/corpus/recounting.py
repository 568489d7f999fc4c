"""Counting the words of a given vocabulary in a text."""

import numpy as np

from fastw2v.corpus import count_words
from fastw2v.corpus.vocabulary import Vocabulary, rank
from fastw2v.errors import CorpusError, parameter
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.progress import SILENT, Progress


def recount_words(
    paths,
    read_vocab,
    *,
    min_count: int = 5,
    max_vocab: int | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
    column: str | None = None,
) -> Vocabulary:
    """The words of a vocabulary file with their counts in a text, the most frequent first.

    paths and the other arguments: as for `fastw2v.corpus.count_words`.
    read_vocab: a file of words and counts. Its counts are ignored; words with equal new counts
        stay in its order.

    Raises VocabularyError for an invalid file, CorpusError if no word remains.
    """
    given = Vocabulary.load(read_vocab, min_count=0)
    text = count_words(paths, min_count=1, threads=threads, progress=progress, column=column)
    count_of = dict(zip(text.words, text.counts.tolist(), strict=True))
    counts = np.array([count_of.get(word, 0) for word in given.words], np.int64)
    return recounted(given, counts, read_vocab, min_count, max_vocab, progress)


def recounted(
    given: Vocabulary, counts: Array, name: StrPath, min_count: int, max_vocab: int | None,
    progress: Progress,
) -> Vocabulary:  # fmt: skip
    """The words ``given``, of the file ``name``, with new counts, (V,) int64."""
    order = rank(counts, np.arange(len(counts)), min_count, max_vocab)
    if len(order) < 2:
        raise CorpusError(
            f"{name}: none of its {len(given) - 1:,} words occurs {min_count:,} times in the "
            f"text, at most {counts[1:].max():,} times; lower {parameter('min_count')}"
        )
    progress.message(f"{name}: {len(order) - 1:,} of its {len(given) - 1:,} words kept")
    return Vocabulary([given.words[i] for i in order.tolist()], counts[order])
