"""Trainings of small corpora, for tests that look at the model and the figures."""

from types import SimpleNamespace

from fastw2v.progress import SILENT
from fastw2v.training.loop import new_training


def train_model(corpus, settings, progress=SILENT) -> SimpleNamespace:
    """Train a new model; returns it as ``model`` with the fields of `TrainingResult`."""
    training = new_training(corpus, settings, progress)
    result = training.run(progress)
    return SimpleNamespace(model=training.engine.read_model(), **vars(result))
