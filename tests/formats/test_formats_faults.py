"""Vector files that are damaged, or something else: one line that names the place."""

import gzip
import pickle
import zipfile

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.errors import FormatError

WORDS = ["</s>", "the", "naïve", "last"]
MATRIX = np.random.default_rng(5).normal(size=(4, 6)).astype(np.float32)


def load(path, content, **options):
    path.write_bytes(content)
    return formats.load(path, **options)


def fails(path, content, **options):
    """The message of the FormatError, which must be one line that starts with the file's name."""
    with pytest.raises(FormatError) as caught:
        load(path, content, **options)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message


def content_of(tmp_path, name):
    formats.save(tmp_path / name, WORDS, MATRIX)
    return (tmp_path / name).read_bytes()


def without_newlines(tmp_path):
    content_of(tmp_path, "c.bin")
    rows = [w.encode() + b" " + row.tobytes() for w, row in zip(WORDS, MATRIX, strict=True)]
    return b"4 6\n" + b"".join(rows)


class TestDamage:
    @pytest.mark.parametrize("cut", [1, 3, 4, 23])
    @pytest.mark.parametrize("newlines", [True, False])
    def test_binary_cut_within_a_vector(self, tmp_path, cut, newlines):
        whole = content_of(tmp_path, "v.bin")[:-1] if newlines else without_newlines(tmp_path)
        start = len(whole) - len(b"last ") - 24 - newlines
        message = fails(tmp_path / "v.bin", whole[:-cut])
        assert f"word number 4, byte {start}: the file ends within this vector" in message
        assert "limit 3" in message
        words, matrix = load(tmp_path / "v.bin", whole[:-cut], limit=3)
        assert words == WORDS[:3]
        assert matrix.tobytes() == MATRIX[:3].tobytes()

    def test_binary_cut_within_a_word(self, tmp_path):
        message = fails(tmp_path / "v.bin", content_of(tmp_path, "v.bin")[: -24 - 3])
        assert "word number 4" in message

    @pytest.mark.parametrize("newlines", [True, False])
    def test_binary_cut_between_rows_is_a_wrong_count(self, tmp_path, newlines):
        whole = content_of(tmp_path, "v.bin") if newlines else without_newlines(tmp_path)
        whole = whole[: -24 - len(b"last ") - newlines]
        notes = []
        words, matrix = load(tmp_path / "v.bin", whole, notes=notes)
        assert words == WORDS[:3]
        assert matrix.tobytes() == MATRIX[:3].tobytes()
        assert notes == [
            f"{tmp_path / 'v.bin'}: the header declares 4 words, the file holds 3: read 3"
        ]
        assert "declares 4" in fails(tmp_path / "v.bin", whole, strict=True)

    def test_binary_with_more_rows_than_declared(self, tmp_path):
        whole = content_of(tmp_path, "v.bin").replace(b"4 6\n", b"2 6\n")
        notes = []
        words, _ = load(tmp_path / "v.bin", whole, notes=notes)
        assert words == WORDS
        assert "declares 2 words, the file holds 4" in notes[0]

    def test_binary_with_bytes_after_the_last_vector(self, tmp_path):
        whole = content_of(tmp_path, "v.bin") + b"more bytes"
        notes = []
        words, _ = load(tmp_path / "v.bin", whole, notes=notes)
        assert words == WORDS
        assert "ignored 10 trailing bytes" in notes[0]
        assert "ignored 10 trailing bytes" in fails(tmp_path / "v.bin", whole, strict=True)

    def test_binary_out_of_step(self, tmp_path):
        whole = content_of(tmp_path, "v.bin")
        second = whole.index(b"\nthe ") + len(b"\nthe ")
        message = fails(tmp_path / "v.bin", whole[:second] + whole[second + 2 :])
        assert "word number 2, byte" in message

    @pytest.mark.parametrize("ending", ["", ".gz"])
    @pytest.mark.parametrize("header", [b"4611686018427387904 6\n", b"4 4611686018427387904\n"])
    def test_header_that_declares_far_too_much(self, tmp_path, header, ending):
        for name in ("v.bin", "v.txt"):
            whole = content_of(tmp_path, name).replace(b"4 6\n", header, 1)
            path = tmp_path / f"{name}{ending}"
            whole = gzip.compress(whole) if ending else whole
            if header.endswith(b" 6\n"):
                notes = []
                assert load(path, whole, notes=notes)[0] == WORDS
                assert "the file holds 4" in notes[0]
            else:
                fails(path, whole)

    def test_header_and_nothing_else(self, tmp_path):
        assert "declares 5 words but no vectors follow" in fails(tmp_path / "v", b"5 100\n")

    @pytest.mark.parametrize(
        ("row", "found"),
        [
            (b"the 1 2", "found 3 fields"),
            (b"1 2 3", "found 3 fields"),
            (b"the 1 2 x", "found 4 fields"),
            (b"the 1 2 1_0", "found 4 fields"),
            (b"the 1 2.3.4 5", "found 4 fields"),
        ],
    )
    @pytest.mark.parametrize("header", [b"", b"4 3\n"])
    def test_invalid_text_rows(self, tmp_path, row, found, header):
        rows = b"of 1 2 3\nto 4 5 6\n" + row + b"\nin 7 8 9\n"
        message = fails(tmp_path / "v", header + rows)
        line = 4 if header else 3
        assert f"line {line} (word number 3, " in message
        assert found in message
        assert "limit 2" in message
        assert load(tmp_path / "v", header + rows, limit=2)[0] == ["of", "to"]

    def test_damage_in_the_first_row(self, tmp_path):
        message = fails(tmp_path / "v", b"3 3\nof 1 2\nto 4 5 6\nin 7 8 9\n")
        assert "line 2 (word number 1, 'of'): expected a word and 3 numbers" in message
        assert "limit" not in message

    def test_words_with_several_spaces_are_accepted(self, tmp_path):
        words, _ = load(tmp_path / "v", b"of 1 2 3\nNew York 4 5 6\nin 7 8 9\n")
        assert words == ["of", "New York", "in"]

    def test_text_header_count_off(self, tmp_path):
        notes = []
        words, _ = load(tmp_path / "v", b"5 2\na 1 2\nb 3 4\n", notes=notes)
        assert words == ["a", "b"]
        assert "declares 5 words, the file holds 2" in notes[0]
        assert "declares 5" in fails(tmp_path / "v", b"5 2\na 1 2\nb 3 4\n", strict=True)

    @pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npy"])
    def test_the_first_of_equal_words_wins(self, tmp_path, name):
        formats.save(tmp_path / name, ["a", "b", "a", "c", "b"], np.arange(10).reshape(5, 2))
        notes = []
        words, matrix = formats.load(tmp_path / name, notes=notes)
        assert words == ["a", "b", "c"]
        assert matrix.tolist() == [[0, 1], [2, 3], [6, 7]]
        assert matrix.flags.c_contiguous
        assert "2 rows repeat a word (the first: 'a', word number 3)" in notes[0]
        with pytest.raises(FormatError, match="2 rows repeat a word"):
            formats.load(tmp_path / name, strict=True)

    @pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npy"])
    def test_rows_that_are_not_finite(self, tmp_path, name):
        formats.save(tmp_path / name, ["a", "b", "c"], [[1, 2], [np.nan, 0], [0, -np.inf]])
        notes = []
        words, _ = formats.load(tmp_path / name, notes=notes)
        assert words == ["a", "b", "c"]
        assert "2 vectors hold NaN or infinity (the first: 'b')" in notes[0]
        with pytest.raises(FormatError, match="2 vectors hold NaN"):
            formats.load(tmp_path / name, strict=True)

    @pytest.mark.parametrize("name", ["v.txt.gz", "v.bin.bz2", "v.txt.xz"])
    def test_broken_compression(self, tmp_path, name):
        whole = content_of(tmp_path, name)
        assert "near byte" in fails(tmp_path / name, whole[:-9])
        assert "download or regenerate the file" in fails(
            tmp_path / name, whole[:20] + b"?" + whole[21:]
        )


