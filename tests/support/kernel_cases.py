"""Small random training jobs for tests of kernels."""

from types import SimpleNamespace

import numpy as np

from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.cuda import CudaEngine
from fastw2v.engines.factory import new_engine
from fastw2v.engines.protocol import NONE_FROZEN
from fastw2v.kernels.curvature import DIRECTIONS
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings
from tests.support.gpu_device import EmulatedDevice

RARE = 17  # words of a small corpus that are not in its vocabulary

LAYERS = {
    "negative sampling": {"negative": 4},
    "hierarchical softmax": {"negative": 0, "hs": True},
    "both": {"negative": 3, "hs": True},
    "softmax": {"softmax": True},
    "many negatives": {"negative": 25},
    "nce": {"negative": 4, "nce": True},
    "nce and tree": {"negative": 9, "nce": True, "hs": True},
}

EXACT_LAYERS = [name for name, layer in LAYERS.items() if not layer.keys() & {"softmax", "nce"}]
"""Those that the C program has, too."""


class SmallCorpus(SimpleNamespace):
    """As `fastw2v.corpus.Corpus`, but it can be changed."""

    @property
    def all_ids(self) -> int:
        """See `fastw2v.corpus.Corpus.all_ids`."""
        return len(self.ids)


def small_corpus(seed: int, words: int = 23, tokens: int = 400) -> SmallCorpus:
    """Random sentences of uneven lengths, empty ones among them; word 1 is by far the commonest."""
    rng = np.random.default_rng(seed)
    shares = 1 / np.arange(1, words)
    ids = rng.choice(np.arange(1, words), size=tokens, p=shares / shares.sum()).astype(np.int32)
    ids[rng.random(tokens) < 0.12] = 0
    counts = np.bincount(ids, minlength=words).astype(np.int64)
    order = np.concatenate([[0], 1 + np.argsort(-counts[1:], kind="stable")])
    new_id = np.empty(words, np.int32)
    new_id[order] = np.arange(words)
    names = ["</s>"] + [f"w{each}" for each in range(1, words)]
    return SmallCorpus(
        ids=new_id[ids],
        vocabulary=Vocabulary(names, counts[order]),
        words_known=int(np.count_nonzero(ids)),
        words_read=int(np.count_nonzero(ids)) + RARE,
    )


def small_engine(case: int, tokens: int = 400, frozen=(), ids=None, **settings):
    """(engine, model, corpus, settings) with weights large enough for scores to matter.

    ids: word ids to train on instead of the corpus; its counts stay as they are.
    """
    settings = Settings(**({"threads": 1, "size": 7} | settings))
    corpus = small_corpus(case, tokens=tokens)
    if ids is not None:
        corpus.ids = np.array(ids, np.int32)
    model = new_model(len(corpus.vocabulary), settings)
    rng = np.random.default_rng(case + 1)
    for matrix in (model.inputs, model.outputs, model.nodes):
        if matrix is not None:
            matrix[:, : settings.size] = rng.normal(0, 0.5, (len(matrix), settings.size))
    held = np.isin(np.arange(len(model.inputs)), frozen) if frozen else NONE_FROZEN
    if settings.device == "cuda":
        engine = CudaEngine(corpus, model, settings, EmulatedDevice(), held)
    else:
        engine = new_engine(corpus, model, settings, held)
    return engine, model, corpus, settings


def set_curvature(curvature, seed, size):
    """Give a curvature of ``size`` dimensions values. Returns its directions, their values, and
    that of all others: what `tests.support.naive_replicas.merged_row` takes."""
    rng = np.random.default_rng(seed)
    directions = np.linalg.qr(rng.normal(size=(size, DIRECTIONS)))[0].T
    curvature.directions[:, :size] = directions
    curvature.values[:] = [40, 9, 3, 2, 1, 0.5, 0.1]
    return directions, curvature.values[:DIRECTIONS].copy(), curvature.values[DIRECTIONS]
