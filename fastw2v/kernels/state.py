"""What the kernels are given: plain arrays under the field's names.

V words, D dimensions, P = D rounded up to 16 (rows are padded with zeros to 64 bytes),
T shards, N ids.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.replicas import Replicas, WorkerRows, worker_of, worker_rows
from fastw2v.matrix.aligned import SLAB_BYTES, shard_zeros

SENTENCE_WORDS = 1_000  # kept words; a longer sentence is split, as in the C program


class Text(NamedTuple):
    """The corpus as the kernels see it."""

    ids: np.ndarray  # (N,) int32; 0 ends a sentence
    # (V,) uint32: a word is kept while a random 32-bit number is not above; for the exact path
    # (V,) float32, the C program's keep-values, or empty where nothing is sub-sampled
    keep: np.ndarray
    frozen: np.ndarray  # (V,) bool, words whose input vectors stay as they are; empty: none


class KernelSettings(NamedTuple):
    """The hyper-parameters that the kernels need."""

    cbow: bool
    corrected: bool  # CBOW: divide the error by the number of context words
    fixed_window: bool
    # `fastw2v.kernels.windows.LEFT` or `RIGHT`: the context words are all on that side; None: on
    # both. The type chooses the code, so that both sides cost nothing.
    side: int | None
    window: int
    alpha: float  # learning rate at the start
    lowest_rate: float  # see `fastw2v.model.learning_rate.Decrease`
    slope: float
    epochs: int
    size: int  # D
    round_words: int  # the most words that a shard trains in a round
    fixed_rounds: bool  # every shard trains so many, whoever is the first
    seldom_rounds: int  # after so many those rows are merged that are not merged after each
    chunk: int  # ids that are dealt at a time, or 0, see `fastw2v.kernels.dealing`
    regions: int  # of the text that are dealt in turn
    # `fastw2v.jit.simd.width.PORTABLE`: results are the same on every processor; None: see there
    portable: int | None


class Scratch(NamedTuple):
    """Working memory, a slab for each shard. C = most context words, S = places for targets,
    the output rows one centre word is trained against (see `fastw2v.kernels.targets`).
    """

    sentence: np.ndarray  # (T, SENTENCE_WORDS) int32, word ids left by sub-sampling
    noise: np.ndarray  # (T, SENTENCE_WORDS * draws) int32, negative samples of its words
    context: np.ndarray  # (T, C) int32, ids of the words around the centre word
    context_ptrs: np.ndarray  # (T, C) int64, addresses of their input vectors
    # (T, C) int64, where what they are to be moved by is added: there, or for frozen words the sink
    context_update_ptrs: np.ndarray
    frozen_sink: np.ndarray  # (T, 1 used, P) float32, read by nobody
    # (T, 1 + `MOST_NOTED`) int64, how many rows are to be prefetched, and their addresses
    fetch_ptrs: np.ndarray
    mean_ptrs: np.ndarray  # (T, 2) int64, addresses of the next two
    hidden: np.ndarray  # (T, 1 used, P) float32, CBOW: the mean of the context words' input vectors
    error: np.ndarray  # (T, 1 used, P) float32, what a hidden row is to be moved by
    padding_row: np.ndarray  # (T, 1 used, P) float32, the row that empty places point to
    rows: np.ndarray  # (T, S) int32, output rows, distinct
    target_ptrs: np.ndarray  # (T, S) int64, their addresses
    labels: np.ndarray  # (T, S) float32; 1 = to be predicted, 0 = noise
    weights: np.ndarray  # (T, S) float32; how often the row was drawn, 0 in empty places
    scores: np.ndarray  # (T, S) float32; the exact path's, the other's are in ``gradients``
    gradients: np.ndarray  # (T, 8 C) float32, an octet for each hidden row


_COUNTERS = {
    # the shard's part of the ids; where they are dealt (`fastw2v.kernels.dealing`), ``begin`` is
    # that of the region, and ``end`` that of the chunk at hand
    "begin": np.int64,
    "end": np.int64,
    "position": np.int64,  # the next id to read
    "epoch": np.int64,
    # words over all epochs
    "read": np.int64,
    "kept": np.int64,  # of these, left by sub-sampling
    "trained": np.int64,  # of these, centre of a window
    "alone": np.int64,  # alone in their sentence, so that they have no context
    "left_over": np.int64,  # of sentences that the exact path leaves untrained, as C does
    # ids from ``begin`` on, which is what the learning rate decreases over
    "length": np.int64,
    # of the first shard: how many chunks were dealt in this epoch, or more
    "dealt": np.int64,
    # ``kept`` and ``position`` when the round began (see `fastw2v.kernels.rounds`)
    "round_kept": np.int64,
    "round_position": np.int64,
    # measuring the loss: ids of a probe, and from one's begin to the next one's
    "probe": np.int64,
    "stride": np.int64,
    # exact path: words and sentence ends counted in this epoch, that count when the learning
    # rate was last set, the count over all epochs up to then, and the learning rate
    "counted": np.int64,
    "rate_set_at": np.int64,
    "all_counted": np.int64,
    "rate": np.float32,
}
_LOSS_SUMS = dict.fromkeys(
    ["pairs", "loss", "pairs_squared", "pairs_times_loss", "loss_squared"], np.float64
)


def _record(fields: dict[str, type]) -> np.dtype:
    """A record of these fields that fills a slab, so that threads stay out of each other's way."""
    names, formats = list(fields), list(fields.values())
    spec = {"names": names, "formats": formats, "itemsize": SLAB_BYTES}
    return np.dtype(spec, align=True)


