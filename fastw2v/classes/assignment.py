"""Word classes by k-means on vectors, and their file.

Two methods: spherical k-means, and the k-means of the C program bit for bit. Classes are numbered
from 0.

NumPy and Numba are imported only when a function needs them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from fastw2v.errors import SettingsError, parameter
from fastw2v.io.files import StrPath
from fastw2v.progress import SILENT, Progress

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from fastw2v.matrix.arrays import Array
    from fastw2v.matrix.mapped_rows import Matrix

DEFAULT_CLASSES = 500  # as in the C program's demonstration; it has no default
MAX_ROUNDS = 50
NO_CLASS = -1  # of a word whose vector has NaN or infinity


def assign_classes(
    matrix: "Matrix",
    n: int,
    *,
    seed: int = 1,
    rounds: int = MAX_ROUNDS,
    progress: Progress = SILENT,
) -> "tuple[Array, Array, dict[str, Any]]":
    """Cluster words into ``n`` classes by the directions of their vectors: spherical k-means.

    matrix: (V, D) float32 or convertible to it; `MappedRows` are read block by block.
    seed: of the initial centroids. The same seed gives the same classes on the same machine.
    rounds: maximum number; fewer once few words change their class.

    Returns ``(classes, centroids, report)``: classes (V,) int32; centroids (n, D) float32, the
    mean directions of the classes as unit vectors, zeros for an empty class; and a dict: the keys
    of `describe_classes`, and ``rounds`` (taken), ``settled`` (whether fewer than one word in 200
    changed its class in the last round), ``refilled`` (how often an empty class got a word) and
    ``cosines``, the mean cosine of a word to its centroid after each round.

    A zero vector has cosine 0 to every centroid; ties go to the lowest number: it is in class 0 but
    does not affect the centroid. A row with NaN or infinity gets `NO_CLASS`. With fewer distinct
    directions than classes some classes stay empty.

    Source: Dhillon and Modha, "Concept decompositions for large sparse text data using
    clustering", Machine Learning 42 (2001), section 3; initialised as in `fastw2v.classes.seeding`.

    Raises SettingsError for ``n`` below 1 or above V, and for ``rounds`` or ``seed`` out of range.

        >>> matrix = [[1, 0], [0, 1], [2, 0], [0, 3]]
        >>> classes, centroids, report = fastw2v.classes.assign_classes(matrix, 2)
        >>> bool(classes[0] == classes[2] != classes[1] == classes[3])
        True
    """
    from fastw2v.classes.directions import Directions, describe
    from fastw2v.classes.spherical import cluster

    _check_number(n)
    if n > len(matrix):
        raise SettingsError(
            f"{parameter('n')} is {n:,}, but there are only {len(matrix):,} words: use fewer "
            "classes"
        )
    if rounds < 1:
        raise SettingsError(f"{parameter('rounds')} is {rounds}; it must be at least 1")
    if seed < 0:
        raise SettingsError(f"{parameter('seed')} is {seed}; it must be at least 0")
    directions = Directions(matrix)
    classes, centroids, report = cluster(directions, n, seed, rounds, progress)
    classes[~directions.finite] = NO_CLASS
    return classes, centroids, describe(directions, classes, n) | report


def assign_classes_exactly(matrix: "Array", n: int) -> "Array":
    """The classes that the C program's ``-classes n`` gives to these vectors, bit for bit.

    matrix: (V, D) float32, as trained, since norms matter.

    Returns (V,) int32. As in C, the initial class is the word_id modulo ``n``, there are ten
    rounds, classes may become empty, and ``n`` may be larger than V. Raises SettingsError for ``n``
    below 1.

        >>> matrix = np.array([[1, 0], [0, 1], [2, 0], [0, 3]], np.float32)
        >>> fastw2v.classes.assign_classes_exactly(matrix, 2).tolist()
        [0, 1, 0, 1]
    """
    from fastw2v.classes.exact import cluster_as_c

    _check_number(n)
    return cluster_as_c(matrix, n)


def describe_classes(matrix: "Matrix", classes: "ArrayLike", n: int) -> dict[str, Any]:
    """Statistics of ``n`` classes, by whatever method.

    matrix: (V, D); classes: (V,) integers below ``n``, or `NO_CLASS`.

    Returns a dict: ``words`` (V), ``classes`` (n), ``empty`` (of these), ``left_out`` (words
    without a class); ``smallest``, ``median`` and ``largest``, words in a non-empty class;
    ``cosine``, the mean cosine of nonzero finite vectors to the mean direction of their class (0 if
    there are none).

        >>> fastw2v.classes.describe_classes([[1, 0], [0, 1], [2, 0]], [0, 1, 0], 2)["largest"]
        2
    """
    from fastw2v.classes.directions import Directions, describe

    return describe(Directions(matrix), classes, n)


def write_classes(
    path: StrPath, words: Sequence[str], classes: "ArrayLike", sort: bool = False
) -> None:
    """Write ``word class`` lines, as the C program does; ``-``: standard output.

    words: V str. classes: (V,) integers; words of `NO_CLASS` are left out.
    sort: by class, the words of a class in the given order; otherwise all in the given order.

    An existing file is replaced once the new one is complete. Raises OutputError if the file cannot
    be written, or a word contains a newline, which the file cannot express.

        >>> fastw2v.classes.write_classes("classes.txt", ["king", "river"], [1, 0])
        >>> from pathlib import Path
        >>> print(Path("classes.txt").read_text(), end="")
        king 1
        river 0
    """
    import numpy as np

    from fastw2v.io.word_lists import write_numbered

    classes = np.asarray(classes)
    rows = np.argsort(classes, kind="stable") if sort else np.arange(len(classes))
    rows = rows[classes[rows] != NO_CLASS]
    of_word = classes[rows].tolist()
    numbered = zip((words[row] for row in rows.tolist()), of_word, strict=True)
    write_numbered(path, numbered, "a file of classes")


def _check_number(n: int) -> None:
    if n < 1:
        raise SettingsError(f"{parameter('n')} is {n}; it must be at least 1")
