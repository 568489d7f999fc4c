"""Small trainings for the GPU's kernels, and the cases that every device is tried with."""

import numpy as np

from fastw2v.gpu.arrays import DeviceText, Launch, Matrices, Tables
from fastw2v.gpu.shape import shape_for
from fastw2v.model.huffman import huffman_paths
from fastw2v.model.noise import alias_table, noise_shares
from fastw2v.settings import Settings
from tests.support.naive_gpu import NaiveGpu

WORDS, LEVELS, CHUNK = 40, 4, 24
LAYERS = {"ns": {}, "hs": {"hs": True, "negative": 0}, "both": {"hs": True}}


def settings_of(model, layer, **options):
    return Settings(model=model, threads=1, **{**LAYERS[layer], **options})


class Problem:
    """A small text, a model in the middle of its training, and tables."""

    def __init__(self, shape, ids=60, frozen=(), seed=5, words=WORDS):
        random = np.random.default_rng(seed)
        self.shape = shape
        self.ids = np.minimum(random.zipf(1.4, ids), words - 1).astype(np.int32)
        self.ids[random.random(ids) < 0.1] = 0
        self.keep = np.full(words, 2**32 - 1, np.uint32)
        if words > 4:
            self.keep[1:4] = [2**30, 2**31, 3 * 2**30]
        self.order = np.array([1, 2, 0], np.int32)
        counts = np.sort(random.integers(1, 500, words))[::-1].astype(np.int64)
        start, nodes, codes = huffman_paths(counts)
        shares = random.uniform(0.3, 1, (3, words)).astype(np.float32)
        shares[0, list(frozen)] = 0
        self.tables = Tables(
            alias_table(noise_shares(counts, 0.75)), start,
            (2 * nodes + codes).astype(np.int32), *shares,
        )  # fmt: skip
        values = random.normal(0, 0.4, (3, words, shape.width)).astype(np.float32)
        values[:, :, shape.size :] = 0
        self.matrices = Matrices(*values)
        self.launch = Launch(0, 3, CHUNK, 11, 7, 0.05, 0.1, 0.9, 0.25, 0.01)

    def put(self, put):
        """(text, matrices, tables): copies of the arrays, each made by ``put``."""
        text = DeviceText(*(put(each) for each in (self.ids, self.order, self.keep)))
        matrices = Matrices(*(put(each.copy()) for each in self.matrices))
        return text, matrices, Tables(*(put(each) for each in self.tables))

    def twin(self):
        matrices = Matrices(*(each.astype(np.float64) for each in self.matrices))
        return NaiveGpu(self.shape, self.ids, self.keep, matrices, self.tables)


CASES = [
    ("skipgram", "ns", {"size": 1, "window": 1, "negative": 1}),
    ("skipgram", "ns", {"size": 7, "window": 3, "negative": 25}),
    ("skipgram", "ns", {"size": 100}),
    ("skipgram", "ns", {"size": 300, "window": 2}),
    ("skipgram", "ns", {"size": 128, "window": 10, "window_mode": "fixed", "negative": 10}),
    ("skipgram", "ns", {"size": 7, "context": "left"}),
    ("cbow", "both", {"size": 7, "context": "right", "window": 3}),
    ("skipgram", "hs", {"size": 50}),
    ("skipgram", "hs", {"size": 128, "window": 2}),
    ("skipgram", "both", {"size": 100, "negative": 3, "window": 4}),
    ("cbow", "ns", {"size": 1, "window": 2}),
    ("cbow", "ns", {"size": 50, "cbow_update": "corrected"}),
    ("cbow", "ns", {"size": 300, "window": 3, "negative": 16}),
    ("cbow", "ns", {"size": 128, "window": 10, "window_mode": "fixed"}),
    ("cbow", "hs", {"size": 7}),
    ("cbow", "hs", {"size": 300, "window": 2}),
    ("cbow", "both", {"size": 100, "cbow_update": "corrected", "negative": 25}),
    ("skipgram", "ns", {"size": 600, "window": 2, "negative": 4}),  # tiles of one
]


def case_name(case):
    model, layer, options = case
    return "-".join([model, layer, *(f"{name}={value}" for name, value in options.items())])


def shape_of(case, frozen=False):
    model, layer, options = case
    settings = settings_of(model, layer, **options)
    return shape_for(settings, LEVELS if settings.hs else 0, frozen)
