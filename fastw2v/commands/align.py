"""``fastw2v align``: rotate word vectors onto others."""

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


@click.command(name="align")
@click.argument("a", type=InputFile(dash=True))
@click.argument("b", type=InputFile(dash=True))
@click.option(
    "-o", "--output", required=True, metavar="FILE", help="Output file, - for standard output."
)
@click.option(
    "--words",
    metavar="FILE",
    type=InputFile(),
    help="Use these words: one per line, or two, the word of A and that of B.",
)
@click.option(
    "--most-frequent",
    type=click.IntRange(1),
    metavar="N",
    help="Use only the first N of the words, which are the most frequent of A.",
)
@click.option("--centre", "--center", is_flag=True, help="Subtract the means of the words first.")
@click.option("--normalise", "--normalize", is_flag=True, help="Scale all vectors to norm 1 first.")
@vectors_format_option
@click.option("--json", "as_json", is_flag=True, help="Print a summary as JSON; needs -o FILE.")
@limit_option
@strict_option
@quiet_option
def command(a, b, output, file_format, as_json, limit, strict, quiet, **options):
    """Rotate the vectors of B so that they can be compared with those of A.

    Uses the words that both have, except </s>, and finds the rotation that brings their vectors
    closest to one another (orthogonal Procrustes, Schoenemann 1966). Writes all words of B. Cosines
    within B do not change, unless --centre is given.

    Reports the residual: the norm of the differences that remain, divided by the norm of A's
    vectors; and the mean cosine of the words before and after.

    \b
    Example:
      fastw2v align old.bin new.bin -o new-aligned.bin
      fastw2v align english.bin french.bin -o aligned.bin --words dictionary.txt --normalise
      fastw2v align a.bin b.bin -o c.bin --most-frequent 5000 --json
    """
    from fastw2v.vectors.alignment import align

    if a == b == DASH:
        raise click.UsageError("standard input can be read only once; give A or B as a file")
    if as_json and output == DASH:
        raise click.UsageError("standard output has the vectors; --json needs -o FILE")
    check_vector_files({"A": [a], "B": [b]}, output, file_format, options["words"])
    progress = for_terminal(quiet)
    first, second = (load_vectors(each, limit, strict) for each in (a, b))
    try:
        found = align(first, second, **options)
    except FormatError as error:
        raise FormatError(f"{a}, {b}: {message_of(error)}") from error
    for note in found.notes:
        progress.message(note)
    found.vectors.save(output, format=file_format)
    progress.message(
        f"{output}: {len(found.vectors):,} vectors, aligned by {found.words:,} words; residual "
        f"{found.residual:.4f}, mean cosine {found.cosine:.4f} (before: {found.cosine_before:.4f})"
    )
    if as_json:
        names = ("residual", "cosine", "cosine_before")
        numbers = {name: round(getattr(found, name), 6) for name in names}
        counts = {"vectors": len(found.vectors), "words": found.words}
        write_json({"output": output, **counts, **numbers})
