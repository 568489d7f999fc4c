"""One exchange between ranks: all get the same matrices, by the rule of `kernels.merging`."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, TypeVar

import numpy as np

from fastw2v.engines.replica_plan import COPIED_ROWS
from fastw2v.engines.replicas import new_curvatures, row_visits
from fastw2v.jit.simd.width import SLOTS, arithmetic
from fastw2v.kernels import exchange as kernels
from fastw2v.kernels.curvature import update_curvature
from fastw2v.kernels.exchange import Work
from fastw2v.kernels.merging import LEVELS, levels_of, set_factors
from fastw2v.kernels.records import FORMS, Records, record_length
from fastw2v.kernels.replicas import Curvature
from fastw2v.kernels.rounds import FIRST_LOOKS
from fastw2v.matrix.aligned import aligned_zeros
from fastw2v.matrix.arrays import Array
from fastw2v.model.matrices import Model
from fastw2v.ranks.job import ChangeFormat
from fastw2v.ranks.protocol import Ranks
from fastw2v.settings import Settings

_Result = TypeVar("_Result")


class Trained(NamedTuple):
    """Words that all ranks have kept since an exchange, and their mean learning rate."""

    words: float
    rate: float


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
        self._ranks, self._workers = ranks, workers
        self._replica = kernels.Replica(matrix, self.base, *record)
        # Of what is sent to owners, and then of what is handed to all
        self._records = Records.of(np.zeros((rows, record_length(*record)), np.int32))

    def set_factors(self, curvature: Curvature, trained: Trained) -> None:
        """Compute the factors for changes of so many words of all ranks at a mean rate."""
        ranks = self._ranks.size
        set_factors(
            self.factors, self._levels, ranks, curvature.values, trained.words, trained.rate
        )

    def send_changes(self) -> Callable[[], list[Array]]:
        """Begin to send the changes of the rows moved here to their owners. Returns what waits for
        those of the own rows: records of each other rank."""
        rank, ranks = self._ranks.rank, self._ranks.size
        parts, place = [], 0
        for owner in range(ranks):
            rows = len(range(owner, len(self.matrix), ranks)) if owner != rank else 0
            parts.append(self._written(rows, owner, place, kernels.take_changes))
            place += rows
        return self._ranks.start_alltoallv(parts).wait

    def merge(
        self, changes: Sequence[Array], curvature: Curvature, portable: int | None
    ) -> Callable[[], list[Array]]:
        """Merge changes of the own rows, by rank, and begin to hand the sums to all. Returns what
        waits for those of other owners: records of each."""
        rank, ranks = self._ranks.rank, self._ranks.size
        numbers = [each[:, 0] for each in changes]
        received = Records.of(np.concatenate(changes))
        starts = np.cumsum([0, *map(len, changes)])[:-1]
        rule = kernels.Rule(self._levels, self.factors, curvature.direction_ptrs, portable)

        def merge(replica: Any, rows: Any, records: Records, work: Work) -> int:
            bounds = [rows.first + rows.step * each for each in (rows.begin, rows.end)]
            found = [np.searchsorted(each, bounds) for each in numbers]
            nexts, ends = (starts + np.array([each[side] for each in found]) for side in (0, 1))
            merged = kernels.merge_changes(
                replica, rows, received, nexts, ends, rule, records, work
            )
            return int(merged)

        written = self._written(len(range(rank, len(self.matrix), ranks)), rank, 0, merge)
        parts = [written if each != rank else written[:0] for each in range(ranks)]
        return self._ranks.start_alltoallv(parts).wait

    def take_over(self, merged: Sequence[Array]) -> None:
        """Move the base by the merged changes of other owners' rows; the matrix becomes the
        same."""
        for each in merged:
            records = Records.of(each)

            def apply(begin: int, end: int, work: Work, records: Records = records) -> None:
                kernels.apply_changes(self._replica, records.part(begin, end), work)

            self._workers.share(len(each), apply)

    def _written(self, rows: int, owner: int, place: int, write: Callable[..., Any]) -> Array:
        """The records that a kernel writes of so many rows of an owner. place: of the first."""

        def part(begin: int, end: int, work: Work) -> Array:
            records = self._records.part(place + begin, place + end)
            of_part = kernels.Rows(owner, self._ranks.size, begin, end)
            return records.rows[: write(self._replica, of_part, records, work)]

        parts = self._workers.share(rows, part)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _most_visited(name: str, rows: int, most: int) -> range:
    """Words are numbered from the most frequent one, nodes of the tree towards the root."""
    return range(max(0, rows - most), rows) if name == "nodes" else range(min(rows, most))


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
        self._workers = Workers(settings.threads, model.inputs.shape[1])
        record = settings.size, FORMS[form]
        self.matrices = {
            name: MatrixExchange(
                name, getattr(model, name), visited[name], ranks, self._workers, record
            )
            for name in visited
        }
        looked_at = {
            name: float(each.visits[each.looked_at.start : each.looked_at.stop].sum())
            for name, each in self.matrices.items()
        }
        # All parts but one stay 0: one thread sums the moments of a rank.
        self.curvatures = new_curvatures(visited, looked_at, counts, settings)

    def exchange(self, trained: Trained) -> None:
        """Make the matrices of all ranks the same. trained: since the last exchange."""
        known = self.curvatures[0].values[0] > 0
        for _ in range(1 if known else FIRST_LOOKS):
            self._look()
        of_inputs, of_others = self.curvatures
        curvatures = {name: of_inputs if name == "inputs" else of_others for name in self.matrices}
        # While the changes of one matrix are under way, those of the next are taken.
        sent = {name: each.send_changes() for name, each in self.matrices.items()}
        merged = {}
        for name, each in self.matrices.items():
            each.set_factors(curvatures[name], trained)
            merged[name] = each.merge(sent[name](), curvatures[name], self._portable)
        for name, each in self.matrices.items():
            each.take_over(merged[name]())

    def _look(self) -> None:
        """One step towards the curvatures, from rows as the ranks have them: each looks at its
        share of the rows, and the sums of all are added in the order of the ranks."""
        of_inputs, of_others = self.curvatures
        rank, ranks = self._ranks.rank, self._ranks.size
        for name, each in self.matrices.items():
            other = of_others if name == "inputs" else of_inputs
            looked_at = each.looked_at[(rank - each.looked_at.start) % ranks :: ranks]
            rows = kernels.Rows(looked_at.start, ranks, 0, len(looked_at))
            work = self._workers.work[0]
            kernels.look_at_rows(each.matrix, rows, each.visits, other, work, self._portable)
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
        self.exchange(Trained(0.0, 0.0))
        for name, array in self.state().items():
            array[:] = before[name]

    def state(self) -> dict[str, Array]:
        """What outlasts an exchange besides the matrices: the curvatures, by name."""
        found: dict[str, Any] = {}
        for side, curvature in zip(("input", "output"), self.curvatures, strict=True):
            found[f"rank_{side}_directions"] = curvature.directions
            found[f"rank_{side}_curvatures"] = curvature.values
        return found
