"""Vector files: what is written is read back bit for bit, and all known variants are read."""

import bz2
import gzip
import lzma
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings

from fastw2v import formats
from fastw2v.errors import FormatError, OutputError
from fastw2v.formats import numpy_pair, word2vec_binary, word2vec_text
from fastw2v.formats.reading import CHUNK, SAMPLE
from tests.support.vector_cases import matrix_for, same_bits, vectors_for

QUICK = settings(deadline=None, max_examples=60)

ODD_WORDS = [
    "</s>",
    "",
    " ",
    "\u00a0",
    ". . .",
    "3.5",
    "-1e5",
    "naïve",
    "\udcff\udce9",
    "a\tb",
    "nan",
]


def round_trip(folder, name, words, matrix):
    formats.save(folder / name, words, matrix)
    found_words, found = formats.load(folder / name)
    assert found_words == words
    assert found.flags.c_contiguous
    assert same_bits(found, matrix)


class TestRoundTrip:
    @QUICK
    @given(vectors_for(word2vec_text.word_problem))
    def test_text(self, tmp_path_factory, vectors):
        round_trip(tmp_path_factory.mktemp("t"), "v.txt", *vectors)

    # One dimension is left out: four bytes that happen to spell a number are a text file.
    @QUICK
    @given(vectors_for(word2vec_binary.word_problem).filter(lambda v: v[1].shape[1] > 1))
    def test_binary(self, tmp_path_factory, vectors):
        round_trip(tmp_path_factory.mktemp("b"), "v.bin", *vectors)

    @QUICK
    @given(vectors_for(numpy_pair.word_problem))
    def test_npy(self, tmp_path_factory, vectors):
        round_trip(tmp_path_factory.mktemp("n"), "v.npy", *vectors)

    @pytest.mark.parametrize("ending", ["gz", "bz2", "xz"])
    @pytest.mark.parametrize("name", ["v.txt", "v.vec", "v.bin"])
    def test_compressed(self, tmp_path, name, ending):
        words = ["</s>", "the", "naïve", "\udcff"]
        round_trip(tmp_path, f"{name}.{ending}", words, matrix_for(words))
        opener = {"gz": gzip, "bz2": bz2, "xz": lzma}[ending]
        plain = tmp_path / name
        formats.save(plain, words, matrix_for(words))
        assert opener.open(tmp_path / f"{name}.{ending}").read() == plain.read_bytes()

    def test_the_format_is_detected_from_the_content(self, tmp_path):
        words = ["</s>", "the", "of"]
        formats.save(tmp_path / "v.txt.gz", words, matrix_for(words), format="binary")
        (tmp_path / "v.txt.gz").rename(tmp_path / "misnamed.txt")
        found_words, found = formats.load(tmp_path / "misnamed.txt")
        assert found_words == words
        assert same_bits(found, matrix_for(words))

    @pytest.mark.parametrize("name", ["v.txt", "v.npy"])
    def test_odd_words(self, tmp_path, name):
        round_trip(tmp_path, name, ODD_WORDS, matrix_for(ODD_WORDS))

    @pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npy"])
    def test_extreme_numbers(self, tmp_path, name):
        tiny, huge = 2.0**-149, np.finfo(np.float32).max
        row = np.array([-0.0, 0.0, tiny, -tiny, huge, -huge, 1 / 3, 16777217, 2.0**-126], "f4")
        round_trip(tmp_path, name, ["a", "b"], np.array([row, row[::-1]]))

    @pytest.mark.parametrize("name", ["v.txt", "v.bin"])
    def test_more_than_one_chunk(self, tmp_path, name):
        words = [f"word{i}" + "x" * (i % 13) for i in range(23_000)]
        matrix = matrix_for(words, 102)
        round_trip(tmp_path, name, words, matrix)
        assert (tmp_path / name).stat().st_size > CHUNK + SAMPLE
        round_trip(tmp_path, f"{name}.gz", words[:9_000], matrix[:9_000])

    @pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npy"])
    def test_no_words(self, tmp_path, name):
        round_trip(tmp_path, name, [], np.empty((0, 4), np.float32))

    @pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npy"])
    def test_limit(self, tmp_path, name):
        words = [f"w{i}" for i in range(3000)]
        formats.save(tmp_path / name, words, matrix_for(words))
        for limit in (1, 7, 2999, 3000, 4000):
            notes = []
            found_words, found = formats.load(tmp_path / name, limit=limit, notes=notes)
            assert found_words == words[:limit]
            assert same_bits(found, matrix_for(words)[:limit])
            assert notes == []

    def test_a_mapped_npy_is_private(self, tmp_path):
        words = ["a", "b", "c"]
        formats.save(tmp_path / "v.npy", words, matrix_for(words))
        found = formats.read(tmp_path / "v.npy", mapped=True).matrix
        assert isinstance(found, np.memmap)
        found[0] = 9
        assert same_bits(np.load(tmp_path / "v.npy"), matrix_for(words))


