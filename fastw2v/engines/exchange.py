"""One exchange between ranks: all get the same matrices, by the rule of `kernels.merging`.

It has three steps: `ModelExchange.begin` takes the changes, `carry_out` sends and merges them,
`end` moves the model. Between the first and the last the model may be trained on.
"""

from collections.abc import Callable
from typing import Any

from fastw2v.engines.matrix_exchange import MatrixExchange, Trained, Workers
from fastw2v.engines.replicas import new_curvatures, row_visits
from fastw2v.jit.simd.width import arithmetic
from fastw2v.kernels import exchange as kernels
from fastw2v.kernels.curvature import update_curvature
from fastw2v.kernels.records import FORMS
from fastw2v.kernels.rounds import FIRST_LOOKS
from fastw2v.matrix.arrays import Array
from fastw2v.model.matrices import Model
from fastw2v.ranks.job import ChangeFormat
from fastw2v.ranks.protocol import Ranks
from fastw2v.settings import Settings


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
        # Of an exchange under way, by matrix: what waits for changes, and merged changes by owner
        self._changes: dict[str, Callable[[], list[Array]]] = {}
        self._merged: dict[str, list[Array]] = {}

    def exchange(self, trained: Trained) -> None:
        """Make the matrices of all ranks the same. trained: since the last exchange."""
        self.begin()
        self.carry_out(lambda: trained)
        self.end(late=False)

    def begin(self) -> None:
        """Take the changes, and begin to send them. From here on the model may be trained."""
        known = self.curvatures[0].values[0] > 0
        for _ in range(0 if known else FIRST_LOOKS - 1):
            self._look()
            self._update_curvatures()
        self._look()
        # While the changes of one matrix are under way, those of the next are taken.
        self._changes = {name: each.send_changes() for name, each in self.matrices.items()}

    def carry_out(self, agree: Callable[[], Trained]) -> None:
        """Merge the changes of all ranks, without touching the model. agree: asks all ranks what
        they have trained since the last exchange."""
        trained = agree()
        self._update_curvatures()
        handed = {}
        for name, each in self.matrices.items():
            curvature = self.curvatures[name != "inputs"]
            each.set_factors(curvature, trained)
            handed[name] = each.merge(self._changes.pop(name)(), curvature, self._portable)
        self._merged = {name: wait() for name, wait in handed.items()}

    def end(self, late: bool) -> None:
        """Move the model by what was merged. late: it was trained since `begin`."""
        for name, each in self.matrices.items():
            each.apply(self._merged.pop(name), late)

    def _look(self) -> None:
        """Sum the moments of this rank's share of the rows, as it has them."""
        of_inputs, of_others = self.curvatures
        rank, ranks = self._ranks.rank, self._ranks.size
        for name, each in self.matrices.items():
            other = of_others if name == "inputs" else of_inputs
            looked_at = each.looked_at[(rank - each.looked_at.start) % ranks :: ranks]
            rows = kernels.Rows(looked_at.start, ranks, 0, len(looked_at))
            work = self._workers.work[0]
            kernels.look_at_rows(each.matrix, rows, each.visits, other, work, self._portable)

    def _update_curvatures(self) -> None:
        """One step towards the curvatures, from the sums of all ranks, added in their order."""
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
        nothing = Trained(0.0, 0.0, self._ranks.size)
        self.exchange(nothing)
        self.begin()
        self.carry_out(lambda: nothing)
        self.end(late=True)
        for name, array in self.state().items():
            array[:] = before[name]

    def state(self) -> dict[str, Array]:
        """What outlasts an exchange besides the matrices: the curvatures, by name."""
        found: dict[str, Any] = {}
        for side, curvature in zip(("input", "output"), self.curvatures, strict=True):
            found[f"rank_{side}_directions"] = curvature.directions
            found[f"rank_{side}_curvatures"] = curvature.values
        return found
