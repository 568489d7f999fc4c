"""Splitting word2vec binary into records, regular and irregular ones."""

import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v import formats
from fastw2v.formats import word2vec_binary

DIMENSIONS = 3
PLAIN = st.binary(max_size=6).filter(lambda word: b" " not in word and b"\n" not in word)
WITH_BLANKS = st.sampled_from([b"New York", b". . .", b" ", "é à".encode()])
BYTES = st.lists(st.sampled_from([0x20, 0x0A, 0x41, 0xFF, 0x00]), min_size=12, max_size=12)
# Pieces of some records, a few records, and all.
WINDOWS = st.sampled_from([1, 17, 50, 1 << 19])


def content_of(words, vectors, end):
    records = [word + b" " + vector + end for word, vector in zip(words, vectors, strict=True)]
    return b"%d %d\n" % (len(words), DIMENSIONS) + b"".join(records)


def read_all_ways(folder, content, window, limit=None):
    """Words and bytes of the vectors, as read from a mapped file; other ways give the same."""
    (folder / "v.bin").write_bytes(content)
    (folder / "v.bin.gz").write_bytes(gzip.compress(content))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(word2vec_binary, "_WINDOW", window)
        plain = formats.read(folder / "v.bin", limit=limit)
        mapped = formats.read(folder / "v.bin", limit=limit, mapped=True)
    packed = formats.read(folder / "v.bin.gz", limit=limit)
    assert plain.words == mapped.words == packed.words
    found = [contents.matrix[:].tobytes() for contents in (plain, mapped, packed)]
    assert found[0] == found[1] == found[2]
    return plain.words, found[0]


def decoded(words):
    return [word.decode("utf-8", "surrogateescape") for word in words]


class TestRecords:
    # The first record is plain, so that the form is recognised for what it is.
    @settings(deadline=None, max_examples=150)
    @given(st.data(), st.sampled_from([b"", b"\n"]), WINDOWS, st.none() | st.integers(1, 20))
    def test_any_words_and_vectors(self, tmp_path_factory, data, end, window, limit):
        words = [b"</s>", *data.draw(st.lists(PLAIN, max_size=20, unique=True))]
        words = list(dict.fromkeys(words))
        vectors = [bytes(data.draw(BYTES)) for _ in words]
        vectors[0] = np.arange(1, 4, dtype="<f4").tobytes()
        folder = tmp_path_factory.mktemp("b")
        found = read_all_ways(folder, content_of(words, vectors, end), window, limit)
        assert found == (decoded(words)[:limit], b"".join(vectors[:limit]))

    @settings(deadline=None, max_examples=100)
    @given(st.lists(WITH_BLANKS | PLAIN, max_size=20, unique=True), WINDOWS)
    def test_words_with_spaces(self, tmp_path_factory, words, window):
        words = list(dict.fromkeys([b"</s>", *words]))
        vectors = np.random.default_rng(3).normal(size=(len(words), DIMENSIONS)).astype("<f4")
        content = content_of(words, [vector.tobytes() for vector in vectors], b"\n")
        found = read_all_ways(tmp_path_factory.mktemp("b"), content, window)
        assert found == (decoded(words), vectors.tobytes())

    @pytest.mark.parametrize("window", [1, 50, 1 << 19])
    def test_newlines_before_some_words_only(self, tmp_path, window):
        words = [b"</s>", b"\na", b"b", b"\n\nc", b"d"]
        vectors = np.random.default_rng(3).normal(size=(5, DIMENSIONS)).astype("<f4")
        content = content_of(words, [vector.tobytes() for vector in vectors], b"")
        # The first newline looks as if they followed every vector, so it must not be there.
        content = content.replace(b"\na ", b"a ", 1)
        found = read_all_ways(tmp_path, content, window)
        assert found == (["</s>", "a", "b", "c", "d"], vectors.tobytes())

    def test_a_file_that_cannot_be_mapped(self, tmp_path, monkeypatch):
        words = [f"w{row}" for row in range(50)]
        matrix = np.random.default_rng(3).normal(size=(50, 7)).astype(np.float32)
        formats.save(tmp_path / "v.bin", words, matrix)

        def refuse(*arguments, **options):
            raise OSError(19, "No such device")

        monkeypatch.setattr("mmap.mmap", refuse)
        found, numbers = formats.load(tmp_path / "v.bin")
        assert found == words
        assert numbers.tobytes() == matrix.tobytes()
