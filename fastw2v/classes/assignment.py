"""Classes of words by their vectors, and their file.

Two ways to find them: spherical k-means, and the C program's own k-means bit for bit. A class is a
number from 0.

Neither NumPy nor Numba is imported before a function needs it.
"""

from fastw2v.errors import SettingsError
from fastw2v.progress import SILENT, Progress

DEFAULT_CLASSES = 500  # the C program has no default; 500 is what its own demonstration asks for
MAX_ROUNDS = 50
NO_CLASS = -1  # of a word whose vector holds NaN or infinity


def assign_classes(
    matrix, n: int, *, seed: int = 1, rounds: int = MAX_ROUNDS, progress: Progress = SILENT
):
    """Group words into ``n`` classes by the directions of their vectors: spherical k-means.

    matrix: (V, D), float32 or what can become it; a mapped file is read block by block.
    seed: of the random start. The same seed gives the same classes on the same machine.
    rounds: at most so many are taken; fewer once hardly a word changes its class.

    Returns ``(classes, centroids, report)``: classes (V,) int32; centroids (n, D) float32, the
    mean directions of the classes at length 1, zeros for a class without words; and a dict: what
    `describe_classes` tells, and ``rounds`` (taken), ``settled`` (whether fewer than one word in
    200 changed its class in the last of them), ``refilled`` (how often a class that had lost all
    its words got one) and ``cosines``, the mean cosine of a word to its class's centroid after each
    round.

    A zero vector has cosine 0 to every centroid; ties go to the lowest number: it comes into
    class 0 and has no part in its centroid. A row with NaN or infinity gets `NO_CLASS`. With fewer
    distinct directions than classes some classes stay empty.

    Source: Dhillon and Modha, "Concept decompositions for large sparse text data using
    clustering", Machine Learning 42 (2001), section 3; started as `fastw2v.classes.seeding` tells.

    Raises SettingsError for ``n`` under 1 or over V, and for ``rounds`` or ``seed`` out of range.
    """
    from fastw2v.classes.directions import Directions, describe
    from fastw2v.classes.spherical import cluster

    _check_number(n)
    if n > len(matrix):
        raise SettingsError(
            f"{n:,} classes of {len(matrix):,} words: there can be no more classes than words; "
            "ask for fewer"
        )
    if rounds < 1:
        raise SettingsError(f"rounds is {rounds}; it must be at least 1")
    if seed < 0:
        raise SettingsError(f"seed is {seed}; it must be at least 0")
    directions = Directions(matrix)
    classes, centroids, report = cluster(directions, n, seed, rounds, progress)
    classes[~directions.sound] = NO_CLASS
    return classes, centroids, describe(directions, classes, n) | report


def assign_classes_exactly(matrix, n: int):
    """The classes that the C program's ``-classes n`` gives to these vectors, bit for bit.

    matrix: (V, D) float32, as trained: lengths count here.

    Returns (V,) int32. As there: word_id modulo ``n`` is the first class, ten rounds are taken,
    classes may lose all their words, and ``n`` may be larger than V. Raises SettingsError for
    ``n`` under 1.
    """
    from fastw2v.classes.exact import cluster_as_c

    _check_number(n)
    return cluster_as_c(matrix, n)


def describe_classes(matrix, classes, n: int) -> dict:
    """What ``n`` classes look like, however they were found.

    matrix: (V, D); classes: (V,) of whole numbers under ``n``, or `NO_CLASS`.

    Returns ``words`` (V), ``classes`` (n), ``empty`` (of these), ``left_out`` (words without a
    class); ``smallest``, ``median`` and ``largest``, words in a class that has any; ``cosine``, the
    mean over all words with a direction of the cosine to their class's mean direction (0 if there
    are none).
    """
    from fastw2v.classes.directions import Directions, describe

    return describe(Directions(matrix), classes, n)


def write_classes(path, words, classes, sort: bool = False) -> None:
    """Write ``word class`` lines, as the C program does; ``-``: to stdout.

    words: V str. classes: (V,) of whole numbers; words of `NO_CLASS` are left out.
    sort: by class, the words of one class in the order given; else all in the order given.

    What stood at ``path`` stays until the new file is complete. Raises OutputError where the file
    cannot be written, and for a word that holds a newline, which the file cannot hold.
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
        raise SettingsError(f"{n} classes: ask for at least 1")
