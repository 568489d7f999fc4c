"""What a warp does with one chunk after the other, without lanes and in float64: the specification
of the kernels in `fastw2v.gpu`. It shares nothing with them but the shape and the names of arrays.

Unlike a thread of the CPU, a warp reads a tile's output rows once a window. With a ring it has the
input vectors of the words of the widest window in hand: it reads one a window before it is needed,
moves it on, and adds the change when the word leaves.
"""

import math

import numpy as np

_MASK = 0xFFFFFFFF
_LIMITS = {"nodes": 6, "outputs": math.inf}


def _mix(x):
    x = (x ^ x >> 16) * 0x85EBCA6B & _MASK
    x = (x ^ x >> 13) * 0xC2B2AE35 & _MASK
    return x ^ x >> 16


class Generators:
    """The 32 lanes' random numbers."""

    def __init__(self, seed, stream):
        base = _mix((seed + stream * 0x9E3779B9) & _MASK)
        self.states = [_mix((base + lane * 0x7FEB352D) & _MASK) | 1 for lane in range(32)]

    def draw(self):
        """32 random bits for each lane."""
        for lane, x in enumerate(self.states):
            x ^= x << 13 & _MASK
            x ^= x >> 17
            self.states[lane] = x ^ x << 5 & _MASK
        return [x * 0x9E3779B1 & _MASK for x in self.states]


