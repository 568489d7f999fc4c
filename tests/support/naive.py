"""The default path again, plain, slow and in float64: the specification of its kernels.

Nothing here is compiled or shared with the package, but for the settings object.
"""

import math
from typing import NamedTuple

import numpy as np

MASK64 = 2**64 - 1
LIMITS = {"hierarchical": 6, "negative": math.inf, "nce": math.inf}  # of scores that train


class Target(NamedTuple):
    """An output row to be scored, and what the score less the offset should be the log-odds of."""

    row: int
    label: float
    weight: float = 1
    offset: float = 0


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


def logistic_loss(score: float, label: float) -> float:
    """Of a label from 0 to 1: the cross entropy with sigmoid(score)."""
    return -label * math.log(sigmoid(score)) - (1 - label) * math.log(sigmoid(-score))


def gradients(hidden, outputs, targets, alpha, limit=math.inf):
    """(I, K): how strongly each hidden row and each `Target` pull; not at all where the score is
    beyond the limit."""
    rows, labels, weights, offsets = (np.array(each) for each in zip(*targets, strict=True))
    scores = hidden @ outputs[rows].T - offsets
    return (labels - 1 / (1 + np.exp(-scores))) * alpha * weights * (np.abs(scores) < limit)


def train_targets(hidden, outputs, targets, alpha, limit=math.inf):
    """Move ``outputs``, all scores taken before; returns the hidden rows' errors."""
    pull = gradients(hidden, outputs, targets, alpha, limit)
    rows = [target.row for target in targets]
    error = pull @ outputs[rows]
    outputs[rows] += pull.T @ hidden
    return error


def train_in_place(inputs, context, outputs, targets, alpha, limit=math.inf, frozen=()):
    """Skip-gram: the hidden rows are input vectors and move at once. Scores are taken before; a
    context word that comes twice has moved when its second turn comes, and all have moved when
    the next tile's turn comes."""
    pull = gradients(inputs[context], outputs, targets, alpha, limit)
    for tile in tiles(len(targets)):
        rows = [target.row for target in targets[tile]]
        old = outputs[rows]
        for i, word in enumerate(context):
            hidden = inputs[word].copy()
            if word not in frozen:
                inputs[word] += pull[i, tile] @ old
            outputs[rows] += np.outer(pull[i, tile], hidden)


