"""``fastw2v train``: options -> Settings -> one call -> files."""

import os
from pathlib import Path

import click

from fastw2v.commands.options import hyper_parameters, quiet_option
from fastw2v.commands.output import write_report
from fastw2v.commands.param_types import Duration
from fastw2v.commands.train_options import Order, given_options, take_order, take_order_again
from fastw2v.errors import OutputError
from fastw2v.progress import Progress, for_terminal
from fastw2v.settings import PARAMETERS, Settings


@click.command()
@click.argument("corpus", nargs=-1, type=str)
@click.option(
    "-o",
    "--output",
    type=Path,
    help="Output file; the extension selects the format: .bin, .txt, .vec or .npy, also with .gz.",
)
@hyper_parameters
@click.option(
    "--vectors",
    type=click.Choice(["in", "out", "sum", "mean"]),
    default="in",
    show_default=True,
    help="Write the input vectors, the output vectors, their sum or their mean.",
)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["binary", "text", "npy", "glove", "projector", "spacy"]),
    help="Output format; overrides the extension.",
)
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
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Initialise from these vectors; words not in FILE start at random.",
)
@click.option(
    "--freeze",
    type=click.Path(exists=True, dir_okay=False),
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
    type=click.Path(exists=True, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="Evaluate on these analogies after each epoch; repeatable.",
)
@click.option(
    "--eval-pairs",
    type=click.Path(exists=True, dir_okay=False),
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
@click.option(
    "--checkpoint",
    type=Path,
    metavar="FILE",
    help="Periodically save a checkpoint here, for --resume.",
)
@click.option(
    "--checkpoint-every",
    type=Duration(),
    default="10m",
    show_default=True,
    metavar="TIME",
    help="Time between checkpoints, for example 30s, 10m or 2h.",
)
@click.option(
    "--resume",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Resume from this checkpoint, with the corpus and options stored in it.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Train even if memory or disk space seem too small; overwrite an unfinished checkpoint.",
)
@quiet_option
@click.pass_context
def command(context, checkpoint, resume, force, quiet, **options):
    """Train word vectors on CORPUS: files, folders, or - for standard input.

    Words are separated by spaces, tabs and newlines; a newline ends a sentence. Compressed
    files are decompressed while reading.

    \b
    Example:
      fastw2v train corpus.txt -o vectors.bin --model skipgram --size 300 --epochs 3
    """
    given = given_options(context)
    hyper = {name: options.pop(name) for name in PARAMETERS}
    if resume is None:
        order, settings, saved = take_order(options), Settings(**hyper), None
    else:
        from fastw2v.training.checkpoint import Saved

        saved = Saved(resume)
        order = take_order_again(options, given, saved)
        settings = saved.settings({name: hyper[name] for name in given if name in hyper})
    _check_outputs(order, checkpoint or resume)
    from fastw2v.training.epoch_end import EpochEnd  # long imports: a wrong option is told before
    from fastw2v.training.pipeline import Wishes, run

    epoch_end = EpochEnd(
        analogies=order.eval_analogies,
        pairs=order.eval_pairs,
        stop_early=order.stop_early,
        save_every=order.save_every,
        save_as=order.output,
        save_format=order.file_format,
    )
    wishes = Wishes(
        vectors=order.vectors,
        epoch_end=epoch_end,
        checkpoint=checkpoint,
        checkpoint_every=order.checkpoint_every,
        order=order.as_dict(),
        resume=saved,
        force=force,
        **options,
    )
    progress = for_terminal(quiet)
    _write(run(list(order.corpus), settings, wishes, progress), order, progress)


def _check_outputs(order: Order, checkpoint) -> None:
    """What cannot be written is told before the training."""
    from fastw2v import formats
    from fastw2v.io import atomic

    named = [order.output, order.save_vocab, order.report, checkpoint]
    places = [os.path.realpath(path) for path in named if path is not None]
    places = [place for place in places if os.path.isfile(place) or not os.path.exists(place)]
    if len(set(places)) < len(places):
        raise OutputError(
            "two of --output, --save-vocab, --report and --checkpoint name the same file: "
            "name one for each"
        )
    formats.check_writable(order.output, format=order.file_format)
    for path in (order.save_vocab, order.report):
        if path is not None:
            atomic.check_writable(path)
    from fastw2v.corpus import paths_of

    beside = formats.words_path(order.output, format=order.file_format)
    asked = (*order.eval_analogies, *order.eval_pairs)
    atomic.check_not_input([*named, beside], [*paths_of(order.corpus), *asked])


def _write(trained, order: Order, progress: Progress) -> None:
    if order.save_vocab is not None:
        trained.vocabulary.save(order.save_vocab)
    trained.vectors.save(order.output, format=order.file_format)
    if order.report is not None:
        write_report(order.report, trained.report)
    progress.message(_summary(trained.report, order.output))


def _summary(report: dict, output: str) -> str:
    seconds = report["train_seconds"]
    speed = report["words_raw"] / seconds if seconds else 0
    return (
        f"{output}: {report['vocab_size']:,} vectors; trained in {seconds:.1f} s, "
        f"{speed:,.0f} words/s"
    )
