"""The CPU's exact engine: the C program's numbers, see `fastw2v.kernels.exact_path`."""

from fastw2v.corpus import Corpus
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.protocol import NONE_FROZEN
from fastw2v.kernels.exact_path import train_exactly
from fastw2v.kernels.layers.registry import new_exact_layers
from fastw2v.kernels.measure import measure_shard, measure_shards
from fastw2v.kernels.shards import call_for_all, enter
from fastw2v.kernels.state import KernelArgs, Text
from fastw2v.model.matrices import Model
from fastw2v.model.subsampling import keep_values_c
from fastw2v.settings import Settings


class ExactEngine(CpuEngine):
    """One shard, no frozen words. Its loss is measured as the default path's.

    total: the C program's count of training words, sentence ends included.
    """

    kernels = (train_exactly, enter, call_for_all, measure_shards, measure_shard)

    def __init__(self, corpus: Corpus, model: Model, settings: Settings):
        super().__init__(corpus, model, settings)
        counts, self.total = corpus.vocabulary.counts, corpus.vocabulary.total
        self.exact_layers = new_exact_layers(counts, model, settings, self.layers)
        keep = keep_values_c(counts, settings.sample, self.total)
        self.shared = self.shared._replace(text=Text(corpus.ids, keep, NONE_FROZEN))

    def train(self) -> None:
        train_exactly(KernelArgs(self.shared, self.exact_layers), self.total)

    def epoch_ended(self) -> bool:
        """At the end the C program tries to read one more sentence, then resets its count."""
        return super().epoch_ended() and self.shared.shards.counters.counted[0] == 0