class TestForms:
    """Files as other programs write them, byte by byte."""

    def read(self, tmp_path, content, **options):
        (tmp_path / "v").write_bytes(content)
        notes = []
        words, matrix = formats.load(tmp_path / "v", notes=notes, **options)
        return words, matrix.tolist(), notes

    def test_files_are_written_as_the_c_program_does(self, tmp_path):
        formats.save(tmp_path / "v.txt", ["</s>", "a"], [[1, -2.5], [0.25, 1e-9]])
        assert (tmp_path / "v.txt").read_bytes() == b"2 2\n</s> 1 -2.5 \na 0.25 9.99999972e-10 \n"
        formats.save(tmp_path / "v.bin", ["</s>", "a"], [[1, -2.5], [0.25, 2]])
        numbers = np.array([[1, -2.5], [0.25, 2]], "<f4")
        expected = b"2 2\n</s> " + numbers[0].tobytes() + b"\na " + numbers[1].tobytes() + b"\n"
        assert (tmp_path / "v.bin").read_bytes() == expected

    @pytest.mark.parametrize("end", [b"\n", b""])
    def test_binary_with_and_without_newlines(self, tmp_path, end):
        words = [b"</s>", b"", "naïve".encode(), b"\xff", b"a\xc2\xa0b", b"z"]
        matrix = matrix_for(words)
        # Bytes that look like blanks and newlines, at the ends of vectors and within.
        matrix.view(np.uint8)[0, :4] = 0x20
        matrix.view(np.uint8)[1, :4] = 0x0A
        matrix.view(np.uint8)[2, -4:] = 0x0A
        matrix.view(np.uint8)[3, -4:] = 0x20
        matrix.view(np.uint8)[4, :] = [0x0A, 0x20] * 10
        records = [w + b" " + row.tobytes() + end for w, row in zip(words, matrix, strict=True)]
        (tmp_path / "v").write_bytes(b"6 5\n" + b"".join(records))
        notes = []
        found_words, found = formats.load(tmp_path / "v", notes=notes)
        assert found_words == ["</s>", "", "naïve", "\udcff", "a\u00a0b", "z"]
        assert same_bits(found, matrix)
        assert notes == []

    def test_binary_words_with_spaces_are_recovered(self, tmp_path):
        words = [b". . .", b"the", b" ", b"New York", b"end"]
        matrix = matrix_for(words)
        records = [w + b" " + row.tobytes() + b"\n" for w, row in zip(words, matrix, strict=True)]
        (tmp_path / "v").write_bytes(b"5 5\n" + b"".join(records).removesuffix(b"\n"))
        found_words, found = formats.load(tmp_path / "v")
        assert found_words == [". . .", "the", " ", "New York", "end"]
        assert same_bits(found, matrix)

    @pytest.mark.parametrize(
        "content",
        [
            b"2 3\na 1 2 3 \nb 4 5 6 \n",  # C and fastText
            b"2 3\na 1 2 3\nb 4 5 6\n",  # gensim
            b"2 3\na 1.0e+00 2E0 +3\nb 4 5.0 .6e1",  # exponents, no newline at the end
            b"a 1 2 3\nb 4 5 6\n",  # GloVe
            b"2 3\r\na 1 2 3\r\nb 4 5 6 \r\n",
            b"2\t3\na\t1\t2\t3\nb\t4\t5\t6\n",
            b"2 3\na  1  2 3\nb 4 5  6\n",
            b"2 3\n a 1 2 3\n\nb 4 5 6\n\n\n",
            b"\xef\xbb\xbf2 3\na 1 2 3\nb 4 5 6\n",
            b"\xef\xbb\xbfa 1 2 3\nb 4 5 6\n",
        ],
    )
    def test_text_forms(self, tmp_path, content):
        assert self.read(tmp_path, content) == (["a", "b"], [[1, 2, 3], [4, 5, 6]], [])
        assert self.read(tmp_path, content, strict=True)[0] == ["a", "b"]

    def test_the_last_fields_are_the_vector(self, tmp_path):
        rows = b" 1 2\n  3 4\n. . . 5 6\n\xc2\xa0 7 8\n3.5 9 10\nat 3.5 11 12\nx\ty\t13\t14\n"
        words = ["", " ", ". . .", "\u00a0", "3.5", "at 3.5", "x\ty"]
        numbers = np.arange(1, 15).reshape(-1, 2).tolist()
        assert self.read(tmp_path, b"7 2\n" + rows) == (words, numbers, [])
        plain = b"of 0 0\nto 0 1\nin 1 0\n"
        found = self.read(tmp_path, plain * 1 + rows)
        assert found[0][3:] == words
        assert found[1][3:] == numbers

    def test_first_row_with_an_empty_word(self, tmp_path):
        assert self.read(tmp_path, b"1 2\n 1 2\n") == ([""], [[1, 2]], [])

    def test_two_numbers_are_a_header_only_if_the_rows_fit(self, tmp_path):
        assert self.read(tmp_path, b"5 3\n7 2\n") == (["5", "7"], [[3], [2]], [])
        assert self.read(tmp_path, b"1 2\n7 2 9\n") == (["7"], [[2, 9]], [])

    def test_numbers_too_large_are_infinite_and_noted(self, tmp_path):
        words, matrix, notes = self.read(tmp_path, b"a 1e39 2\nb nan 1\nc 1 1\n")
        assert words == ["a", "b", "c"]
        assert matrix[0] == [np.inf, 2]
        assert "2 vectors hold NaN or infinity (the first: 'a')" in notes[0]

    def test_other_float_types_in_npy(self, tmp_path):
        np.save(tmp_path / "v.npy", np.asfortranarray(np.arange(6.0).reshape(3, 2)))
        (tmp_path / "v.words.txt").write_bytes(b"a\r\nb\r\nc")
        words, matrix = formats.load(tmp_path / "v.npy")
        assert words == ["a", "b", "c"]
        assert same_bits(matrix, np.arange(6, dtype=np.float32).reshape(3, 2))
        assert matrix.flags.c_contiguous


