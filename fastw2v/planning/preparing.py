"""From a text and rates, given or to be measured, to a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import VocabularyError, parameter
from fastw2v.io.encoding import to_bytes
from fastw2v.planning import measured
from fastw2v.planning.frequencies import Frequencies, of_counts, of_numbers
from fastw2v.planning.prediction import WORD_BYTES, Plan
from fastw2v.planning.rates import COPIED, ExchangeCosts, Rates
from fastw2v.progress import Progress
from fastw2v.ranks.job import ChangeFormat
from fastw2v.settings import Settings
from fastw2v.system.cores import usable_cores
from fastw2v.training.loop import check_vocabulary

READING = 10_000_000
"""Words per second that a core reads, where it is not measured: an assumption."""

EXCHANGING_CORES = 8
"""Cores that make an exchange faster in proportion: an assumption. More wait for memory."""

_ASSUMED = "assumed, not measured"


class TextGiven(NamedTuple):
    """A text: files, a vocabulary file, or numbers of words; the others are None or empty."""

    corpus: list[str]
    read_vocab: str | None = None
    words: int | None = None
    vocabulary: int | None = None
    column: str | None = None


class RatesGiven(NamedTuple):
    """Words per second of one core, or of one GPU; None: to be measured."""

    training: int | None = None
    reading: int | None = None


def prepared(
    text: TextGiven,
    settings: Settings,
    rates: RatesGiven,
    form: ChangeFormat,
    progress: Progress,
) -> Plan:
    """Read the text, and measure the rates that are not given, with the cores of this machine.

    settings: ``threads`` are the cores of each machine.

    Raises CorpusError or VocabularyError if the text cannot be read or has no words, SettingsError
    for numbers that no text can have.
    """
    here = replace(settings, threads=min(settings.threads, usable_cores()))
    frequencies, spelling_bytes, counted = _read(text, here, progress)
    check_vocabulary(frequencies.words, settings)
    if rates.training is None:
        found = _measured_rates(frequencies, settings, here, rates, counted, form, progress)
    else:
        found = _given_rates(settings, rates, counted)
    return Plan(frequencies, spelling_bytes, settings, found, form)


def _read(
    text: TextGiven, settings: Settings, progress: Progress
) -> tuple[Frequencies, int, float | None]:
    """Frequencies, bytes of the spelling of all words, and words per second of a core, if the text
    was read."""
    if text.words is not None and text.vocabulary is not None:
        least = max(1, settings.min_count)
        spelling_bytes = WORD_BYTES * text.vocabulary
        return of_numbers(text.words, text.vocabulary, least), spelling_bytes, None
    rate = None
    if text.read_vocab is not None:
        vocabulary = Vocabulary.load(text.read_vocab, settings.min_count)
        if not vocabulary.counts[1:].any():
            raise VocabularyError(
                f"{text.read_vocab}: no word occurs {parameter('min_count', settings.min_count)} "
                f"times: lower {parameter('min_count')}, or give another vocabulary file"
            )
    else:
        vocabulary, rate = measured.timed_counting(
            text.corpus,
            min_count=settings.min_count,
            max_vocab=settings.max_vocab,
            threads=settings.threads,
            progress=progress,
            column=text.column,
        )
    spelling_bytes = sum(len(to_bytes(word)) for word in vocabulary.words)
    of_core = None if rate is None else rate / settings.threads
    return of_counts(vocabulary.counts), spelling_bytes, of_core


def _given_rates(settings: Settings, given: RatesGiven, counted: float | None) -> Rates:
    """The rates of a rank, where nothing is measured. counted: words per second of a core, if the
    text was read."""
    assert given.training is not None
    reading, source = float(READING), _ASSUMED
    if given.reading is not None:
        reading, source = float(given.reading), "as given"
    elif counted is not None:
        reading, source = counted, "of the text that was read here"
    costs = _costs(ExchangeCosts(), 1, settings)
    trains = _training_units(settings)
    sources = {
        "training": _rate(given.training, "as given", _trainer(settings)),
        "reading": _rate(reading, source),
        "exchange": _of_number(costs, _ASSUMED),
    }
    cores = settings.threads
    return Rates(float(given.training * trains), reading * cores, costs, sources)


def _measured_rates(
    frequencies: Frequencies,
    settings: Settings,
    here: Settings,
    given: RatesGiven,
    counted: float | None,
    form: ChangeFormat,
    progress: Progress,
) -> Rates:
    """The rates of a rank, from those of this machine. here: the settings with as many threads as
    this machine has cores. counted: as for `_given_rates`."""
    progress.message("Measuring how fast this machine trains, reads and exchanges ...")
    threads, cores = here.threads, settings.threads
    source = f"measured here with {_number(threads, 'thread')}"
    if cores != threads:
        source += f", in proportion for {_number(cores, 'core')}"
    of_all = measured.measured_training(frequencies, here)
    trains = _training_units(settings)
    training = of_all.rate / (threads if trains > 1 else 1)
    of_training = (
        f"{source}, on a text drawn by chance with a vocabulary of {of_all.rows - 1:,} words"
    )
    reading, of_reading = counted or 0.0, f"{source}, on this text"
    if given.reading is not None:
        reading, of_reading = float(given.reading), "as given"
    elif counted is None:
        reading, of_reading = measured.measured_reading(threads) / threads, source
    costs = _costs(measured.measured_exchange(here, form), threads, settings)
    sources = {
        "training": _rate(training, of_training, _trainer(settings)),
        "reading": _rate(reading, of_reading),
        "exchange": _of_number(costs, "measured here"),
    }
    return Rates(training * trains, reading * cores, costs, sources, unevenness=of_all.unevenness)


def _training_units(settings: Settings) -> int:
    """How many of what trains a rank has: cores, or one GPU."""
    return 1 if settings.device == "cuda" else settings.threads


def _trainer(settings: Settings) -> str:
    return "GPU" if settings.device == "cuda" else "core"


def _costs(measured_ones: ExchangeCosts, threads: int, settings: Settings) -> ExchangeCosts:
    """What an exchange takes: the cores of a rank share it, and from a GPU the matrices are copied,
    and back. threads: with which the costs were measured."""
    shared = threads / max(threads, min(settings.threads, EXCHANGING_CORES))
    copied = COPIED if settings.device == "cuda" else 0.0
    return replace(
        measured_ones,
        compared=shared * measured_ones.compared + copied,
        handled=shared * measured_ones.handled,
    )


def _rate(words: float, source: str, of: str = "core") -> str:
    return f"{words:,.0f} words/s of a {of}, {source}"


def _of_number(costs: ExchangeCosts, source: str) -> str:
    return f"{costs.handled * 1e9:.2f} ns for each number that is sent or taken over, {source}"


def _number(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'s' if count != 1 else ''}"
