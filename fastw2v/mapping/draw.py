"""Maps of words: vectors projected to a plane, as a web page or an image.

from fastw2v.mapping import draw_map

draw_map(vectors, "map.html", number=2000)
draw_map(vectors, "map.svg", near=["king", "banana"], number=80, projection="pca")
draw_map({"1900": early, "2000": late}, "change.html")
"""

import os
from collections.abc import Mapping, Sequence

from fastw2v.errors import OutputError, SettingsError
from fastw2v.io import atomic
from fastw2v.io.files import StrPath
from fastw2v.mapping import page, picture
from fastw2v.mapping.layout import WordMap, lay_out
from fastw2v.mapping.projection import check_available
from fastw2v.mapping.selection import choose_rows
from fastw2v.progress import SILENT, Progress
from fastw2v.vectors.word_vectors import WordVectors

MOST_MODELS = 2
_WRITERS = {"html": page, "htm": page, "svg": picture, "png": picture}


def draw_map(
    vectors: WordVectors | Mapping[str, WordVectors],
    output: StrPath,
    *,
    words: Sequence[str] | None = None,
    near: Sequence[str] | None = None,
    number: int = 1000,
    projection: str = "tsne",
    seed: int = 1,
    progress: Progress = SILENT,
) -> WordMap:
    """Draw a map in which words with similar vectors are close together.

    vectors: `fastw2v.WordVectors`, or two of them by name: two maps side by side, with a list of
        the words whose neighbours changed most from the first to the second. Only words that both
        have are drawn.
    output: a path; the extension selects the format: ``.html``, a self-contained web page, or
        ``.svg`` or ``.png``, an image (needs matplotlib).
    words: draw these words.
    near: draw the ``number`` words nearest to these in the first model, including themselves.
    number: without ``words`` and ``near``, draw the first ``number`` words of the file, which are
        the most frequent.
    projection: "tsne", "umap" (needs umap-learn) or "pca".
    seed: 0 to 2**32 - 1; the same seed gives the same map on the same machine.

    Words whose vectors have NaN or infinity are left out unless given in ``words`` or ``near``.

    Returns the map. Raises OutputError if it cannot be written, SettingsError for invalid
    arguments or a missing library, UnknownWordError, and FormatError for a given word whose vector
    has NaN or infinity.

        >>> word_map = fastw2v.mapping.draw_map(vectors, "map.html", number=5, projection="pca")
        >>> len(word_map.words)
        5
    """
    models = {"": vectors} if isinstance(vectors, WordVectors) else dict(vectors)
    check_number_of_models(len(models))
    check_possible(output, projection)
    first, *others = models.values()
    rows = choose_rows(first, words=words, near=near, number=number, others=others)
    word_map = lay_out(models, rows, projection, seed, progress)
    form = _form(output)
    with atomic.replacing(output) as file:
        _WRITERS[form].write(file, word_map, form)
    return word_map


def check_number_of_models(count: int) -> None:
    """Raise SettingsError unless a map can show that many models.

    >>> fastw2v.mapping.check_number_of_models(2)
    """
    if not 1 <= count <= MOST_MODELS:
        raise SettingsError(f"a map shows one or two models, but got {count}")


def check_possible(output: StrPath, projection: str) -> None:
    """Raise the errors of `draw_map` for these arguments, before long work; write nothing.

    >>> fastw2v.mapping.check_possible("map.html", "pca")
    """
    form = _form(output)
    if form not in _WRITERS:
        raise OutputError(
            f"cannot write {os.fspath(output)}: use the extension .html for a web page, "
            ".svg or .png for an image"
        )
    _WRITERS[form].check_available(output)
    check_available(projection)
    atomic.check_writable(output)


def _form(output: StrPath) -> str:
    return os.path.splitext(os.fspath(output))[1].lower().removeprefix(".")
