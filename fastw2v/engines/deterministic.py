"""The CPU's deterministic engine: the default path in rounds, see `fastw2v.kernels.rounds`."""

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.allocation import new_private_matrices
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.protocol import NONE_FROZEN
from fastw2v.kernels.measure import measure_shard
from fastw2v.kernels.rounds import merge_round, train_round, walk_rounds, walk_rounds_at
from fastw2v.kernels.shards import walk_at
from fastw2v.model.matrices import Model
from fastw2v.settings import Settings


class DeterministicEngine(CpuEngine):
    """The same bytes from the same number of shards, whatever the scheduling of their threads."""

    kernels = (walk_rounds_at, train_round, merge_round, walk_at, measure_shard)

    def __init__(
        self, corpus: Corpus, model: Model, settings: Settings, frozen: np.ndarray = NONE_FROZEN
    ):
        super().__init__(corpus, model, settings, frozen)
        self.shared = self.shared._replace(touched=new_private_matrices(model, settings))

    def train(self) -> None:
        walk_rounds(self._args(self.shared))
