"""One exchange between ranks: all get the same matrices, by the rule of `kernels.merging`."""

from typing import Any

import numpy as np

from fastw2v.engines.replica_plan import COPIED_ROWS
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
from fastw2v.ranks.protocol import Ranks
from fastw2v.settings import Settings


class MatrixExchange:
    """One matrix, (V, P) float32, that all ranks train.

    base: (V, P) float32, the matrix after the last exchange, the same on all ranks.
    visits: (V,) float32, of each row in a window.
    looked_at: the rows of which moments are summed: those with the most visits.
    """

    def __init__(self, name: str, matrix: Array, visits: Array, size: int, ranks: Ranks):
        self.matrix, self.visits = matrix, visits.astype(np.float32)
        self.base = aligned_zeros(*matrix.shape)
        self.base[:] = matrix
        rows = len(matrix)
        most = min(rows, COPIED_ROWS)
        self.looked_at = range(rows - most, rows) if name == "nodes" else range(most)
        self.factors = aligned_zeros(LEVELS, 2 * SLOTS)
        own = slice(ranks.rank, None, ranks.size)
        self._all_levels = levels_of(self.visits)
        self._levels = np.ascontiguousarray(self._all_levels[own])
        self._sums = aligned_zeros(max(1, len(self._levels)), matrix.shape[1])
        self._moved = np.zeros(len(self._levels), np.bool_)
        self._rows = np.empty(rows, np.int32)
        self._changes = np.empty((rows, size), np.float32)
        self._ranks = ranks

    def set_factors(self, curvature: Curvature, words: float, rate: float) -> None:
        """Compute the factors for changes of so many words of all ranks at a mean rate."""
        ranks = self._ranks.size
        set_factors(self.factors, self._all_levels, ranks, curvature.values, words, rate)

    def exchange(self, curvature: Curvature, slots: Array, portable: int | None) -> None:
        """Send the changes, merge those of the own rows, and take over those of all."""
        self._collect()
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

    def _collect(self) -> None:
        """Send the changes of the rows moved here to their owners; add up those of the own."""
        ranks = self._ranks
        counts = np.zeros(ranks.size, np.int64)
        found = kernels.find_moved(self.matrix, self.base, ranks.size, counts, self._rows)
        rows, changes = self._rows[:found], self._changes[:found]
        kernels.take_changes(self.matrix, self.base, rows, changes)
        cuts = np.cumsum(counts)[:-1]
        of_rows = ranks.alltoallv(np.split(rows, cuts))
        of_changes = ranks.alltoallv(np.split(changes, cuts))
        self._sums[:] = 0
        self._moved[:] = False
        for sent_rows, sent in zip(of_rows, of_changes, strict=True):
            kernels.add_changes(sent_rows, sent, ranks.size, self._sums, self._moved)

    def _hand_back(self) -> None:
        ranks = self._ranks
        places = np.flatnonzero(self._moved)
        rows = (places * ranks.size + ranks.rank).astype(np.int32)
        changes = self._sums[places, : self._changes.shape[1]]
        of_rows = ranks.allgather(rows)
        of_changes = ranks.allgather(changes)
        for sent_rows, sent in zip(of_rows, of_changes, strict=True):
            kernels.apply_changes(self.matrix, self.base, sent_rows, sent)


class ModelExchange:
    """All matrices of a model, and the curvatures by which their changes are merged.

    curvatures: of input rows, and of output rows and nodes; the same on all ranks.
    """

    def __init__(self, counts: Array, model: Model, settings: Settings, ranks: Ranks):
        visited = row_visits(counts, settings)
        self._ranks, self._size = ranks, settings.size
        self._portable = arithmetic(settings.deterministic)
        self._slots = aligned_zeros(2 * SLOTS)
        self.matrices = {
            name: MatrixExchange(name, getattr(model, name), visited[name], settings.size, ranks)
            for name in visited
        }
        looked_at = {
            name: float(each.visits[each.looked_at.start : each.looked_at.stop].sum())
            for name, each in self.matrices.items()
        }
        # All parts but one stay 0: one thread sums the moments of a rank.
        self.curvatures = new_curvatures(visited, looked_at, counts, settings)

    def exchange(self, words: float, rate: float) -> None:
        """Make the matrices of all ranks the same. words: kept by all of them since the last
        exchange. rate: the mean learning rate of these."""
        known = self.curvatures[0].values[0] > 0
        for _ in range(1 if known else FIRST_LOOKS):
            self._look()
        of_inputs, of_others = self.curvatures
        for name, each in self.matrices.items():
            curvature = of_inputs if name == "inputs" else of_others
            each.set_factors(curvature, words, rate)
            each.exchange(curvature, self._slots, self._portable)

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
        self.exchange(0.0, 0.0)
        for name, array in self.state().items():
            array[:] = before[name]

    def state(self) -> dict[str, Array]:
        """What outlasts an exchange besides the matrices: the curvatures, by name."""
        found: dict[str, Any] = {}
        for side, curvature in zip(("input", "output"), self.curvatures, strict=True):
            found[f"rank_{side}_directions"] = curvature.directions
            found[f"rank_{side}_curvatures"] = curvature.values
        return found
