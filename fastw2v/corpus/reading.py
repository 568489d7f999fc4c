"""Files -> corpus: one pass that counts, then ids in place of provisional ids."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import NamedTuple

from fastw2v.corpus.blocks import Blocks, block_bytes
from fastw2v.corpus.build import Corpus, VocabularyRules, make_corpus, select_vocabulary
from fastw2v.corpus.counting import (
    MAX_DISTINCT,
    Scanner,
    WordCounts,
    compose_ids,
    count_blocks,
    merge_lexicons,
)
from fastw2v.corpus.id_buffer import MEMORY_LIMIT, IdBuffer
from fastw2v.corpus.sources import Source, check_sources, describe, total_size
from fastw2v.corpus.streams import ByteStream
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.progress import SILENT, Progress, Stage


class Limits(NamedTuple):
    """Sizes; no result depends on any but ``distinct``."""

    block_bytes: int | None = None  # bytes of text that a thread takes at a time; None: what fits
    memory_bytes: int = MEMORY_LIMIT  # bytes of ids past which they are kept in a temporary file
    # Words that a thread keeps while it counts: past them, counts of rare ones may be too low.
    distinct: int = MAX_DISTINCT
    refuse: bool = True  # a text whose ids certainly do not fit in the temporary folder


def read_corpus(
    paths,
    *,
    min_count: int = 5,
    max_vocab: int | None = None,
    vocabulary: Vocabulary | None = None,
    threads: int = 1,
    c_rules: bool = False,
    progress: Progress = SILENT,
    limits: Limits = Limits(),  # noqa: B008, immutable
) -> Corpus:
    """Read text and turn it into ids. The same for any number of threads, unless rare words had to
    be dropped while counting (see `fastw2v.corpus.counting`), which is told.

    paths: a file, folder or ``-`` (standard input), or several of them; see `check_sources`.
    min_count: words seen less often are left out.
    max_vocab: keep only so many of the commonest words, the sentence end not counted.
    vocabulary: map to the words of this one; min_count and max_vocab are then not looked at.
    c_rules: split as the C program does; see `fastw2v.corpus.blocks`.

    Raises CorpusError where a file cannot be read, or no word is left; ResourceError where the
    ids are not going to fit in the temporary folder.
    """
    started = time.monotonic()
    sources = check_sources(paths)
    id_buffer = IdBuffer(limits.memory_bytes, threads)
    counted = _count(sources, threads, id_buffer, limits, c_rules, progress)
    rules = VocabularyRules(min_count, max_vocab, vocabulary)
    selected = select_vocabulary(counted, rules, describe(sources), progress)
    selected_at = time.monotonic()
    # Provisional id -> id in the merged lexicon -> word_id, for each lexicon there was.
    final_ids = {
        number: compose_ids(ids, selected.final_ids) for number, ids in counted.ids.items()
    }
    del counted  # its memory is wanted for the ids
    return make_corpus(selected, id_buffer, final_ids, started, selected_at)


def count_words(
    paths,
    *,
    min_count: int = 5,
    max_vocab: int | None = None,
    threads: int = 1,
    c_rules: bool = False,
    progress: Progress = SILENT,
) -> Vocabulary:
    """Count the words of a text, as `read_corpus` does, and say how many were read and kept.

    Memory hangs on the number of distinct words, not on the length of the text.
    """
    sources = check_sources(paths)
    counted = _count(sources, threads, None, Limits(), c_rules, progress)
    selected = select_vocabulary(
        counted, VocabularyRules(min_count, max_vocab), describe(sources), progress
    )
    share = selected.words_known / selected.words_read
    progress.message(
        f"Read {selected.words_read:,} words, {len(counted.lexicon) - 1:,} distinct; "
        f"kept {len(selected.vocabulary) - 1:,} of these, which make {share:.1%} of the text."
    )
    return selected.vocabulary


def _count(
    sources: list[Source],
    threads: int,
    id_buffer: IdBuffer | None,
    limits: Limits,
    c_rules: bool,
    progress: Progress,
) -> WordCounts:
    """Count the words of all sources, shown as progress; tell where counts may be too low."""
    total = total_size(sources)
    stream = ByteStream(sources, keep_bom=c_rules)
    scanners = [Scanner(limits.distinct) for _ in range(threads)]
    if id_buffer is not None and total is not None and limits.refuse:
        id_buffer.forecast = lambda: total / max(stream.done, 1)
    blocks = Blocks(stream, limits.block_bytes or block_bytes(total, threads), c_rules)
    # How long a pipe is nobody knows: no bar for it.
    silent = nullcontext(Stage())
    with silent if total is None else progress.stage("Reading the corpus", total) as stage:

        def tell(tokens: int) -> None:
            stage.update(stream.done, f"{tokens / 1e6:.1f} M words")

        count_blocks(blocks, scanners, id_buffer, tell)
    counted = merge_lexicons(scanners)
    if counted.dropped:
        progress.message(
            f"Warning: more than {limits.distinct:,} distinct words in a thread: rare ones were "
            f"dropped while counting, {counted.dropped:,} tokens of them. Counts may be too low by "
            f"up to {counted.undercount:,}: words seen no more often may be missing"
        )
    return counted
