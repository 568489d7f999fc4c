"""The kernels: a warp takes one chunk of the text after the other, and trains or measures it."""

from collections.abc import Callable
from typing import Any, NamedTuple

from fastw2v.gpu.contexts import Contexts, context_functions
from fastw2v.gpu.hierarchical import hierarchical_layer
from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.negative import Layer, negative_layer
from fastw2v.gpu.random import Random, random_functions
from fastw2v.gpu.rows import ALL, row_functions
from fastw2v.gpu.shape import CHUNK, LANES, SLOTS, Shape
from fastw2v.gpu.tiles import tile_functions
from fastw2v.gpu.warps import Warp
from fastw2v.gpu.windows import Windows, window_functions

_NODE_LIMIT = 6  # scores beyond it train nothing, as in the C program
_MEASURING = 1.0  # a learning rate that is not 0


class _Parts(NamedTuple):
    """Functions that both kernels are made of."""

    open_warp: Callable
    random: Random
    windows: Windows
    contexts: Contexts
    layers: list[Layer]


def _parts(lanes: Lanes, shape: Shape) -> _Parts:
    random, rows = random_functions(lanes), row_functions(lanes, shape)
    contexts = context_functions(lanes, shape, rows)
    layers = []
    if shape.hierarchical:
        tiles = tile_functions(lanes, shape, rows, contexts, _NODE_LIMIT)
        layers.append(hierarchical_layer(lanes, shape, random, tiles))
    if shape.negative:
        tiles = tile_functions(lanes, shape, rows, contexts, 0)
        layers.append(negative_layer(lanes, shape, random, tiles))
    windows = window_functions(lanes, shape, random, rows, contexts)
    return _Parts(_warp_function(lanes, shape), random, windows, contexts, layers)


def _warp_function(lanes: Lanes, shape: Shape) -> Callable:
    """(matrices, tables): the `Warp` of the calling lane."""
    cuda, int32, uint32 = lanes.cuda, lanes.int32, lanes.uint32
    float32, float64 = lanes.float32, lanes.float64
    tile, columns, warps = shape.tile, shape.columns, shape.warps
    slots, width = (shape.slots, shape.width) if shape.slots else (1, 1)

    @lanes.function
    def open_warp(matrices, tables):
        sentences = cuda.shared.array((warps, CHUNK), int32)
        rings = cuda.shared.array((warps, slots, width), float32)
        changes = cuda.shared.array((warps, slots, width), float32)
        lane, number = int32(cuda.threadIdx.x & 31), int32(cuda.threadIdx.x >> 5)
        return Warp(
            lane,
            int32(lane >> 2),
            sentences[number],
            rings[number],
            changes[number],
            cuda.local.array(1, uint32),
            cuda.local.array(1, int32),
            cuda.local.array(1, int32),
            cuda.local.array((tile, columns), float32),
            cuda.local.array((tile, columns), float32),
            cuda.local.array(columns, float32),
            cuda.local.array(columns, float32),
            cuda.local.array(columns, float32),
            cuda.local.array(SLOTS, float32),
            cuda.local.array(1, float64),
            matrices.inputs,
            tables.input_shares,
        )

    return open_warp


def _in_turn(lanes: Lanes, functions: list[Callable]) -> Callable:
    """One function of kernels that calls one or two."""
    first, second = functions[0], functions[-1]
    if len(functions) == 1:
        return first

    @lanes.function
    def call(warp, window, matrices, tables):
        first(warp, window, matrices, tables)
        second(warp, window, matrices, tables)

    return call


def _sentence_function(lanes: Lanes, shape: Shape, parts: _Parts) -> Callable:
    """(warp, words, rate, matrices, tables): trains ``warp.sentence``; returns how many of its
    windows had a context."""
    int32, int64 = lanes.int32, lanes.int64
    windows, contexts, cbow = parts.windows, parts.contexts, shape.cbow
    train_layers = _in_turn(lanes, [each.train for each in parts.layers])

    @lanes.function
    def train_window(warp, window, matrices, tables):
        if cbow:
            windows.take_mean(warp, window)
        train_layers(warp, window, matrices, tables)
        if cbow:
            windows.add_error(warp, window)

    @lanes.function
    def train_sentence(warp, words, rate, matrices, tables):
        trained = int64(0)
        contexts.begin(warp, words)
        for place in range(words):
            if place > 0:
                contexts.move_to(warp, int32(place), words)
            window = windows.window_at(warp, int32(place), words, rate)
            if window.first < window.last:
                trained += 1
                train_window(warp, window, matrices, tables)
        contexts.end(warp, words)
        return trained

    return train_sentence


