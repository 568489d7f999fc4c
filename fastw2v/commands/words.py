"""``fastw2v words``: list the words of a file of vectors."""

from pathlib import Path

import click

from fastw2v.commands.files import check_files
from fastw2v.commands.options import limit_option, strict_option, vectors_argument
from fastw2v.standard_streams import write
from fastw2v.vectors.loading import load_vectors


@click.command(name="words")
@vectors_argument
@limit_option
@click.option("--norms", is_flag=True, help="Print a tab and the vector's norm after each word.")
@click.option(
    "-o", "--output", type=Path, metavar="FILE", help="Output file instead of standard output."
)
@strict_option
def command(vectors, limit, norms, output, strict):
    """List the words of VECTORS, one per line, in the order of the file.

    VECTORS may be in any supported format. `fastw2v convert --words` reads such lists.

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
    from fastw2v.io.atomic import replacing
    from fastw2v.io.names import check_text_name

    check_text_name(output)
    check_files(vectors, output)
    text = word_list(load_vectors(vectors, limit, strict), norms=norms)
    with replacing(output, "w") as file:
        file.write(text)
