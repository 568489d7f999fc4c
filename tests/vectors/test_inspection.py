"""Summaries of files of vectors and vocabularies, and errors for other files."""

import gzip
import json
import math
import os
import pickle

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.errors import FormatError, VocabularyError
from fastw2v.vectors.inspection import VectorFile, VocabularyFile, inspect, word_list
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.vector_cases import matrix_for

WORDS = ["</s>", "king", "New York", "na\udcffve", "été", "last"]
MATRIX = np.float32([[0, 0, 0], [3, 4, 0], [0, 2, 0], [0, 0, 1], [np.nan, 1, 2], [0, -6, 8]])


@pytest.fixture
def save(tmp_path):
    def saved(name, words=WORDS, matrix=MATRIX):
        formats.save(tmp_path / name, words, matrix)
        return tmp_path / name

    return saved


class TestVectors:
    def test_every_field_of_a_vector_file(self, save):
        path = save("v.txt")
        found = inspect(path)
        assert found == VectorFile(
            path=str(path),
            format="text",
            compression=None,
            header=(6, 3),
            newline_after_vector=None,
            words_file=None,
            training=None,
            file_bytes=os.path.getsize(path),
            memory_bytes=72,
            words=6,
            dimensions=3,
            first_words=WORDS,
            min_norm=0,
            median_norm=2,
            mean_norm=18 / 5,
            max_norm=10,
            zero_vectors=1,
            non_finite_vectors=1,
            repeated_words=0,
            not_utf8_words=1,
            spaced_words=1,
            faults=[],
        )
        assert found.as_dict()["kind"] == "vectors"
        assert json.loads(json.dumps(found.as_dict()))["header"] == [6, 3]

    @pytest.mark.parametrize(
        ("name", "format", "compression", "header", "newline"),
        [
            ("v.txt.gz", "text", "gzip", (2, 5), None),
            ("v.bin", "binary", None, (2, 5), True),
            ("v.bin.xz", "binary", "xz", (2, 5), True),
            ("v.glove.txt.bz2", "glove", "bzip2", None, None),
            ("v.npy", "npy", None, None, None),
            ("v.tsv", "projector", None, None, None),
        ],
    )
    def test_formats(self, save, name, format, compression, header, newline):
        path = save(name, ["été", "b"], matrix_for("ab"))
        found = inspect(path)
        assert (found.format, found.compression) == (format, compression)
        assert (found.header, found.newline_after_vector) == (header, newline)
        assert (found.words, found.dimensions, found.memory_bytes) == (2, 5, 40)
        assert found.first_words == ["été", "b"]

    @pytest.mark.parametrize(
        ("name", "words_name"), [("v.npy", "v.words.txt"), ("vectors.tsv", "metadata.tsv")]
    )
    def test_both_files_of_a_pair_count(self, save, tmp_path, name, words_name):
        path = save(name, ["a", "b"], matrix_for("ab"))
        found = inspect(path)
        assert found.words_file == str(tmp_path / words_name)
        assert found.file_bytes == sum(os.path.getsize(each) for each in tmp_path.iterdir())

    @pytest.mark.parametrize(
        ("first", "end"),
        [(b"a", b"\n"), (b"", b"\n"), (b". . .", b"\n"), (b"a", b""), (b"", b""), (b"\xff", b"")],
    )
    def test_newline_after_vectors(self, tmp_path, first, end):
        rows = [first, b"bb", b"ccc"]
        matrix = matrix_for(rows)
        records = [
            word + b" " + row.tobytes() + end for word, row in zip(rows, matrix, strict=True)
        ]
        (tmp_path / "v").write_bytes(b"3 5\n" + b"".join(records))
        found = inspect(tmp_path / "v")
        assert found.newline_after_vector == bool(end)
        assert found.first_words[0] == first.decode("utf-8", "surrogateescape")

    def test_faults(self, tmp_path):
        (tmp_path / "v").write_bytes(b"9 2\na 1 2\nb 3 4\na 5 6\n 7 8\nb 9 1\n")
        found = inspect(tmp_path / "v")
        assert (found.words, found.repeated_words, found.spaced_words) == (5, 2, 1)
        assert found.faults == ["the header declares 9 words, the file holds 5: read 5"]

    def test_limit(self, save):
        found = inspect(save("v.bin", ["a", "b", "c"], MATRIX[1:4]), limit=2)
        assert (found.words, found.header) == (2, (3, 3))
        assert found.max_norm == 5

    def test_no_finite_vector(self, save):
        found = inspect(save("v.npy", ["a"], [[np.inf, 1]]))
        assert found.non_finite_vectors == 1
        assert found.median_norm is None
        assert json.loads(json.dumps(found.as_dict()))["min_norm"] is None

    def test_vectors_that_stay_in_the_file(self, save, monkeypatch):
        monkeypatch.setattr("fastw2v.formats.reading.free_memory", lambda: 8)
        found = inspect(save("v.bin", ["a", "b"], MATRIX[1:3]))
        assert (found.words, found.max_norm) == (2, 5)


