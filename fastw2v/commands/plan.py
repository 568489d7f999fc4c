"""``fastw2v plan``: predict what a training on several machines needs."""

from typing import TYPE_CHECKING, Any

import click

from fastw2v.commands.options import (
    column_option,
    exchange_option,
    hyper_parameter,
    json_option,
    quiet_option,
)
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import Amount, Bandwidth, InputFile
from fastw2v.errors import SettingsError, parameter
from fastw2v.progress import for_terminal
from fastw2v.progress.report import duration
from fastw2v.settings import Settings
from fastw2v.standard_streams import write
from fastw2v.system.cores import usable_cores
from fastw2v.system.resources import format_bytes

if TYPE_CHECKING:
    from fastw2v.planning.prediction import Advice, Cluster, Plan, Prediction

_HYPER = (
    "device", "model", "size", "window", "negative", "hs", "nce", "softmax", "sample", "epochs",
    "min_count", "max_vocab",
)  # fmt: skip
_MOST_MACHINES = 100_000


def _hyper_parameters(function):
    for name in reversed(_HYPER):
        function = hyper_parameter(name)(function)
    return function


@click.command(name="plan")
@click.argument("corpus", nargs=-1, type=str)
@click.option(
    "--words",
    type=Amount(10**15),
    metavar="N",
    help="Instead of CORPUS: words of the text that are in the vocabulary, for example 1e11.",
)
@click.option(
    "--vocabulary",
    type=Amount(2**31 - 2),
    metavar="V",
    help="Instead of CORPUS: words of the vocabulary, for example 1e6.",
)
@click.option(
    "--read-vocab",
    type=InputFile(),
    metavar="FILE",
    help="Instead of CORPUS: the words and counts of this vocabulary file.",
)
@click.option(
    "--machines",
    type=Amount(_MOST_MACHINES),
    default=8,
    show_default=True,
    metavar="N",
    help="Predict for 1, 2, 4 ... N machines.",
)
@click.option(
    "--cores",
    type=Amount(100_000),
    metavar="N",
    help="Cores of each machine.  [default: those of this one]",
)
@click.option(
    "--bandwidth",
    type=Bandwidth(),
    default="10Gbit",
    show_default=True,
    help="What a machine can send in a second, for example 10Gbit or 1.25GB.",
)
@click.option(
    "--rate",
    type=Amount(10**12),
    metavar="N",
    help="Words per second that one core trains, or one GPU, as `fastw2v train` reports for one "
    "thread; then nothing is measured.  [default: measured here]",
)
@click.option(
    "--read-rate",
    type=Amount(10**12),
    metavar="N",
    help="Words per second that one core reads.  [default: measured here; with --rate: 10,000,000]",
)
@exchange_option
@_hyper_parameters
@column_option
@json_option
@quiet_option
def command(corpus, read_vocab, words, vocabulary, column, as_json, quiet, **options):
    """Predict what train --ranks needs on several machines, and how many of them pay.

    The text is CORPUS, whose words are counted, a vocabulary file, or numbers of words. For 1, 2,
    4 ... machines with one rank each, prints memory of a rank, bytes that it sends for each word
    it keeps, and the time of reading, training and exchanging. With --device cuda one GPU of each
    machine trains.

    \b
    Example:
      fastw2v plan corpus.txt --machines 8 --cores 32 --bandwidth 10Gbit
      fastw2v plan --words 1e11 --vocabulary 1e8 --size 300 --machines 64 --cores 32
      fastw2v plan --words 1e11 --vocabulary 1e6 --device cuda --rate 3e8 --machines 8
    """
    _check_text(corpus, read_vocab, words, vocabulary, column, options["max_vocab"])
    cores = options["cores"] or usable_cores()
    settings = Settings(**{name: options[name] for name in _HYPER}, threads=cores)
    from fastw2v.planning.prediction import Cluster
    from fastw2v.planning.preparing import RatesGiven, TextGiven, prepared

    text = TextGiven(list(corpus), read_vocab, words, vocabulary, column)
    rates = RatesGiven(options["rate"], options["read_rate"])
    plan = prepared(text, settings, rates, options["exchange"], for_terminal(quiet))
    most = options["machines"]
    numbers = [2**power for power in range(most.bit_length()) if 2**power < most] + [most]
    cluster = Cluster(most, options["bandwidth"])
    predicted = [plan.predict(cluster.of(number)) for number in numbers]
    advice = plan.advice(cluster)
    if as_json:
        write_json(_as_dict(plan, cluster, predicted, advice))
    else:
        write(_table(predicted) + "\n" + _notes(plan, predicted[-1], advice))


