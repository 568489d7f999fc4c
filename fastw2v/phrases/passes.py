"""The pipeline: text -> ids -> (pairs -> phrases -> joined ids) per pass -> text."""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np

from fastw2v.corpus import check_sources, declare_corpus
from fastw2v.errors import parameter
from fastw2v.io.failures import Failures
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.io.names import check_text_name
from fastw2v.io.reports import write_report
from fastw2v.phrases.counting import count_pairs
from fastw2v.phrases.joining import join, phrase_spellings
from fastw2v.phrases.scoring import select_phrases
from fastw2v.phrases.settings import PhraseSettings
from fastw2v.phrases.spellings import C_MAX_PAIR_BYTES, UNCUT, SpellingCounts, merge_counts
from fastw2v.phrases.text import Text, cut_words, drop_last_word, read_text
from fastw2v.phrases.writing import PhraseEntry, write_list, write_text
from fastw2v.progress import Progress
from fastw2v.system.cores import limit_threads


class Outputs(NamedTuple):
    """The files that are written; None: not that one."""

    text: StrPath
    phrases: StrPath | None = None
    report: StrPath | None = None


def run(
    corpus,
    outputs: Outputs,
    settings: PhraseSettings,
    progress: Progress,
    column: str | None = None,
) -> dict:
    """As `fastw2v.phrases.write_phrases`."""
    _file_uses(corpus, outputs, column).check()
    threads = limit_threads(settings.threads, progress)
    started = time.monotonic()
    text = read_text(corpus, settings.exact, threads, progress, column)
    words_read = text.words
    read_at = time.monotonic()
    found: list[PhraseEntry] = []
    passes = []
    for number, threshold in enumerate(settings.threshold, start=1):
        if settings.exact:
            _read_as_c(text, number)
        stats, phrases = _join_phrases(text, settings, threshold, threads)
        passes.append(stats)
        found += [PhraseEntry(*phrase, number) for phrase in phrases]
        progress.message(_summary(number, stats))
    joined_at = time.monotonic()
    failures = Failures()
    with failures.noted():
        write_text(outputs.text, text, threads, progress)
    if outputs.phrases is not None:
        with failures.noted():
            write_list(outputs.phrases, found)
    told = {
        "settings": settings.as_dict() | {"threads": threads},
        "words_read": words_read,
        "words_written": text.words,
        "phrases": sum(stats["phrases"] for stats in passes),
        "joined": sum(stats["joined"] for stats in passes),
        "passes": passes,
        "read_seconds": read_at - started,
        "join_seconds": joined_at - read_at,
        "write_seconds": time.monotonic() - joined_at,
    }
    if outputs.report is not None:
        with failures.noted():
            write_report(outputs.report, told)
    failures.raise_any()
    return told


def _file_uses(corpus, outputs: Outputs, column: str | None) -> FileUses:
    """All files. The text may replace a file of text that it is made from, but no table."""
    for path in outputs:
        if path is not None:
            check_text_name(path, compressed=path is not outputs.report)
    uses = FileUses()
    declare_corpus(uses, corpus, column)
    uses.writes(outputs.text, parameter("output"), over=[] if column else _files(corpus))
    uses.writes(outputs.phrases, parameter("list_to"))
    uses.writes(outputs.report, parameter("report"))
    return uses


def _files(corpus) -> list[str]:
    return [source.path for source in check_sources(corpus)]


def _read_as_c(text: Text, number: int) -> None:
    """Change the text to what the C program would read in pass ``number``."""
    if number > 1:  # in the first pass the corpus reader has done so
        drop_last_word(text)
    cut_words(text)


def _join_phrases(
    text: Text, settings: PhraseSettings, threshold: float, threads: int
) -> tuple[dict, list[tuple[bytes, float, int]]]:
    """One pass: its statistics, and ``(spelling, score, count)`` of its phrases."""
    stats = {"threshold": threshold, "words": text.words, "distinct_words": text.distinct_words}
    pairs = count_pairs(text.ids, threads, across=settings.scoring == "original")
    totals = merge_counts(text, pairs, C_MAX_PAIR_BYTES if settings.exact else UNCUT)
    phrases = select_phrases(
        pairs, totals, stats["words"], settings.scoring, settings.min_count, threshold
    )
    kept = _entries(totals, settings.min_count)
    stats |= {"distinct_bigrams": len(pairs.keys), "entries": _entries(totals, 1)}
    stats |= {"entries_kept": kept, "phrases": len(phrases.keys)}
    spellings = phrase_spellings(text, phrases)
    stats["joined"] = join(text, phrases, spellings)
    scores, counts = phrases.scores.tolist(), phrases.counts.tolist()
    return stats, list(zip(spellings, scores, counts, strict=True))


def _entries(totals: SpellingCounts, min_count: int) -> int:
    """The number of distinct spellings of words and pairs with ``min_count`` occurrences."""
    words = np.count_nonzero(totals.words[1:] >= min_count)
    return int(words + np.count_nonzero(totals.pairs[totals.new] >= min_count))


def _summary(number: int, stats: dict) -> str:
    return (
        f"Pass {number}: {stats['words']:,} words, {stats['distinct_words']:,} distinct, "
        f"{stats['distinct_bigrams']:,} distinct pairs; {stats['phrases']:,} phrases over "
        f"{stats['threshold']:g}, {stats['joined']:,} tokens joined"
    )
