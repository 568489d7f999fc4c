"""``fastw2v words``: the words of a file of vectors."""

from pathlib import Path

import click

from fastw2v.commands.options import limit_option, strict_option, vectors_argument
from fastw2v.io.standard_output import write
from fastw2v.vectors.loading import load_vectors


@click.command(name="words")
@vectors_argument
@limit_option
@click.option("--norms", is_flag=True, help="Behind each word a tab and its vector's length.")
@click.option(
    "-o", "--output", type=Path, metavar="FILE", help="Write to this file, not to standard output."
)
@strict_option
def command(vectors, limit, norms, output, strict):
    """List the words of VECTORS, one a line, in the order of their vectors.

    VECTORS may be of any format that is read. Such lists are what
    `fastw2v convert --words` takes.

    \b
    Example:
      fastw2v words vectors.bin --limit 20
      fastw2v words vectors.bin --norms | sort -k2 -n
      fastw2v words ours.bin -o list.txt && fastw2v convert theirs.bin same.bin --words list.txt
    """
    from fastw2v.vectors.inspection import word_list

    if output is None:
        write(word_list(load_vectors(vectors, limit, strict), norms=norms))
        return
    from fastw2v.io.atomic import check_not_input, check_writable, replacing

    check_not_input([output], [vectors])
    check_writable(output)
    text = word_list(load_vectors(vectors, limit, strict), norms=norms)
    with replacing(output, "w") as file:
        file.write(text)
