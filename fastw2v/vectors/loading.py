"""Loading vectors for a program: what was repaired or skipped is reported on standard error."""

import os
from typing import TYPE_CHECKING

from fastw2v.standard_streams import tell

if TYPE_CHECKING:
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
