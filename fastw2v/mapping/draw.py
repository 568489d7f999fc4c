"""Maps of words: vectors projected to a plane, as a web page or an image.

from fastw2v.mapping import draw_map

draw_map(vectors, "map.html", number=2000)
draw_map(vectors, "map.svg", near=["king", "banana"], number=80, projection="pca")
draw_map({"1900": early, "2000": late}, "change.html")
draw_map({"epoch 1": first, "epoch 2": second, "epoch 3": third}, "training.html")
"""

import os
from collections.abc import Mapping, Sequence

from fastw2v.errors import OutputError, SettingsError, parameter
from fastw2v.io import atomic
from fastw2v.io.files import StrPath
from fastw2v.mapping import page, picture
from fastw2v.mapping.layout import WordMap, lay_out
from fastw2v.mapping.projection import check_available
from fastw2v.mapping.selection import choose_rows
from fastw2v.progress import SILENT, Progress
from fastw2v.vectors.word_vectors import WordVectors

MOST_MODELS = 2
"""Models side by side; more are moments of one map with a slider."""
MOST_MOMENTS = 200
_WRITERS = {"html": page, "htm": page, "svg": picture, "png": picture}


def draw_map(  # noqa: PLR0913, all but two are given by name
    vectors: WordVectors | Mapping[str, WordVectors],
    output: StrPath,
    *,
    words: Sequence[str] | None = None,
    near: Sequence[str] | None = None,
    number: int = 1000,
    projection: str = "tsne",
    seed: int = 1,
    slider: bool | None = None,
    progress: Progress = SILENT,
) -> WordMap:
    """Draw a map in which words with similar vectors are close together.

    vectors: `fastw2v.WordVectors`, or two of them by name: two maps side by side, with a list of
        the words whose neighbours changed most from the first to the second. Only words that both
        have are drawn. More than two by name, in the order of time: a map with a slider.
    output: a path; the extension selects the format: ``.html``, a self-contained web page, or
        ``.svg`` or ``.png``, an image (needs matplotlib).
    words: draw these words.
    near: draw the ``number`` words nearest to these in the first model, including themselves.
    number: without ``words`` and ``near``, draw the first ``number`` words of the file, which are
        the most frequent.
    projection: "tsne", "umap" (needs umap-learn) or "pca".
    seed: 0 to 2**32 - 1; the same seed gives the same map on the same machine.
    slider: draw several models as moments of one map, from the first to the last: as a slider is
        moved, so are the words. Only as a web page. None: for more than two models.

    Words whose vectors have NaN or infinity are left out unless given in ``words`` or ``near``.

    Returns the map. Raises OutputError if it cannot be written, SettingsError for invalid
    arguments or a missing library, UnknownWordError, and FormatError for a given word whose vector
    has NaN or infinity.

        >>> word_map = fastw2v.mapping.draw_map(vectors, "map.html", number=5, projection="pca")
        >>> len(word_map.words)
        5
    """
    models = {"": vectors} if isinstance(vectors, WordVectors) else dict(vectors)
    is_moving = check_number_of_models(len(models), slider)
    check_possible(output, projection, slider=is_moving)
    first, *others = models.values()
    rows = choose_rows(first, words=words, near=near, number=number, others=others)
    word_map = lay_out(models, rows, projection, seed, progress, slider=is_moving)
    form = _form(output)
    with atomic.replacing(output) as file:
        _WRITERS[form].write(file, word_map, form)
    return word_map


def check_number_of_models(count: int, slider: bool | None = None) -> bool:
    """Whether so many models get a slider. Raise SettingsError if a map cannot show them.

    >>> fastw2v.mapping.check_number_of_models(2)
    False
    >>> fastw2v.mapping.check_number_of_models(3)
    True
    """
    if not 1 <= count <= MOST_MOMENTS:
        raise SettingsError(f"a map shows 1 to {MOST_MOMENTS} models, but got {count}")
    is_moving = count > MOST_MODELS if slider is None else slider
    if is_moving and count == 1:
        raise SettingsError(f"{parameter('slider')} needs two models or more, but got one")
    if not is_moving and count > MOST_MODELS:
        raise SettingsError(
            f"a map without {parameter('slider')} shows one or two models, but got {count}"
        )
    return is_moving


def check_possible(output: StrPath, projection: str, *, slider: bool = False) -> None:
    """Raise the errors of `draw_map` for these arguments, before long work; write nothing.

    >>> fastw2v.mapping.check_possible("map.html", "pca")
    """
    form = _form(output)
    if form not in _WRITERS:
        raise OutputError(
            f"cannot write {os.fspath(output)}: use the extension .html for a web page, "
            ".svg or .png for an image"
        )
    if slider and _WRITERS[form] is not page:
        raise OutputError(
            f"cannot write {os.fspath(output)}: an image cannot move; use the extension .html for "
            "more than two models"
        )
    _WRITERS[form].check_available(output)
    check_available(projection)
    atomic.check_writable(output)


def _form(output: StrPath) -> str:
    return os.path.splitext(os.fspath(output))[1].lower().removeprefix(".")
