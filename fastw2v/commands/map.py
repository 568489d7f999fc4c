"""``fastw2v map``: draw words in two dimensions."""

from pathlib import Path

import click

from fastw2v.commands.files import check_files
from fastw2v.commands.options import limit_option, quiet_option, strict_option, vectors_argument
from fastw2v.commands.param_types import InputFile, Word
from fastw2v.commands.queries import check_input_free
from fastw2v.io.encoding import quoted
from fastw2v.standard_streams import tell
from fastw2v.vectors.loading import load_vectors


@click.command(name="map")
@vectors_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=Path,
    help="Output file; the extension selects the kind: .html for a web page, .svg or .png for an "
    "image.",
)
@click.option(
    "-n",
    "--number",
    default=1000,
    show_default=True,
    type=click.IntRange(2),
    metavar="N",
    help="Number of words: the first (most frequent) of the file, or the nearest with --near.",
)
@click.option(
    "--word",
    "words",
    multiple=True,
    type=Word(),
    metavar="WORD",
    help="Draw this word; repeatable.",
)
@click.option(
    "--words-from",
    type=InputFile(dash=True),
    metavar="FILE",
    help="Draw the words in FILE, one per line; - for standard input. Unknown words are skipped.",
)
@click.option(
    "--near",
    multiple=True,
    type=Word(),
    metavar="WORD",
    help="Draw the words nearest to WORD, N in total; repeatable.",
)
@click.option(
    "--projection",
    type=click.Choice(["tsne", "umap", "pca"]),
    default="tsne",
    show_default=True,
    help="Projection method: t-SNE (needs scikit-learn), UMAP (needs umap-learn) or principal "
    "components.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Random seed; the same seed gives the same map.",
)
@limit_option
@strict_option
@quiet_option
def command(vectors, output, words, words_from, limit, strict, quiet, **drawing):
    """Draw words in two dimensions, so that words with similar vectors are close together.

    The web page has search, zoom and the nearest neighbours of each word; it is a single file and
    works offline. t-SNE, UMAP and images need: pip install 'fastw2v[map]'. A page with
    --projection pca needs nothing else.

    \b
    Example:
      fastw2v map vectors.bin -o map.html
      fastw2v map vectors.bin -o fruit.svg --near apple --near banana -n 80 --projection pca
    """
    from fastw2v.mapping import check_possible, draw_map
    from fastw2v.progress import for_terminal

    if words_from is not None:
        check_input_free(vectors, [], words_from)
    progress = for_terminal(quiet)
    check_files(vectors, output, words_from)
    check_possible(output, drawing["projection"])
    known = load_vectors(vectors, limit, strict)
    drawing["near"] = drawing["near"] or None
    if words or words_from:
        drawing["words"] = [*words, *_read_known(words_from, known)]
    if drawing["projection"] != "pca":
        progress.message("projecting the words; 1,000 words take seconds, 10,000 take minutes")
    drawn = draw_map(known, output, **drawing)
    progress.message(f"{output}: {drawn.caption}")


def _read_known(path: str | None, known) -> list[str]:
    """The words of a file that have vectors; reports on stderr how many have none."""
    if path is None:
        return []
    from fastw2v.io.files import chunks_of
    from fastw2v.io.word_lists import lines_in, words_in

    words = words_in(lines_in(chunks_of(path), path))
    left_out = [word for word in words if word not in known]
    if left_out:
        some = ", ".join(map(quoted, left_out[:5])) + (", ..." if len(left_out) > 5 else "")
        tell(
            f"{path}: skipped {len(left_out)} of {len(words)} words, not in the vocabulary: {some}"
        )
    return [word for word in words if word in known]