def _check_text(corpus, read_vocab, words, vocabulary, column, max_vocab) -> None:
    """Raise SettingsError unless the text is given in one way, and completely."""
    by_numbers = words is not None or vocabulary is not None
    ways = [bool(corpus), read_vocab is not None, by_numbers]
    if sum(ways) != 1:
        raise SettingsError(
            f"give the text in one way: a corpus, {parameter('read_vocab')}, or "
            f"{parameter('words')} and {parameter('vocabulary')}"
        )
    if by_numbers and (words is None or vocabulary is None):
        missing = "words" if words is None else "vocabulary"
        raise SettingsError(
            f"{parameter(missing)} is missing: {parameter('words')} and "
            f"{parameter('vocabulary')} go together"
        )
    for name, value in (("column", column), ("max_vocab", max_vocab)):
        if value is not None and not corpus:
            raise SettingsError(f"{parameter(name)} is for a corpus: give one, or drop it")


_HEADER = (
    "machines", "memory", "bytes/word", "reading", "training", "exchange", "total", "efficiency",
)  # fmt: skip


def _table(predicted: "list[Prediction]") -> str:
    """Columns aligned to the right."""
    rows = [_HEADER, *map(_cells, predicted)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return "".join(f"{line}\n" for line in lines)


def _cells(one: "Prediction") -> tuple[str, ...]:
    times = (one.reading_seconds, one.training_seconds, one.exchange_seconds, one.seconds)
    return (
        f"{one.machines:,}",
        format_bytes(one.memory),
        f"{one.bytes_per_word:,.0f}",
        *map(_time, times),
        f"{one.efficiency:.0%}",
    )


def _time(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 90 else duration(seconds)


def _notes(plan: "Plan", last: "Prediction", advice: "Advice") -> str:
    """What the table means, what is needed, and where the figures are from."""
    words, settings = plan.frequencies, plan.settings
    lines = [
        "memory: of each machine. bytes/word: sent by each machine for each word that it keeps. "
        "efficiency: what each does of the work of one alone.",
        "",
        f"Text: {words.tokens:,} words, vocabulary of {words.words - 1:,}; {settings.epochs} "
        f"epoch{'s' * (settings.epochs > 1)}, {plan.kept / max(1, words.tokens):.0%} of the words "
        f"kept; {settings.model}, {settings.size} dimensions.",
        *(f"Rate of {name}: {source}." for name, source in plan.rates.sources.items()),
        "",
        _knee(advice),
    ]
    if last.machines > 1:
        lines.append(_needed(last, advice))
    return "".join(f"{line}\n" for line in lines)


def _knee(advice: "Advice") -> str:
    if advice.knee == 1:
        return "One machine is enough: of two, each would do less than half of the work of one."
    more = " or more" if advice.knee_is_limit else ""
    return (
        f"Up to {advice.knee:,} machines{more} pay: each does half of the work of one alone, or "
        f"more."
    )


def _needed(last: "Prediction", advice: "Advice") -> str:
    line = (
        f"{last.machines:,} machines need {format_bytes(last.memory)} of memory each, and "
        f"{_time(last.seconds)}"
    )
    if advice.bandwidth is not None:
        line += f"; they would pay at {_bandwidth(advice.bandwidth)} or more"
    elif last.machines > advice.knee and not advice.knee_is_limit:
        line += (
            "; no bandwidth makes them pay: handling the changes of so many vectors takes longer "
            "than training"
        )
    return f"{line}."


def _bandwidth(bytes_a_second: float) -> str:
    bits = 8 * bytes_a_second
    for unit, size in (("Tbit/s", 1e12), ("Gbit/s", 1e9), ("Mbit/s", 1e6)):
        if bits >= size:
            return f"{bits / size:,.1f} {unit}"
    return f"{bits / 1e3:,.1f} kbit/s"


def _as_dict(
    plan: "Plan", cluster: "Cluster", predicted: "list[Prediction]", advice: "Advice"
) -> dict[str, Any]:
    words = plan.frequencies
    return {
        "words": words.tokens,
        "vocabulary": words.words - 1,
        "words_kept_of_epoch": plan.kept,
        "settings": {name: getattr(plan.settings, name) for name in _HYPER},
        "exchange_format": plan.form,
        "cores": plan.settings.threads,
        "bandwidth_bytes_per_second": cluster.bandwidth,
        "rates": plan.rates.as_dict(),
        "predictions": [each.as_dict() for each in predicted],
        **advice.as_dict(),
    }
