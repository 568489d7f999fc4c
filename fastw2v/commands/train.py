"""``fastw2v train``: options -> Settings and TrainingOptions -> one call."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from fastw2v.commands.options import (
    checkpoint_every_option,
    checkpoint_option,
    column_option,
    exchange_option,
    hyper_parameters,
    in_turns_option,
    local_option,
    quiet_option,
    vectors_format_option,
)
from fastw2v.commands.param_types import InputFile
from fastw2v.errors import CorpusError, SettingsError
from fastw2v.progress import SILENT, for_terminal
from fastw2v.settings import PARAMETERS, Settings
from fastw2v.training.options import FilePath, TrainingOptions

if TYPE_CHECKING:
    from fastw2v.training.pipeline import Trained


@click.command()
@click.argument("corpus", nargs=-1, type=str)
@click.option(
    "-o",
    "--output",
    type=Path,
    help="Output file; the extension selects the format: .bin, .txt, .vec or .npy, also with .gz. "
    "- for standard output, as text or --format binary.",
)
@column_option
@hyper_parameters
@click.option(
    "--vectors",
    type=click.Choice(["in", "out", "sum", "mean", "both"]),
    default="in",
    show_default=True,
    help="Write the input vectors, the output vectors, their sum or their mean; both: also write "
    "the output vectors to a second file, vectors.out.bin.",
)
@vectors_format_option
@click.option(
    "--save-vocab",
    type=Path,
    help="Save the vocabulary to this file: one word and its count per line.",
)
@click.option(
    "--read-vocab", type=Path, help="Read the vocabulary from this file instead of counting words."
)
@click.option(
    "--init",
    type=InputFile(),
    metavar="FILE",
    help="Initialise from these vectors; words not in FILE start at random. A checkpoint also "
    "gives the output vectors.",
)
@click.option(
    "--vocab-union",
    is_flag=True,
    help="Train the words of the text and those of --init, whatever their counts; words that are "
    "not in the text keep their vectors.",
)
@click.option(
    "--freeze",
    type=InputFile(),
    metavar="FILE",
    help="Do not update the words in FILE (one per line): they keep their --init vectors.",
)
@click.option(
    "--save-every",
    type=int,
    default=0,
    metavar="EPOCHS",
    help="Also save the vectors every EPOCHS epochs, as vectors.epoch-2.bin and so on.",
)
@click.option(
    "--eval-analogies",
    type=InputFile(),
    multiple=True,
    metavar="FILE",
    help="Evaluate on these analogies after each epoch; repeatable.",
)
@click.option(
    "--eval-pairs",
    type=InputFile(),
    multiple=True,
    metavar="FILE",
    help="Evaluate on these word similarities after each epoch; repeatable.",
)
@click.option(
    "--stop-early",
    type=int,
    default=0,
    metavar="EPOCHS",
    help="Stop after EPOCHS epochs without a better score, and write the best epoch's vectors.",
)
@click.option(
    "--report",
    type=Path,
    help="Write a report (settings, counts, times, loss) to this file as JSON.",
)
@checkpoint_option
@checkpoint_every_option
@click.option(
    "--resume",
    type=InputFile(),
    metavar="FILE",
    help="Resume from this checkpoint, with the corpus and options stored in it.",
)
@click.option(
    "--ranks",
    is_flag=True,
    help="Train on all processes that mpirun or srun started: mpirun -n 8 fastw2v train ... "
    "--ranks. Each reads and trains a part of the text.",
)
@local_option
@exchange_option
@in_turns_option
@click.option(
    "--force",
    is_flag=True,
    help="Train even if memory or disk space seem too small; overwrite an unfinished checkpoint, "
    "and files of others that a checkpoint names.",
)
@quiet_option
@click.pass_context
def command(click_context, ranks, local, exchange, in_turns, quiet, **options):
    """Train word vectors on CORPUS: files, folders, or - for standard input.

    Words are separated by spaces, tabs and newlines; a newline ends a sentence. Compressed
    files are decompressed while reading.

    \b
    Example:
      fastw2v train corpus.txt -o vectors.bin --model skipgram --size 300 --epochs 3
    """
    given = _given(click_context)
    if ranks:
        of_job = {"local": local, "exchange": exchange, "in_turns": in_turns}
        kept = {name: of_job[name] for name in given & of_job.keys()}
        _train_on_ranks(given, options, kept, quiet)
        return
    for name in given & {"local", "exchange", "in_turns"}:
        option = "--" + name.replace("_", "-")
        raise click.UsageError(f"{option} is for several processes: add --ranks, or drop {option}")
    _train(*_checked(given, options), for_terminal(quiet))


def _train_on_ranks(
    given: set[str], options: dict[str, Any], of_job: dict[str, Any], quiet: bool
) -> None:
    """of_job: the fields of `RankJob` that the user gave."""
    from fastw2v.ranks.job import RankJob
    from fastw2v.ranks.opening import opened_ranks
    from fastw2v.ranks.together import together
    from fastw2v.system.signals import Notice
    from fastw2v.training.on_ranks import (
        check_for_ranks,
        choose_cards,
        options_of,
        settings_of_all,
    )

    # Open MPI's mpirun ends ranks a quarter of a second after SIGTERM, but sends SIGCONT before.
    with opened_ranks() as ranks, Notice("SIGCONT") as ending:

        def check():
            corpus, settings, trained_with = _checked(given, options)
            check_for_ranks(corpus, settings)
            resumed = trained_with.resume
            job = RankJob(ranks, **of_job) if resumed is None else resumed.job(ranks, of_job)
            return corpus, settings, trained_with, job._replace(save_now=ending.seen)

        corpus, settings, trained_with, job = together(ranks, check)
        choose_cards(settings, ranks)
        if trained_with.resume is None:
            settings = settings_of_all(settings, ranks)
        progress = for_terminal(quiet) if ranks.rank == 0 else SILENT
        own = options_of(trained_with, ranks)
        _train(corpus, settings, own, progress, job if ranks.size > 1 else None)


def _checked(given: set[str], options: dict[str, Any]):
    """The corpus, Settings and TrainingOptions from the parameters of the command.

    given: the names of those that the user gave.
    """
    options = dict(options)
    corpus, options["format"] = options.pop("corpus"), options.pop("file_format")
    hyper = {name: options.pop(name) for name in PARAMETERS}
    resume = options.pop("resume")
    if resume is None:
        settings, found = Settings(**hyper), TrainingOptions(**options)
    else:
        from fastw2v.training.checkpoint import Checkpoint

        saved = Checkpoint(resume)
        settings = saved.settings({name: hyper[name] for name in given & PARAMETERS.keys()})
        found = saved.options({name: options[name] for name in given & options.keys()})
        corpus = corpus or saved.corpus
    if not corpus:
        raise CorpusError("no corpus: name a file, a folder, or - for standard input")
    if found.output is None:
        raise SettingsError("no output file for the vectors: name one with -o")
    return list(corpus), settings, found


def _train(corpus, settings, options, progress, job=None):
    from fastw2v.training.pipeline import run  # takes long: wrong options are reported before

    trained = run(corpus, settings, options, progress, job)
    if options.output is not None:
        progress.message(_summary(trained, options.output))


def _given(context: click.Context) -> set[str]:
    """The names of the parameters that the user gave; those left at their defaults are not in."""
    default = (click.core.ParameterSource.DEFAULT, click.core.ParameterSource.DEFAULT_MAP)
    found = {name for name in context.params if context.get_parameter_source(name) not in default}
    return {"format" if name == "file_format" else name for name in found}


def _summary(trained: "Trained", output: FilePath) -> str:
    from fastw2v.training.ledger import total

    words, seconds = total(trained.result.ledgers), trained.result.train_seconds
    in_vocabulary = words.read - words.rare - words.unread
    speed = in_vocabulary / seconds if seconds else 0
    return (
        f"{os.fspath(output)}: {len(trained.vectors):,} vectors; trained in {seconds:.1f} s, "
        f"{speed:,.0f} words/s"
    )
