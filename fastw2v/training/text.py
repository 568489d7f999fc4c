"""The corpus that a training is given: files, lists of tokens, or a table."""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fastw2v.corpus import Corpus, Limits, read_corpus, read_sentences
from fastw2v.corpus.rank_reading import read_rank_corpus
from fastw2v.corpus.rows import Table, is_table, token_lists
from fastw2v.errors import CorpusError
from fastw2v.progress import Progress
from fastw2v.ranks.job import RankJob
from fastw2v.settings import Settings
from fastw2v.training.options import FilePath, TrainingOptions

CorpusLike = (
    FilePath
    | Sequence[FilePath]
    | Iterable[Iterable[str | bytes | int]]
    | Iterable[Mapping[str, Any]]
    | Table
)


def corpus_paths(corpus: CorpusLike) -> list[FilePath] | None:
    """The files meant by ``corpus``, or None if it is an iterable of token lists."""
    if isinstance(corpus, (str, os.PathLike)):
        return [corpus]
    if isinstance(corpus, (list, tuple)) and corpus:
        names = [isinstance(each, (str, os.PathLike)) for each in corpus]
        if all(names):
            return list(corpus)
        if any(names):
            raise CorpusError(
                "the corpus mixes file names and token lists: give one kind, "
                "and put single tokens in lists of their own"
            )
    if not isinstance(corpus, Iterable) and not is_table(corpus):
        raise CorpusError(
            f"the corpus is {type(corpus).__name__}: give a path, several, "
            "an iterable of token lists, or a table"
        )
    return None


def read_text(
    corpus: CorpusLike,
    vocabulary: dict[str, Any],
    settings: Settings,
    options: TrainingOptions,
    progress: Progress,
    job: RankJob | None = None,
) -> Corpus:
    """The corpus as ids. vocabulary: what of the readers' parameters is about the vocabulary.

    job: of several ranks, of which each gets its part; all of them call this.
    """
    rules = vocabulary | {
        "min_count": settings.min_count,
        "max_vocab": settings.max_vocab,
        "progress": progress,
    }
    paths = corpus_paths(corpus)
    if paths is None:
        return read_sentences(token_lists(corpus, options.column, progress), **rules)
    how = rules | {
        "threads": settings.threads,
        "limits": Limits(refuse=not options.force),
        "column": options.column_of_files,
    }
    if job is not None:
        return read_rank_corpus(job.ranks, paths, local=job.local, **how)
    return read_corpus(paths, c_rules=settings.exact, **how)
