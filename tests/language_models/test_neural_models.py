"""Neural language models against their twin, their gradients against finite differences."""

import math

import numpy as np
import pytest

from fastw2v.language_models.neural.blocks import block_between, block_of, plan_blocks
from fastw2v.language_models.neural.engine import NeuralEngine
from fastw2v.language_models.neural.network import Network
from fastw2v.language_models.neural.neural_model import NeuralModel
from fastw2v.language_models.neural.settings import LanguageModelSettings
from tests.support.neural_twins import log_probabilities, numerical_gradient

COUNTS = np.array([4, 9, 6, 3, 0, 1, 2])  # the sentence end, five words, the unknown word
IDS = np.array([3, 1, 6, 0, 2, 1, 1, 5, 2, 0, 6, 0, 1, 3, 3, 2, 1, 0], np.int32)
KINDS = {
    "feedforward": {"model": "feedforward", "order": 3, "hidden": 4},
    "direct": {"model": "feedforward", "order": 4, "hidden": 2, "direct": True},
    "recurrent": {"model": "recurrent"},
}
CASES = [(kind, layer) for kind in KINDS for layer in ("softmax", "hs")]


def network_of(kind, layer, scale=0.4):
    """A network whose parameters are all of a size that matters."""
    settings = LanguageModelSettings(**KINDS[kind], **{layer: True}, size=5, seed=3)
    network = Network(settings, COUNTS)
    random = np.random.default_rng(5)
    used = {"inputs": 5}
    for name, array in network.arrays.items():
        part = array[:, : used.get(name)]
        if name in ("outputs", "nodes"):
            part = array[:, : network._bias_column() + 1]
        part += random.normal(size=part.shape).astype(np.float32) * scale
    return network


def paths_of(network):
    return network.layer._paths if network.settings.hs else None


@pytest.mark.parametrize(("kind", "layer"), CASES)
def test_probabilities_are_those_of_the_twin_and_sum_to_one(kind, layer):
    network = network_of(kind, layer)
    expected = log_probabilities(network.settings, network.arrays, paths_of(network), IDS)
    model = NeuralModel(["</s>", *"abcde"], network)
    logs = model.log_probabilities(IDS, 0, len(IDS))
    np.testing.assert_allclose(logs, expected, rtol=1e-5)
    parts = [model.log_probabilities(IDS, at, at + 1)[0] for at in range(len(IDS))]
    np.testing.assert_allclose(parts, logs, rtol=1e-5)
    asked = [np.array([1, 6, 2, word], np.int32) for word in range(len(COUNTS))]
    total = sum(math.exp(model.log_probabilities(ids, 3, 4)[0]) for ids in asked)
    assert total == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize(("kind", "layer"), CASES)
def test_gradients_are_those_of_finite_differences(kind, layer):
    network = network_of(kind, layer)
    paths, settings = paths_of(network), network.settings
    block = block_between(IDS, 0, len(IDS), settings.context)
    _, gradients, _ = network.gradients(block, network.new_state(1))
    assert gradients.keys() == network.arrays.keys()
    for name, (rows, values) in gradients.items():
        assert len({*rows.tolist()}) == len(rows)
        found = np.zeros(network.arrays[name].shape)
        found[rows] = values
        expected = numerical_gradient(
            lambda arrays: -sum(log_probabilities(settings, arrays, paths, IDS)),
            network.arrays,
            name,
        )
        assert np.abs(expected).max() > 0.1
        if name == "inputs":  # columns that fill rows up
            expected[:, settings.size :] = found[:, settings.size :] = 0
        if name == "hidden" and not settings.is_recurrent:
            real = np.arange(expected.shape[1] - 1) % network.arrays["inputs"].shape[1]
            expected[:, :-1][:, real >= settings.size] = 0
        np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("layer", ["softmax", "hs"])
def test_before_training_words_have_their_frequencies(layer):
    settings = LanguageModelSettings(**{layer: True}, size=5)
    model = NeuralModel(["</s>", *"abcde"], Network(settings, COUNTS))
    asked = np.array([1, 2, 3, 5, 6, 0], np.int32)
    shares = COUNTS[asked] / COUNTS.sum()
    np.testing.assert_allclose(np.exp(model.log_probabilities(asked, 0, 6)), shares, rtol=0.5)


def test_errors_go_back_through_a_block_and_no_further():
    """The first word of a second block is not to blame for what the first block did."""
    network = network_of("recurrent", "softmax")
    ids = np.array([1, 2, 3, 5, 2, 0], np.int32)
    first, second = (block_between(ids, *span, 1) for span in ((0, 3), (3, 6)))
    _, _, state = network.gradients(first, network.new_state(1))
    _, gradients, _ = network.gradients(second, state)
    assert sorted(gradients["inputs"].rows.tolist()) == [2, 3, 5]
    whole = network.log_probabilities(block_between(ids, 0, 6, 1), network.new_state(1))[0]
    again, _ = network.log_probabilities(second, state)
    np.testing.assert_allclose(again, whole[3:], rtol=1e-5)


@pytest.mark.parametrize("count", [1, 2, 19, 3_001])
def test_blocks_have_every_word_once(count):
    ids = np.random.default_rng(4).integers(0, 6, count).astype(np.int32)
    plan = plan_blocks(len(ids), LanguageModelSettings(model="recurrent", bptt=7))
    blocks = [block_of(ids, plan, number, 1) for number in range(plan.blocks)]
    streams = [np.concatenate([each.words[s :: plan.streams] for each in blocks])
               for s in range(plan.streams)]  # fmt: skip
    found = np.concatenate([each[each >= 0] for each in streams])
    np.testing.assert_array_equal(found, ids)
    before = np.concatenate([each.contexts[each.words >= 0, 0] for each in blocks])
    assert len(before) == count


@pytest.mark.parametrize(("kind", "layer"), CASES[::3])
def test_training_learns_and_is_reproducible(kind, layer):
    random = np.random.default_rng(8)
    ids = np.array([w for n in random.integers(1, 6, 300) for w in (n, n % 5 + 1, 0)], np.int32)
    settings = LanguageModelSettings(**KINDS[kind], **{layer: True}, size=5, epochs=3, alpha=0.5)
    ends = []
    for _ in range(2):
        network = Network(settings, np.bincount(ids, minlength=7))
        engine = NeuralEngine(ids, network)
        losses = []
        while engine.epoch < settings.epochs:
            engine.train()
            losses.append(engine.measure().mean)
            assert engine.word_counts().trained == 600 * (engine.epoch + 1)
            engine.start_epoch(engine.epoch + 1)
        ends.append(b"".join(each.tobytes() for each in network.matrices))
    assert losses[2] < losses[1] < losses[0] < engine.untrained_loss
    assert losses[2] < 0.8  # of 0.54, as the second word and the end are certain
    assert ends[0] == ends[1]
