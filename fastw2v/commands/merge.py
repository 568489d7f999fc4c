"""``fastw2v merge``: several files of word vectors become one."""

import click

from fastw2v.commands.files import check_vector_files
from fastw2v.commands.options import (
    limit_option,
    quiet_option,
    strict_option,
    vectors_format_option,
)
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import InputFile
from fastw2v.errors import FormatError, message_of
from fastw2v.progress import for_terminal
from fastw2v.standard_streams import DASH
from fastw2v.vectors.loading import load_vectors


@click.command(name="merge")
@click.argument("vectors", nargs=-1, required=True, type=InputFile(dash=True), metavar="A B...")
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="Output file, - for standard output."
)
@click.option(
    "--rule",
    type=click.Choice(["first", "mean", "concatenate"]),
    default="first",
    show_default=True,
    help="Vector of a word that several files have (see above).",
)
@click.option(
    "--words",
    type=click.Choice(["union", "common"]),
    default="union",
    show_default=True,
    help="union: all words; common: those that all files have.",
)
@click.option(
    "--normalise",
    "--normalize",
    is_flag=True,
    help="Scale the vectors of each file to norm 1 first.",
)
@vectors_format_option
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON; needs -o FILE.")
@limit_option
@strict_option
@quiet_option
def command(vectors, output, file_format, as_json, limit, strict, quiet, **options):
    """Merge files of word vectors into one: the words of A, then those that B adds, and so on.

    \b
    --rule first        the vector of the first file that has the word
    --rule mean         the mean over the files that have it; of vectors of one space only: see
                        `fastw2v align`
    --rule concatenate  the vectors one after another, zeros for files that lack the word

    A vector with NaN or infinity is used only if no other file has the word.

    \b
    Example:
      fastw2v merge ours.bin general.bin -o both.bin
      fastw2v merge a.bin b-aligned.bin -o mean.bin --rule mean --words common
      fastw2v merge a.bin b.bin -o long.bin --rule concatenate --normalise
    """
    from fastw2v.vectors.merging import merge

    if len(vectors) < 2:
        raise click.UsageError("merge needs two files or more; `fastw2v convert` copies one")
    if vectors.count(DASH) > 1:
        raise click.UsageError("standard input can be read only once; give - once")
    if as_json and output == DASH:
        raise click.UsageError("standard output has the vectors; --json needs -o FILE")
    check_vector_files({"the vectors": vectors}, output, file_format)
    progress = for_terminal(quiet)
    parts = [load_vectors(each, limit, strict) for each in vectors]
    try:
        merged = merge(parts, **options)
    except FormatError as error:
        raise FormatError(f"{', '.join(vectors)}: {message_of(error)}") from error
    merged.save(output, format=file_format)
    dimensions = merged.matrix.shape[1]
    given = {path: len(part) for path, part in zip(vectors, parts, strict=True)}
    each = ", ".join(f"{path}: {count:,}" for path, count in given.items())
    progress.message(f"{output}: {len(merged):,} vectors, {dimensions:,} dimensions (of {each})")
    if as_json:
        write_json({"output": output, "vectors": len(merged), "dimensions": dimensions})
