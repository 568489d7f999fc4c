"""Files -> corpus, by several ranks: each reads its share, all have the vocabulary of the whole."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from fastw2v.corpus.build import (
    Corpus,
    SelectedVocabulary,
    VocabularyRules,
    ids_in,
    make_corpus,
    warn_of_bytes,
    why_none,
)
from fastw2v.corpus.id_buffer import IdBuffer
from fastw2v.corpus.merging import WordCounts, compose_ids
from fastw2v.corpus.owners import CommonWords, common_words
from fastw2v.corpus.rank_corpus import RankCorpus, hash_of_ranks
from fastw2v.corpus.reading import Limits, count_sources, useful_threads
from fastw2v.corpus.recounting import recounted
from fastw2v.corpus.shares import expanded, share_of
from fastw2v.corpus.sources import Source, check_sources, describe
from fastw2v.corpus.union import counts_in, with_words
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import parameter
from fastw2v.progress import SILENT, Progress
from fastw2v.ranks.protocol import Ranks
from fastw2v.ranks.together import SharedError, together

_MOST_NAMED = 1 << 16  # files, whose names and sizes are compared


def read_rank_corpus(  # noqa: PLR0913, all but two are given by name
    ranks: Ranks,
    paths: Any,
    *,
    local: bool = False,
    min_count: int = 5,
    max_vocab: int | None = None,
    vocabulary: Vocabulary | None = None,
    also: Sequence[str] = (),
    threads: int = 1,
    progress: Progress = SILENT,
    limits: Limits = Limits(),  # noqa: B008, immutable
    column: str | None = None,
) -> RankCorpus:
    """Read the text of this rank, and encode it as ids. All ranks call this.

    paths: files and folders on a disk that all ranks see, which they share, or with ``local`` those
        of this rank alone. Patterns such as ``part-*.txt`` are allowed. The text is that of rank 0,
        then that of rank 1, and so on.
    The other arguments: as for `fastw2v.corpus.read_corpus`.

    Raises SharedError on all ranks if a file is missing on one, or they see different ones;
    CorpusError as `fastw2v.corpus.read_corpus`.
    """
    started = time.monotonic()
    name, sources = _own_sources(ranks, paths, local, column)
    threads = useful_threads(sources, threads, limits)
    id_buffer = IdBuffer(limits.memory_bytes, threads)
    counted = _count_share(ranks, sources, threads, id_buffer, limits, progress)
    rules = VocabularyRules(min_count, max_vocab, vocabulary, also)
    selected = _select(ranks, counted, rules, name, progress)
    selected_at = time.monotonic()
    final_ids = {
        number: compose_ids(ids, selected.final_ids) for number, ids in counted.ids.items()
    }
    ends_here = bool(counted.open_line)
    del counted  # free its memory for the ids
    own = make_corpus(selected, id_buffer, final_ids, started, selected_at)
    return _of_all(ranks, own, selected.sentence_ends, ends_here)


def _of_all(ranks: Ranks, own: Corpus, sentence_ends: int, ends_here: bool) -> RankCorpus:
    """The text of this rank with the counts of all.

    own: with its own counts. ends_here: whether it ends within a sentence, and the whole text too.
    """
    figures = np.array([len(own.ids), own.words_read, own.words_known, sentence_ends + ends_here])
    of_ranks = np.stack(ranks.allgather(figures))
    _, read, known, sentences = of_ranks.sum(axis=0).tolist()
    ids_of_ranks = tuple(of_ranks[:, 0].tolist())
    return RankCorpus(
        own.ids,
        own.vocabulary,
        read,
        known,
        sentences,
        own.count_seconds,
        own.encode_seconds,
        ranks.rank,
        ids_of_ranks,
        hash_of_ranks(ranks, own.ids, ids_of_ranks),
    )


def count_rank_words(
    ranks: Ranks,
    paths: Any,
    *,
    local: bool = False,
    min_count: int = 5,
    max_vocab: int | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
    column: str | None = None,
) -> Vocabulary:
    """The vocabulary of the whole text, as `fastw2v.corpus.count_words`, on all ranks.

    The arguments: as for `read_rank_corpus`.
    """
    rules = VocabularyRules(min_count, max_vocab)
    name, sources = _own_sources(ranks, paths, local, column)
    threads = useful_threads(sources, threads, Limits())
    counted = _count_share(ranks, sources, threads, None, Limits(), progress)
    common = common_words(ranks, counted.words, counted.dropped, rules)
    _check_common(common, rules, name)
    warn_of_bytes(common.vocabulary, progress)
    known = common.vocabulary.total - int(common.vocabulary.counts[0])
    progress.message(
        f"Read {common.words_read:,} words, {common.distinct:,} distinct; kept "
        f"{len(common.vocabulary) - 1:,} of these, which make {known / common.words_read:.1%} of "
        f"the text."
    )
    return common.vocabulary


def recount_rank_words(  # noqa: PLR0913, all but three are given by name
    ranks: Ranks,
    paths: Any,
    read_vocab: Any,
    *,
    local: bool = False,
    min_count: int = 5,
    max_vocab: int | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
    column: str | None = None,
) -> Vocabulary:
    """The words of a vocabulary file with their counts in the whole text, on all ranks.

    See `fastw2v.corpus.recounting.recount_words`; the other arguments as for `read_rank_corpus`.
    """
    given = together(ranks, lambda: Vocabulary.load(read_vocab, min_count=0))
    _, sources = _own_sources(ranks, paths, local, column)
    threads = useful_threads(sources, threads, Limits())
    counted = _count_share(ranks, sources, threads, None, Limits(), progress)
    own = np.concatenate([counted.words.counts[:1], counts_in(counted.words, given.words[1:])])
    counts = ranks.allreduce(own)
    return together(
        ranks, lambda: recounted(given, counts, read_vocab, min_count, max_vocab, progress)
    )


def _own_sources(
    ranks: Ranks, paths: Any, local: bool, column: str | None
) -> tuple[str, list[Source]]:
    """A name of the text for errors, and what this rank reads.

    Checked on all ranks together, so that all have the error of one.
    """
    sources = together(ranks, lambda: check_sources(expanded(paths), column))
    if local:
        return describe(sources), sources
    _compare(ranks, sources)
    return describe(sources), together(ranks, lambda: share_of(sources, ranks.rank, ranks.size))


def _compare(ranks: Ranks, sources: list[Source]) -> None:
    """Raise SharedError if ranks see different files."""
    seen = [[source.path, source.size] for source in sources[:_MOST_NAMED]]
    first = ranks.bcast_json([len(sources), seen])
    same = ranks.allgather_json(first == [len(sources), seen])
    if all(same):
        return
    raise SharedError(
        f"rank {same.index(False)} sees other files in the corpus than rank 0, or of another size: "
        f"put them on a disk that all machines share, or use {parameter('local')} for files of "
        f"each machine"
    )


def _count_share(
    ranks: Ranks,
    sources: list[Source],
    threads: int,
    id_buffer: IdBuffer | None,
    limits: Limits,
    progress: Progress,
) -> WordCounts:
    """Count the words of this rank's text, with a sentence end where the next rank's text begins a
    new file, and this one does not end with a newline."""
    counted = count_sources(sources, threads, id_buffer, limits, False, progress)
    _warn_of_dropped(ranks, counted, progress)
    starts_within = bool(sources) and sources[0].start > 0
    texts = ranks.allgather_json([counted.open_line, starts_within])
    following = [within for line, within in texts[ranks.rank + 1 :] if line is not None]
    if counted.open_line and following:
        if not following[0]:
            counted.words.counts[0] += 1
            if id_buffer is not None:  # 0 is the sentence end in every lexicon
                id_buffer.append(next(iter(counted.ids)), np.zeros(1, np.int32))
        return counted._replace(open_line=False)  # it goes on, or has ended
    return counted


def _warn_of_dropped(ranks: Ranks, counted: WordCounts, progress: Progress) -> None:
    """Report that other ranks dropped words: each reports its own, but only rank 0 is heard."""
    of_all = ranks.allgather_json([counted.dropped, counted.undercount])
    dropped, undercount = (sum(each) for each in zip(*of_all, strict=True))
    if dropped > counted.dropped:
        progress.message(
            f"Warning: too many distinct words on other ranks: rare ones were dropped while "
            f"counting, on all ranks {dropped:,} tokens of them. Counts may be too low by up to "
            f"{undercount:,}; use more ranks"
        )


def _select(
    ranks: Ranks, counted: WordCounts, rules: VocabularyRules, name: str, progress: Progress
) -> SelectedVocabulary:
    """As `fastw2v.corpus.build.select_vocabulary`, with the counts of all ranks."""
    words, counts = counted.words, counted.words.counts
    common = common_words(ranks, words, counted.dropped, rules)
    vocabulary = common.vocabulary if rules.given is None else rules.given
    if rules.given is None:
        warn_of_bytes(vocabulary, progress)
    if rules.also:
        vocabulary = with_words(
            vocabulary, rules.also, lambda added: ranks.allreduce(counts_in(words, added))
        )
    final_ids = ids_in(vocabulary, words)
    words_known = int(counts[1:][final_ids[1:] >= 0].sum())
    _check_common(common, rules, name, int(ranks.allreduce(np.array(words_known))))
    words_read = int(counts[1:].sum()) + counted.dropped
    return SelectedVocabulary(vocabulary, final_ids, words_read, words_known, int(counts[0]))


def _check_common(
    common: CommonWords, rules: VocabularyRules, name: str, known: int | None = None
) -> None:
    """Raise SharedError, on all ranks, if the text has no words or none is selected."""
    if common.top is None:
        raise SharedError(f"{name}: no words in it; check that it is the right file")
    if known == 0 or (known is None and len(common.vocabulary) < 2):
        raise SharedError(
            f"{name}: {why_none(common.words_read, common.distinct, common.top, rules)}"
        )
