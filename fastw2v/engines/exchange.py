"""One exchange between ranks: all get the same matrices, by the rule of `kernels.merging`."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from fastw2v.engines.replica_plan import COPIED_ROWS, OFTEN_ROWS
from fastw2v.engines.replicas import new_curvatures, row_visits
from fastw2v.jit.simd.width import SLOTS, arithmetic
from fastw2v.kernels import exchange as kernels
from fastw2v.kernels.curvature import update_curvature
from fastw2v.kernels.merging import LEVELS, levels_of, set_factors
from fastw2v.kernels.replicas import Curvature
from fastw2v.kernels.rounds import FIRST_LOOKS
from fastw2v.matrix.aligned import aligned_zeros
from fastw2v.matrix.arrays import Array
from fastw2v.model.matrices import Model
from fastw2v.ranks.job import ChangeFormat
from fastw2v.ranks.protocol import Ranks
from fastw2v.settings import Settings

CHUNK = 4_096  # rows whose changes are converted at once


class ChangeBuffers:
    """Memory for the changes that a rank sends, shared by all matrices, and their format.

    rows: (V,) int32. changes: (V, D) float32, or (V, D) uint16 for bfloat16.
    """

    def __init__(self, rows: int, size: int, form: ChangeFormat):
        self.rows = np.empty(rows, np.int32)
        self.is_short = form == "bfloat16"
        self.changes = np.empty((rows, size), np.uint16 if self.is_short else np.float32)
        self._numbers = np.empty((min(rows, CHUNK), size), np.float32)

    def take(self, matrix: Array, base: Array, found: int) -> Array:
        """The changes of the first so many rows, in the format in which they are sent."""
        changes = self.changes[:found]
        for part in _chunks(found):
            if not self.is_short:
                kernels.take_changes(matrix, base, self.rows[:found][part], changes[part])
                continue
            numbers = self._numbers[: len(changes[part])]
            kernels.take_changes(matrix, base, self.rows[:found][part], numbers)
            kernels.to_bfloat16(numbers.view(np.uint32), changes[part])
        return changes

    def sent(self, numbers: Array) -> Array:
        """(n, D) float32 in the format in which they are sent."""
        if not self.is_short:
            return numbers
        halves = np.empty(numbers.shape, np.uint16)
        kernels.to_bfloat16(np.ascontiguousarray(numbers).view(np.uint32), halves)
        return halves

    def received(self, rows: Array, changes: Array) -> Iterator[tuple[Array, Array]]:
        """What was sent, a few rows at a time: (n,) int32, and (n, D) float32 for them, which are
        valid until the next."""
        for part in _chunks(len(rows)):
            if not self.is_short:
                yield rows[part], changes[part]
                continue
            numbers = self._numbers[: len(rows[part])]
            kernels.from_bfloat16(changes[part], numbers.view(np.uint32))
            yield rows[part], numbers


def _chunks(rows: int) -> Iterator[slice]:
    """Slices of so many rows; one at least, so that kernels are compiled before they are needed."""
    for start in range(0, max(1, rows), CHUNK):
        yield slice(start, start + CHUNK)


class MatrixExchange:
    """One matrix, (V, P) float32, that all ranks train.

    base: (V, P) float32, the matrix after the last exchange, the same on all ranks.
    visits: (V,) float32, of each row in a window.
    often: the rows that are exchanged most often: those with the most visits.
    looked_at: likewise, those of which moments are summed.
    """

    def __init__(
        self, name: str, matrix: Array, visits: Array, buffers: ChangeBuffers, ranks: Ranks
    ):
        self.matrix, self.visits = matrix, visits.astype(np.float32)
        self.base = aligned_zeros(*matrix.shape)
        self.base[:] = matrix
        rows = len(matrix)
        self.looked_at = _most_visited(name, rows, COPIED_ROWS)
        self.often = _most_visited(name, rows, OFTEN_ROWS)
        self.factors = aligned_zeros(LEVELS, 2 * SLOTS)
        own = slice(ranks.rank, None, ranks.size)
        self._all_levels = levels_of(self.visits)
        self._levels = np.ascontiguousarray(self._all_levels[own])
        self._sums = aligned_zeros(max(1, len(self._levels)), matrix.shape[1])
        self._moved = np.zeros(len(self._levels), np.bool_)
        self._buffers = buffers
        self._ranks = ranks

    def set_factors(self, curvature: Curvature, words: float, rate: float) -> None:
        """Compute the factors for changes of so many words of all ranks at a mean rate."""
        ranks = self._ranks.size
        set_factors(self.factors, self._all_levels, ranks, curvature.values, words, rate)

    def exchange(
        self, often: bool, curvature: Curvature, slots: Array, portable: int | None
    ) -> None:
        """Send the changes, merge those of the own rows, and take over those of all.

        often: of the rows that are exchanged often, or else of the others.
        """
        self._collect(often)
        kernels.scale_changes(
            self._sums,
            self._moved,
            self._levels,
            self.factors,
            curvature.direction_ptrs,
            slots,
            portable,
        )
        self._hand_back()

    def _collect(self, often: bool) -> None:
        """Send the changes of the rows moved here to their owners; add up those of the own."""
        ranks, buffers = self._ranks, self._buffers
        counts = np.zeros(ranks.size, np.int64)
        which = self.often.start, self.often.stop, often
        found = kernels.find_moved(self.matrix, self.base, ranks.size, which, counts, buffers.rows)
        changes = buffers.take(self.matrix, self.base, found)
        cuts = np.cumsum(counts)[:-1]
        of_rows = ranks.alltoallv(np.split(buffers.rows[:found], cuts))
        of_changes = ranks.alltoallv(np.split(changes, cuts))
        self._sums[:] = 0
        self._moved[:] = False
        for each in zip(of_rows, of_changes, strict=True):
            for rows, numbers in buffers.received(*each):
                kernels.add_changes(rows, numbers, ranks.size, self._sums, self._moved)

    def _hand_back(self) -> None:
        ranks, buffers = self._ranks, self._buffers
        places = np.flatnonzero(self._moved)
        rows = (places * ranks.size + ranks.rank).astype(np.int32)
        of_rows = ranks.allgather(rows)
        size = buffers.changes.shape[1]
        of_changes = ranks.allgather(buffers.sent(self._sums[places, :size]))
        for each in zip(of_rows, of_changes, strict=True):
            for moved, numbers in buffers.received(*each):
                kernels.apply_changes(self.matrix, self.base, moved, numbers)


def _most_visited(name: str, rows: int, most: int) -> range:
    """Words are numbered from the most frequent one, nodes of the tree towards the root."""
    return range(max(0, rows - most), rows) if name == "nodes" else range(min(rows, most))


class Trained(NamedTuple):
    """Words that all ranks have kept since an exchange, and their mean learning rate."""

    words: float
    rate: float

    def and_then(self, other: "Trained") -> "Trained":
        """Both together."""
        words = self.words + other.words
        rates = self.words * self.rate + other.words * other.rate
        return Trained(words, rates / words if words else 0.0)


class ModelExchange:
    """All matrices of a model, and the curvatures by which their changes are merged.

    curvatures: of input rows, and of output rows and nodes; the same on all ranks.
    """

    def __init__(
        self,
        counts: Array,
        model: Model,
        settings: Settings,
        ranks: Ranks,
        form: ChangeFormat = "float32",
    ):
        visited = row_visits(counts, settings)
        self._ranks, self._size = ranks, settings.size
        self._portable = arithmetic(settings.deterministic)
        self._slots = aligned_zeros(2 * SLOTS)
        most_rows = max(len(getattr(model, name)) for name in visited)
        buffers = ChangeBuffers(most_rows, settings.size, form)
        self.matrices = {
            name: MatrixExchange(name, getattr(model, name), visited[name], buffers, ranks)
            for name in visited
        }
        looked_at = {
            name: float(each.visits[each.looked_at.start : each.looked_at.stop].sum())
            for name, each in self.matrices.items()
        }
        # All parts but one stay 0: one thread sums the moments of a rank.
        self.curvatures = new_curvatures(visited, looked_at, counts, settings)

    def exchange(self, last: Trained, last_of_all: Trained | None = None) -> None:
        """Make the rows of all ranks the same that have the most visits, or all rows.

        last: since the last exchange. last_of_all: since the last one of all rows, if this is to be
        one.
        """
        known = self.curvatures[0].values[0] > 0
        for _ in range(1 if known else FIRST_LOOKS):
            self._look()
        of_inputs, of_others = self.curvatures
        for name, each in self.matrices.items():
            curvature = of_inputs if name == "inputs" else of_others
            for often, since in ((True, last), (False, last_of_all)):
                if since is not None:
                    each.set_factors(curvature, since.words, since.rate)
                    each.exchange(often, curvature, self._slots, self._portable)

    def _look(self) -> None:
        """One step towards the curvatures, from rows as the ranks have them: each looks at its
        share of the rows, and the sums of all are added in the order of the ranks."""
        of_inputs, of_others = self.curvatures
        rank, ranks = self._ranks.rank, self._ranks.size
        for name, each in self.matrices.items():
            other = of_others if name == "inputs" else of_inputs
            begin, end = each.looked_at.start, each.looked_at.stop
            begin += (rank - begin) % ranks
            visits, slots = each.visits, self._slots
            kernels.look_at_rows(
                each.matrix, begin, end, ranks, visits, other, slots, self._portable
            )
        for curvature in self.curvatures:
            sums = curvature.sums[0]
            sums[:] = self._ranks.allreduce(sums)
            update_curvature(
                curvature.directions,
                curvature.values,
                curvature.sums,
                curvature.work,
                curvature.shares,
                self._size,
            )

    def prepare(self) -> None:
        """Compile what `exchange` runs; changes nothing where no row was moved."""
        before = {name: array.copy() for name, array in self.state().items()}
        self.exchange(Trained(0.0, 0.0), Trained(0.0, 0.0))
        for name, array in self.state().items():
            array[:] = before[name]

    def state(self) -> dict[str, Array]:
        """What outlasts an exchange besides the matrices: the curvatures, by name."""
        found: dict[str, Any] = {}
        for side, curvature in zip(("input", "output"), self.curvatures, strict=True):
            found[f"rank_{side}_directions"] = curvature.directions
            found[f"rank_{side}_curvatures"] = curvature.values
        return found
