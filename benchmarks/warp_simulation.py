"""Many warps in lock step on the CPU: what changes that are computed at once do to a model.

As the kernels of `fastw2v.gpu`, each warp trains chunks of the text on the one model. Here all
warps take the same step at the same time: they read their rows, compute, and only then are all
changes added. A step is what the kernels do between reading a row and changing it: an input vector
of skip-gram is read and changed for one tile of targets, output rows for a tile and all context
words, the input vectors of CBOW for a whole window. On a device warps do not march in step, so
that some see changes of others sooner.
"""

from collections import namedtuple

import numba
import numpy as np

from fastw2v.engines.crowding import shares
from fastw2v.gpu.shape import CHUNK, shape_for
from fastw2v.kernels.layers.registry import new_layers
from fastw2v.model.matrices import Model
from fastw2v.model.noise import alias_table, noise_shares
from fastw2v.model.subsampling import keep_thresholds
from fastw2v.settings import Settings

LOWEST_RATE = 1e-4
NODE_LIMIT = 6.0
_FAST = {"reassoc", "contract", "nsz", "arcp"}

Job = namedtuple(
    "Job", "ids keep noise start steps inputs targets window negative tile cbow levels"
)
"""What is trained. targets: output vectors or nodes; inputs, targets: (V, D) float32."""

Warps = namedtuple("Warps", "words sentence kept place chunk rate")
"""For each of W warps: words, sentence: (W, CHUNK) int32, those kept of a chunk, and in which
sentence each is; kept, place: how many, and which one is next; chunk: -1 for none; rate."""

Step = namedtuple("Step", "context contexts rows labels weights count moves errors hidden")
"""For each warp: its window and targets, and what it is about to change."""


