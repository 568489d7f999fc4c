"""``fastw2v train``: options -> Settings -> one call -> files."""

from pathlib import Path

import click

from fastw2v.commands.options import corpus_argument, hyper_parameters, quiet_option
from fastw2v.commands.printing import write_report
from fastw2v.progress import for_terminal
from fastw2v.settings import PARAMETERS, Settings


@click.command()
@corpus_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=Path,
    help="Vectors go here; the name's end tells the format: .bin, .txt, .vec, .npy, also with .gz.",
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
    help="Format of the output, whatever its name.",
)
@click.option("--save-vocab", type=Path, help="Write the vocabulary: a word and its count a line.")
@click.option("--read-vocab", type=Path, help="Take the vocabulary from this file; count nothing.")
@click.option(
    "--init",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Start from these vectors; words that have none start at random.",
)
@click.option(
    "--freeze",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Words, one a line, that stay at their --init vectors.",
)
@click.option(
    "--save-every",
    type=int,
    default=0,
    metavar="EPOCHS",
    help="Save after every so many epochs, too: vectors.epoch-2.bin.",
)
@click.option(
    "--eval-analogies",
    type=click.Path(exists=True, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="After each epoch ask these analogies.",
)
@click.option(
    "--eval-pairs",
    type=click.Path(exists=True, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="After each epoch compare with these human scores of similarity.",
)
@click.option(
    "--stop-early",
    type=int,
    default=0,
    metavar="EPOCHS",
    help="Stop when so many epochs brought no better score, and write the best epoch's vectors.",
)
@click.option("--report", type=Path, help="Write what was done, and how fast, as JSON.")
@quiet_option
def command(corpus, output, file_format, save_vocab, report, quiet, **options):
    """Train word vectors on CORPUS: files, folders, or - for standard input.

    Words are separated by blanks, tabs and newlines; a newline ends a sentence. Compressed
    files are read as they are.

    \b
    Example:
      fastw2v train corpus.txt -o vectors.bin --model skipgram --size 300 --epochs 3
    """
    checked = Settings(**{name: options.pop(name) for name in PARAMETERS})
    from fastw2v import atomic, formats  # long imports: a wrong option is told before
    from fastw2v.pipeline import run

    wishes = _wishes(options, output, file_format)
    formats.check_writable(output, format=file_format)
    for path in (save_vocab, report):
        if path is not None:
            atomic.check_writable(path)
    progress = for_terminal(quiet)
    trained = run(list(corpus), checked, wishes, progress)
    if save_vocab is not None:
        trained.vocabulary.save(save_vocab)
    trained.vectors.save(output, format=file_format)
    if report is not None:
        write_report(report, trained.report)
    progress.say(_summary(trained.report, output))


def _wishes(options: dict, output: Path, file_format: str | None):
    from fastw2v.epochs import EpochEnd
    from fastw2v.pipeline import Wishes

    epoch_end = EpochEnd(
        analogies=options.pop("eval_analogies"),
        pairs=options.pop("eval_pairs"),
        stop_early=options.pop("stop_early"),
        save_every=options.pop("save_every"),
        save_as=output,
        save_format=file_format,
    )
    return Wishes(**options, epoch_end=epoch_end)


def _summary(report: dict, output: Path) -> str:
    seconds = report["train_seconds"]
    speed = report["words_raw"] / seconds if seconds else 0
    return (
        f"{output}: {report['vocab_size']:,} vectors; trained in {seconds:.1f} s, "
        f"{speed:,.0f} words/s"
    )
