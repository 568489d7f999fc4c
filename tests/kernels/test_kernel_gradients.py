"""The compiled kernels move both matrices by minus the gradient of the loss.

After koan (Irsoy, Benton, Stratos 2021, tests/test_gradcheck.cpp): at learning rate 1 the change
of the weights is minus the gradient, which central differences of the float64 loss give as well.
Here the whole compiled float32 training runs over a sentence; what it should give is gradient
descent whose every step is taken by central differences. So that one step of a kernel is one
gradient step:

- All context words of a window differ, and all its targets fit into one tile (six): skip-gram
  updates its hidden rows in place, so a repeated word, or a second tile, would see moved rows.
- Full softmax with skip-gram steps once per context word, all other models once per window.
- CBOW is "corrected": the reference update is not the gradient (see test_gradients.py).
- Weights are small: hierarchical softmax ignores scores beyond 6, where its loss has a slope.
"""

import numpy as np
import pytest

from tests.support.kernel_cases import small_engine
from tests.support.naive import Twin, central_differences, gather_hidden

SENTENCE = [4, 6, 3, 1, 5]  # frequent words: their paths in the Huffman tree are short
TILE = 6
TOLERANCE = 2e-6
"""Of every weight. Measured: 8e-7 at most, float32 rounding over five windows; with gradients too
large by 1 in 100 some weight of each matrix is off by 5e-3 at least (see the last test)."""

LAYERS = {
    "negative sampling": {"negative": 5},
    "hierarchical softmax": {"negative": 0, "hs": True},
    "softmax": {"negative": 0, "softmax": True},
    "nce": {"negative": 5, "nce": True},
}
SETTINGS = {"size": 5, "window": 2, "window_mode": "fixed", "sample": 0, "seed": 3}


def trained_and_expected(model, layer, rate):
    """Weights after the compiled training at this rate; by central differences at rate 1; before.

    Each is a dict of (V, D) matrices by name.
    """
    engine, *_ = small_engine(
        21, ids=SENTENCE, model=model, cbow_update="corrected", alpha=rate, **SETTINGS, **layer
    )
    twin = Twin(engine)
    before = {name: matrix.copy() for name, matrix in matrices_of(twin).items()}
    engine.start_epoch(0)
    engine.train()
    outputs = {name: getattr(engine.layers, name).outputs for name in twin.outputs}
    descend(twin)
    return {"inputs": engine.shared.inputs, **outputs}, matrices_of(twin), before


def matrices_of(twin):
    return {"inputs": twin.inputs, **twin.outputs}


def descend(twin):
    """Gradient descent at learning rate 1 on the loss of each window, by central differences."""
    for sentence, _ in twin.sentences():
        twin.draw_noise(len(sentence))
        for place, centre in enumerate(sentence):
            context = twin.context(sentence, place)
            assert len(set(context)) == len(context)
            assert all(len(targets) <= TILE for _, targets in twin.targets(centre, place))
            one_by_one = "softmax" in twin.outputs and not twin.plan.cbow
            for words in [[word] for word in context] if one_by_one else [context]:
                descend_window(twin, centre, words, place)


def descend_window(twin, centre, words, place):
    def loss():
        return twin.window_loss(gather_hidden(twin.inputs, words, twin.plan.cbow), centre, place)

    matrices = matrices_of(twin).values()
    gradients = [central_differences(loss, matrix) for matrix in matrices]
    for matrix, gradient in zip(matrices, gradients, strict=True):
        matrix -= gradient


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_training_at_rate_1_is_gradient_descent(model, layer):
    trained, expected, before = trained_and_expected(model, LAYERS[layer], 1.0)
    for name, matrix in expected.items():
        assert np.abs(matrix - before[name]).max() > 0.2
        np.testing.assert_allclose(trained[name], matrix, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_a_gradient_too_large_by_a_hundredth_is_noticed(model, layer):
    trained, expected, _ = trained_and_expected(model, LAYERS[layer], 1.01)
    for name, matrix in expected.items():
        assert np.abs(trained[name] - matrix).max() > 1000 * TOLERANCE
