"""``fastw2v map``: draw words on a plane."""

from pathlib import Path

import click

from fastw2v.commands.options import limit_option, quiet_option, strict_option, vectors_argument
from fastw2v.io.encoding import quoted
from fastw2v.vectors.loading import load_vectors


@click.command(name="map")
@vectors_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=Path,
    help="The map goes here; the name's end tells what it is: .html, a page for the browser, or "
    ".svg or .png, a picture.",
)
@click.option(
    "-n",
    "--number",
    default=1000,
    show_default=True,
    type=click.IntRange(2),
    metavar="N",
    help="How many words: the first of the file, which are the commonest, or the nearest (--near).",
)
@click.option("--word", "words", multiple=True, metavar="WORD", help="Draw this word; repeatable.")
@click.option(
    "--words-from",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Draw the words of this file, one a line; - for standard input. Unknown ones are left "
    "out.",
)
@click.option(
    "--near", multiple=True, metavar="WORD", help="Draw the N nearest to this word; repeatable."
)
@click.option(
    "--projection",
    type=click.Choice(["tsne", "umap", "pca"]),
    default="tsne",
    show_default=True,
    help="How to find places: t-SNE (needs scikit-learn), UMAP (needs umap-learn) or principal "
    "components.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="One seed, the same map.",
)
@limit_option
@strict_option
@quiet_option
def command(vectors, output, words, words_from, limit, strict, quiet, **drawing):
    """Draw words on a plane: those with similar vectors lie together.

    The page has search, zoom and each word's nearest neighbours; it is one file that needs no
    network. t-SNE, UMAP and pictures come with: pip install 'fastw2v[map]'. With
    --projection pca the page needs nothing more.

    \b
    Example:
      fastw2v map vectors.bin -o map.html
      fastw2v map vectors.bin -o fruit.svg --near apple --near banana -n 80 --projection pca
    """
    from fastw2v.io.atomic import check_not_input
    from fastw2v.mapping import check_possible, draw_map
    from fastw2v.progress import for_terminal

    progress = for_terminal(quiet)
    check_not_input([output], [vectors, words_from])
    check_possible(output, drawing["projection"])
    known = load_vectors(vectors, limit, strict)
    drawing["near"] = drawing["near"] or None
    if words or words_from:
        drawing["words"] = [*words, *_read_known(words_from, known)]
    if drawing["projection"] != "pca":
        progress.message("placing the words; 1,000 take seconds, 10,000 take minutes")
    drawn = draw_map(known, output, **drawing)
    progress.message(f"{output}: {drawn.caption}")


def _read_known(path: str | None, known) -> list[str]:
    """The words of a file that have vectors; how many have none is told on stderr."""
    if path is None:
        return []
    from fastw2v.io.word_lists import lines_in, words_in

    with click.open_file(path, "rb") as file:
        words = words_in(lines_in(iter(lambda: file.read(1 << 20), b""), path))
    left_out = [word for word in words if word not in known]
    if left_out:
        some = ", ".join(map(quoted, left_out[:5])) + (", ..." if len(left_out) > 5 else "")
        click.echo(
            f"{path}: {len(left_out)} of {len(words)} words are not in the vocabulary and "
            f"were left out: {some}",
            err=True,
        )
    return [word for word in words if word in known]