class TestOtherFiles:
    @pytest.mark.parametrize(
        ("content", "match"),
        [
            (b"", "an empty file"),
            (gzip.compress(b"", mtime=0), "an empty file"),
            ((793712314).to_bytes(4, "little") + b"\x0c\0\0\0", "a fastText model"),
            *((pickle.dumps({"a": 1}, protocol), "Python pickle") for protocol in (2, 3, 4, 5)),
            ("2 1\na 1\nb 2\n".encode("utf-16"), "UTF-16"),
            (b"It was a dark night.\nThe rain fell in torrents.\n", "not a file of word vectors"),
            (b"one word " * 200_000, "not a file of word vectors"),
            (b"\n\n\n", "not a file of word vectors"),
            (b"a\nb\nc\n", "not a file of word vectors"),
            (b"\x93NUMPY\x01\x00", "not a valid NumPy matrix"),
        ],
    )
    def test_other_kinds_of_file_are_identified(self, tmp_path, content, match):
        assert match in fails(tmp_path / "v", content)

    def test_archive_of_arrays(self, tmp_path):
        np.savez(tmp_path / "v.npz", a=MATRIX)
        assert zipfile.is_zipfile(tmp_path / "v.npz")
        assert "a zip archive" in fails(tmp_path / "v", (tmp_path / "v.npz").read_bytes())

    def test_missing_file_and_folder(self, tmp_path):
        with pytest.raises(FormatError, match="No such file"):
            formats.load(tmp_path / "missing")
        with pytest.raises(FormatError, match="directory"):
            formats.load(tmp_path)


class TestNumpy:
    def save(self, tmp_path, array, words):
        np.save(tmp_path / "v.npy", array, allow_pickle=True)
        (tmp_path / "v.words.txt").write_text("".join(f"{word}\n" for word in words))

    def fails(self, tmp_path, match):
        with pytest.raises(FormatError, match=match) as caught:
            formats.load(tmp_path / "v.npy")
        assert "\n" not in str(caught.value)

    def test_objects_are_not_unpickled(self, tmp_path):
        self.save(tmp_path, np.array([[{}]], dtype=object), ["a"])
        self.fails(tmp_path, "not a valid NumPy matrix")

    @pytest.mark.parametrize("array", [np.zeros(3, "f4"), np.zeros((3, 2), int), np.zeros((3, 0))])
    def test_not_a_matrix_of_floats(self, tmp_path, array):
        self.save(tmp_path, array, ["a", "b", "c"])
        self.fails(tmp_path, "word vectors must be a matrix")

    def test_word_list_that_does_not_fit(self, tmp_path):
        self.save(tmp_path, MATRIX, WORDS[:3])
        self.fails(tmp_path, "4 rows, but 3 words")
        (tmp_path / "v.words.txt").unlink()
        self.fails(tmp_path, "word list .* is missing")

    def test_cut_short(self, tmp_path):
        self.save(tmp_path, MATRIX, WORDS)
        whole = (tmp_path / "v.npy").read_bytes()
        (tmp_path / "v.npy").write_bytes(whole[:-5])
        self.fails(tmp_path, "not a valid NumPy matrix")

    def test_compressed(self, tmp_path):
        self.save(tmp_path, MATRIX, WORDS)
        packed = gzip.compress((tmp_path / "v.npy").read_bytes())
        assert "decompress it first" in fails(tmp_path / "v.npy.gz", packed)
