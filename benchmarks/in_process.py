"""Training in this process on a text that was read once: no start and no reading for each run.

Only seconds of training count, as in the report of ``fastw2v train``.
"""

import time
from dataclasses import dataclass

from fastw2v.corpus import Corpus
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.replica_plan import ReplicaPlan
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings
from fastw2v.training.worker import Worker
from fastw2v.vectors.word_vectors import WordVectors

NEVER = float("inf")


@dataclass(frozen=True)
class Trained:
    """seconds: of training, without compiling. loss: of the model in the end. arrangement: of the
    engine, as in a report."""

    seconds: float
    compile_seconds: float
    loss: float
    arrangement: dict[str, float]
    engine: CpuEngine

    def vectors(self, text: Corpus) -> WordVectors:
        """The words of the text with their vectors."""
        return WordVectors(text.vocabulary.words, self.engine.read_model().vectors("in"))


def train_here(
    text: Corpus, settings: Settings, plan: ReplicaPlan | None = None, deadline: float = NEVER
) -> Trained | None:
    """Train all epochs; None if that would have ended after ``deadline``, of `time.monotonic`.

    plan: instead of the engine's own. Threads are not limited to the cores that there are.
    """
    model = new_model(len(text.vocabulary), settings)
    engine = CpuEngine(text, model, settings, plan=plan)
    began = time.perf_counter()
    with engine.turn():
        engine.prepare()
    compile_seconds = time.perf_counter() - began
    worker = Worker(engine)  # Ctrl-C and the deadline stop it
    seconds = 0.0
    for epoch in range(settings.epochs):
        began = time.perf_counter()
        worker.run(lambda: time.monotonic() < deadline)
        seconds += time.perf_counter() - began
        last = epoch + 1 == settings.epochs
        # An epoch shorter than the time between two looks at the clock ends in spite of it.
        if not engine.epoch_ended() or (not last and time.monotonic() >= deadline):
            return None
        if not last:
            engine.start_epoch(epoch + 1)
    with engine.turn():
        loss = engine.measure().mean
    return Trained(seconds, compile_seconds, float(loss), engine.arrangement(), engine)
