"""Bytes 64 at a time, compiled and in NumPy; memory for blocks of text."""

import numpy as np
import pytest

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import text_bytes, text_bytes_numpy
from fastw2v.matrix import pages
from tests.support.corpus_parts import parts_of

rng = np.random.default_rng(5)


@compiled
def look(address, out):
    out[0] = text_bytes.separators(address)
    out[1] = text_bytes.lowest_bit(out[0])
    out[2] = text_bytes.eight_bytes(address)


def look_in_numpy(address, out):
    out[0] = text_bytes_numpy.separators(address)
    out[1] = text_bytes_numpy.lowest_bit(out[0])
    out[2] = text_bytes_numpy.eight_bytes(address)


@pytest.mark.parametrize("read", [look, look_in_numpy])
def test_64_bytes_from_any_address(read):
    text = rng.choice(np.frombuffer(b" \t\n\0\r\x0b\x20\xa0ab\x89\x8a", np.uint8), 200)
    text[120:] = ord("x")  # a window without separators
    out = np.empty(3, np.uint64)
    for start in [*range(70), 125]:
        window = text[start : start + 64].tobytes()
        places = [place for place, byte in enumerate(window) if byte in b" \t\n"]
        read(np.uint64(text.ctypes.data + start), out)
        assert int(out[0]) == sum(1 << place for place in places)
        assert out[1] == (places[0] if places else 64)
        assert int(out[2]) == int.from_bytes(window[:8], "little")


def test_zeros_begin_with_a_page_and_take_any_size():
    for count in (1, 1023, 1 << 19, (1 << 19) + 1):
        numbers = pages.zeros(count, np.int32)
        assert numbers.shape == (count,)
        assert numbers.ctypes.data % 4096 == 0
        assert not numbers.any()
        numbers[-1] = 7


def test_blocks_are_read_into_the_same_memory(tmp_path):
    path = tmp_path / "text.txt"
    text = b"a few words of some lengths and\r\n" * 200 + b"one-" * 60 + b" more\n" * 90
    path.write_bytes(text)
    seen, addresses = b"", set()
    for part in parts_of(path, 100):
        block = part.block
        assert block.text[block.size : block.size + 64].tobytes() == b" " * 64
        seen += (part.head or b"") + block.text[: block.size].tobytes() + part.tail
        addresses.add(block.text.ctypes.data // 4096)
    assert seen.replace(b"\r", b"") == text.replace(b"\r", b"")
    assert len(addresses) < 6