class TestVocabulary:
    def test_counts(self, tmp_path):
        (tmp_path / "v").write_bytes(b"</s> 4\nthe 70\nNew York 5\nof 61\n")
        assert inspect(tmp_path / "v") == VocabularyFile(
            path=str(tmp_path / "v"),
            file_bytes=(tmp_path / "v").stat().st_size,
            words=4,
            tokens=140,
            least_count=5,
            largest_count=70,
            first_words=["</s>", "the", "of", "New York"],
        )
        assert inspect(tmp_path / "v").as_dict()["kind"] == "vocabulary"

    def test_compressed(self, tmp_path):
        (tmp_path / "v").write_bytes(gzip.compress(b"</s> 4\nthe 70\nof 61\n"))
        with pytest.raises(FormatError, match="a vocabulary compressed with gzip; decompress"):
            inspect(tmp_path / "v")

    def test_vectors_of_one_dimension_are_no_vocabulary(self, tmp_path):
        (tmp_path / "v").write_bytes(b"the 0.5\nof 2\n")
        assert inspect(tmp_path / "v").format == "glove"
        (tmp_path / "v").write_bytes(b"2 1\nthe 5\nof 2\n")
        assert inspect(tmp_path / "v").format == "text"

    def test_damage_after_the_first_lines(self, tmp_path):
        lines = b"".join(b"w%d 5\n" % i for i in range(200))
        (tmp_path / "v").write_bytes(lines + b"x y\n")
        with pytest.raises(VocabularyError, match="line 201"):
            inspect(tmp_path / "v")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "an empty file"),
        (b"It was a dark night.\nThe rain fell in torrents.\n", "plain text"),
        (b"one line of a corpus without any end " * 40_000, "plain text"),
        (b"one word\ntwo words\n", "plain text"),
        (bytes(range(256)) * 9, "word vectors: line 1"),
        ((793712314).to_bytes(4, "little") + b"\x0c\0\0\0", "a fastText model"),
        (pickle.dumps({"a": 1}), "Python pickle"),
        (b"PK\x03\x04" + bytes(30), "a zip archive"),
        (b"v.txt" + bytes(252) + b"ustar\x0000", "a tar archive"),
        (gzip.compress(b"v.txt" + bytes(252) + b"ustar\x0000", mtime=0), "a tar archive"),
        (b"SQLite format 3\0" + bytes(90), "SQLite"),
        (b"FiFu" + bytes(20), "finalfusion"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
    ],
)
def test_other_files_are_named(tmp_path, content, match):
    (tmp_path / "v").write_bytes(content)
    with pytest.raises(FormatError, match=match) as caught:
        inspect(tmp_path / "v")
    assert str(caught.value).startswith(f"{tmp_path / 'v'}: ")
    assert "\n" not in str(caught.value)


class TestWordList:
    def test_words(self):
        assert word_list(WordVectors(WORDS, MATRIX)) == "".join(f"{word}\n" for word in WORDS)

    def test_norms(self):
        lines = word_list(WordVectors(WORDS, MATRIX), norms=True).splitlines()
        assert lines[1:4] == ["king\t5.000000", "New York\t2.000000", "na\udcffve\t1.000000"]
        assert math.isnan(float(lines[4].split("\t")[1]))

    def test_no_words(self):
        assert word_list(WordVectors([], np.empty((0, 3)))) == ""
