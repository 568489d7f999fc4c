"""What the kernels are given: plain arrays under the field's names.

V words, D dimensions, P = D rounded up to 16 (rows are padded with zeros to 64 bytes),
T shards, N ids.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.compiling import compiled

SENTENCE_WORDS = 1_000  # kept words; a longer sentence is split, as in the C program


class Text(NamedTuple):
    """The corpus as the kernels see it."""

    ids: np.ndarray  # (N,) int32; 0 ends a sentence
    # (V,) uint32: a word is kept while a random 32-bit number is not above; for the exact path
    # (V,) float32, the C program's keep-values, or empty where nothing is sub-sampled
    keep: np.ndarray


class Negative(NamedTuple):
    """Negative sampling: output vectors and the noise distribution as an alias table."""

    outputs: np.ndarray  # (V, P) float32, output vectors of the words
    threshold: np.ndarray  # (V,) uint32
    alias: np.ndarray  # (V,) int32
    draws: int  # negative samples for a centre word


class ExactNegative(NamedTuple):
    """Negative sampling of the exact path: the C program's table, told by its boundaries."""

    outputs: np.ndarray  # (V, P) float32
    ends: np.ndarray  # (V,) int64, where each word's stretch of the table ends
    guide: np.ndarray  # int32, the word at every so-many-th entry of the table
    draws: int


class Hierarchical(NamedTuple):
    """Hierarchical softmax: vectors of the Huffman tree's inner nodes, and the words' paths."""

    outputs: np.ndarray  # (V, P) float32, one row for each inner node; the last is unused
    start: np.ndarray  # (V + 1,) int64; the path of a word is nodes[start[word]:start[word + 1]]
    nodes: np.ndarray  # (total path length,) int32, from the root down
    labels: np.ndarray  # the same length, float32: 1 where the code bit is 0, else 0


class Softmax(NamedTuple):
    """Full softmax over the vocabulary."""

    outputs: np.ndarray  # (V, P) float32


class Plan(NamedTuple):
    """The hyper-parameters that the kernels need."""

    cbow: bool
    corrected: bool  # CBOW: divide the error by the number of context words
    fixed_window: bool
    window: int
    size: int  # D
    alpha: float  # learning rate at the start
    epochs: int


class Scratch(NamedTuple):
    """Working memory, a slab for each shard; I = most input rows, K = most output rows."""

    sentence: np.ndarray  # (T, SENTENCE_WORDS) int32, word ids left by sub-sampling
    context: np.ndarray  # (T, 2 * window) int32, word ids around the centre word
    hidden: np.ndarray  # (T, I, P) float32, what predicts
    error: np.ndarray  # (T, I, P) float32, what the hidden rows are to be moved by
    rows: np.ndarray  # (T, K) int32, distinct output rows to be scored
    labels: np.ndarray  # (T, K) float32; 1 = to be predicted, 0 = noise
    weights: np.ndarray  # (T, K) float32; how often the row was drawn
    scores: np.ndarray  # (T, I, K) float32


class Shards(NamedTuple):
    """Where each shard stands. A row is a cache line or two, so that threads do not collide."""

    counters: np.ndarray  # (T, 16) int64, columns below
    random: np.ndarray  # (T, 16) uint64, column 0 is the state of the shard's generator
    loss: np.ndarray  # (T, 16) float64, columns below
    control: np.ndarray  # (16,) int64; control[STOP] != 0 asks all shards to return


STOP = 0

# columns of Shards.counters
BEGIN, END, POSITION = 0, 1, 2  # the shard's part of the ids, and the next one to read
EPOCH = 3
RAW, KEPT = 4, 5  # words read, words left by sub-sampling
PROBE, STRIDE = 6, 7  # measuring the loss: ids of a probe, and from one's begin to the next one's
# exact path: words and sentence ends counted in this epoch, the count at which the learning rate
# was last set, and the count over all epochs as far as the rate has taken note of it
COUNTED, RATE_SET_AT, ALL_COUNTED = 8, 9, 10

# columns of Shards.loss: sums over the measured probes, from which a mean and its standard error
# follow (a probe has so many training pairs and their summed loss)
PAIRS, LOSS, PAIRS2, PAIRS_LOSS, LOSS2 = 0, 1, 2, 3, 4
RATE = 8  # exact path: the learning rate in force, a float32


class Job(NamedTuple):
    """Everything but the output layers, which are passed beside it (absent ones as None)."""

    text: Text
    inputs: np.ndarray  # (V, P) float32, input vectors
    plan: Plan
    scratch: Scratch
    shards: Shards


class Work(NamedTuple):
    """One shard's own slabs of `Scratch` and `Shards`, without their first axis."""

    sentence: np.ndarray
    context: np.ndarray
    hidden: np.ndarray
    error: np.ndarray
    rows: np.ndarray
    labels: np.ndarray
    weights: np.ndarray
    scores: np.ndarray
    counters: np.ndarray
    random: np.ndarray
    loss: np.ndarray


@compiled
def work_of(shard, job):
    """The `Work` of one shard of a job."""
    scratch, shards = job.scratch, job.shards
    return Work(
        scratch.sentence[shard],
        scratch.context[shard],
        scratch.hidden[shard],
        scratch.error[shard],
        scratch.rows[shard],
        scratch.labels[shard],
        scratch.weights[shard],
        scratch.scores[shard],
        shards.counters[shard],
        shards.random[shard],
        shards.loss[shard],
    )