def training_kernel(lanes: Lanes, shape: Shape) -> Any:
    """Trains the chunks of a launch: (text, matrices, tables, launch, counters), as
    `fastw2v.gpu.arrays` has them. Each block has ``shape.warps`` warps of 32 threads."""
    cuda, int32, int64 = lanes.cuda, lanes.int32, lanes.int64
    float32, float64 = lanes.float32, lanes.float64
    parts = _parts(lanes, shape)
    open_warp, random, windows = parts.open_warp, parts.random, parts.windows
    train_sentence = _sentence_function(lanes, shape, parts)

    @lanes.function
    def next_chunk(queue, lane):
        number = int32(0)
        if lane == 0:
            number = int32(cuda.atomic.add(queue, 0, int32(1)))
        return int32(cuda.shfl_sync(ALL, number, 0))

    @lanes.function
    def rate_of(launch, chunk):
        done = launch.progress + launch.progress_per_chunk * (chunk - launch.first)
        return float32(launch.alpha * max(launch.lowest, float64(1) - launch.slope * done))

    @lanes.kernel
    def train(text, matrices, tables, launch, counters):
        warp = open_warp(matrices, tables)
        read, kept, trained = int64(0), int64(0), int64(0)
        chunk = launch.first + next_chunk(counters.queue, warp.lane)
        while chunk < launch.last:
            rate = rate_of(launch, chunk)
            place_in_text = int64(text.order[chunk])
            random.start(warp.random, launch.seed, launch.number + place_in_text, warp.lane)
            warp.used[0] = int32(LANES)
            position = place_in_text * launch.chunk
            end = min(position + launch.chunk, int64(text.ids.shape[0]))
            while position < end:
                position, words_read, words = windows.read_sentence(warp, text, position, end)
                read += words_read
                kept += words
                if words > 1:
                    trained += train_sentence(warp, words, rate, matrices, tables)
                cuda.syncwarp()
            chunk = launch.first + next_chunk(counters.queue, warp.lane)
        if warp.lane == 0:
            cuda.atomic.add(counters.words, 0, read)
            cuda.atomic.add(counters.words, 1, kept)
            cuda.atomic.add(counters.words, 2, trained)

    return train


def measuring_kernel(lanes: Lanes, shape: Shape) -> Any:
    """Sums the loss over probes, which are the chunks of a launch: (text, matrices, tables,
    launch, sums); trains nothing. Each begins with the id before it. Windows that reach over a cut
    through a sentence are left out: they would be narrower than in training."""
    cuda, int32, int64 = lanes.cuda, lanes.int32, lanes.int64
    float32, float64 = lanes.float32, lanes.float64
    shape = shape._replace(slots=0)  # to keep rows pays only where they are changed
    parts = _parts(lanes, shape)
    open_warp, random, windows = parts.open_warp, parts.random, parts.windows
    measure_layers = _in_turn(lanes, [each.measure for each in parts.layers])
    cbow, reach, warps_of_block = shape.cbow, shape.window, shape.warps

    @lanes.function
    def is_cut(ids, position):
        """Whether ``position`` is within a sentence."""
        return 0 < position < ids.shape[0] and ids[position - 1] != 0

    @lanes.function
    def sum_over_lanes(value):
        for distance in (16, 8, 4, 2, 1):
            value += cuda.shfl_xor_sync(ALL, value, distance)
        return value

    @lanes.kernel
    def measure(text, matrices, tables, launch, sums):
        warp = open_warp(matrices, tables)
        warps = cuda.gridDim.x * warps_of_block
        number = cuda.blockIdx.x * warps_of_block + int32(cuda.threadIdx.x >> 5)
        probe = launch.first + number
        while probe < launch.last:
            place_in_text = int64(text.order[probe])
            random.start(warp.random, launch.seed, launch.number + place_in_text, warp.lane)
            warp.used[0] = int32(LANES)
            warp.loss[0] = float64(0)
            pairs = int64(0)
            first_id = place_in_text * launch.chunk
            position = first_id + 1  # the id before says whether a sentence is cut
            end = min(first_id + launch.chunk, int64(text.ids.shape[0]))
            while position < end:
                begin = position
                position, _, words = windows.read_sentence(warp, text, position, end)
                first = reach if is_cut(text.ids, begin) else 0
                last = words - reach if is_cut(text.ids, position) else words
                for place in range(first, last):
                    rate = float32(_MEASURING)
                    window = windows.window_at(warp, int32(place), words, rate)
                    if window.first < window.last:
                        pairs += 1 if cbow else window.last - window.first
                        if cbow:
                            windows.take_mean(warp, window)
                        measure_layers(warp, window, matrices, tables)
                cuda.syncwarp()
            loss = sum_over_lanes(warp.loss[0])
            if warp.lane == 0:
                sums.pairs[probe] = pairs
                sums.loss[probe] = loss
            probe += warps

    return measure
