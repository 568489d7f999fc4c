"""An exchange of one matrix: which changes a rank sends, to whom, what it makes of those of all.

The steps are in the order in which `fastw2v.engines.exchange` takes them.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

import numpy as np

from fastw2v.engines.replica_plan import COPIED_ROWS
from fastw2v.jit.simd.width import SLOTS
from fastw2v.kernels import exchange as kernels
from fastw2v.kernels.exchange import Work
from fastw2v.kernels.merging import LEVELS, levels_of, set_factors
from fastw2v.kernels.records import Records, record_length
from fastw2v.kernels.replicas import Curvature
from fastw2v.matrix.aligned import aligned_zeros
from fastw2v.matrix.arrays import Array
from fastw2v.ranks.protocol import Ranks

_Result = TypeVar("_Result")


class Trained(NamedTuple):
    """Since an exchange.

    words: that all ranks have kept. rate: their mean learning rate. ranks: that have trained.
    """

    words: float
    rate: float
    ranks: int


class Workers:
    """The threads of a rank that take part in an exchange: each does its share of the rows.

    work: of each thread.
    """

    def __init__(self, threads: int, columns: int):
        self.work = [Work.new(columns) for _ in range(threads)]
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def share(self, rows: int, do: Callable[[int, int, Work], _Result]) -> list[_Result]:
        """Call ``do(begin, end, work)`` for all rows, in as many parts as there are threads. It is
        called for none, too, so that it is compiled before it is needed."""
        parts = len(self.work)
        if self._pool is None:
            return [do(0, rows, self.work[0])]
        bounds = [part * rows // parts for part in range(parts + 1)]
        begun = [
            self._pool.submit(do, bounds[part], bounds[part + 1], self.work[part])
            for part in range(parts)
        ]
        return [each.result() for each in begun]


class MatrixExchange:
    """One matrix, (V, P) float32, that all ranks train.

    base: (V, P) float32, the matrix after the last exchange, the same on all ranks.
    visits: (V,) float32, of each row in a window.
    looked_at: the rows of which moments are summed: those with the most visits.
    """

    def __init__(
        self,
        name: str,
        matrix: Array,
        visits: Array,
        ranks: Ranks,
        workers: Workers,
        record: tuple[int, int],
    ):
        """record: numbers of a row that are sent, and their form."""
        self.matrix, self.visits = matrix, visits.astype(np.float32)
        self.base = aligned_zeros(*matrix.shape)
        self.base[:] = matrix
        rows = len(matrix)
        self.looked_at = _most_visited(name, rows, COPIED_ROWS)
        self.factors = aligned_zeros(LEVELS, 2 * SLOTS)
        self._levels = levels_of(self.visits)
        self._ranks, self._workers, self._record = ranks, workers, record
        self._replica = kernels.Replica(matrix, self.base, *record)
        length = record_length(*record)
        self._records = Records.of(np.zeros((rows, length), np.int32))
        self._own_merged = Records.of(np.zeros((self._owned(ranks.rank), length), np.int32))
        # By owner: the records that were sent and not taken back yet
        self._sent: list[Array] = []

    def _owned(self, owner: int) -> int:
        """How many rows belong to a rank."""
        return len(range(owner, len(self.matrix), self._ranks.size))

    def set_factors(self, curvature: Curvature, trained: Trained) -> None:
        """Compute the factors by which sums of changes are scaled."""
        words, rate, ranks = trained
        set_factors(self.factors, self._levels, ranks, curvature.values, words, rate)

    def send_changes(self) -> Callable[[], list[Array]]:
        """Begin to send the changes of the rows moved here to their owners. Returns what waits for
        those of the own rows: records of each rank."""

        def take(rows: kernels.Rows, written: Records, work: Work) -> int:
            return int(kernels.take_changes(self._replica, rows, written, work))

        self._sent, place = [], 0
        for owner in range(self._ranks.size):
            end = place + self._owned(owner)
            self._sent.append(self._written(owner, self._records.part(place, end), take))
            place = end
        return self._handed_out(self._sent)

    def merge(
        self, changes: Sequence[Array], curvature: Curvature, portable: int | None
    ) -> Callable[[], list[Array]]:
        """Merge changes of the own rows, by rank, and begin to hand the sums to all. Returns what
        waits for those of all owners: records of each."""
        rank, ranks = self._ranks.rank, self._ranks.size
        numbers = [each[:, 0] for each in changes]
        received = Records.of(np.concatenate(changes))
        starts = np.cumsum([0, *map(len, changes)])[:-1]
        rule = kernels.Rule(
            self._levels, self.factors, curvature.direction_ptrs, portable, *self._record
        )

        def merge(rows: kernels.Rows, written: Records, work: Work) -> int:
            bounds = [rows.first + rows.step * each for each in (rows.begin, rows.end)]
            found = [np.searchsorted(each, bounds) for each in numbers]
            sides = (starts + np.array([each[side] for each in found]) for side in (0, 1))
            places = kernels.Places(*sides)
            return int(kernels.merge_changes(rows, received, places, rule, written, work))

        return self._handed_out([self._written(rank, self._own_merged, merge)] * ranks)

    def apply(self, merged: Sequence[Array], late: bool) -> None:
        """Move the base by the merged changes, by owner. The matrix becomes the same, or, if this
        is late, keeps what was trained since its changes were sent."""
        for of_all, of_this in zip(merged, self._sent, strict=True):
            records, sent = Records.of(of_all), Records.of(of_this)
            apply = (
                partial(self._apply_late, records, sent)
                if late
                else partial(self._apply_at_once, records)
            )
            self._workers.share(len(of_all), apply)
        self._sent = []

    def _apply_at_once(self, merged: Records, begin: int, end: int, work: Work) -> None:
        kernels.apply_changes(self._replica, merged.part(begin, end), work)

    def _apply_late(self, merged: Records, sent: Records, begin: int, end: int, work: Work) -> None:
        """merged, sent: of the same owner's rows, in their order."""
        part = merged.part(begin, end)
        own = sent.part(*np.searchsorted(sent.rows[:, 0], _first_and_end(part)))
        kernels.apply_changes_late(self._replica, part, own, work)

    def _handed_out(self, parts: Sequence[Array]) -> Callable[[], list[Array]]:
        """Begin to send each rank its part. Returns what waits for those that all have for this
        one, by rank; its own is not copied."""
        rank = self._ranks.rank
        to_others = [part[: len(part) * (each != rank)] for each, part in enumerate(parts)]
        under_way = self._ranks.start_alltoallv(to_others)

        def wait() -> list[Array]:
            found = under_way.wait()
            found[rank] = parts[rank]
            return found

        return wait

    def _written(self, owner: int, records: Records, write: Callable[..., int]) -> Array:
        """The records that ``write(rows, records, work)`` writes of an owner's rows."""

        def part(begin: int, end: int, work: Work) -> Array:
            of_part = kernels.Rows(owner, self._ranks.size, begin, end)
            written = records.part(begin, end)
            return written.rows[: write(of_part, written, work)]

        parts = self._workers.share(self._owned(owner), part)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _first_and_end(records: Records) -> tuple[int, int]:
    """The first row of which there is a record, and the one after the last."""
    numbers = records.rows[:, 0]
    return (int(numbers[0]), int(numbers[-1]) + 1) if len(numbers) else (0, 0)


def _most_visited(name: str, rows: int, most: int) -> range:
    """Words are numbered from the most frequent one, nodes of the tree towards the root."""
    return range(max(0, rows - most), rows) if name == "nodes" else range(min(rows, most))
