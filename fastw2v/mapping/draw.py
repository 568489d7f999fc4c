"""Maps of words: their vectors on a plane, as a page for the browser or as a picture.

from fastw2v.mapping import draw_map

draw_map(vectors, "map.html", number=2000)
draw_map(vectors, "map.svg", near=["king", "banana"], number=80, projection="pca")
"""

import os
from collections.abc import Sequence

from fastw2v.errors import OutputError
from fastw2v.io import atomic
from fastw2v.io.files import StrPath
from fastw2v.mapping import page, picture
from fastw2v.mapping.layout import WordMap, lay_out
from fastw2v.mapping.projection import check_available
from fastw2v.mapping.selection import choose_rows
from fastw2v.vectors.word_vectors import WordVectors

_WRITERS = {"html": page, "htm": page, "svg": picture, "png": picture}


def draw_map(
    vectors: WordVectors,
    output: StrPath,
    *,
    words: Sequence[str] | None = None,
    near: Sequence[str] | None = None,
    number: int = 1000,
    projection: str = "tsne",
    seed: int = 1,
) -> WordMap:
    """Draw words on a plane, so that words with similar vectors lie together.

    vectors: `fastw2v.WordVectors`.
    output: a path; its end tells what is written: ``.html``, one page that asks nothing of any
        network, or ``.svg`` or ``.png``, a picture (needs matplotlib).
    words: draw these words.
    near: or draw the ``number`` words nearest to these, themselves among them.
    number: without both, draw the first ``number`` words of the file, which are the commonest.
    projection: "tsne" (needs scikit-learn), "umap" (needs umap-learn) or "pca".
    seed: 0 to 2**32 - 1; one seed, the same map. PCA knows no chance.

    Words whose vectors hold NaN or infinity are left out where they were not asked for by name.

    Returns what was drawn. Raises OutputError, SettingsError, UnknownWordError, and FormatError
    for a named word whose vector holds NaN or infinity.
    """
    check_possible(output, projection)
    rows = choose_rows(vectors, words=words, near=near, number=number)
    word_map = lay_out(vectors, rows, projection, seed)
    form = _form(output)
    with atomic.replacing(output) as file:
        _WRITERS[form].write(file, word_map, form)
    return word_map


def check_possible(output: StrPath, projection: str) -> None:
    """Raise what `draw_map` would raise for these, before long work; touch nothing."""
    form = _form(output)
    if form not in _WRITERS:
        raise OutputError(
            f"cannot write {os.fspath(output)}: a map is a page, .html, or a picture, .svg or "
            ".png; name it so"
        )
    _WRITERS[form].check_available(output)
    check_available(projection)
    atomic.check_writable(output)


def _form(output: StrPath) -> str:
    return os.path.splitext(os.fspath(output))[1].lower().removeprefix(".")