class TestWriting:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("v.bin", "binary"),
            ("V.BIN.gz", "binary"),
            ("v.txt", "text"),
            ("v.vec.gz", "text"),
            ("v", "text"),
            ("v.model", "text"),
            ("v.npy", "npy"),
            ("v.tsv", "projector"),
            ("v.glove.txt", "glove"),
            ("glove.6B.50d.txt.gz", "glove"),
            ("v.spacy.txt", "spacy"),
            ("glove-like.txt", "text"),
            ("folder.bin/v", "text"),
        ],
    )
    def test_format_of_name(self, name, expected):
        assert formats.format_of_name(name) == expected

    def test_format_overrides_the_name(self, tmp_path):
        formats.save(tmp_path / "v.out", ["a"], [[1.5]], format="binary")
        assert (tmp_path / "v.out").read_bytes() == b"1 1\na \x00\x00\xc0\x3f\n"
        with pytest.raises(OutputError, match="the formats are: binary, text, npy"):
            formats.save(tmp_path / "v", ["a"], [[1]], format="pickle")
        with pytest.raises(OutputError, match=r"must end in \.npy"):
            formats.save(tmp_path / "v.bin", ["a"], [[1]], format="npy")

    @pytest.mark.parametrize(
        ("name", "word", "match"),
        [
            ("v.bin", "New York", "a space ends the word"),
            ("v.bin", "\n", "a space ends the word"),
            ("v.txt", "a\nb", "a newline ends the row"),
            ("v.txt", "a ", "spaces around a word"),
            ("v.npy", "a\nb", "a line end ends the word"),
            ("v.txt", "\ud800", "UTF-8 cannot express"),
        ],
    )
    def test_words_that_the_format_cannot_express(self, tmp_path, name, word, match):
        for act in (
            lambda: formats.save(tmp_path / name, ["x", word], [[1], [2]]),
            lambda: formats.check_writable(tmp_path / name, ["x", word]),
        ):
            with pytest.raises(OutputError, match=f"word number 2 .*{match}") as caught:
                act()
            assert "\n" not in str(caught.value)
        assert os.listdir(tmp_path) == []

    def test_check_writable_looks_at_the_word_list_too(self, tmp_path):
        (tmp_path / "v.words.txt").mkdir()
        formats.check_writable(tmp_path / "v.bin")
        with pytest.raises(OutputError, match=r"v\.words\.txt: it is a folder"):
            formats.check_writable(tmp_path / "v.npy")

    @pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npy", "v.txt.gz"])
    def test_failure_keeps_the_old_files(self, tmp_path, name, monkeypatch):
        formats.save(tmp_path / name, ["a", "b"], [[1, 2], [3, 4]])
        before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

        def no_space(descriptor):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", no_space)
        with pytest.raises(OutputError, match="No space left on device"):
            formats.save(tmp_path / name, ["c", "d"], [[5, 6], [7, 8]])
        assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before

    def test_shapes_that_do_not_fit(self, tmp_path):
        with pytest.raises(ValueError, match="2 words and a matrix of shape"):
            formats.save(tmp_path / "v.bin", ["a", "b"], [[1, 2]])

    def test_same_vectors_same_compressed_bytes(self, tmp_path):
        for name in ("one.txt.gz", "two.txt.gz"):
            formats.save(tmp_path / name, ["a"], [[1, 2]])
        assert (tmp_path / "one.txt.gz").read_bytes() == (tmp_path / "two.txt.gz").read_bytes()


def test_loading_does_not_import_numba():
    code = "import sys, fastw2v.vectors.word_vectors; assert 'numba' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_limit_below_1_is_refused(tmp_path):
    with pytest.raises(FormatError, match="at least 1"):
        formats.load(tmp_path / "v", limit=0)
