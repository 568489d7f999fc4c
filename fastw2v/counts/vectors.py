"""Word vectors from counts: corpus -> co-occurrences -> weights -> truncated SVD -> files.

from fastw2v.counts.settings import CountSettings
from fastw2v.counts.vectors import count_vectors

vectors = count_vectors("corpus.txt", CountSettings(window=2, size=300), output="v.bin")
vectors.similar("king")
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from fastw2v.corpus import Corpus, declare_corpus, read_corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.counts.cooccurrence import Cooccurrences, count_cooccurrences
from fastw2v.counts.reduction import check_available, check_size, reduce
from fastw2v.counts.settings import CountSettings
from fastw2v.counts.weighting import weigh
from fastw2v.errors import SettingsError, parameter
from fastw2v.formats import check_writable, declare_written
from fastw2v.formats.sparse_matrix import declare_sparse, is_sparse, one_hot, write_sparse
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.model.sparse import SparseMatrix
from fastw2v.progress import SILENT, Progress
from fastw2v.system.cores import limit_threads
from fastw2v.vectors.word_vectors import WordVectors

Paths = StrPath | Sequence[StrPath]


class _Source(NamedTuple):
    """Where the words are: see `count_vectors`."""

    corpus: Paths
    column: str | None
    read_vocab: StrPath | None

    def uses(self) -> FileUses:
        """The files that are read."""
        uses = FileUses()
        declare_corpus(uses, self.corpus, self.column)
        uses.reads(self.read_vocab, parameter("read_vocab"))
        return uses


def count_vectors(
    corpus: Paths,
    settings: CountSettings = CountSettings(),  # noqa: B008, immutable
    *,
    output: StrPath | None = None,
    format: str | None = None,
    save_counts: StrPath | None = None,
    read_vocab: StrPath | None = None,
    column: str | None = None,
    progress: Progress = SILENT,
) -> WordVectors | None:
    """Count, weigh and reduce; write the vectors and, if wanted, the counts.

    corpus: a file, a folder or ``-``, or several. Words are in the order of the vocabulary, without
        the sentence end, which is in no window.
    output: of the vectors, in the formats of `WordVectors.save`. A ``.npz`` is a sparse matrix of
        weighted counts, without reduction: nothing is returned.
    format: of the vectors, see `WordVectors.save`.
    save_counts: a ``.npz`` for the counts, before weighting, that ``scipy.sparse.load_npz`` reads.
    read_vocab: a vocabulary file, whose words are used instead of those counted.
    column: the corpus are tables, see `fastw2v.tables`, and this column has the text.

    Returns vectors of ``settings.size`` dimensions, (V, size) float32. Raises the errors of
    `read_corpus`, SettingsError if SciPy is needed and not installed, OutputError.
    """
    is_reduced = output is None or not is_sparse(output)
    if is_reduced and (output is not None or save_counts is None):
        check_available()
    source = _Source(corpus, column, read_vocab)
    _check_files(source, output, format, save_counts)
    text = _read(source, settings, progress)
    if is_reduced and output is not None:  # before long work
        check_size(settings.size, len(text.vocabulary) - 1)
        check_writable(output, text.vocabulary.words[1:], format=format)
    found = _count(text, settings, progress)
    del text  # free its memory for the decomposition
    if save_counts is not None:
        counts = SparseMatrix(found.starts, found.columns, found.counts())
        write_sparse(save_counts, found.words, counts)
        if output is None:
            return None
    matrix = weigh(found, settings.weighting, settings.shift, settings.context_smoothing)
    words = found.words
    del found
    if not is_reduced:
        write_sparse(output, words, matrix)
        return None
    how = {"seed": settings.seed, "threads": settings.threads, "progress": progress}
    vectors = WordVectors(words, reduce(matrix, settings.size, settings.eigenvalue_power, **how))
    if output is not None:
        vectors.save(output, format=format)
    return vectors


def weighted_counts(
    corpus: Paths,
    settings: CountSettings = CountSettings(),  # noqa: B008, immutable
    *,
    progress: Progress = SILENT,
) -> tuple[list[str], SparseMatrix]:
    """As `count_vectors`, without reduction and without a file: V words, and V rows and columns."""
    text = _read(_Source(corpus, None, None), settings, progress)
    found = _count(text, settings, progress)
    matrix = weigh(found, settings.weighting, settings.shift, settings.context_smoothing)
    return found.words, matrix


def write_one_hot(
    corpus: Paths,
    output: StrPath,
    settings: CountSettings = CountSettings(),  # noqa: B008, immutable
    *,
    read_vocab: StrPath | None = None,
    column: str | None = None,
    progress: Progress = SILENT,
) -> int:
    """Write one-hot vectors of a corpus' vocabulary as a sparse matrix; returns the number of
    words. See `fastw2v.formats.sparse_matrix.one_hot` for what their cosine is."""
    source = _Source(corpus, column, read_vocab)
    uses = source.uses()
    declare_sparse(uses, output, parameter("output"))
    uses.check()
    words = _read(source, settings, progress).vocabulary.words[1:]
    write_sparse(output, words, one_hot(len(words)))
    return len(words)


def _count(text: Corpus, settings: CountSettings, progress: Progress) -> Cooccurrences:
    found = count_cooccurrences(
        text,
        window=settings.window,
        distance_weighting=settings.distance_weighting,
        sample=settings.sample,
        seed=settings.seed,
        threads=limit_threads(settings.threads, progress),
        progress=progress,
    )
    disk = f", {found.runs_on_disk} sorted runs on disk" if found.runs_on_disk else ""
    progress.message(
        f"{text.words_known:,} words: {len(found.values):,} counts of {len(found.words):,} words"
        f"{disk}"
    )
    return found


def _check_files(source: _Source, output, format, save_counts) -> None:
    uses = source.uses()
    declare_sparse(uses, save_counts, parameter("save_counts"))
    if output is not None and is_sparse(output):
        if format is not None:
            raise SettingsError(
                f"{parameter('format')} is {format!r}, but {os.fspath(output)} is a sparse matrix: "
                "drop one of the two"
            )
        declare_sparse(uses, output, parameter("output"))
    elif output is not None:
        declare_written(uses, output, parameter("output"), format=format)
        check_writable(output, format=format)
    uses.check()


def _read(source: _Source, settings: CountSettings, progress: Progress) -> Corpus:
    words = source.read_vocab
    vocabulary = None if words is None else Vocabulary.load(words, settings.min_count)
    return read_corpus(
        source.corpus,
        min_count=settings.min_count,
        max_vocab=settings.max_vocab,
        vocabulary=vocabulary,
        column=source.column,
        threads=limit_threads(settings.threads, progress),
        progress=progress,
    )