COUNTERS = _record(_COUNTERS)
"""One shard's counters."""

DEALT_OFFSET = dict(COUNTERS.fields or {})["dealt"][1]  # bytes into a record

LOSS_SUMS = _record(_LOSS_SUMS)
"""Sums over the measured probes, from which the mean loss and its standard error follow: of each
probe's training pairs, of their loss, and of products of the two."""


def new_records(shards: int, dtype: np.dtype) -> np.recarray:
    """(T,) records of zeros."""
    return shard_zeros(shards, dtype.itemsize, np.uint8).view(dtype)[:, 0].view(np.recarray)


class Shards(NamedTuple):
    """The position of each shard."""

    counters: np.recarray  # (T,) `COUNTERS`
    random: np.ndarray  # (T, at least 1) uint64, column 0 is the state of the shard's generator
    loss: np.recarray  # (T,) `LOSS_SUMS`
    control: np.ndarray  # (16,) int64, see `STOP` and what follows it


# Places in ``control``. Not 0: all shards are to return.
STOP = 0
ROUND_OVER = 1  # not 0: a shard has ended its round, and the others are to end theirs
ROUND_WORDS = 2  # kept words of each shard in this round
ROUNDS = 3  # since all rows were merged
SELDOM = 4  # not 0: those rows are merged that are not merged after each round
KEPT_END = 5  # kept words of all shards at which to return; 0: none


class SharedState(NamedTuple):
    """Everything but the output layers."""

    text: Text
    inputs: np.ndarray  # (V, P) float32, input vectors
    settings: KernelSettings
    scratch: Scratch
    shards: Shards
    replicas: Replicas


NO_KERNELS = (0, 0, 0, 0)


class KernelArgs(NamedTuple):
    """What a shard's walk is given."""

    shared: SharedState
    layers: tuple  # `fastw2v.kernels.layers.registry.Layers`
    kernels: tuple = NO_KERNELS  # addresses, see `fastw2v.kernels.shards`


class ShardState(NamedTuple):
    """One shard's own slabs of `Scratch` and `Shards`, without their first axis."""

    shard: int  # its number
    portable: int | None  # as in the settings
    sentence: np.ndarray
    noise: np.ndarray
    context: np.ndarray
    context_ptrs: np.ndarray
    context_update_ptrs: np.ndarray
    frozen_sink: np.ndarray
    fetch_ptrs: np.ndarray
    mean_ptrs: np.ndarray
    hidden: np.ndarray
    error: np.ndarray
    padding_row: np.ndarray
    rows: np.ndarray
    target_ptrs: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    scores: np.ndarray
    gradients: np.ndarray
    counters: np.recarray  # (1,): a function cannot return a tuple with a record in it
    random: np.ndarray
    loss: np.recarray  # (1,)
    input_rows: WorkerRows
    output_rows: WorkerRows | None
    node_rows: WorkerRows | None


class Window(NamedTuple):
    """A centre word and the hidden rows that are trained to predict it."""

    position: int  # in the sentence
    centre: int  # word id
    context: int  # how many words of ``own.context`` are around it
    hidden_rows: np.ndarray  # (at least inputs,) int64, addresses
    error_rows: np.ndarray  # the same; what the hidden rows are to be moved by is added there
    inputs: int  # hidden rows
    alpha: float  # learning rate, float32


@compiled(inline=True)
def shard_state_of(shard, shared):
    """The `ShardState` of one shard of a job."""
    scratch, shards, replicas = shared.scratch, shared.shards, shared.replicas
    worker = worker_of(shard, shards.counters.shape[0], replicas)
    return ShardState(
        shard,
        shared.settings.portable,
        scratch.sentence[shard],
        scratch.noise[shard],
        scratch.context[shard],
        scratch.context_ptrs[shard],
        scratch.context_update_ptrs[shard],
        scratch.frozen_sink[shard, 0],
        scratch.fetch_ptrs[shard],
        scratch.mean_ptrs[shard],
        scratch.hidden[shard, 0],
        scratch.error[shard, 0],
        scratch.padding_row[shard, 0],
        scratch.rows[shard],
        scratch.target_ptrs[shard],
        scratch.labels[shard],
        scratch.weights[shard],
        scratch.scores[shard],
        scratch.gradients[shard],
        shards.counters[shard : shard + 1],
        shards.random[shard],
        shards.loss[shard : shard + 1],
        worker_rows(worker, replicas.inputs),
        worker_rows(worker, replicas.outputs),
        worker_rows(worker, replicas.nodes),
    )
