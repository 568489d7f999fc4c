"""Files -> corpus: one pass that counts, then ids in place of provisional ids."""

from __future__ import annotations

import time
from contextlib import nullcontext
from typing import NamedTuple

from fastw2v.corpus.assembly import Choice, Corpus, choose, make_corpus
from fastw2v.corpus.blocks import Blocks, block_bytes
from fastw2v.corpus.counting import count_blocks, merge_lexicons
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.sources import Source, check_sources, describe, total_size
from fastw2v.corpus.spool import MEMORY_LIMIT, Spool
from fastw2v.corpus.streams import ByteStream
from fastw2v.progress import SILENT, Progress, Stage
from fastw2v.vocabulary import Vocabulary


class Limits(NamedTuple):
    """Sizes that no result depends on."""

    block_bytes: int | None = None  # bytes of text that a thread takes at a time; None: what fits
    memory_bytes: int = MEMORY_LIMIT  # bytes of ids past which they are kept in a temporary file


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
    """Read text and turn it into ids. The same for any number of threads.

    paths: a file, folder or ``-`` (standard input), or several of them; see `check_sources`.
    min_count: words seen less often are left out.
    max_vocab: keep only so many of the commonest words, the sentence end not counted.
    vocabulary: map to the words of this one; min_count and max_vocab are then not looked at.
    c_rules: split as the C program does; see `fastw2v.corpus.blocks`.

    Raises CorpusError where a file cannot be read, or no word is left.
    """
    started = time.monotonic()
    sources = check_sources(paths)
    spool = Spool(limits.memory_bytes, threads)
    lexicons = _count(sources, threads, spool, limits, c_rules, progress)
    merged, merged_ids = merge_lexicons(lexicons)
    choice = Choice(min_count, max_vocab, vocabulary)
    chosen = choose(merged, choice, describe(sources), progress)
    counted = time.monotonic()
    # One map per thread's lexicon: provisional id -> id in the merged one -> word_id.
    final_ids = [chosen.final_ids[ids] for ids in merged_ids]
    del merged  # its memory is wanted for the ids
    return make_corpus(chosen, spool, final_ids, started, counted)


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
    lexicons = _count(sources, threads, None, Limits(), c_rules, progress)
    merged, _ = merge_lexicons(lexicons)
    chosen = choose(merged, Choice(min_count, max_vocab), describe(sources), progress)
    share = chosen.words_known / chosen.words_read
    progress.say(
        f"Read {chosen.words_read:,} words, {len(merged) - 1:,} distinct; "
        f"kept {len(chosen.vocabulary) - 1:,} of these, which make {share:.1%} of the text."
    )
    return chosen.vocabulary


def _count(
    sources: list[Source],
    threads: int,
    spool: Spool | None,
    limits: Limits,
    c_rules: bool,
    progress: Progress,
) -> list[Lexicon]:
    """Count the words of all sources, shown as progress. Return one lexicon per thread."""
    total = total_size(sources)
    stream = ByteStream(sources, keep_bom=c_rules)
    blocks = Blocks(stream, limits.block_bytes or block_bytes(total, threads), c_rules)
    # How long a pipe is nobody knows: no bar for it.
    silent = nullcontext(Stage())
    with silent if total is None else progress.stage("Reading the corpus", total) as stage:

        def tell(tokens: int) -> None:
            stage.reached(stream.done, f"{tokens / 1e6:.1f} M words")

        return count_blocks(blocks, threads, spool, tell)
