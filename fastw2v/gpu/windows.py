"""From ids to windows: sentences, sub-sampling, the words around a centre word; as on the CPU
(`fastw2v.kernels.windows`), 32 ids at a time."""

from typing import Any, NamedTuple

from fastw2v.gpu.contexts import Contexts
from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.random import Random
from fastw2v.gpu.rows import ALL, Rows
from fastw2v.gpu.shape import LANES, Shape
from fastw2v.gpu.warps import Window


class Windows(NamedTuple):
    """Functions of kernels."""

    read_sentence: Any  # (warp, text, position, end): (new position, words read, words kept)
    window_at: Any  # (warp, place, words, rate): the `Window` around a place of the sentence
    take_mean: Any  # (warp, window): CBOW: make the hidden row, its error 0
    add_error: Any  # (warp, window): CBOW: add the error to the context words' input vectors


def window_functions(
    lanes: Lanes, shape: Shape, random: Random, rows: Rows, contexts: Contexts
) -> Windows:
    cuda, int32, uint32, float32 = lanes.cuda, lanes.int32, lanes.uint32, lanes.float32
    ONE = float32(1)

    @lanes.function
    def read_sentence(warp, text, position, end):
        """Read to the next sentence end, or to ``end``, into ``warp.sentence``."""
        lower = uint32(uint32(uint32(1) << uint32(warp.lane)) - uint32(1))
        read, kept, within = int32(0), int32(0), True
        while within and position < end:
            here = position + warp.lane
            word = text.ids[here] if here < end else int32(0)
            ends = uint32(cuda.ballot_sync(ALL, word == 0))
            words = int32(cuda.ffs(ends)) - 1 if ends != 0 else int32(LANES)
            within = position + words >= end or ends == 0
            bits = random.draw(warp.random)
            stays = warp.lane < words and bits <= text.keep[word]
            mask = uint32(cuda.ballot_sync(ALL, stays))
            if stays:
                warp.sentence[kept + int32(cuda.popc(uint32(mask & lower)))] = word
            read += words
            kept += int32(cuda.popc(mask))
            position += words if within else words + 1
        cuda.syncwarp()
        return position, read, kept

    @lanes.function
    def window_at(warp, place, words, rate):
        width = int32(shape.window)
        if not shape.fixed_window:
            width = int32(1 + random.below(random.draw_for_all(warp.random), shape.window))
        first = max(int32(0), int32(place - width)) if shape.left else place
        last = min(int32(words - 1), int32(place + width)) if shape.right else place
        return Window(warp.sentence[place], place, first, last, rate)

    @lanes.function
    def take_mean(warp, window):
        rows.clear(warp.hidden)
        share = ONE / float32(window.last - window.first)
        for place in range(window.first, window.last + 1):
            if place != window.place:
                contexts.take(warp.error, warp, place)
                rows.add_scaled(warp.hidden, ONE, warp.error)
        for i in range(shape.columns):
            warp.hidden[i] *= share
        rows.clear(warp.error)

    @lanes.function
    def add_error(warp, window):
        share = ONE
        if shape.corrected:
            share = ONE / float32(window.last - window.first)
        for place in range(window.first, window.last + 1):
            if place != window.place:
                contexts.give(warp, place, share)

    return Windows(read_sentence, window_at, take_mean, add_error)
