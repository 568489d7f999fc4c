"""Loading vectors: for a program, which reports what was repaired or skipped, and as arguments."""

import os
from typing import TYPE_CHECKING

from fastw2v.errors import SettingsError
from fastw2v.standard_streams import tell

if TYPE_CHECKING:
    from fastw2v.vectors.sparse_vectors import SparseVectors
    from fastw2v.vectors.word_vectors import WordVectors


def load_vectors(
    path: str | os.PathLike[str],
    limit: int | None = None,
    strict: bool = False,
    mapped: bool | None = None,
) -> "WordVectors":
    """Load `WordVectors` from a file and print their notes, one per line, on standard error.

    The arguments and errors are those of `WordVectors.load`.
    """
    from fastw2v.vectors.word_vectors import WordVectors

    vectors = WordVectors.load(path, limit=limit, strict=strict, mapped=mapped)
    for note in vectors.notes:
        tell(note)
    return vectors


def load_for_evaluation(
    path: str | os.PathLike[str], limit: int | None = None, strict: bool = False
) -> "WordVectors | SparseVectors":
    """As `load_vectors`; also of a ``.npz`` with a sparse matrix, as `fastw2v counts` writes it."""
    from fastw2v.formats.sparse_matrix import holds_sparse

    if holds_sparse(path):
        from fastw2v.vectors.sparse_vectors import SparseVectors

        return SparseVectors.load(path, limit)
    return load_vectors(path, limit, strict)


def as_vectors(given: "WordVectors | str | os.PathLike[str]") -> "WordVectors":
    """``given``, or the word vectors in the file of that path. Raises SettingsError for others."""
    from fastw2v.vectors.word_vectors import WordVectors

    if isinstance(given, (str, os.PathLike)):
        return WordVectors.load(given)
    if not isinstance(given, WordVectors):
        raise SettingsError(
            f"expected WordVectors, or the path of a file of them, not {given!r:.60}"
        )
    return given
