"""What `guided.py` does without atheris: inputs of Hypothesis, damaged where it likes."""

import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.guided import sound_inputs, to_files, to_input, try_input
from tests.fuzz.readers import READERS
from tests.support.paths import ROOT

PIECES = st.binary(max_size=12) | st.sampled_from(
    [b"1 2\n", b"nan ", b"\n", b"\t", b"</s> 3\n", b"\xff\xfe", b"\xef\xbb\xbf", b"{}", b"9" * 30]
)


@st.composite
def damaged(draw, sound):
    """A sound input of which some parts are replaced."""
    data = draw(st.sampled_from(sound))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(data)))
        stop = start + draw(st.integers(0, 30))
        data = data[:start] + draw(PIECES) + data[stop:]
    return data


@pytest.mark.parametrize("name", READERS)
def test_readers_read_or_refuse_what_hypothesis_makes(tmp_path, name):
    for names, sound in sound_inputs(READERS[name]).items():
        check_inputs(READERS[name], list(names), sound, tmp_path)


def check_inputs(reader, names, sound, folder):
    @settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
    @given(damaged(sound) | st.binary(max_size=60))
    def check(data):
        outcome, details = try_input(reader, names, data, folder)
        assert outcome in ("read", "refused"), details

    check()


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=2))
def test_inputs_hold_the_files(contents):
    files = dict(zip("ab", contents, strict=False))
    assert to_files(to_input(files), list(files)) == files


@given(st.binary(max_size=20))
def test_any_bytes_are_files(data):
    assert list(to_files(data, ["a"]).values()) == [data]
    assert b"".join(to_files(data, ["a", "b"]).values()) == data[4:]


def test_every_reader_has_sound_inputs():
    for reader in READERS.values():
        assert all(len(names) in (1, 2) for names in sound_inputs(reader))


def test_without_atheris_the_command_says_what_is_missing():
    code = (
        "import runpy, sys; sys.modules['atheris'] = None; sys.argv[1:] = ['--minutes', '1']\n"
        "runpy.run_module('tests.fuzz.guided', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr == (
        "atheris is missing, the fuzzer; to install it: pip install 'fastw2v[fuzz]'\n"
    )
