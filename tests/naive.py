"""The default path again, plain, slow and in float64: the specification of its kernels.

Nothing here is compiled or shared with the package, but for the settings object.
"""

import math

import numpy as np

MASK64 = 2**64 - 1


class SplitMix:
    """The fast path's random numbers from whole Python numbers."""

    def __init__(self, state: int):
        self.state = int(state)

    def draw(self) -> int:
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK64
        bits = self.state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK64
        return bits ^ (bits >> 31)


def sigmoid(score: float) -> float:
    return 1 / (1 + math.exp(-score))


def table_sigmoid(score: float) -> float:
    """The C program's table: a step function of 83 steps a unit."""
    if score >= 6:
        return 1.0
    if score <= -6:
        return 0.0
    return sigmoid((math.floor((score + 6) * 83) / 1000 * 2 - 1) * 6)


def logistic_loss(score: float, label: float) -> float:
    return -math.log(sigmoid(score if label else -score))


def train_outputs(hidden, outputs, targets, alpha, squash=sigmoid):
    """Move ``outputs`` for (row, label, weight) ``targets``; returns the hidden rows' errors."""
    before = outputs.copy()
    error = np.zeros_like(hidden)
    for i in range(len(hidden)):
        for row, label, weight in targets:
            gradient = (label - squash(hidden[i] @ before[row])) * alpha * weight
            error[i] += gradient * before[row]
            outputs[row] += gradient * hidden[i]
    return error


def outputs_loss(hidden, outputs, targets) -> float:
    return sum(
        weight * logistic_loss(row_hidden @ outputs[row], label)
        for row_hidden in hidden
        for row, label, weight in targets
    )


def softmax_loss(hidden, outputs, centre) -> float:
    """-log softmax over the words, the sentence end (row 0) left out."""
    scores = hidden @ outputs[1:].T
    return float(np.log(np.exp(scores).sum(axis=1)).sum() - scores[:, centre - 1].sum())


def train_softmax(hidden, outputs, centre, alpha):
    """One hidden row after the other; returns their errors."""
    errors = np.zeros_like(hidden)
    for i in range(len(hidden)):
        powers = np.exp(outputs[1:] @ hidden[i])
        gradient = -powers / powers.sum()
        gradient[centre - 1] += 1
        errors[i] = alpha * gradient @ outputs[1:]
        outputs[1:] += alpha * np.outer(gradient, hidden[i])
    return errors


def gather_hidden(inputs, context, cbow):
    return inputs[context].mean(axis=0, keepdims=True) if cbow else inputs[context]


def scatter_error(inputs, context, error, cbow, corrected):
    for i, word in enumerate(context):
        inputs[word] += error[0] / (len(context) if corrected else 1) if cbow else error[i]


class Twin:
    """Trains one shard as `fastw2v.kernels.fast.train_shard` does.

    job and layers as `fastw2v.preparation.new_job` makes them; the matrices are copied to float64.
    """

    def __init__(self, job, layers, squash=table_sigmoid):
        self.plan, self.text, self.layers, self.squash = job.plan, job.text, layers, squash
        self.random = SplitMix(job.shards.random[0, 0])
        self.inputs = job.inputs.astype(np.float64)
        self.outputs = {
            name: getattr(layers, name).outputs.astype(np.float64)
            for name in ("hierarchical", "negative", "softmax")
            if getattr(layers, name) is not None
        }
        self.raw = self.kept = self.windows = 0
        self.losses = []  # (pairs, loss) of each window, in the epoch at hand

    def epoch(self, epoch: int) -> None:
        self.losses = []
        position = 0
        ids = self.text.ids.tolist()
        while position < len(ids):
            progress = (epoch + position / len(ids)) / self.plan.epochs
            alpha = self.plan.alpha * max(1e-4, 1 - progress)
            sentence, position = self.sentence(ids, position)
            for place in range(len(sentence)):
                self.window(sentence, place, alpha)

    def sentence(self, ids, position):
        words = []
        while position < len(ids) and len(words) < 1000:
            word = ids[position]
            position += 1
            if word == 0:
                break
            self.raw += 1
            threshold = int(self.text.keep[word])
            if threshold == 2**32 - 1 or self.random.draw() >> 32 <= threshold:
                words.append(word)
        self.kept += len(words)
        return words, position

    def window(self, sentence, place, alpha):
        width = self.plan.window
        if not self.plan.fixed_window:
            width = 1 + ((self.random.draw() >> 32) * self.plan.window >> 32)
        context = sentence[max(0, place - width) : place] + sentence[place + 1 : place + width + 1]
        if not context:
            return
        centre = sentence[place]
        hidden = gather_hidden(self.inputs, context, self.plan.cbow)
        error, loss = np.zeros_like(hidden), 0.0
        for layer, targets in self.targets(centre):
            outputs = self.outputs[layer]
            loss += outputs_loss(hidden, outputs, targets)
            error += train_outputs(hidden, outputs, targets, alpha, self.squash)
        if "softmax" in self.outputs:
            for i in range(len(hidden)):
                one = hidden[i : i + 1]
                loss += softmax_loss(one, self.outputs["softmax"], centre)
                error[i] += train_softmax(one, self.outputs["softmax"], centre, alpha)[0]
        scatter_error(self.inputs, context, error, self.plan.cbow, self.plan.corrected)
        self.windows += 1
        self.losses.append((len(hidden), loss))

    def targets(self, centre):
        if self.layers.hierarchical is not None:
            tree = self.layers.hierarchical
            path = slice(tree.start[centre], tree.start[centre + 1])
            yield (
                "hierarchical",
                [(n, x, 1) for n, x in zip(tree.nodes[path], tree.labels[path], strict=True)],
            )
        if self.layers.negative is not None:
            yield "negative", self.noise(centre)

    def noise(self, centre):
        layer, drawn = self.layers.negative, {}
        for _ in range(layer.draws):
            bits = self.random.draw()
            word = (bits >> 32) * len(layer.alias) >> 32
            if bits & 0xFFFFFFFF > int(layer.threshold[word]):
                word = int(layer.alias[word])
            if word != centre:
                drawn[word] = drawn.get(word, 0) + 1
        return [(centre, 1, 1)] + [(word, 0, times) for word, times in drawn.items()]
