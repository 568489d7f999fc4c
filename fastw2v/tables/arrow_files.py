"""Parquet and Arrow files: parts that threads read independently, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from fastw2v.errors import CorpusError
from fastw2v.tables.arrow_text import batch_text, find_column, require_pyarrow
from fastw2v.tables.kinds import ARROW, PARQUET

_BATCH_BYTES = 1 << 21  # of a column, uncompressed
_MOST_ROWS = 1 << 16
_BUFFER = 1 << 20


@dataclass
class ArrowPart:
    """Consecutive row groups of a Parquet file, or batches of an Arrow file.

    size: their part of the bytes of the file. done: how many of these were read.
    """

    path: str
    kind: str
    column: str
    groups: range | None  # None: all, one after another
    rows_before: int
    size: int
    done: int = 0

    def text(self) -> Iterator[memoryview]:
        """The text of the column: each row and a newline. Raises CorpusError and RowError."""
        with _corrupt(self.path, self.kind):
            yield from _parquet(self) if self.kind == PARQUET else _arrow(self)
        self.done = self.size


def parts_of(path: str, kind: str, column: str, size: int, least: int) -> list[ArrowPart]:
    """The parts of a file of ``size`` bytes, with at least ``least`` bytes each but the last.

    Raises CorpusError if pyarrow is missing, the file is corrupt, or there is no such column.
    """
    require_pyarrow(path, kind)
    with _corrupt(path, kind):
        if kind == PARQUET:
            rows = _parquet_rows(path, column)
        elif kind == ARROW:
            rows = _arrow_rows(path, column)
        else:
            return [ArrowPart(path, kind, column, None, 0, size)]
    parts = []
    share = size / max(1, sum(rows))
    start = before = 0
    for stop in range(1, len(rows) + 1):
        count = sum(rows[start:stop])
        if count * share >= least or stop == len(rows):
            groups = range(start, stop)
            parts.append(ArrowPart(path, kind, column, groups, before, int(count * share)))
            start, before = stop, before + count
    return parts or [ArrowPart(path, kind, column, range(0), 0, size)]


def _parquet_rows(path: str, column: str) -> list[int]:
    """The rows of each row group."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        find_column(file.schema_arrow, column, path)
        groups = range(file.metadata.num_row_groups)
        return [file.metadata.row_group(group).num_rows for group in groups]


def _parquet(part: ArrowPart) -> Iterator[memoryview]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(part.path, buffer_size=_BUFFER, pre_buffer=False) as file:
        path = find_column(file.schema_arrow, part.column, part.path)
        groups = [file.metadata.row_group(group) for group in part.groups]
        total = max(1, sum(group.num_rows for group in groups))
        wanted = ".".join(path)
        held = sum(
            column.total_uncompressed_size
            for group in groups
            for column in map(group.column, range(group.num_columns))
            if f"{column.path_in_schema}.".startswith(f"{wanted}.")
        )
        batches = file.iter_batches(
            batch_size=min(_MOST_ROWS, max(1, total * _BATCH_BYTES // max(1, held))),
            row_groups=list(part.groups),
            columns=[wanted],
            use_threads=False,
        )
        read = 0
        for batch in batches:
            yield from batch_text(batch, path, part.rows_before + read)
            read += len(batch)
            part.done = part.size * read // total


def _arrow_rows(path: str, column: str) -> list[int]:
    """The rows of each batch; each counts as one if there are many, to read little."""
    import pyarrow as pa

    with pa.memory_map(path) as mapped, pa.ipc.open_file(mapped) as file:
        find_column(file.schema, column, path)
        return [file.get_batch(each).num_rows for each in range(file.num_record_batches)]


def _arrow(part: ArrowPart) -> Iterator[memoryview]:
    import pyarrow as pa

    with pa.memory_map(part.path) as mapped:
        opener = pa.ipc.open_stream if part.groups is None else pa.ipc.open_file
        with opener(mapped) as file:
            path = find_column(file.schema, part.column, part.path)
            batches: Any = file
            if part.groups is not None:
                batches = map(file.get_batch, part.groups)
            before = part.rows_before
            for number, batch in enumerate(batches, start=1):
                yield from batch_text(batch, path, before)
                before += len(batch)
                if part.groups is None:
                    part.done = min(part.size, mapped.tell())
                else:
                    part.done = part.size * number // len(part.groups)


@contextmanager
def _corrupt(path: str, kind: str) -> Iterator[None]:
    """Raise CorpusError for what pyarrow raises on a damaged file."""
    import pyarrow as pa

    try:
        yield
    except MemoryError:
        raise
    except (pa.ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise CorpusError(
            f"{path}: cannot be read as {kind}: {reason}; download or regenerate it"
        ) from error
