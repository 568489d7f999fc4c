"""The file of named arrays that checkpoints are kept in: what it takes, and what it refuses."""

import json
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.errors import CheckpointError
from fastw2v.io.array_file import Container, write_container
from tests.support.checkpoint_parts import read_checkpoint


def test_arrays_survive_writing_and_reading(tmp_path):
    arrays = {
        "a": np.arange(12, dtype=np.int64).reshape(3, 4),
        "b": np.array([], np.float32),
        "c": np.array([[True], [False]]),
    }
    size = write_container(tmp_path / "f", {"x": [1, "é"]}, arrays)
    assert size == (tmp_path / "f").stat().st_size
    header, found = read_checkpoint(tmp_path / "f")
    assert header["x"] == [1, "é"]
    for name, array in arrays.items():
        assert found[name].dtype == array.dtype
        assert np.array_equal(found[name], array)
    assert "d" not in Container(tmp_path / "f")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_altered_files_are_refused(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("altered", numbered=True)
    write_container(folder / "f", {"x": 1}, {"a": np.arange(40, dtype=np.int32)})
    sound = (folder / "f").read_bytes()
    place = data.draw(st.integers(0, len(sound) - 1))
    if data.draw(st.booleans()):
        altered = sound[:place]
    else:
        byte = data.draw(st.integers(0, 255).filter(lambda byte: byte != sound[place]))
        altered = sound[:place] + bytes([byte]) + sound[place + 1 :]
    (folder / "f").write_bytes(altered)
    message = ""
    try:
        header, found = read_checkpoint(folder / "f")
    except CheckpointError as error:
        message = str(error)
    if message:
        assert message.startswith(str(folder / "f"))
        assert "\n" not in message
    else:  # a byte that says nothing: padding, or what is reserved
        assert header["x"] == 1
        assert np.array_equal(found["a"], np.arange(40))


@pytest.mark.parametrize(
    "array",
    [
        {"shape": [2**40], "dtype": "int32"},
        {"shape": [2**31, 2**31], "dtype": "int32"},
        {"shape": [-1], "dtype": "int32"},
        {"shape": [2], "dtype": "object"},
        {"shape": [2], "dtype": "int32", "offset": 2**50},
        {"shape": [True], "dtype": "int32"},
        {"shape": [], "dtype": "int32"},
    ],
    ids=str,
)
def test_impossible_array_entries_are_refused(tmp_path, array):
    entry = {"name": "a", "offset": 0, "crc32": 0} | array
    packed = json.dumps({"arrays": [entry]}).encode()
    head = struct.pack("<16sIIII", b"fastw2v state\r\n\x1a", 1, len(packed), zlib.crc32(packed), 0)
    (tmp_path / "f").write_bytes(head + packed + b"\0" * 64)
    with pytest.raises(CheckpointError, match="impossible arrays"):
        Container(tmp_path / "f")


def test_another_version_is_refused_by_number(tmp_path):
    write_container(tmp_path / "f", {}, {})
    sound = bytearray((tmp_path / "f").read_bytes())
    sound[16] = 7
    (tmp_path / "f").write_bytes(sound)
    with pytest.raises(CheckpointError, match="version 7"):
        Container(tmp_path / "f")
