"""The operations of `fastw2v.jit.simd.text_bytes` in NumPy, for use with the JIT switched off."""

import ctypes

import numpy as np

_SEPARATORS = np.frombuffer(b" \t\n", np.uint8)
_WINDOW = 64


def separators(address):
    text = np.ctypeslib.as_array((ctypes.c_uint8 * _WINDOW).from_address(int(address)))
    return np.packbits(np.isin(text, _SEPARATORS), bitorder="little").view(np.uint64)[0]


def lowest_bit(bits):
    bits = int(bits)
    return np.uint64((bits & -bits).bit_length() - 1 if bits else 64)


def eight_bytes(address):
    return np.uint64(ctypes.c_uint64.from_address(int(address)).value)
