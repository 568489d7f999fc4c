"""What the CPU's kernels work on: working memory, shards, rows of their own."""

import numpy as np

from fastw2v.engines.replica_plan import ReplicaPlan
from fastw2v.engines.shapes import scratch_arrays, shard_arrays
from fastw2v.jit.simd.width import arithmetic
from fastw2v.kernels import state
from fastw2v.kernels.windows import SIDES
from fastw2v.matrix.aligned import shard_zeros
from fastw2v.model.learning_rate import decrease
from fastw2v.model.rng import seed_generator
from fastw2v.settings import Settings

MEASURED_IDS = 40_000  # the loss of a text of up to so many ids is measured on all of it
MEASURED_SHARE = 1 / 200  # of a longer text, unless that is less than the above
PROBE = 256  # ids of one probe: short, so that many probes spread over the text
MEASURING = 1 << 32  # streams of random numbers from here on are for measuring


def kernel_settings(plan: ReplicaPlan, settings: Settings) -> state.KernelSettings:
    falling = decrease(settings)
    return state.KernelSettings(
        cbow=settings.model == "cbow",
        corrected=settings.cbow_update == "corrected",
        fixed_window=settings.window_mode == "fixed",
        side=SIDES[settings.context],
        window=settings.window,
        alpha=settings.alpha * plan.rate_growth,
        lowest_rate=falling.lowest,
        slope=falling.slope,
        epochs=settings.epochs,
        size=settings.size,
        round_words=plan.round_words,
        fixed_rounds=plan.fixed_rounds,
        seldom_rounds=plan.seldom_rounds,
        chunk=plan.chunk,
        regions=plan.regions,
        portable=arithmetic(settings.deterministic),
    )


def new_scratch(settings: Settings, most_targets: int) -> state.Scratch:
    """Working memory. most_targets: the most output rows that one centre word is trained with."""
    specs = scratch_arrays(settings, most_targets)
    scratch = state.Scratch(**{name: spec.zeros() for name, spec in specs.items()})
    pairs = zip(scratch.hidden[:, 0], scratch.error[:, 0], strict=True)
    scratch.mean_ptrs[:, :2] = [[one.ctypes.data, other.ctypes.data] for one, other in pairs]
    return scratch


def new_shards(ids: int, settings: Settings, chunk: int = 0, streams: int = 0) -> state.Shards:
    """Shards of a text of so many ids, at the beginning of the first epoch.

    chunk: ids that are dealt at a time; 0: each shard has its part. streams: of random numbers,
    that others use."""
    specs = shard_arrays(settings.threads)
    shards = state.Shards(**{name: spec.zeros() for name, spec in specs.items()})
    counters = shards.counters
    counters[:] = at_begin(counters, ids, chunk)
    counters.rate = settings.alpha
    if not settings.exact:  # the C program's generator starts at the thread's number, 0
        shards.random[:] = _generators(settings.seed, 1 + streams, settings.threads)
    return shards


def at_begin(counters: np.recarray, ids: int, chunk: int) -> np.recarray:
    """A copy of all shards' counters at the beginning of an epoch. The others as `new_shards` takes
    them."""
    fresh = counters.copy()
    if chunk:
        fresh.begin = fresh.position = fresh.end = fresh.length = fresh.dealt = 0
        return fresh
    bounds = shard_bounds(ids, len(fresh))
    fresh.begin, fresh.end, fresh.position = bounds[:-1], bounds[1:], bounds[:-1]
    fresh.length = np.diff(bounds)
    return fresh


def probes(
    shards: state.Shards, ids: int, seed: int, streams: int = 0, all_ids: int = 0
) -> tuple[state.Shards, float]:
    """Shards that measure the loss, and the share of the text they look at.

    shards: that train it. ids: of their text. streams: as `new_shards` takes them. all_ids: of the
    whole text, if these shards are a part."""
    threads = len(shards.counters)
    counters = at_begin(shards.counters, ids, 0)
    lengths = counters.length
    share = min(1.0, max(MEASURED_SHARE, MEASURED_IDS / max(1, all_ids, ids)))
    # Where all of the text is measured, a shard is one probe: no window is cut.
    counters.probe = np.maximum(1, lengths) if share == 1 else PROBE
    counters.stride = (counters.probe / share).round()
    random = _generators(seed, MEASURING + streams, threads)
    loss = state.new_records(threads, state.LOSS_SUMS)
    return state.Shards(counters, random, loss, shards.control), share


def _generators(seed: int, first_stream: int, threads: int) -> np.ndarray:
    random = shard_zeros(threads, 1, np.uint64)
    for shard in range(threads):
        random[shard, :1] = seed_generator(seed, first_stream + shard)
    return random


def shard_bounds(ids: int, shards: int) -> np.ndarray:
    """Where ``shards`` shards of about equal length begin and end: (shards + 1,) int64."""
    return np.arange(shards + 1, dtype=np.int64) * ids // shards
