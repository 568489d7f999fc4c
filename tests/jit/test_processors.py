"""`--deterministic` on processors of other kinds, as far as this one can run code for them."""

from fractions import Fraction

import numpy as np
from numba.extending import intrinsic

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import fused, lanes
from fastw2v.jit.simd.width import WIDTH, has_multiply_add
from fastw2v.matrix.aligned import aligned_zeros
from tests.support import processors


def test_other_processors_train_the_same_bytes(tmp_path):
    kinds = ["this processor", "16 lanes, no fused multiply-add"]
    found = [processors.run(kind, ["both"], str(tmp_path)) for kind in kinds]
    assert found[0] == found[1]
    assert len(set(found[0])) == 2


@intrinsic
def slowly_fused(typing, left, right, addend):
    def generate(context, builder, signature, arguments):
        return fused._from_float64(builder, *arguments)

    return left(left, right, addend), generate


@compiled
def fuse(left, right, addend, out):
    one, two = lanes.load(left.ctypes.data, 0), lanes.load(right.ctypes.data, 0)
    lanes.store(out.ctypes.data, 0, slowly_fused(one, two, lanes.load(addend.ctypes.data, 0)))


def test_multiply_add_without_an_instruction_is_rounded_once():
    rng, rows = np.random.default_rng(5), aligned_zeros(4, max(16, WIDTH))
    wrong_twice = 0
    for _ in range(400):
        # Few bits, so that sums end half way between two float32; and addends far smaller.
        rows[:2] = rng.integers(1, 1 << 14, rows[:2].shape) / 2.0 ** rng.integers(0, 20)
        rows[2] = rng.choice([-1, 1], rows[2].shape) * 2.0 ** -rng.integers(10, 40, rows[2].shape)
        rows[1] *= rng.choice([-1, 1], rows[1].shape)
        fuse(*rows)
        for left, right, addend, found in rows[:, :WIDTH].T.tolist():
            exact = Fraction(left) * Fraction(right) + Fraction(addend)
            assert found == nearest_float32(exact)
            wrong_twice += float(np.float32(left * right + addend)) != found
    assert wrong_twice  # rounding to float64 first is not enough


def nearest_float32(exact: Fraction) -> float:
    guess = np.float32(float(exact))
    near = [np.nextafter(guess, np.float32(end)) for end in (-np.inf, np.inf)]
    candidates = [guess, *near]
    even = {float(each): int(each.view(np.int32)) & 1 for each in candidates}
    return min(even, key=lambda number: (abs(Fraction(number) - exact), even[number]))


def test_multiply_add_of_what_is_not_finite():
    rows = aligned_zeros(4, max(16, WIDTH))
    rows[0, :5] = [np.inf, 1, np.nan, 3e38, 0]
    rows[1, :5] = [1, 1, 1, 10, 5]
    rows[2, :5] = [1, -np.inf, 0, 1, 0]
    fuse(*rows)
    np.testing.assert_array_equal(rows[3, :5], [np.inf, -np.inf, np.nan, np.inf, 0])


def test_native_arithmetic_is_portable_where_it_can_be():
    from fastw2v.jit.simd.width import PORTABLE, arithmetic

    assert arithmetic(True) == PORTABLE
    assert arithmetic(False) == (PORTABLE if WIDTH == 8 and has_multiply_add() else None)
