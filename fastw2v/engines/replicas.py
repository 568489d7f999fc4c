"""The arrays of the replicas, and how often each row is trained."""

from collections.abc import Mapping

import numpy as np

from fastw2v.engines.replica_plan import ReplicaPlan
from fastw2v.engines.shapes import curvature_arrays, replica_arrays
from fastw2v.kernels.curvature import DIRECTIONS
from fastw2v.kernels.layers.registry import visits
from fastw2v.kernels.merging import levels_of
from fastw2v.kernels.replicas import Curvature, MatrixReplicas, Replicas
from fastw2v.kernels.state import SENTENCE_WORDS
from fastw2v.model.matrices import Model, matrix_shapes
from fastw2v.model.subsampling import keep_thresholds
from fastw2v.settings import Settings


def new_replicas(
    counts: np.ndarray, model: Model, plan: ReplicaPlan, settings: Settings
) -> Replicas:
    """Replicas whose copies are not yet made. counts: (V,) int64, of the words."""
    visited = row_visits(counts, settings)
    arrays = replica_arrays(len(counts), plan, settings)
    replicas = {}
    for name, specs in arrays.items():
        rows = plan.copied(name, len(counts))
        own = visited[name][rows.start : rows.stop].astype(np.float32)
        copies, factors = (specs[each].zeros() for each in ("copies", "factors"))
        matrix = getattr(model, name)
        often = plan.often(name, len(counts))
        replicas[name] = MatrixReplicas(
            matrix, copies, rows.start, often.start, often.stop, own, levels_of(own), factors
        )
    looked_at = {name: float(often_visits(each).sum()) for name, each in replicas.items()}
    return Replicas(
        replicas["inputs"],
        replicas.get("outputs"),
        replicas.get("nodes"),
        np.zeros(2),
        *new_curvatures(visited, looked_at, counts, settings),
    )


def row_visits(counts: np.ndarray, settings: Settings) -> dict[str, np.ndarray]:
    """How often each row is trained in a window, on average: (V,) float64 for each matrix, by
    name. counts: (V,) int64, of the words."""
    centres = centre_shares(counts, settings.sample)
    found = {"inputs": context_words(counts, settings)[0] * centres}
    for name in matrix_shapes(len(counts), settings):
        if name != "inputs":
            found[name] = visits(name, centres, counts, settings)
    return found


def new_curvatures(
    visited: Mapping[str, np.ndarray],
    looked_at: Mapping[str, float],
    counts: np.ndarray,
    settings: Settings,
) -> tuple[Curvature, Curvature]:
    """Curvatures of 0: of input rows, and of output rows and nodes.

    visited: as `row_visits` returns it. looked_at: the visits, added up, of those rows of which
    the moments are summed.
    """
    context, inverse = context_words(counts, settings)
    outputs = [name for name in visited if name != "inputs"]
    of_all = sum(float(visited[name].sum()) for name in outputs)
    of_inputs = _share(of_all, sum(looked_at[name] for name in outputs))
    of_outputs = _share(1.0, looked_at["inputs"])  # for visits that add up to 1
    means = 0.0
    if settings.model == "cbow":
        # The hidden row is a mean of n input vectors v: on average, its outer product with itself
        # is 1/n of that of v, and 1 - 1/n of that of the mean of all v.
        means = (1 - inverse) * of_outputs**2
        of_outputs *= inverse
        # An input vector is 1/n of the hidden row, and so is what a visit of it relaxes.
        of_inputs *= inverse
        if settings.cbow_update == "corrected":
            of_inputs *= inverse
    else:
        of_outputs *= context
    return (
        _curvature(np.array([of_inputs, 0.0]), settings),
        _curvature(np.array([of_outputs, means]), settings),
    )


def without_copies(replicas: Replicas) -> Replicas:
    """The same matrices with all rows shared."""
    matrices = {
        name: each._replace(copies=np.empty((1, 0, each.copies.shape[2]), np.float32))
        for name, each in replicas._asdict().items()
        if isinstance(each, MatrixReplicas)
    }
    return replicas._replace(**matrices)


def curvature_state(replicas: Replicas) -> dict[str, np.ndarray]:
    """What of the replicas outlasts a merging: the curvatures, by name."""
    found = {}
    for side in ("input", "output"):
        curvature = getattr(replicas, f"{side}_curvature")
        found[f"{side}_directions"] = curvature.directions
        found[f"{side}_curvatures"] = curvature.values
    return found


def centre_shares(counts: np.ndarray, sample: float) -> np.ndarray:
    """Each word's share of the centre words, (V,) float64: its share of the words kept."""
    kept = np.asarray(counts, np.float64) * keep_thresholds(counts, sample)
    kept[0] = 0  # the sentence end
    if not kept.any():  # a vocabulary read from a file that knows no counts: all alike
        kept[1:] = 1
    return kept / kept.sum()


def context_words(counts: np.ndarray, settings: Settings) -> tuple[float, float]:
    """How many words a context has on average, and the mean of one over that number.

    In a sentence of L words those within b words of a centre word are 2 b - b (b + 1) / L on
    average, or all others if there are fewer.
    """
    kept = float(
        (np.asarray(counts[1:]) * (keep_thresholds(counts, settings.sample) / 2.0**32)[1:]).sum()
    )
    length = min(SENTENCE_WORDS, max(2.0, kept / max(1, int(counts[0]))))
    widths = np.arange(1, settings.window + 1, dtype=np.float64)
    if settings.window_mode == "fixed":
        widths = widths[-1:]
    found = np.where(widths < length, 2 * widths - widths * (widths + 1) / length, length - 1)
    if settings.context != "both":
        found = found / 2
    found = np.maximum(1.0, found)
    return float(found.mean()), float((1 / found).mean())


def _share(of_all: float, looked_at: float) -> float:
    """By what sums over the rows merged often are to be multiplied, to be those over all rows."""
    return of_all / looked_at if looked_at > 0 else 0.0


def often_visits(replicas: MatrixReplicas) -> np.ndarray:
    """The visits of those copied rows that are merged after each round."""
    begin, end = replicas.often_begin, replicas.often_end
    return replicas.visits[begin - replicas.first : end - replicas.first]


def _curvature(shares: np.ndarray, settings: Settings) -> Curvature:
    """A curvature of 0. shares: as `Curvature` has them."""
    arrays = {name: spec.zeros() for name, spec in curvature_arrays(settings).items()}
    directions, sums = arrays["directions"], arrays["sums"]
    for k in range(min(DIRECTIONS, settings.size)):
        directions[k, k] = 1
    arrays["direction_ptrs"][:] = [row.ctypes.data for row in directions]
    for ptrs, part in zip(arrays["sum_ptrs"], sums, strict=True):
        ptrs[:DIRECTIONS] = [row.ctypes.data for row in part[:DIRECTIONS]]
    return Curvature(**arrays, shares=shares)
