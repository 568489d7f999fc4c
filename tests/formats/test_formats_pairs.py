"""Formats that only some programs read: GloVe's, spaCy's, and TensorBoard's two files."""

import os

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.errors import FormatError, OutputError
from fastw2v.formats import projector
from tests.support.vector_cases import matrix_for, same_bits

WORDS = ["</s>", "the", "naïve", "\udcff", "a\u00a0b", "7", "3.5"]


def refuses(path, words, matrix, match, **options):
    """Writing fails with one line, and leaves nothing."""
    before = sorted(os.listdir(path.parent))
    with pytest.raises(OutputError, match=match) as caught:
        formats.save(path, words, matrix, **options)
    assert "\n" not in str(caught.value)
    assert sorted(os.listdir(path.parent)) == before


class TestGlove:
    def test_bytes(self, tmp_path):
        formats.save(tmp_path / "v.glove.txt", ["the", "of"], [[1, -2.5], [0.25, 1e-9]])
        assert (tmp_path / "v.glove.txt").read_bytes() == b"the 1 -2.5\nof 0.25 9.99999972e-10\n"

    @pytest.mark.parametrize("number", [1, 2, 1.5])
    @pytest.mark.parametrize("rows", [1, 2])
    def test_a_first_row_that_looks_like_a_header(self, tmp_path, number, rows):
        words, matrix = ["7", "8"][:rows], np.float32([[number], [3]])[:rows]
        formats.save(tmp_path / "v.glove.txt", words, matrix)
        assert formats.load(tmp_path / "v.glove.txt")[0] == words
        assert same_bits(formats.load(tmp_path / "v.glove.txt")[1], matrix)

    @pytest.mark.parametrize("word", ["New York", "", " ", "a\tb", "a\nb"])
    def test_words_that_glove_cannot_express(self, tmp_path, word):
        refuses(tmp_path / "glove.txt", ["x", word], [[1], [2]], "word number 2")

    @pytest.mark.parametrize(
        "word",
        ["\udc80\x04x", "\ufeffx", "\x1f\udc8b\x08", "PK\x03\x04", "\udc93NUMPY", "BZh91AY&SY"],
    )
    def test_first_words_that_look_like_another_format(self, tmp_path, word):
        refuses(tmp_path / "v.glove.txt", [word, "x"], [[1], [2]], "word number 1 .*another format")
        formats.save(tmp_path / "v.glove.txt", ["x", word], matrix_for("xy"))
        assert formats.load(tmp_path / "v.glove.txt")[0] == ["x", word]

    def test_no_words(self, tmp_path):
        refuses(tmp_path / "v.glove", [], np.empty((0, 3)), "loses the dimensions")


class TestSpacy:
    def test_is_word2vec_text(self, tmp_path):
        words = ["</s>", "été", "New York", " "]
        formats.save(tmp_path / "v.spacy.txt", words, matrix_for(words))
        formats.save(tmp_path / "v.txt", words, matrix_for(words))
        assert (tmp_path / "v.spacy.txt").read_bytes() == (tmp_path / "v.txt").read_bytes()

    def test_as_spacy_reads_it(self, tmp_path):
        """By the rules of its reader: a header, then rows that are split from their ends."""
        words = ["</s>", "été", "New York", " ", "\u00a0", "\u2028"]
        formats.save(tmp_path / "v.txt", words, matrix_for(words), format="spacy")
        with open(tmp_path / "v.txt", encoding="utf8") as file:
            rows, dimensions = (int(field) for field in next(file).split())
            split = [line.rstrip().rsplit(" ", dimensions) for line in file]
        assert rows == len(split) == len(words)
        assert [fields[0] for fields in split] == words
        assert same_bits(np.array([row[1:] for row in split], "f4"), matrix_for(words))

    @pytest.mark.parametrize(
        ("word", "match"),
        [("", "rejects an empty word"), ("a\rb", "carriage return"), ("\udcff", "UTF-8 only"),
         ("a\nb", "newline"), (" a", "spaces around")],
    )  # fmt: skip
    def test_words_that_spacy_cannot_read(self, tmp_path, word, match):
        refuses(tmp_path / "v.txt", ["x", word], [[1], [2]], match, format="spacy")

    def test_compression(self, tmp_path):
        formats.save(tmp_path / "v.spacy.gz", ["x"], [[1]])
        assert formats.load(tmp_path / "v.spacy.gz")[0] == ["x"]
        for name in ("v.spacy.bz2", "v.spacy.txt.xz"):
            refuses(tmp_path / name, ["x"], [[1]], r"no compression but \.gz")


