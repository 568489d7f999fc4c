"""Exponential and logarithm of float64, in the operations that IEEE 754 prescribes to the last bit.

C libraries and NumPy have several versions of these functions, choose one by the processor, and
their last bits differ. These here give the same bits on every processor, to within some 2e-16 of
the right number. `exp`, `expm1` and `log` are for kernels, `logs` and `powers` for arrays.
"""

import math

import numpy as np

from fastw2v.jit.compiled import compiled

LOG2 = math.log(2)
_LOG2_HIGH = float.fromhex("0x1.62e42fee00000p-1")  # so few bits that whole multiples are exact
_LOG2_LOW = 1.9082149292705877e-10
_ROOT = math.sqrt(0.5)
_LARGEST, _SMALLEST = 709.0, -745.0  # beyond, the exponential is infinite or 0

# Taylor's series, the last term first: e^x - 1 over x; the inverse hyperbolic tangent of s over s.
_EXP_TERMS = tuple(1.0 / math.factorial(k) for k in range(14, 0, -1))
_ARTANH_TERMS = tuple(1.0 / k for k in range(23, 0, -2))


@compiled(inline=True)
def _less_one(x):
    """e^x - 1 for |x| up to log(2) / 2."""
    total = 0.0 * x
    for term in _EXP_TERMS:
        total = total * x + term
    return total * x


@compiled(inline=True)
def _log_near_one(x):
    """log(x) for x from sqrt(1/2) to sqrt(2)."""
    share = (x - 1.0) / (x + 1.0)
    squared, total = share * share, 0.0 * x
    for term in _ARTANH_TERMS:
        total = total * squared + term
    return 2.0 * share * total


@compiled(inline=True)
def _halvings(x):
    """How often log(2) goes into x, and what is left."""
    times = math.floor(x / LOG2 + 0.5)
    return times, (x - times * _LOG2_HIGH) - times * _LOG2_LOW


@compiled(inline=True)
def exp(x):
    """e^x, float64."""
    if not x < _LARGEST:
        return x + math.inf  # NaN stays NaN
    if x < _SMALLEST:
        return 0.0
    times, rest = _halvings(x)
    return math.ldexp(1.0 + _less_one(rest), int(times))


@compiled(inline=True)
def expm1(x):
    """e^x - 1, float64, exact also near 0; x up to 709."""
    times, rest = _halvings(max(x, _SMALLEST))
    power = math.ldexp(1.0, int(times))
    return power * _less_one(rest) + (power - 1.0)


@compiled(inline=True)
def log(x):
    """The natural logarithm of a positive float64."""
    mantissa, exponent = math.frexp(x)
    if mantissa < _ROOT:
        mantissa, exponent = 2.0 * mantissa, exponent - 1
    return exponent * LOG2 + _log_near_one(mantissa)


def logs(numbers: np.ndarray) -> np.ndarray:
    """`log` of each of several positive numbers; of others it is anything."""
    mantissas, exponents = np.frexp(np.asarray(numbers, np.float64))
    low = mantissas < _ROOT
    near_one = _plain(_log_near_one)(np.where(low, 2.0 * mantissas, mantissas))
    return np.asarray((exponents - low) * LOG2 + near_one)


def powers(numbers: np.ndarray | float, exponent: float) -> np.ndarray:
    """Each of several positive numbers to the power of an exponent, float64."""
    x = np.clip(exponent * logs(np.asarray(numbers)), _SMALLEST, _LARGEST)
    times = np.floor(x / LOG2 + 0.5)
    rest = (x - times * _LOG2_HIGH) - times * _LOG2_LOW
    return np.ldexp(1.0 + _plain(_less_one)(rest), times.astype(np.int64))


def _plain(function):
    """The Python function that was compiled."""
    return getattr(function, "py_func", function)
