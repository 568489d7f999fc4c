"""The exact path again, plain and in float64: the C program's algorithm without its rounding."""

import math

import numpy as np

from tests.support.naive import MASK64, sigmoid

TABLE = 100_000_000


def table_sigmoid(score: float) -> float:
    """The C program's table: a step function of 83 steps a unit."""
    if score >= 6:
        return 1.0
    if score <= -6:
        return 0.0
    return sigmoid((math.floor((score + 6) * 83) / 1000 * 2 - 1) * 6)


class ExactTwin:
    """Trains one epoch after the other as `fastw2v.kernels.exact_path.train_exactly` does."""

    def __init__(self, engine):
        job = engine.shared
        self.plan, self.text, self.total = job.settings, job.text, engine.total
        layers = engine.exact_layers
        self.negative, self.tree = layers.negative, layers.hierarchical
        self.inputs = job.inputs.astype(np.float64)
        self.outputs = None if self.negative is None else self.negative.outputs.astype(np.float64)
        self.nodes = None if self.tree is None else self.tree.outputs.astype(np.float64)
        self.state = 0
        self.alpha = self.plan.alpha
        self.counted = self.counted_before = self.all_counted = 0

    def draw(self) -> int:
        self.state = (self.state * 25214903917 + 11) & MASK64
        return self.state

    def look_at_rate(self):
        if self.counted - self.counted_before > 10_000:
            self.all_counted += self.counted - self.counted_before
            self.counted_before = self.counted
            share = self.all_counted / (self.plan.epochs * self.total + 1)
            self.alpha = max(self.plan.alpha * (1 - share), self.plan.alpha * 1e-4)

    def epoch(self):
        ids = iter(self.text.ids.tolist())
        while True:
            self.look_at_rate()
            sentence = self.sentence(ids)
            if sentence is None or self.counted > self.total:
                break
            if not sentence:
                self.draw()
            for place in range(len(sentence)):
                if place:
                    self.look_at_rate()
                self.window(sentence, place)
        self.all_counted += self.counted - self.counted_before
        self.counted = self.counted_before = 0

    def sentence(self, ids):
        words = []
        while len(words) < 1000:
            word = next(ids, None)
            if word is None:
                return None
            self.counted += 1
            if word == 0:
                break
            if self.text.keep.size and self.text.keep[word] < (self.draw() & 0xFFFF) / 65536:
                continue
            words.append(word)
        return words

    def window(self, sentence, place):
        width = self.plan.window - self.draw() % self.plan.window
        context = sentence[max(0, place - width) : place] + sentence[place + 1 : place + width + 1]
        if not context:
            return
        if self.plan.cbow:
            hidden = self.inputs[context].mean(axis=0)
            error = self.train(sentence[place], hidden)
            for word in context:
                self.inputs[word] += error
        else:
            for word in context:
                self.inputs[word] += self.train(sentence[place], self.inputs[word])

    def train(self, centre, hidden):
        error = np.zeros_like(hidden)
        for matrix, row, label, skips in self.targets(centre):
            score = hidden @ matrix[row]
            if skips and abs(score) >= 6:
                continue
            gradient = (label - table_sigmoid(score)) * self.alpha
            error += gradient * matrix[row]
            matrix[row] += gradient * hidden
        return error

    def targets(self, centre):
        if self.tree is not None:
            for step in self.tree.steps[self.tree.start[centre] : self.tree.start[centre + 1]]:
                yield self.nodes, step // 2, 1.0 - step % 2, True
        if self.negative is not None:
            yield self.outputs, centre, 1.0, False
            for _ in range(self.negative.draws):
                bits = self.draw()
                entry = (bits >> 16) % TABLE
                word = int(np.searchsorted(self.negative.ends, entry, side="right"))
                if word == 0:
                    word = bits % (len(self.negative.ends) - 1) + 1
                if word != centre:
                    yield self.outputs, word, 0.0, False
