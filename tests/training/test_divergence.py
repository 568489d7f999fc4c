"""Training that has come to grief is stopped, says what to change, and writes nothing."""

import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v.cli import cli
from fastw2v.errors import TrainingError
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings
from fastw2v.training.divergence import LARGEST, Watchman
from fastw2v.training.loop import train_model
from tests.support.kernel_cases import small_corpus


def model_of(**settings):
    return new_model(9_000, Settings(**({"size": 5} | settings)))


@pytest.mark.parametrize("name", ["inputs", "outputs", "nodes"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1.01 * LARGEST, -1.01 * LARGEST])
def test_the_rows_trained_most_are_looked_at_all_the_time(name, value):
    model = model_of(hs=True)
    watchman = Watchman(model, 0.5)
    watchman.look(0)
    matrix = getattr(model, name)
    row = len(matrix) - 2 if name == "nodes" else 1  # the tree's root; the commonest word
    matrix[row, 4] = value
    with pytest.raises(TrainingError, match=r"in epoch 3: .* lower --alpha, which is 0\.5"):
        watchman.look(2)


def test_all_rows_are_looked_at_in_the_end():
    model = model_of()
    watchman = Watchman(model, 0.5)
    model.inputs[8_999, 0] = np.nan
    watchman.look(0)
    with pytest.raises(TrainingError, match="no numbers"):
        watchman.look_at_all(0)
    model.inputs[8_999, 0] = 2 * LARGEST
    with pytest.raises(TrainingError, match="grow without end"):
        watchman.look_at_all(0)
    model.inputs[8_999, 0] = 0.9 * LARGEST
    watchman.look_at_all(0)


def test_vectors_that_were_large_at_the_start_may_be():
    model = model_of()
    model.inputs[3, 1] = 5 * LARGEST
    watchman = Watchman(model, 0.5)
    model.inputs[3, 1] = 9 * LARGEST
    watchman.look(0)


@pytest.mark.parametrize("model", ["cbow", "skipgram"])
@pytest.mark.parametrize("layer", [{}, {"hs": True, "negative": 0}, {"softmax": True}], ids=str)
def test_a_rate_far_too_high_is_stopped(model, layer):
    corpus = small_corpus(2, words=40, tokens=20_000)
    with pytest.raises(TrainingError, match="lower --alpha"):
        train_model(corpus, Settings(model=model, alpha=1e5, size=8, threads=2, **layer))


def test_a_loss_worse_than_knowing_nothing():
    watchman = Watchman(model_of(), 0.5)
    watchman.judge_loss(6 * 0.7, 6, 0)
    for loss in (92.0, np.nan, np.inf):
        with pytest.raises(TrainingError, match="the loss is"):
            watchman.judge_loss(loss, 6, 0)


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
