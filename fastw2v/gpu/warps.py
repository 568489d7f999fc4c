"""What a warp has in hand: its own memory, a window, a tile of targets."""

from typing import Any, NamedTuple


class Warp(NamedTuple):
    """A lane's view of its warp. "Own" is in the lane's registers; C = columns of a lane."""

    lane: Any  # int32, from 0 to 31
    slot: Any  # int32, the place in a tile whose score this lane is given: four lanes have the same
    # in shared memory
    sentence: Any  # (CHUNK,) int32, word ids left by sub-sampling
    ring: Any  # (slots, P) float32, input vectors: see `fastw2v.gpu.contexts`
    changes: Any  # (slots, P) float32, what they have moved by
    random: Any  # own (1,) uint32, generator
    samples: Any  # own (1,) int32, a word drawn from the noise
    used: Any  # own (1,) int32, how many of the warp's 32 samples are used
    rows: Any  # own (tile, C) float32, the tile's output rows as they were when it was opened
    moves: Any  # own (tile, C) float32, what they are to be moved by
    hidden: Any  # own (C,) float32, the hidden row
    ahead: Any  # own (C,) float32, the input vector that comes into the ring next
    error: Any  # own (C,) float32, what the hidden row is to be moved by
    parts: Any  # own (SLOTS,) float32, partial scores
    loss: Any  # own (1,) float64
    inputs: Any  # (V, P) float32, input vectors
    input_shares: Any  # (V,) float32, see `fastw2v.gpu.arrays.Tables`


class Window(NamedTuple):
    """A centre word and its context: places in the sentence from ``first`` to ``last``."""

    word: Any  # int32, the centre word
    place: Any  # its place
    first: Any
    last: Any
    rate: Any  # float32, learning rate


class Tile(NamedTuple):
    """Output rows that are scored and updated together, at most ``Shape.tile``."""

    targets: Any  # how many there are
    # of the target in this lane's slot
    row: Any  # int32; in a slot beyond the targets that of another target
    label: Any  # float32, 1 = to be predicted, 0 = noise
    rate: Any  # float32, learning rate; 0: not trained
