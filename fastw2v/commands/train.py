"""``fastw2v train``: options -> Settings -> one call -> files."""

import json
from pathlib import Path

import click

from fastw2v.commands.options import corpus_argument, hyper_parameters, quiet_option
from fastw2v.progress import for_terminal
from fastw2v.settings import Settings


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
    type=click.Choice(["binary", "text", "npy"]),
    help="Format of the output, whatever its name.",
)
@click.option("--save-vocab", type=Path, help="Write the vocabulary: a word and its count a line.")
@click.option("--read-vocab", type=Path, help="Take the vocabulary from this file; count nothing.")
@click.option("--report", type=Path, help="Write what was done, and how fast, as JSON.")
@quiet_option
def command(
    corpus, output, vectors, file_format, save_vocab, read_vocab, report, quiet, **settings
):
    """Train word vectors on CORPUS: files, folders, or - for standard input.

    Words are separated by blanks, tabs and newlines; a newline ends a sentence. Compressed
    files are read as they are.

    \b
    Example:
      fastw2v train corpus.txt -o vectors.bin --model skipgram --size 300 --epochs 3
    """
    checked = Settings(**settings)  # before the long imports: a wrong option is told at once
    from fastw2v import atomic, formats
    from fastw2v.pipeline import run

    formats.check_writable(output, format=file_format)
    for path in (save_vocab, report):
        if path is not None:
            atomic.check_writable(path)
    progress = for_terminal(quiet)
    trained = run(list(corpus), checked, vectors, read_vocab, progress)
    if save_vocab is not None:
        trained.vocabulary.save(save_vocab)
    trained.vectors.save(output, format=file_format)
    if report is not None:
        _write_report(report, trained.report)
    progress.say(_summary(trained.report, output))


def _write_report(path: Path, report: dict) -> None:
    from fastw2v.atomic import replacing

    with replacing(path, "w") as file:
        json.dump(report, file, indent=2)
        file.write("\n")


def _summary(report: dict, output: Path) -> str:
    seconds = report["train_seconds"]
    speed = report["words_raw"] / seconds if seconds else 0
    return (
        f"{output}: {report['vocab_size']:,} vectors; trained in {seconds:.1f} s, "
        f"{speed:,.0f} words/s"
    )
