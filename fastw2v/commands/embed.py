"""``fastw2v embed``: a vector for each line of a text."""

from dataclasses import asdict

import click

from fastw2v.commands.options import (
    limit_option,
    normalise_option,
    quiet_option,
    strict_option,
    vectors_argument,
)
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import InputFile
from fastw2v.progress import for_terminal
from fastw2v.standard_streams import DASH, input_terminal
from fastw2v.vectors.loading import load_vectors


@click.command(name="embed")
@vectors_argument
@click.argument("text", default=DASH, type=InputFile(dash=True))
@click.option(
    "-o",
    "--output",
    default=DASH,
    show_default=True,
    metavar="FILE",
    help="Output file, - for standard output.",
)
@click.option(
    "--method",
    type=click.Choice(["mean", "sif"]),
    default="mean",
    show_default=True,
    help="mean: of the words' vectors; sif: smooth inverse frequency (see above).",
)
@click.option(
    "--vocab",
    "counts",
    metavar="FILE",
    type=InputFile(),
    help="Word counts for sif: a file as `fastw2v vocab` or train --save-vocab writes it.",
)
@click.option(
    "--smoothing",
    default=1e-3,
    show_default=True,
    type=float,
    metavar="A",
    help="sif weighs a word of probability p by A / (A + p).",
)
@click.option(
    "--remove",
    default=1,
    show_default=True,
    type=click.IntRange(0),
    metavar="N",
    help="sif removes the first N principal components of all lines; 0 reads the text only once.",
)
@click.option("--unit-words", is_flag=True, help="Scale words' vectors to norm 1 first.")
@normalise_option
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["npy", "text", "tsv"]),
    help="Format of the output; overrides its extension.",
)
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON; needs -o FILE.")
@limit_option
@strict_option
@quiet_option
def command(vectors, text, output, as_json, limit, strict, quiet, **options):
    """Write a vector for each line of TEXT: a file, compressed or not, or standard input.

    Words are separated by spaces and tabs, as in training; words without a vector are skipped.
    Lines without a known word, and empty lines, get zeros.

    \b
    --method mean  the mean of the words' vectors
    --method sif   smooth inverse frequency (Arora, Liang, Ma 2017): frequent words weigh less,
                   and what all lines have in common is removed

    \b
    .npy           NumPy matrix of float32, a row for each line
    .tsv           numbers separated by tabs, a line for each line
    others, -      numbers separated by spaces; with .gz, .bz2 or .xz compressed, as .tsv

    \b
    Example:
      fastw2v embed vectors.bin < lines.txt -o sentences.npy
      fastw2v embed vectors.bin lines.txt -o sentences.npy --method sif --vocab vocab.txt
      echo "the king of spain" | fastw2v embed vectors.bin
    """
    from fastw2v.sentences.rows import rows_format
    from fastw2v.sentences.rules import SentenceRules
    from fastw2v.vectors.embedding import declare_embedding, embed_file

    if vectors == DASH and text == DASH:
        raise click.UsageError("standard input has the vectors; give the text as a file")
    if as_json and output == DASH:
        raise click.UsageError("standard output has the vectors; --json needs -o FILE")
    progress = for_terminal(quiet)
    counts, file_format = options.pop("counts"), options.pop("file_format")
    rules = SentenceRules(**options)
    rows_format(output, file_format)
    declare_embedding(vectors, text, output, counts).check()
    known = load_vectors(vectors, limit, strict)
    if text == DASH and input_terminal():
        progress.message("Reading lines from the terminal; Ctrl-D ends.")
    report = embed_file(
        known, text, output, rules, counts=counts, format=file_format, progress=progress
    )
    progress.message(_summary(report))
    if as_json:
        write_json({"output": output, "method": rules.method, **asdict(report)})


def _summary(report) -> str:
    parts = [f"{report.sentences:,} lines, {report.dimensions:,} dimensions"]
    if report.words:
        parts.append(f"{report.words_known / report.words:.1%} of {report.words:,} words known")
    if report.empty + report.unknown:
        parts.append(
            f"{report.empty + report.unknown:,} rows of zeros: {report.empty:,} empty lines, "
            f"{report.unknown:,} lines without a known word"
        )
    return "; ".join(parts)
