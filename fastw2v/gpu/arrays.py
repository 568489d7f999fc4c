"""What kernels are given: arrays in the device's memory. V words, P = dimensions padded, N ids."""

from typing import Any, NamedTuple


class DeviceText(NamedTuple):
    """A slice of the corpus, and how its words are sub-sampled."""

    ids: Any  # (N,) int32; 0 ends a sentence
    order: Any  # (chunks,) int32, in which the chunks of the slice are trained
    keep: Any  # (V,) uint32, as in `fastw2v.kernels.state.Text`


class Matrices(NamedTuple):
    """The model. A matrix that there is not has one row."""

    inputs: Any  # (V, P) float32
    outputs: Any  # (V, P) float32
    nodes: Any  # (V, P) float32


class Tables(NamedTuple):
    """What the output layers need besides their matrices, and how far each row may move."""

    noise: Any  # (V, 2) uint32, alias table (see `fastw2v.model.noise`)
    start: Any  # (V + 1,) int64; the path of a word is steps[start[word]:start[word + 1]]
    steps: Any  # (total path length,) int32, from the root down: 2 * node + code bit
    # (V,) float32 each: what a change of the row is multiplied by (see `fastw2v.gpu.crowding`);
    # 0 for the input vectors of frozen words
    input_shares: Any
    output_shares: Any
    node_shares: Any


class Launch(NamedTuple):
    """Which chunks a launch trains, and how fast."""

    first: int  # chunk of the slice, in the order of training
    last: int  # the one after the last
    chunk: int  # ids of a chunk
    number: int  # of chunk 0 of the slice, over all slices and epochs: seeds its random numbers
    seed: int
    alpha: float  # learning rate at the start
    lowest: float  # see `fastw2v.model.learning_rate.Decrease`
    slope: float
    progress: float  # share of the whole training done before chunk ``first``
    progress_per_chunk: float

    def typed(self) -> "Launch":
        """The same in the types that the fields have: for others, such as a learning rate of 1
        instead of 1.0, a kernel would be compiled again."""
        return Launch(*map(int, self[:5]), *map(float, self[5:]))


class Counters(NamedTuple):
    """What a launch reports."""

    queue: Any  # (1,) int32, chunks taken so far; 0 before the launch
    words: Any  # (3,) int64: read, kept, trained, over all launches


class LossSums(NamedTuple):
    """What measuring reports, by probe."""

    pairs: Any  # (probes,) int64, training pairs
    loss: Any  # (probes,) float64, summed over them