def tiles(targets: int) -> list[slice]:
    """Sixes, then as many fours as leave a place or less empty (one or two targets: a four)."""
    fours = next(n for n in range(3) if (targets - 4 * n) % 6 in (0, 5) or targets <= 4 * n)
    rest = max(0, targets - 4 * fours)
    sizes = [6] * -(-rest // 6) + [4] * fours
    ends = np.cumsum(sizes)
    return [slice(end - size, end) for size, end in zip(sizes, ends, strict=True)]


def outputs_loss(hidden, outputs, targets) -> float:
    return sum(
        weight * logistic_loss(row_hidden @ outputs[row] - offset, label)
        for row_hidden in hidden
        for row, label, weight, offset in targets
    )


def drawn_shares(table):
    """How often each word is drawn from an alias table: kept where it is picked, or taken
    instead of another."""
    kept = table[:, 0] / 2**32
    shares = kept / len(table)
    np.add.at(shares, table[:, 1], (1 - kept) / len(table))
    return shares


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


def central_differences(function, matrix, step=1e-6):
    """The gradient of ``function()`` with respect to a matrix that it reads."""
    gradient = np.zeros_like(matrix)
    for place in np.ndindex(matrix.shape):
        kept = matrix[place]
        matrix[place] = kept + step
        above = function()
        matrix[place] = kept - step
        gradient[place] = (above - function()) / (2 * step)
        matrix[place] = kept
    return gradient


def gather_hidden(inputs, context, cbow):
    return inputs[context].mean(axis=0, keepdims=True) if cbow else inputs[context]


def scatter_error(inputs, context, error, cbow, corrected, frozen=()):
    for i, word in enumerate(context):
        if word not in frozen:
            inputs[word] += error[0] / (len(context) if corrected else 1) if cbow else error[i]


class Twin:
    """Trains one shard as `fastw2v.kernels.default_path.train_shard` does, and measures its loss.

    engine: as `fastw2v.engines.factory.new_engine` makes it; the matrices are copied to float64.
    """

    def __init__(self, engine):
        job = engine.shared
        self.plan, self.text, self.layers = job.settings, job.text, engine.layers
        self.random = SplitMix(job.shards.random[0, 0])
        self.measuring = engine.measured.shards.random[0, 0]
        self.inputs = job.inputs.astype(np.float64)
        self.outputs = {
            name: layer.outputs.astype(np.float64)
            for name, layer in engine.layers._asdict().items()
            if layer is not None
        }
        self.sampled = self.layers.nce or self.layers.negative
        self.noise_share = None if self.sampled is None else drawn_shares(self.sampled.table)
        self.raw = self.kept = 0
        self.frozen = np.flatnonzero(self.text.frozen).tolist()

    def epoch(self, epoch: int) -> None:
        length = len(self.text.ids)
        for sentence, position in self.sentences():
            progress = (epoch + position / length) / self.plan.epochs
            alpha = self.plan.alpha * max(1e-4, 1 - progress)
            self.draw_noise(len(sentence))
            for place in range(len(sentence)):
                self.window(sentence, place, alpha)

    def loss(self) -> float:
        """Mean loss per training pair over the whole text, as the kernels measure it."""
        training, self.random = self.random, SplitMix(self.measuring)
        raw, kept = self.raw, self.kept
        pairs, loss = 0, 0.0
        for sentence, _ in self.sentences():
            self.draw_noise(len(sentence))
            for place in range(len(sentence)):
                context = self.context(sentence, place)
                if context:
                    hidden = gather_hidden(self.inputs, context, self.plan.cbow)
                    pairs += len(hidden)
                    loss += self.window_loss(hidden, sentence[place], place)
        self.random, self.raw, self.kept = training, raw, kept
        return loss / pairs

    def sentences(self):
        """(words left by sub-sampling, position of the sentence in the ids) of each sentence."""
        ids, position = self.text.ids.tolist(), 0
        while position < len(ids):
            start = position
            sentence, position = self.sentence(ids, position)
            yield sentence, start

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

    def context(self, sentence, place):
        width = self.plan.window
        if not self.plan.fixed_window:
            width = 1 + ((self.random.draw() >> 32) * self.plan.window >> 32)
        before = sentence[max(0, place - width) : place]
        after = sentence[place + 1 : place + width + 1]
        return {None: before + after, -1: before, 1: after}[self.plan.side]

    def window(self, sentence, place, alpha):
        context = self.context(sentence, place)
        if not context:
            return
        centre = sentence[place]
        if self.plan.cbow:
            self.train_mean(centre, context, place, alpha)
        else:
            self.train_each(centre, context, place, alpha)

    def train_mean(self, centre, context, place, alpha):
        hidden = gather_hidden(self.inputs, context, True)
        error = np.zeros_like(hidden)
        for layer, targets in self.targets(centre, place):
            limit = LIMITS[layer]
            error += train_targets(hidden, self.outputs[layer], targets, alpha, limit)
        if "softmax" in self.outputs:
            error += train_softmax(hidden, self.outputs["softmax"], centre, alpha)
        scatter_error(self.inputs, context, error, True, self.plan.corrected, self.frozen)

    def train_each(self, centre, context, place, alpha):
        for layer, targets in self.targets(centre, place):
            outputs, limit = self.outputs[layer], LIMITS[layer]
            train_in_place(self.inputs, context, outputs, targets, alpha, limit, self.frozen)
        if "softmax" in self.outputs:
            for word in context:
                one = self.inputs[word][None]
                error = train_softmax(one, self.outputs["softmax"], centre, alpha)
                if word not in self.frozen:
                    one += error

    def window_loss(self, hidden, centre, place):
        loss = 0.0
        for layer, targets in self.targets(centre, place, subsampled_levels=False):
            loss += outputs_loss(hidden, self.outputs[layer], targets)
        if "softmax" in self.outputs:
            loss += softmax_loss(hidden, self.outputs["softmax"], centre)
        return loss

    def targets(self, centre, place, subsampled_levels=True):
        if self.layers.hierarchical is not None:
            tree = self.layers.hierarchical
            steps = tree.steps[tree.start[centre] : tree.start[centre + 1]]
            if subsampled_levels:
                steps = steps[min(self.nodes_skipped(), len(steps) - 1) :]
            yield "hierarchical", [Target(step // 2, 1 - step % 2) for step in steps]
        if self.layers.negative is not None:
            for group in self.groups(place):
                yield "negative", self.noise(centre, *group)
        if self.layers.nce is not None:
            for group in self.groups(place):
                yield "nce", self.noise_or_centre(centre, *group)

    def nodes_skipped(self):
        """Two fewer for each leading zero of 32 random bits."""
        zeros = 32 - (self.random.draw() >> 32).bit_length()
        return max(0, self.layers.hierarchical.subsampled_levels - 2 * zeros)

    def groups(self, place):
        """(samples, whether they are the first) of each fifty samples of a word."""
        drawn = self.drawn[place]
        return [(drawn[first : first + 50], first == 0) for first in range(0, len(drawn), 50)]

    def noise(self, centre, samples, first):
        drawn = {}
        for word in samples:
            if word != centre:
                drawn[word] = drawn.get(word, 0) + 1
        centres = [Target(centre, 1)] * first
        return centres + [Target(word, 0, times) for word, times in drawn.items()]

    def noise_or_centre(self, centre, samples, first):
        """The centre word once as such and n times as noise: 1 of 1 + n labels is 1. In later
        groups it is noise only."""
        noise = self.noise(centre, samples, False)
        as_noise = samples.count(centre)
        if first:
            noise.insert(0, Target(centre, 1 / (1 + as_noise), 1 + as_noise))
        elif as_noise:
            noise.append(Target(centre, 0, as_noise))
        return [
            target._replace(offset=math.log(self.sampled.draws * self.noise_share[target.row]))
            for target in noise
        ]

    def draw_noise(self, words):
        """The negative samples of each word of a sentence."""
        if self.sampled is not None:
            draws = range(self.sampled.draws)
            self.drawn = [[self.draw_word() for _ in draws] for _ in range(words)]

    def draw_word(self):
        table, bits = self.sampled.table, self.random.draw()
        word = (bits >> 32) * len(table) >> 32
        return word if bits & 0xFFFFFFFF < int(table[word, 0]) else int(table[word, 1])
