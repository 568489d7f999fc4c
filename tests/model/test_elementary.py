"""Exponential, logarithm and powers against those of the C library."""

import math

import numpy as np
import pytest

from fastw2v.jit.compiled import compiled
from fastw2v.model.elementary import exp, expm1, log, logs, powers

RNG = np.random.default_rng(3)


@compiled
def all_three(numbers, out):
    for place in range(numbers.shape[0]):
        out[0, place] = exp(numbers[place])
        out[1, place] = expm1(numbers[place])
        out[2, place] = log(abs(numbers[place]))


def test_those_of_kernels():
    sizes = 10.0 ** RNG.uniform(-12, 2.8, 4_000)
    numbers = np.concatenate([sizes, -sizes, [0.5, 1.0, -1.0, 2.0, 709.0, -700.0]])
    numbers = numbers[numbers < 709]
    out = np.empty((3, len(numbers)))
    all_three(numbers, out)
    np.testing.assert_allclose(out[0], [math.exp(x) for x in numbers], rtol=2e-15)
    np.testing.assert_allclose(out[1], [math.expm1(x) for x in numbers], rtol=2e-15)
    np.testing.assert_allclose(out[2], [math.log(abs(x)) for x in numbers], rtol=2e-15, atol=1e-16)


def test_the_ends_of_the_range():
    numbers = np.array([-np.inf, -1e6, 710.0, np.inf, np.nan])
    out = np.empty((3, len(numbers)))
    all_three(numbers[:4], out[:, :4])
    assert out[0, :4].tolist() == [0, 0, np.inf, np.inf]
    assert out[1, :2].tolist() == [-1, -1]
    all_three(numbers[4:], out[:, 4:])
    assert np.isnan(out[0, 4])


def test_those_of_arrays():
    numbers = np.concatenate([10.0 ** RNG.uniform(-30, 30, 4_000), np.arange(1.0, 2_000)])
    np.testing.assert_allclose(logs(numbers), np.log(numbers), rtol=2e-15, atol=1e-16)
    for exponent in (0.75, -0.5, 1.0, 0.2):
        np.testing.assert_allclose(powers(numbers, exponent), numbers**exponent, rtol=2e-14)
    assert powers(np.array([7, 9]), 0.0).tolist() == [1, 1]
    assert float(powers(16, 0.2)) == pytest.approx(16**0.2)
