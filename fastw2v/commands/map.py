"""``fastw2v map``: draw words in two dimensions."""

import os
import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click

from fastw2v.commands.files import check_files
from fastw2v.commands.options import limit_option, quiet_option, strict_option
from fastw2v.commands.param_types import InputFile, Word
from fastw2v.commands.queries import check_input_free
from fastw2v.errors import one_line
from fastw2v.io.encoding import quoted
from fastw2v.standard_streams import DASH, tell
from fastw2v.vectors.loading import load_vectors

_NUMBER = re.compile("[0-9]+")


@click.command(name="map")
@click.argument("vectors", nargs=-1, required=True, type=InputFile(dash=True))
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
    help="Projection method: t-SNE, UMAP (needs umap-learn) or principal components.",
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Random seed; the same seed gives the same map on the same machine.",
)
@click.option(
    "--slider",
    is_flag=True,
    default=None,
    help="Draw several files as moments of one map with a slider, also if there are only two.",
)
@limit_option
@strict_option
@quiet_option
def command(vectors, output, words, words_from, slider, limit, strict, quiet, **drawing):
    """Draw words in two dimensions, so that words with similar vectors are close together.

    The web page has search, zoom, groups of words in colours, and the nearest neighbours of each
    word; it is a single file and works offline. UMAP and images need:
    pip install 'fastw2v[map]'.

    With two files of vectors the page shows both side by side, and lists the words whose neighbours
    changed most from the first to the second. With more, or with --slider, they are moments of one
    map, and words move as the slider does: the files of train --save-every, or of texts of
    different times. They are in the order given; names that differ in numbers and are sorted as
    text are sorted by these numbers. Only words that all have are drawn.

    \b
    Example:
      fastw2v map vectors.bin -o map.html -n 5000
      fastw2v map fruit.bin -o fruit.svg --near apple --near banana -n 80
      fastw2v map old.bin new.bin -o change.html
      fastw2v map v.epoch-*.bin -o training.html
    """
    from fastw2v.mapping import check_number_of_models, check_possible, draw_map
    from fastw2v.progress import for_terminal

    vectors = _by_number(vectors)
    is_moving = check_number_of_models(len(vectors), slider)
    if words_from is not None:
        for path in vectors:
            check_input_free(path, [], words_from)
    if vectors.count(DASH) > 1:
        raise click.UsageError("standard input has one file of vectors; name the others")
    progress = for_terminal(quiet)
    check_files(vectors, output, words_from)
    check_possible(output, drawing["projection"], slider=is_moving)
    models = [load_vectors(path, limit, strict) for path in vectors]
    drawing["near"] = drawing["near"] or None
    if words or words_from:
        drawing["words"] = [*words, *_read_known(words_from, models)]
    shown = models[0]
    if len(models) > 1:
        shown = dict(zip(_names(vectors), models, strict=True))
    drawn = draw_map(shown, output, slider=is_moving, progress=progress, **drawing)
    progress.message(f"{output}: {drawn.caption}")


def _by_number(paths: Sequence[str]) -> list[str]:
    """The paths, with ``v.epoch-9.bin`` before ``v.epoch-10.bin``: neighbours that differ in
    numbers only, and are in the order of a shell's pattern."""
    ordered: list[str] = []
    for _, group in groupby(paths, lambda path: _NUMBER.sub("#", path)):
        alike = list(group)
        if alike == sorted(alike):
            alike.sort(key=lambda path: [int(number) for number in _NUMBER.findall(path)])
        ordered += alike
    return ordered


def _names(paths: Sequence[str]) -> list[str]:
    """The files' names, with their folders if the names are equal."""
    short = [os.path.basename(path) for path in paths]
    shown = short if len(set(short)) == len(short) else list(paths)
    if len(set(shown)) < len(shown):  # one file twice
        shown = [f"{name} ({number})" for number, name in enumerate(shown, 1)]
    return ["standard input" if name == DASH else one_line(name) for name in shown]


def _read_known(path: str | None, models) -> list[str]:
    """The words of a file that all models have; reports on stderr how many are missing."""
    if path is None:
        return []
    from fastw2v.io.files import chunks_of
    from fastw2v.io.word_lists import lines_in, words_in

    words = words_in(lines_in(chunks_of(path), path))
    known = [word for word in words if all(word in model for model in models)]
    found = set(known)
    left_out = [word for word in words if word not in found]
    if left_out:
        some = ", ".join(map(quoted, left_out[:5])) + (", ..." if len(left_out) > 5 else "")
        tell(
            f"{path}: skipped {len(left_out)} of {len(words)} words, not in the vocabulary: {some}"
        )
    return known