class NaiveGpu:
    """A training: arrays as in `fastw2v.gpu.arrays`, matrices float64 and changed in place."""

    def __init__(self, shape, ids, keep, matrices, tables):
        self.shape, self.ids, self.keep = shape, ids, keep
        self.matrices, self.tables = matrices, tables
        self.read = self.kept = self.trained = self.pairs = 0
        self.loss = 0.0

    def train(self, launch, order):
        for number in range(launch.first, launch.last):
            done = launch.progress + launch.progress_per_chunk * (number - launch.first)
            self.rate = launch.alpha * max(launch.lowest, 1 - launch.slope * done)
            for _, words in self._sentences(launch, int(order[number])):
                if len(words) < 2:
                    continue
                self._begin(words)
                for place in range(len(words)):
                    self._move_to(place)
                    self._window(words, place)
                self._end()

    # --- the ring ---

    def _begin(self, words):
        self.words, self.ring, self.ahead = words, {}, None
        if self.shape.slots:
            for place in range(min(self._after + 1, len(words))):
                self._read_ahead(place)
                self.ring[place] = [self.ahead, np.zeros_like(self.ahead)]
            self._read_ahead(self._after + 1)

    def _move_to(self, place):
        if not self.ring or place == 0:
            return
        gone = place - self.shape.window * self.shape.left - 1
        if gone in self.ring:
            self._leave(gone)
        if place + self._after < len(self.words):
            self.ring[place + self._after] = [self.ahead, np.zeros_like(self.ahead)]
        self._read_ahead(place + self._after + 1)

    def _end(self):
        for place in sorted(self.ring):
            self._leave(place)

    @property
    def _after(self):
        return self.shape.window * self.shape.right

    def _read_ahead(self, place):
        if place < len(self.words):
            self.ahead = self.matrices.inputs[self.words[place]].copy()

    def _leave(self, place):
        word = self.words[place]
        self.matrices.inputs[word] += self.tables.input_shares[word] * self.ring.pop(place)[1]

    def _take(self, place):
        """The input vector of the word at a place."""
        return self.ring[place][0] if self.ring else self.matrices.inputs[self.words[place]]

    def _give(self, place, change):
        share = self.tables.input_shares[self.words[place]]
        if not self.ring:
            self.matrices.inputs[self.words[place]] += share * change
        elif not self.shape.frozen or share > 0:
            for each in self.ring[place]:
                each += change

    # --- windows ---

    def measure(self, launch, order):
        """(pairs, loss) of each probe."""
        found = []
        for number in range(launch.first, launch.last):
            self.pairs, self.loss = 0, 0.0
            for (begin, stop), words in self._sentences(launch, int(order[number]), skipped=1):
                self.words, self.ring = words, {}
                first = self.shape.window if self._is_cut(begin) else 0
                last = len(words) - self.shape.window if self._is_cut(stop) else len(words)
                for place in range(first, last):
                    self._window(words, place, measured=True)
            found.append((self.pairs, self.loss))
        return found

    def _is_cut(self, position):
        return 0 < position < len(self.ids) and self.ids[position - 1] != 0

    def _sentences(self, launch, chunk, skipped=0):
        """((begin, end), words kept) of each sentence in a chunk, without its first ids."""
        self.random = Generators(launch.seed, launch.number + int(chunk))
        self.samples = []
        position = chunk * launch.chunk
        end = min(position + launch.chunk, len(self.ids))
        position += skipped
        while position < end:
            begin, words, within = position, [], True
            while within and position < end:
                bits = self.random.draw()
                for lane, word in enumerate(self.ids[position : min(position + 32, end)]):
                    if word == 0:
                        within = False
                        position += lane + 1
                        break
                    self.read += 1
                    if bits[lane] <= self.keep[word]:
                        words.append(int(word))
                else:
                    position = min(position + 32, end)
            self.kept += len(words)
            yield (begin, position), words

    def _window(self, words, place, measured=False):
        shape = self.shape
        width = shape.window
        if not shape.fixed_window:
            width = 1 + (self.random.draw()[0] * shape.window >> 32)
        before = range(max(0, place - width), place) if shape.left else []
        after = range(place + 1, min(len(words), place + width + 1)) if shape.right else []
        context = [*before, *after]
        if not context:
            return
        self.trained += 1
        self.centre, self.context = words[place], context
        self.pairs += 1 if shape.cbow else len(context)
        if shape.cbow:
            self.hidden = np.mean([self._take(each) for each in context], axis=0)
            self.error = np.zeros_like(self.hidden)
        for name, targets in self._targets(measured):
            if measured:
                self._measure(getattr(self.matrices, name), targets)
            else:
                self._train(name, targets)
        if shape.cbow and not measured:
            share = 1 / len(context) if shape.corrected else 1
            for each in context:
                self._give(each, share * self.error)

    def _targets(self, measured):
        """(matrix, tile of (row, label, weight)) for each tile of each layer."""
        size = self.shape.tile
        if self.shape.hierarchical:
            begin, end = self.tables.start[self.centre], self.tables.start[self.centre + 1]
            if not measured:
                begin = min(begin + self._skipped(), end - 1)
            for first in range(begin, end, size):
                steps = self.tables.steps[first : min(first + size, end)]
                yield "nodes", [(step >> 1, 1 - (step & 1), 1) for step in steps]
        if self.shape.negative:
            for first in range(0, self.shape.negative + 1, size):
                wanted = min(size, self.shape.negative + 1 - first) - (first == 0)
                rows = self._draw(wanted)
                tile = [(row, 0, int(row != self.centre)) for row in rows]
                yield "outputs", [(self.centre, 1, 1)] * (first == 0) + tile

    def _skipped(self):
        bits, skipped, bit = self.random.draw()[0], self.shape.levels, 31
        while skipped > 0 and not bits >> bit & 1:
            skipped, bit = skipped - 2, bit - 1
        return max(0, skipped)

    def _draw(self, wanted):
        if len(self.samples) < wanted:
            noise = self.tables.noise
            picks = [bits * len(noise) >> 32 for bits in self.random.draw()]
            luck = self.random.draw()
            self.samples = [
                pick if bits <= noise[pick, 0] else int(noise[pick, 1])
                for pick, bits in zip(picks, luck, strict=True)
            ]
        taken, self.samples = self.samples[:wanted], self.samples[wanted:]
        return taken

    def _pull(self, hidden, outputs, targets, limit):
        labels, weights = (np.array([each[i] for each in targets]) for i in (1, 2))
        scores = outputs @ hidden
        pull = (labels - 1 / (1 + np.exp(-scores))) * weights * self.rate
        return pull * (np.abs(scores) <= limit)

    def _train(self, name, targets):
        matrix = getattr(self.matrices, name)
        rows = [row for row, _, _ in targets]
        outputs, moves = matrix[rows].copy(), np.zeros((len(rows), matrix.shape[1]))
        if self.shape.cbow:
            pull = self._pull(self.hidden, outputs, targets, _LIMITS[name])
            self.error += pull @ outputs
            moves += np.outer(pull, self.hidden)
        else:
            for place in self.context:
                hidden = self._take(place).copy()
                pull = self._pull(hidden, outputs, targets, _LIMITS[name])
                self._give(place, pull @ outputs)
                moves += np.outer(pull, hidden)
        shares = {"outputs": self.tables.output_shares, "nodes": self.tables.node_shares}[name]
        for row, move in zip(rows, moves, strict=True):
            matrix[row] += shares[row] * move

    def _measure(self, matrix, targets):
        hidden = [self.hidden] if self.shape.cbow else [self._take(each) for each in self.context]
        for each in hidden:
            for row, label, weight in targets:
                score = matrix[row] @ each
                self.loss += weight * np.logaddexp(0, -score if label else score)
