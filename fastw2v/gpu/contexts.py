"""The input vectors of context words: where a warp has them while it trains a sentence.

The ring (the idea is that of Randall, Allen, Ge 2021, "FULL-W2V"): a word's
input vector is read when the word comes into the widest window, is kept in shared memory, where the
warp moves it on, and its change is added to the matrix when the word leaves. So each vector is read
and changed once, instead of once for each window and tile.

Without the ring, where its rows do not fit into shared memory, each use reads and changes the
matrix itself.
"""

from typing import Any, NamedTuple

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.rows import Rows
from fastw2v.gpu.shape import Shape


class Contexts(NamedTuple):
    """Functions of kernels. Places are those of the sentence, which has so many ``words``."""

    begin: Any  # (warp, words): before the first window
    move_to: Any  # (warp, place, words): before the window around ``place``, from the second on
    end: Any  # (warp, words): after the last
    take: Any  # (row, warp, place): row = the input vector of the word at ``place``
    give: Any  # (warp, place, factor): that vector += factor * warp.error


def context_functions(lanes: Lanes, shape: Shape, rows: Rows) -> Contexts:
    """Those of the ring if the shape has one."""
    return _ring(lanes, shape, rows) if shape.slots else _matrix(lanes, shape, rows)


def _matrix(lanes: Lanes, shape: Shape, rows: Rows) -> Contexts:
    """Without a ring."""
    ZERO = lanes.float32(0)

    @lanes.function
    def begin(warp, words):
        pass

    @lanes.function
    def move_to(warp, place, words):
        pass

    @lanes.function
    def end(warp, words):
        pass

    @lanes.function
    def take(row, warp, place):
        rows.load(row, warp.inputs, warp.sentence[place], warp.lane)

    @lanes.function
    def give(warp, place, factor):
        word = warp.sentence[place]
        share = warp.input_shares[word]
        if not shape.frozen or share > ZERO:
            rows.add(warp.inputs, word, warp.error, factor * share, warp.lane)

    return Contexts(begin, move_to, end, take, give)


def _ring(lanes: Lanes, shape: Shape, rows: Rows) -> Contexts:
    """The word at a place has slot ``place % slots``: the one that leaves makes room for the one
    that comes. A lane has its own columns of the slots, so that lanes need not wait for each other.
    """
    ZERO = lanes.float32(0)
    slots = shape.slots
    before = shape.window if shape.left else 0
    after = shape.window if shape.right else 0

    @lanes.function
    def read_ahead(warp, place, words):
        """Start to read the next vector a window before it is needed, since that takes long."""
        if place < words:
            rows.load(warp.ahead, warp.inputs, warp.sentence[place], warp.lane)

    @lanes.function
    def enter(warp, place):
        rows.store(warp.ring, place % slots, warp.ahead, warp.lane)
        rows.store_zeros(warp.changes, place % slots, warp.lane)

    @lanes.function
    def leave(warp, place):
        word = warp.sentence[place]
        share = warp.input_shares[word]
        if not shape.frozen or share > ZERO:
            rows.load(warp.error, warp.changes, place % slots, warp.lane)
            rows.add(warp.inputs, word, warp.error, share, warp.lane)

    @lanes.function
    def begin(warp, words):
        for place in range(min(after + 1, words)):
            read_ahead(warp, place, words)
            enter(warp, place)
        read_ahead(warp, after + 1, words)

    @lanes.function
    def move_to(warp, place, words):
        if place > before:
            leave(warp, place - before - 1)
        if place + after < words:
            enter(warp, place + after)
        read_ahead(warp, place + after + 1, words)

    @lanes.function
    def end(warp, words):
        for place in range(max(0, words - 1 - before), words):
            leave(warp, place)

    @lanes.function
    def take(row, warp, place):
        rows.load(row, warp.ring, place % slots, warp.lane)

    @lanes.function
    def give(warp, place, factor):
        if not shape.frozen or warp.input_shares[warp.sentence[place]] > ZERO:
            rows.change(warp.ring, place % slots, warp.error, factor, warp.lane)
            rows.change(warp.changes, place % slots, warp.error, factor, warp.lane)

    return Contexts(begin, move_to, end, take, give)
