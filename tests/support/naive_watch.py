"""The training of `fastw2v.watching` again, in Python, from the twins of the kernels."""

import numpy as np

from fastw2v.model.huffman import huffman_paths
from tests.support.naive import (
    LIMITS,
    SplitMix,
    Target,
    gather_hidden,
    logistic_loss,
    scatter_error,
    softmax_loss,
    train_softmax,
    train_targets,
)


class WatchTwin:
    """Trains on sentences of word ids, from 0; row 0 of both matrices is the sentence end, which
    is in no text. settings: as the page's."""

    def __init__(self, sentences, counts, **settings):
        self.settings, self.sentences = settings, sentences
        self.cbow = settings["model"] == "cbow"
        self.random = SplitMix(settings["seed"])
        words, size = len(counts), settings["size"]
        self.inputs = np.zeros((words + 1, size))
        for row in self.inputs[1:]:
            row[:] = [(self.share() - 0.5) / size for _ in range(size)]
        self.outputs = np.zeros((words + 1, size))
        self.paths = huffman_paths(np.array(counts))
        powers = np.array(counts) ** 0.75
        self.noise = np.cumsum(powers / powers.sum())
        self.walk = self.windows()
        self.losses = []

    def share(self):
        return (self.random.draw() >> 11) / 2**53

    def windows(self):
        """(words that predict, word to be predicted) of each step; pass after pass."""
        width = self.settings["window"]
        while True:
            for sentence in self.sentences:
                for place, centre in enumerate(sentence):
                    before = sentence[max(0, place - width) : place]
                    context = before + sentence[place + 1 : place + 1 + width]
                    groups = [context] if self.cbow else [[word] for word in context]
                    yield from ((group, centre) for group in groups if group)

    def step(self):
        context, centre = next(self.walk)
        rows, alpha = [word + 1 for word in context], self.settings["alpha"]
        hidden = gather_hidden(self.inputs, rows, self.cbow)
        if self.settings["layer"] == "softmax":
            self.losses.append(softmax_loss(hidden, self.outputs, centre + 1))
            error = train_softmax(hidden, self.outputs, centre + 1, alpha)
        else:
            layer, targets = self.targets(centre)
            scores = hidden[0] @ self.outputs[[target.row for target in targets]].T
            each = [
                target.weight * logistic_loss(score, target.label)
                for target, score in zip(targets, scores, strict=True)
            ]
            self.losses.append(sum(each))
            error = train_targets(hidden, self.outputs, targets, alpha, LIMITS[layer])
        scatter_error(self.inputs, rows, error, self.cbow, self.settings["corrected"])

    def targets(self, centre):
        if self.settings["layer"] == "hierarchical-softmax":
            path = slice(*self.paths.start[centre : centre + 2])
            nodes, codes = self.paths.nodes[path].tolist(), self.paths.codes[path].tolist()
            pairs = zip(nodes, codes, strict=True)
            return "hierarchical", [Target(node, 1 - code) for node, code in pairs]
        drawn = {}
        for _ in range(self.settings["negative"]):
            word = int(np.searchsorted(self.noise, self.share(), side="right"))
            if word != centre:
                drawn[word + 1] = drawn.get(word + 1, 0) + 1
        noise = [Target(row, 0, times) for row, times in drawn.items()]
        return "negative", [Target(centre + 1, 1), *noise]

    def matrices(self):
        """(V, D), and (V, D) or of the V - 1 nodes."""
        is_tree = self.settings["layer"] == "hierarchical-softmax"
        outputs = self.outputs[:-2] if is_tree else self.outputs[1:]
        return self.inputs[1:], outputs