def train(ids: np.ndarray, counts: np.ndarray, model: Model, settings: Settings, warps: int,
          hands: float | None) -> None:  # fmt: skip
    """Train a model: skip-gram or CBOW, with one of the two output layers.

    ids: (N,) int32. counts: (V,) int64. hands: of the cap, None for no cap.
    """
    layers = new_layers(counts, model, settings)
    tree = layers.hierarchical
    levels = 0 if tree is None else tree.subsampled_levels
    shape = shape_for(settings, levels, frozen=False)
    noise = alias_table(noise_shares(counts, settings.noise_exponent))
    start = np.array([0] if tree is None else tree.start, np.int64)
    steps = np.array([0] if tree is None else tree.steps, np.int32)
    size = settings.size
    targets = model.outputs if tree is None else model.nodes
    job = Job(
        ids, keep_thresholds(counts, settings.sample), noise, start, steps,
        model.inputs[:, :size].copy(), targets[:, :size].copy(),
        settings.window, settings.negative, shape.tile, shape.cbow, levels,
    )  # fmt: skip
    limits = shares(counts, settings, warps, 0, float("inf") if hands is None else hands)
    moves = limits["inputs"], limits["outputs" if tree is None else "nodes"]
    state = _new_warps(warps)
    step = _new_step(warps, settings.window, shape.tile, size)
    chunks = -(-len(ids) // CHUNK)
    for epoch in range(settings.epochs):
        order = np.random.default_rng([settings.seed, epoch]).permutation(chunks)
        progress = (epoch / settings.epochs, 1 / (settings.epochs * chunks), settings.alpha)
        _seed(settings.seed + epoch)
        _train_epoch(job, state, step, order, progress, moves)
    model.inputs[:, :size] = job.inputs
    targets[:, :size] = job.targets


def _new_warps(warps: int) -> Warps:
    words = np.zeros((2, warps, CHUNK), np.int32)
    numbers = np.zeros((3, warps), np.int64)
    return Warps(words[0], words[1], *numbers, np.zeros(warps, np.float32))


def _new_step(warps: int, window: int, tile: int, size: int) -> Step:
    rows = np.zeros((warps, tile), np.int32)
    return Step(
        np.zeros((warps, 2 * window), np.int32), np.zeros(warps, np.int64),
        rows, np.zeros((warps, tile), np.float32), np.zeros((warps, tile), np.float32),
        np.zeros(warps, np.int64), np.zeros((warps, tile, size), np.float32),
        np.zeros((warps, size), np.float32), np.zeros((warps, size), np.float32),
    )  # fmt: skip


@numba.njit(nogil=True, cache=True)
def _seed(seed):
    np.random.seed(seed)


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _train_epoch(job, warps, step, order, progress, moves):
    count = len(warps.chunk)
    taken = 0
    warps.kept[:] = 0
    warps.place[:] = 0
    while True:
        active = 0
        for w in range(count):
            while warps.place[w] >= warps.kept[w] and taken < len(order):
                _take_chunk(job, warps, w, order[taken])
                done = progress[0] + progress[1] * taken
                warps.rate[w] = progress[2] * max(LOWEST_RATE, 1.0 - done)
                taken += 1
            step.contexts[w] = 0
            step.count[w] = 0
            if warps.place[w] < warps.kept[w]:
                active += 1
                _open_window(job, warps, step, w)
        if active == 0:
            return
        _train_windows(job, warps, step, moves)
        warps.place[:] += 1


@numba.njit(nogil=True, cache=True)
def _take_chunk(job, warps, w, chunk):
    kept, sentence = 0, 0
    for i in range(chunk * CHUNK, min((chunk + 1) * CHUNK, len(job.ids))):
        word = job.ids[i]
        if word == 0:
            sentence += 1
        elif np.random.randint(0, 1 << 32) <= job.keep[word]:
            warps.words[w, kept] = word
            warps.sentence[w, kept] = sentence
            kept += 1
    warps.kept[w] = kept
    warps.place[w] = 0


@numba.njit(nogil=True, cache=True)
def _open_window(job, warps, step, w):
    place, found = warps.place[w], 0
    width = 1 + np.random.randint(0, job.window)
    for other in range(max(0, place - width), min(warps.kept[w], place + width + 1)):
        if other != place and warps.sentence[w, other] == warps.sentence[w, place]:
            step.context[w, found] = warps.words[w, other]
            found += 1
    step.contexts[w] = found


@numba.njit(nogil=True, cache=True)
def _path_begin(job, word):
    """The first node of a word's path that is trained: see `fastw2v.gpu.hierarchical`."""
    skipped = job.levels
    while skipped > 0 and np.random.random() < 0.5:
        skipped -= 2
    return min(job.start[word] + max(0, skipped), job.start[word + 1] - 1)


@numba.njit(nogil=True, cache=True)
def _open_tile(job, step, w, word, first):
    """The targets from number ``first`` on; returns whether there are any."""
    step.count[w] = 0
    if step.contexts[w] == 0:
        return False
    if job.negative:
        last = min(first + job.tile, job.negative + 1)
    else:
        last = min(first + job.tile, job.start[word + 1])
    for number in range(first, last):
        slot = number - first
        step.weights[w, slot] = 1
        if job.negative == 0:
            step.rows[w, slot] = job.steps[number] >> 1
            step.labels[w, slot] = 1 - (job.steps[number] & 1)
        elif number == 0:
            step.rows[w, slot], step.labels[w, slot] = word, 1
        else:
            row = np.random.randint(0, len(job.noise))
            if np.random.randint(0, 1 << 32) > job.noise[row, 0]:
                row = job.noise[row, 1]
            step.rows[w, slot], step.labels[w, slot] = row, 0
            step.weights[w, slot] = 1 if row != word else 0
    step.count[w] = max(0, last - first)
    step.moves[w] = 0
    return last > first


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _dot(row, other):
    total = np.float32(0)
    for d in range(len(row)):
        total += row[d] * other[d]
    return total


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _add(row, factor, change):
    for d in range(len(row)):
        row[d] += factor * change[d]


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _train_hidden(job, step, w, hidden, rate):
    """Add what a hidden row contributes to the moves of the targets, and to its own error."""
    error = step.errors[w]
    for slot in range(step.count[w]):
        target = job.targets[step.rows[w, slot]]
        score = _dot(hidden, target)
        if job.negative == 0 and abs(score) > NODE_LIMIT:
            continue
        pull = step.labels[w, slot] - np.float32(1) / (np.float32(1) + np.exp(-score))
        pull *= rate * step.weights[w, slot]
        _add(error, pull, target)
        _add(step.moves[w, slot], pull, hidden)


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _train_contexts(job, warps, step, moves):
    """Skip-gram, one tile: all warps take their first context word, then the next ones."""
    for number in range(step.contexts.max()):
        for w in range(len(step.contexts)):
            if number < step.contexts[w] and step.count[w]:
                step.errors[w] = 0
                hidden = job.inputs[step.context[w, number]]
                _train_hidden(job, step, w, hidden, warps.rate[w])
        for w in range(len(step.contexts)):
            if number < step.contexts[w] and step.count[w]:
                word = step.context[w, number]
                _add(job.inputs[word], moves[word], step.errors[w])


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _take_means(job, step):
    for w in range(len(step.contexts)):
        step.hidden[w] = 0
        step.errors[w] = 0
        for number in range(step.contexts[w]):
            share = np.float32(1 / step.contexts[w])
            _add(step.hidden[w], share, job.inputs[step.context[w, number]])


@numba.njit(nogil=True, cache=True)
def _open_tiles(job, warps, step, first):
    """The next tile of each warp that has one; returns whether any has."""
    found = False
    for w in range(len(first)):
        if step.contexts[w] and first[w] >= 0:
            word = warps.words[w, warps.place[w]]
            is_open = _open_tile(job, step, w, word, first[w])
            first[w] = first[w] + job.tile if is_open else -1
            found |= is_open
    return found


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _add_moves(job, step, moves):
    for w in range(len(step.count)):
        for slot in range(step.count[w]):
            row = step.rows[w, slot]
            _add(job.targets[row], moves[row], step.moves[w, slot])


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _add_errors(job, step, moves):
    for w in range(len(step.contexts)):
        for number in range(step.contexts[w]):
            word = step.context[w, number]
            _add(job.inputs[word], moves[word], step.errors[w])


@numba.njit(nogil=True, cache=True, fastmath=_FAST)
def _train_windows(job, warps, step, moves):
    """One window of each warp that has one."""
    count = len(step.contexts)
    first = np.zeros(count, np.int64)  # target of the next tile, -1 for none
    for w in range(count):
        if step.contexts[w] and job.negative == 0:
            first[w] = _path_begin(job, warps.words[w, warps.place[w]])
    if job.cbow:
        _take_means(job, step)
    while _open_tiles(job, warps, step, first):
        if job.cbow:
            for w in range(count):
                _train_hidden(job, step, w, step.hidden[w], warps.rate[w])
        else:
            _train_contexts(job, warps, step, moves[0])
        _add_moves(job, step, moves[1])
    if job.cbow:
        _add_errors(job, step, moves[0])