class TestProjector:
    def save(self, tmp_path, name="vectors.tsv"):
        formats.save(tmp_path / name, WORDS, matrix_for(WORDS))
        return tmp_path / name

    def fails(self, path, match, **options):
        with pytest.raises(FormatError, match=match) as caught:
            formats.load(path, **options)
        assert "\n" not in str(caught.value)

    def test_bytes(self, tmp_path):
        formats.save(tmp_path / "vectors.tsv", ["the", "New York"], [[1, -2.5], [0.25, 3]])
        assert (tmp_path / "vectors.tsv").read_bytes() == b"1\t-2.5\n0.25\t3\n"
        assert (tmp_path / "metadata.tsv").read_bytes() == b"the\nNew York\n"
        assert formats.load(tmp_path / "vectors.tsv")[0] == ["the", "New York"]

    @pytest.mark.parametrize(
        ("name", "words_name"),
        [
            ("vectors.tsv", "metadata.tsv"),
            ("big_tensor.tsv", "big_metadata.tsv"),
            ("my-vectors-2.TSV", "my-metadata-2.tsv"),
            ("tensors.tsv", "metadata.tsv"),
            ("a.b.tsv", "a.b.metadata.tsv"),
            ("a.tsv.gz", "a.metadata.tsv"),
        ],
    )
    def test_names(self, name, words_name):
        assert projector.words_path(f"some/{name}").as_posix() == f"some/{words_name}"

    @pytest.mark.parametrize("name", ["vectors.tsv", "a.tsv"])
    def test_round_trip(self, tmp_path, name):
        path = self.save(tmp_path, name)
        for limit in (None, 1, 6, 7, 9):
            words, matrix = formats.load(path, limit=limit, strict=True)
            assert words == WORDS[:limit]
            assert same_bits(matrix, matrix_for(WORDS)[:limit])

    def test_more_than_one_block(self, tmp_path):
        words = [f"w{i}" for i in range(3001)]
        formats.save(tmp_path / "v.tsv", words, matrix_for(words, 3))
        for limit in (None, 1024, 2500):
            found, matrix = formats.load(tmp_path / "v.tsv", limit=limit)
            assert found == words[:limit]
            assert same_bits(matrix, matrix_for(words, 3)[:limit])

    def test_integer_first_columns_need_the_tsv_name(self, tmp_path):
        formats.save(tmp_path / "v.tsv", ["a", "b"], [[3, 4], [5, 6]])
        assert formats.load(tmp_path / "v.tsv")[0] == ["a", "b"]
        (tmp_path / "v.tsv").rename(tmp_path / "v.txt")
        assert formats.load(tmp_path / "v.txt")[0] == ["3", "5"]

    def test_detected_whatever_the_name(self, tmp_path):
        self.save(tmp_path).rename(tmp_path / "numbers")
        self.fails(tmp_path / "numbers", r"word list .*numbers\.metadata\.tsv is missing")
        (tmp_path / "metadata.tsv").rename(tmp_path / "numbers.metadata.tsv")
        assert formats.load(tmp_path / "numbers")[0] == WORDS

    def test_labelled_rows_are_text(self, tmp_path):
        (tmp_path / "v.tsv").write_bytes(b"the\t0.5\t1\nof\t2\t3\n")
        assert formats.load(tmp_path / "v.tsv")[0] == ["the", "of"]

    def test_files_of_other_programs(self, tmp_path):
        (tmp_path / "x.tsv").write_bytes(b"\xef\xbb\xbf0.5\t1\t\r\n\r\n2\t3\r\n")
        (tmp_path / "x.metadata.tsv").write_bytes(
            b"\xef\xbb\xbfCount\tWord\r\n9\tthe\r\n\r\n8\tof\r\n"
        )
        words, matrix = formats.load(tmp_path / "x.tsv")
        assert words == ["the", "of"]
        assert matrix.tolist() == [[0.5, 1], [2, 3]]
        (tmp_path / "x.metadata.tsv").write_bytes(b"a\tb\nthe\t9\nof\t8")
        assert formats.load(tmp_path / "x.tsv")[0] == ["the", "of"]

    @pytest.mark.parametrize("change", [b"", b"more\n"])
    def test_words_that_do_not_fit(self, tmp_path, change):
        path = self.save(tmp_path)
        beside = tmp_path / "metadata.tsv"
        beside.write_bytes(beside.read_bytes() + change if change else b"one\ntwo\n")
        self.fails(path, rf"7 rows, but {8 if change else 2} words in .*metadata\.tsv")
        assert formats.load(path, limit=2)[0] == (WORDS[:2] if change else ["one", "two"])

    def test_damage(self, tmp_path):
        path = tmp_path / "vectors.tsv"
        # Damage in the first lines changes the detected format; later damage is an error.
        lines = b"".join(b"%d\t0.5\n" % i for i in range(40)) + b"\n3\n" + b"5\t5\n"
        path.write_bytes(lines)
        (tmp_path / "metadata.tsv").write_bytes(b"".join(b"w%d\n" % i for i in range(42)))
        self.fails(
            path, r"line 42 \(word number 41\): expected 2 numbers .* found 1 fields; .*limit 40"
        )
        assert len(formats.load(path, limit=40)[0]) == 40

    @pytest.mark.parametrize(
        "word", ["a\tb", "a\nb", "a\r", "a\rb", "", " ", "\u00a0", "\u3000\ufeff"]
    )
    def test_words_that_the_projector_cannot_show(self, tmp_path, word):
        refuses(tmp_path / "v.tsv", ["x", word], matrix_for("xy"), "word number 2")

    def test_matrices_that_the_projector_cannot_show(self, tmp_path):
        refuses(tmp_path / "v.tsv", ["a"], [[1]], "two dimensions")
        refuses(tmp_path / "v.tsv", [], np.empty((0, 2)), "at least one")
        matrix = np.ones((5000, 2))
        matrix[4321, 1] = np.inf
        words = [f"w{i}" for i in range(5000)]
        refuses(tmp_path / "v.tsv", words, matrix, "word number 4322 has NaN")

    def test_a_byte_order_mark_in_front(self, tmp_path):
        refuses(tmp_path / "v.tsv", ["\ufeffa", "b"], matrix_for("ab"), "byte order mark")

    def test_names_of_the_word_list(self, tmp_path):
        for name in ("v.txt", "v.tsv.gz"):
            refuses(tmp_path / name, ["a"], [[1, 2]], r"must end in \.tsv", format="projector")


@pytest.mark.parametrize("name", ["v.npy", "v.tsv"])
@pytest.mark.parametrize("word", ["a\r", "a\rb", "\r"])
def test_carriage_returns_would_put_the_word_list_out_of_step(tmp_path, name, word):
    """Python's text files, and most editors, end a line there."""
    refuses(tmp_path / name, ["x", word], matrix_for("xy"), "a tab or line end|a line end")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["v.npy", "v.tsv"])
@pytest.mark.parametrize("call", [1, 2])
def test_a_full_disk_keeps_both_files(tmp_path, name, call, monkeypatch):
    formats.save(tmp_path / name, ["a", "b"], [[1, 2], [3, 4]])
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    calls = []

    def no_space(descriptor):
        calls.append(descriptor)
        if len(calls) == call:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OutputError, match="No space left on device"):
        formats.save(tmp_path / name, ["c", "d"], [[5, 6], [7, 8]])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_the_path_of_the_word_list():
    assert formats.words_path("a/vectors.tsv").as_posix() == "a/metadata.tsv"
    assert formats.words_path("a/v.npy").as_posix() == "a/v.words.txt"
    assert formats.words_path("v.bin") is None
