"""The buffer of ids: in memory or in a temporary file, encoded by any number of threads."""

import os
import tempfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.corpus import id_buffer, read_corpus
from fastw2v.corpus.id_buffer import IdBuffer
from fastw2v.corpus.reading import Limits
from fastw2v.errors import CorpusError


@pytest.mark.parametrize("limit", [0, 100, 300, 1 << 20])
def test_many_ids_go_to_a_temporary_file_that_is_removed(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    numbers = (np.random.default_rng(3).zipf(1.5, 400) % 1000).tolist()
    text = b"".join(b"w%d%c" % (n, b" \n"[n == 7]) for n in numbers)
    path = tmp_path / "text.txt"
    path.write_bytes(text)
    expected = read_corpus(path, min_count=2)
    corpus = read_corpus(path, min_count=2, threads=2, limits=Limits(50, limit))
    assert corpus.ids.tolist() == expected.ids.tolist()
    assert corpus.words_known < corpus.words_read
    assert corpus.ids.flags.c_contiguous
    assert os.listdir(tmp_path) == ["text.txt"]


def test_a_full_temporary_folder_is_an_error_with_a_remedy():
    class Full:
        def write(self, data):
            raise OSError(28, "No space left on device")

    id_buffer = IdBuffer(limit=100)
    id_buffer.append(0, np.arange(20, dtype=np.int32))
    id_buffer._file = Full()
    with pytest.raises(CorpusError, match="No space left on device; set TMPDIR to a folder with"):
        id_buffer.append(0, np.arange(20, dtype=np.int32))


def test_no_temporary_folder_is_an_error_with_a_remedy(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "missing"))
    id_buffer = IdBuffer(limit=100)
    with pytest.raises(CorpusError, match="set TMPDIR to a folder with enough space"):
        id_buffer.append(0, np.arange(50, dtype=np.int32))


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.lists(st.integers(0, 9), max_size=30), max_size=9),
    st.integers(1, 5),
    st.sets(st.integers(1, 9)),
)
def test_ids_are_encoded_from_both_ends(spans, threads, dropped):
    """Groups of any number and size, and none at all."""
    final_ids = np.array([-1 if number in dropped else number for number in range(10)], np.int32)
    ids = IdBuffer(threads=threads)
    for span in spans:
        ids.append(0, np.array(span, np.int32))
    expected = [number for span in spans for number in span if number not in dropped]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(id_buffer, "_GROUP_IDS", 20)
        assert ids.encode({0: final_ids}, len(expected)).tolist() == expected
