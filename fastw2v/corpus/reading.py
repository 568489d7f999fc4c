"""Files -> corpus: one pass that counts words, then final ids for provisional ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from typing import NamedTuple

from fastw2v.corpus.blocks import block_bytes
from fastw2v.corpus.build import Corpus, VocabularyRules, make_corpus, select_vocabulary
from fastw2v.corpus.counting import (
    MAX_DISTINCT,
    Scanner,
    count_text,
)
from fastw2v.corpus.dispatch import Dispatcher
from fastw2v.corpus.id_buffer import MEMORY_LIMIT, IdBuffer
from fastw2v.corpus.merging import WordCounts, compose_ids, merge_scanners
from fastw2v.corpus.pieces import pieces_of
from fastw2v.corpus.sources import Source, check_sources, describe, total_size
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.progress import SILENT, Progress, Stage
from fastw2v.system.cores import usable_cores

_LEAST_THREAD_BYTES = 1 << 20  # on disk; a thread takes some 8 MB


class Limits(NamedTuple):
    """Sizes of buffers; the result depends on ``distinct`` only."""

    # Bytes of text per block; None: automatic, and no more threads than are of use.
    block_bytes: int | None = None
    memory_bytes: int = MEMORY_LIMIT  # of ids; beyond, they go to a temporary file
    # Distinct words per thread while counting; beyond, counts of rare ones may be too low.
    distinct: int = MAX_DISTINCT
    refuse: bool = True  # whether ids that do not fit in the temporary folder are an error


def read_corpus(  # noqa: PLR0913, all but one are given by name
    paths,
    *,
    min_count: int = 5,
    max_vocab: int | None = None,
    vocabulary: Vocabulary | None = None,
    also: Sequence[str] = (),
    threads: int = 1,
    c_rules: bool = False,
    progress: Progress = SILENT,
    limits: Limits = Limits(),  # noqa: B008, immutable
    column: str | None = None,
) -> Corpus:
    """Read text and encode it as ids.

    The result does not depend on the number of threads, unless rare words had to be dropped while
    counting (see `fastw2v.corpus.counting`), which is reported.

    paths: a file, folder or ``-`` (standard input), or several of them, see `check_sources`.
    min_count: words with fewer occurrences are left out.
    max_vocab: keep only this many of the most frequent words, not counting the sentence end.
    vocabulary: use this one; min_count and max_vocab are then ignored.
    also: words that are added to the vocabulary whatever their counts, see `with_words`.
    c_rules: split as the C program does, see `fastw2v.corpus.blocks`.
    column: the files are tables, see `fastw2v.tables`, and this column has the text.

    Raises CorpusError if a file cannot be read or no word remains, ResourceError if the ids do
    not fit in the temporary folder.
    """
    started = time.monotonic()
    sources = check_sources(paths, column)
    threads = useful_threads(sources, threads, limits)
    id_buffer = IdBuffer(limits.memory_bytes, threads)
    counted = count_sources(sources, threads, id_buffer, limits, c_rules, progress)
    rules = VocabularyRules(min_count, max_vocab, vocabulary, also)
    selected = select_vocabulary(counted, rules, describe(sources), progress)
    selected_at = time.monotonic()
    # Provisional id -> id in the merged lexicon -> word_id, for each lexicon.
    final_ids = {
        number: compose_ids(ids, selected.final_ids) for number, ids in counted.ids.items()
    }
    del counted  # free its memory for the ids
    return make_corpus(selected, id_buffer, final_ids, started, selected_at)


def count_words(
    paths,
    *,
    min_count: int = 5,
    max_vocab: int | None = None,
    threads: int = 1,
    c_rules: bool = False,
    progress: Progress = SILENT,
    column: str | None = None,
) -> Vocabulary:
    """Count the words of a text, as `read_corpus` does, and report how many were read and kept.

    Memory depends on the number of distinct words, not on the length of the text.
    """
    sources = check_sources(paths, column)
    threads = useful_threads(sources, threads, Limits())
    counted = count_sources(sources, threads, None, Limits(), c_rules, progress)
    selected = select_vocabulary(
        counted, VocabularyRules(min_count, max_vocab), describe(sources), progress
    )
    share = selected.words_known / selected.words_read
    progress.message(
        f"Read {selected.words_read:,} words, {len(counted.words.counts) - 1:,} distinct; "
        f"kept {len(selected.vocabulary) - 1:,} of these, which make {share:.1%} of the text."
    )
    return selected.vocabulary


def useful_threads(sources: list[Source], threads: int, limits: Limits) -> int:
    """``threads``, or fewer if there are fewer cores, or too little text: each takes memory."""
    if limits.block_bytes is not None:
        return threads
    total = total_size(sources)
    shares = threads if total is None else max(1, total // _LEAST_THREAD_BYTES)
    return min(threads, usable_cores(), shares)


def count_sources(
    sources: list[Source],
    threads: int,
    id_buffer: IdBuffer | None,
    limits: Limits,
    c_rules: bool,
    progress: Progress,
) -> WordCounts:
    """Count the words of all sources with progress; warn if counts may be too low."""
    total, done = total_size(sources), 0
    size = limits.block_bytes or block_bytes(total, threads)
    scanners = [Scanner(limits.distinct) for _ in range(threads + 1)]
    if id_buffer is not None and total is not None and limits.refuse:
        id_buffer.forecast = lambda: total / max(done, 1)
    dispatcher = Dispatcher(pieces_of(sources, size), c_rules, limits.memory_bytes)
    # The length of a pipe is unknown: no progress bar.
    silent = nullcontext(Stage())
    with silent if total is None else progress.stage("Reading the corpus", total) as stage:

        def report_progress(bytes_read: int, tokens: int) -> None:
            nonlocal done
            done = bytes_read
            stage.update(done, f"{tokens / 1e6:.1f} M words")

        open_line = count_text(dispatcher, scanners, id_buffer, size, c_rules, report_progress)
    counted = merge_scanners(scanners)._replace(open_line=open_line)
    if counted.dropped:
        progress.message(
            f"Warning: more than {limits.distinct:,} distinct words in a thread: rare ones were "
            f"dropped while counting, {counted.dropped:,} tokens of them. Counts may be too low by "
            f"up to {counted.undercount:,}; words with fewer occurrences may be missing"
        )
    return counted
