"""What the CPU's kernels work on: working memory, shards, rows of their own."""

import numpy as np

from fastw2v.jit.simd.width import SLOTS
from fastw2v.kernels import state
from fastw2v.kernels.layers.registry import most_rows_of_round
from fastw2v.kernels.private_rows import new_private_rows
from fastw2v.kernels.rounds import words_of_round
from fastw2v.kernels.targets import places_for
from fastw2v.matrix.aligned import aligned_zeros, shard_zeros
from fastw2v.model.matrices import Model
from fastw2v.model.rng import seed_generator
from fastw2v.settings import Settings

MEASURED_IDS = 40_000  # the loss of a text of up to so many ids is measured on all of it
MEASURED_SHARE = 1 / 200  # of a longer text, unless that is less than the above
PROBE = 256  # ids of one probe: short, so that many probes spread over the text
MEASURING = 1 << 32  # streams of random numbers from here on are for measuring
SHARED = state.PrivateMatrices(None, None, None)  # shards have no rows of their own


def new_private_matrices(model: Model, settings: Settings) -> state.PrivateMatrices:
    """Room for the rows that a shard can touch in a round."""
    trained, words = words_of_round(settings.threads), len(model.inputs)
    most = [trained]
    most += [most_rows_of_round(each, trained, words, settings) for each in ("outputs", "nodes")]
    matrices = (model.inputs, model.outputs, model.nodes)
    return state.PrivateMatrices(
        *(
            None if matrix is None else new_private_rows(matrix, settings.threads, rows)
            for matrix, rows in zip(matrices, most, strict=True)
        )
    )


def kernel_settings(settings: Settings) -> state.KernelSettings:
    return state.KernelSettings(
        cbow=settings.model == "cbow",
        corrected=settings.cbow_update == "corrected",
        fixed_window=settings.window_mode == "fixed",
        window=settings.window,
        alpha=settings.alpha,
        epochs=settings.epochs,
    )


def new_scratch(settings: Settings, most: int, width: int) -> state.Scratch:
    shards, context, places = settings.threads, 2 * settings.window, places_for(most)
    hidden, error, padding_row, frozen_sink = (aligned_zeros(shards, width) for _ in range(4))
    pairs = zip(hidden, error, strict=True)
    mean_ptrs = shard_zeros(shards, 2, np.int64)
    mean_ptrs[:, :2] = [[one.ctypes.data, other.ctypes.data] for one, other in pairs]
    return state.Scratch(
        sentence=shard_zeros(shards, state.SENTENCE_WORDS, np.int32),
        noise=shard_zeros(shards, state.SENTENCE_WORDS * settings.negative, np.int32),
        context=shard_zeros(shards, context, np.int32),
        context_ptrs=shard_zeros(shards, context, np.int64),
        context_update_ptrs=shard_zeros(shards, context, np.int64),
        frozen_sink=frozen_sink,
        mean_ptrs=mean_ptrs,
        hidden=hidden,
        error=error,
        padding_row=padding_row,
        rows=shard_zeros(shards, places, np.int32),
        target_ptrs=shard_zeros(shards, places, np.int64),
        labels=shard_zeros(shards, places),
        weights=shard_zeros(shards, places),
        scores=shard_zeros(shards, places),
        gradients=shard_zeros(shards, SLOTS * context * (1 + most // 4)),
    )


def new_shards(ids: int, settings: Settings) -> state.Shards:
    threads = settings.threads
    counters = state.new_records(threads, state.COUNTERS)
    bounds = shard_bounds(ids, threads)
    counters.begin, counters.end, counters.position = bounds[:-1], bounds[1:], bounds[:-1]
    counters.rate = settings.alpha
    if settings.exact:  # the C program's generator starts at the thread's number, 0
        random = shard_zeros(threads, 16, np.uint64)
    else:
        random = _generators(settings.seed, 1, threads)
    loss = state.new_records(threads, state.LOSS_SUMS)
    return state.Shards(counters, random, loss, aligned_zeros(16, kind=np.int64))


def probes(shards: state.Shards, seed: int) -> tuple[state.Shards, float]:
    """Shards that measure the loss, and the share of the text they look at."""
    threads = len(shards.counters)
    counters = shards.counters.copy()
    lengths = counters.end - counters.begin
    ids = max(1, int(lengths.sum()))
    share = min(1.0, max(MEASURED_SHARE, MEASURED_IDS / ids))
    # Where all of the text is measured, a shard is one probe: no window is cut.
    counters.probe = np.maximum(1, lengths) if share == 1 else PROBE
    counters.stride = (counters.probe / share).round()
    random = _generators(seed, MEASURING, threads)
    loss = state.new_records(threads, state.LOSS_SUMS)
    return state.Shards(counters, random, loss, shards.control), share


def _generators(seed: int, first_stream: int, threads: int) -> np.ndarray:
    random = shard_zeros(threads, 16, np.uint64)
    for shard in range(threads):
        random[shard, :1] = seed_generator(seed, first_stream + shard)
    return random


def shard_bounds(ids: int, shards: int) -> np.ndarray:
    """Where ``shards`` shards of about equal length begin and end: (shards + 1,) int64."""
    return np.arange(shards + 1, dtype=np.int64) * ids // shards
