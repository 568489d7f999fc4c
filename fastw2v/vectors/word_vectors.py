"""Word vectors with their queries: nearest neighbours and analogies."""

from collections.abc import Sequence
from typing import Any

from numpy.typing import ArrayLike

from fastw2v import formats
from fastw2v.formats.lookup import Lookup
from fastw2v.io.files import StrPath
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.vectors.core import Item
from fastw2v.vectors.gensim_api import GensimMixin
from fastw2v.vectors.queries import QueryMethods


def load(
    path: StrPath, *, limit: int | None = None, strict: bool = False, mapped: bool | None = None
) -> "WordVectors":
    """The word vectors in a file of any known format; see `fastw2v.formats.read`."""
    return WordVectors.load(path, limit=limit, strict=strict, mapped=mapped)


class WordVectors(QueryMethods, GensimMixin):
    """V words and their vectors of D dimensions.

    words: list of V distinct str.
    matrix: (V, D) float32, C-contiguous; row i is the vector of ``words[i]``. `MappedRows`, which
        returns copies of rows, if the vectors stay in their file.
    report: how the vectors were trained (dict); None if they were read from a file.
    notes: lines on faults of the file they were read from.

    The query methods of gensim are available too: see `GensimMixin`.
    """

    def __init__(
        self,
        words: Sequence[Item],
        matrix: Matrix | ArrayLike,
        report: dict[str, Any] | None = None,
        *,
        lookup: Lookup | None = None,
    ) -> None:
        """lookup: of the words, which then must be a list of distinct words; it is not copied."""
        super().__init__(words, matrix, lookup=lookup)
        self.report = report
        self.notes: list[str] = []

    @classmethod
    def load(
        cls,
        path: StrPath,
        limit: int | None = None,
        strict: bool = False,
        mapped: bool | None = None,
    ) -> "WordVectors":
        """Read a file of any known format; see `fastw2v.formats.read`.

        mapped: keep vectors in their file and read them on demand, which word2vec binary and
            ``.npy`` allow; None: if they would take more than half of the free memory. The program
            ends if such a file is then truncated in its place.
        """
        notes: list[str] = []
        contents = formats.read(path, limit=limit, strict=strict, notes=notes, mapped=mapped)
        vectors = cls(contents.words, contents.matrix, lookup=contents.lookup)
        vectors._norms = contents.norms
        vectors.notes = notes
        return vectors

    def save(self, path: StrPath, *, format: str | None = None) -> None:
        """Write to ``path``, whose extension selects the format; see `fastw2v.formats.save`."""
        formats.save(path, self.words, self.matrix, format=format)

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self)} words, {self.matrix.shape[1]} dimensions>"
