"""The whole way: text -> ids -> pairs -> phrases -> joined ids, pass by pass -> text."""

from __future__ import annotations

import time

import numpy as np

from fastw2v.corpus import paths_of
from fastw2v.io.atomic import check_apart
from fastw2v.phrases.counting import count_pairs
from fastw2v.phrases.joining import join, spell_phrases
from fastw2v.phrases.scoring import choose
from fastw2v.phrases.settings import PhraseSettings
from fastw2v.phrases.spellings import C_LONGEST_PAIR, UNCUT, Totals, share_counts
from fastw2v.phrases.text import Text, cut_words, lose_last_word, read_text
from fastw2v.phrases.writing import Found, check_outputs, write_list, write_text
from fastw2v.progress import Progress
from fastw2v.system.cores import limit_threads


def run(corpus, output, list_to, settings: PhraseSettings, progress: Progress) -> dict:
    """As `fastw2v.phrases.write_phrases`."""
    check_outputs((output, list_to))
    if list_to is not None:
        check_apart([list_to], paths_of(corpus))
    threads = limit_threads(settings.threads, progress)
    started = time.monotonic()
    text = read_text(corpus, settings.exact, threads, progress)
    words_read = text.words
    was_read = time.monotonic()
    found: list[Found] = []
    passes = []
    for number, threshold in enumerate(settings.threshold, start=1):
        if settings.exact:
            _read_as_c(text, number)
        told, phrases = _join_phrases(text, settings, threshold, threads)
        passes.append(told)
        found += [Found(*phrase, number) for phrase in phrases]
        progress.message(_summary(number, told))
    was_joined = time.monotonic()
    write_text(output, text, threads, progress)
    if list_to is not None:
        write_list(list_to, found)
    return {
        "settings": settings.as_dict() | {"threads": threads},
        "words_read": words_read,
        "words_written": text.words,
        "phrases": sum(told["phrases"] for told in passes),
        "joined": sum(told["joined"] for told in passes),
        "passes": passes,
        "read_seconds": was_read - started,
        "join_seconds": was_joined - was_read,
        "write_seconds": time.monotonic() - was_joined,
    }


def _read_as_c(text: Text, number: int) -> None:
    """Make the text what the C program would read of it in pass ``number``."""
    if number > 1:  # the first time the corpus reader has done so
        lose_last_word(text)
    cut_words(text)


def _join_phrases(
    text: Text, settings: PhraseSettings, threshold: float, threads: int
) -> tuple[dict, list[tuple[bytes, float, int]]]:
    """One pass: its part of the report, and ``(spelling, score, count)`` of its phrases."""
    told = {"threshold": threshold, "words": text.words, "distinct_words": text.distinct_words}
    pairs = count_pairs(text.ids, threads, across=settings.scoring == "original")
    totals = share_counts(text, pairs, C_LONGEST_PAIR if settings.exact else UNCUT)
    phrases = choose(pairs, totals, told["words"], settings.scoring, settings.min_count, threshold)
    kept = _entries(totals, settings.min_count)
    told |= {"distinct_bigrams": len(pairs.keys), "entries": _entries(totals, 1)}
    told |= {"entries_kept": kept, "phrases": len(phrases.keys)}
    spellings = spell_phrases(text, phrases)
    told["joined"] = join(text, phrases, spellings)
    scores, counts = phrases.scores.tolist(), phrases.counts.tolist()
    return told, list(zip(spellings, scores, counts, strict=True))


def _entries(totals: Totals, min_count: int) -> int:
    """How many distinct spellings of words and pairs were seen ``min_count`` times."""
    words = np.count_nonzero(totals.words[1:] >= min_count)
    return int(words + np.count_nonzero(totals.pairs[totals.new] >= min_count))


def _summary(number: int, told: dict) -> str:
    return (
        f"Pass {number}: {told['words']:,} words, {told['distinct_words']:,} distinct, "
        f"{told['distinct_bigrams']:,} distinct pairs; {told['phrases']:,} phrases over "
        f"{told['threshold']:g}, {told['joined']:,} tokens joined"
    )
