"""The float64 twins move both matrices by minus the gradient of their loss.

At learning rate 1 the change of the weights is the gradient, compared with central differences.
The kernels are compared with the twins in test_default_path.py, and pass the same check
in test_kernel_gradients.py.
"""

import numpy as np
import pytest

from tests.support import naive
from tests.support.naive import Target

WORDS, SIZE = 11, 5
CENTRE = 7
CONTEXT = [3, 9, 4, 10]
TARGETS = {
    "hierarchical": [Target(9, 1.0), Target(6, 0.0), Target(2, 0.0)],
    "negative": [Target(CENTRE, 1.0), Target(5, 0.0, 2), Target(8, 0.0)],
    "nce": [Target(CENTRE, 0.5, 2, -1.5), Target(5, 0.0, 2, -0.3), Target(8, 0.0, 1, 0.7)],
}


def weights():
    rng = np.random.default_rng(12)
    return rng.normal(size=(WORDS, SIZE)), rng.normal(size=(WORDS, SIZE))


def loss(inputs, outputs, cbow, layer):
    hidden = naive.gather_hidden(inputs, CONTEXT, cbow)
    if layer == "softmax":
        return naive.softmax_loss(hidden, outputs, CENTRE)
    return naive.outputs_loss(hidden, outputs, TARGETS[layer])


def changes(cbow, layer, corrected):
    """What one step at learning rate 1 does to both matrices."""
    inputs, outputs = weights()
    hidden = naive.gather_hidden(inputs, CONTEXT, cbow)
    if layer == "softmax":
        # Its rows are trained one after the other; one row alone shows the gradient.
        before, errors = outputs.copy(), []
        for row in hidden:
            one = before.copy()
            errors.append(naive.train_softmax(row[None], one, CENTRE, 1.0)[0])
            outputs += one - before
        error = np.array(errors)
    else:
        error = naive.train_targets(hidden, outputs, TARGETS[layer], 1.0)
    naive.scatter_error(inputs, CONTEXT, error, cbow, corrected)
    old_inputs, old_outputs = weights()
    return inputs - old_inputs, outputs - old_outputs


@pytest.mark.parametrize("layer", [*TARGETS, "softmax"])
@pytest.mark.parametrize("cbow", [False, True], ids=["skipgram", "corrected cbow"])
def test_change_at_rate_1_is_minus_the_gradient(cbow, layer):
    inputs, outputs = weights()
    input_change, output_change = changes(cbow, layer, corrected=True)
    numeric = naive.central_differences(lambda: loss(inputs, outputs, cbow, layer), inputs)
    np.testing.assert_allclose(input_change, -numeric, atol=1e-7)
    numeric = naive.central_differences(lambda: loss(inputs, outputs, cbow, layer), outputs)
    np.testing.assert_allclose(output_change, -numeric, atol=1e-7)
    assert np.abs(input_change).max() > 0.1
    assert np.abs(output_change).max() > 0.1


@pytest.mark.parametrize("layer", [*TARGETS, "softmax"])
def test_reference_cbow_is_not_the_gradient(layer):
    inputs, outputs = weights()
    input_change, _ = changes(True, layer, corrected=False)
    numeric = naive.central_differences(lambda: loss(inputs, outputs, True, layer), inputs)
    assert not np.allclose(input_change, -numeric, atol=1e-3)
    np.testing.assert_allclose(input_change, -numeric * len(CONTEXT), atol=1e-6)
