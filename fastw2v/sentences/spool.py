"""Rows that are read again: in memory if they are few, else in a temporary file."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

import numpy as np

from fastw2v.errors import ResourceError
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks

_IN_MEMORY = 1 << 26  # bytes


class RowSpool:
    """Context manager: (N, D) float32 rows, appended in blocks and then read again in blocks.

    Raises ResourceError if the temporary folder is full.
    """

    def __init__(self, dimensions: int) -> None:
        self.rows, self._dimensions = 0, dimensions

    def __enter__(self) -> "RowSpool":
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, prefix="fastw2v-rows-")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with _errors():
            self._file.close()

    def append(self, block: Array) -> None:
        """Add (n, D) float32 rows."""
        with _errors():
            self._file.write(np.ascontiguousarray(block, np.float32).tobytes())
        self.rows += len(block)

    def blocks(self) -> Iterator[Array]:
        """All rows, (n, D) float32 in each block."""
        with _errors():
            self._file.seek(0)
        for start, stop in blocks(self.rows, self._dimensions):
            with _errors():
                data = self._file.read(4 * (stop - start) * self._dimensions)
            yield np.frombuffer(data, np.float32).reshape(stop - start, self._dimensions)


@contextmanager
def _errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ResourceError(
            f"{tempfile.gettempdir()}: cannot write the vectors of the sentences: "
            f"{error.strerror or error}; free disk space, or choose another folder with TMPDIR"
        ) from error
