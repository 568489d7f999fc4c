"""Training that has come to grief is stopped, says what to change, and writes nothing."""

import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v.cli import cli
from fastw2v.engines.factory import new_engine
from fastw2v.errors import TrainingError
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings
from fastw2v.training.divergence import LARGEST, DivergenceMonitor
from tests.support.kernel_cases import small_corpus
from tests.support.training_cases import train_model


def engine_of(**settings):
    settings = Settings(**({"size": 5, "threads": 1} | settings))
    corpus = small_corpus(2, words=9_000)
    return new_engine(corpus, new_model(9_000, settings), settings)


@pytest.mark.parametrize("name", ["inputs", "outputs", "nodes"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1.01 * LARGEST, -1.01 * LARGEST])
def test_the_rows_trained_most_are_checked_all_the_time(name, value):
    engine = engine_of(hs=True)
    monitor = DivergenceMonitor(engine, 0.5)
    monitor.check_sample(0)
    matrix = getattr(engine.read_model(), name)
    row = len(matrix) - 2 if name == "nodes" else 1  # the tree's root; the most frequent word
    matrix[row, 4] = value
    with pytest.raises(TrainingError, match=r"in epoch 3: .* a lower alpha than 0\.5"):
        monitor.check_sample(2)


def test_all_rows_are_checked_in_the_end():
    engine = engine_of()
    inputs, monitor = engine.read_model().inputs, DivergenceMonitor(engine, 0.5)
    inputs[8_999, 0] = np.nan
    monitor.check_sample(0)
    with pytest.raises(TrainingError, match="not finite"):
        monitor.check_all(0)
    inputs[8_999, 0] = 2 * LARGEST
    with pytest.raises(TrainingError, match="grow without bound"):
        monitor.check_all(0)
    inputs[8_999, 0] = 0.9 * LARGEST
    monitor.check_all(0)


def test_vectors_that_were_large_at_the_start_may_be():
    engine = engine_of()
    inputs = engine.read_model().inputs
    inputs[3, 1] = 5 * LARGEST
    monitor = DivergenceMonitor(engine, 0.5)
    inputs[3, 1] = 9 * LARGEST
    monitor.check_sample(0)


@pytest.mark.parametrize("model", ["cbow", "skipgram"])
@pytest.mark.parametrize("layer", [{}, {"hs": True, "negative": 0}, {"softmax": True}], ids=str)
def test_a_rate_far_too_high_is_stopped(model, layer):
    corpus = small_corpus(2, words=40, tokens=20_000)
    with pytest.raises(TrainingError, match="a lower alpha"):
        train_model(corpus, Settings(model=model, alpha=1e5, size=8, threads=2, **layer))


def test_a_loss_far_worse_than_that_of_an_untrained_model():
    monitor = DivergenceMonitor(engine_of(), 0.5)
    monitor.check_loss(6 * 0.7, 0)
    for loss in (92.0, np.nan, np.inf):
        with pytest.raises(TrainingError, match="the loss is"):
            monitor.check_loss(loss, 0)


def test_ordinary_rates_are_not():
    corpus = small_corpus(2, words=40, tokens=20_000)
    for model in ("cbow", "skipgram"):
        train_model(corpus, Settings(model=model, alpha=0.15, size=8, epochs=10, threads=1))


@pytest.mark.parametrize("exact", [[], ["--exact"]], ids=str)
def test_a_diverged_training_writes_no_vectors(tmp_path, tiny_corpus, exact):
    output = tmp_path / "v.bin"
    output.write_bytes(b"what stood here")
    arguments = ["train", str(tiny_corpus), "-o", str(output), "--alpha", "1e6", *exact]
    refused = CliRunner().invoke(cli, arguments)
    assert refused.exit_code == 1
    assert refused.output.splitlines()[-1].startswith("Error: training diverged in epoch 1")
    assert output.read_bytes() == b"what stood here"


@pytest.mark.parametrize("settings", [{"negative": 300}, {"negative": 300, "nce": True}], ids=str)
def test_many_negative_samples_of_few_words_are_no_divergence(settings):
    """Most of them are the same few words, which all moved at once by many times the rate."""
    corpus = small_corpus(2, words=60, tokens=20_000)
    train_model(corpus, Settings(model="skipgram", size=20, threads=1, **settings))
