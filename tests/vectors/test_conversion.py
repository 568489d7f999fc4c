"""Vector files into other formats: nothing is lost on the way, and no old file before its time."""

import os

import numpy as np
import pytest
from hypothesis import given, settings

from fastw2v import formats
from fastw2v.errors import FormatError, OutputError
from fastw2v.vectors.conversion import convert
from tests.support.reference import run_reference
from tests.support.vector_cases import matrix_for, same_bits, vectors

WORDS = ["</s>", "the", "naïve", "7", "a\u00a0b", "last"]
NAMES = {
    "text": "v.txt",
    "binary": "v.bin",
    "glove": "v.glove.txt",
    "spacy": "v.spacy.txt",
    "npy": "v.npy",
    "projector": "vectors.tsv",
    "text.gz": "w.vec.gz",
    "binary.gz": "w.bin.gz",
    "glove.bz2": "w.glove.bz2",
}
ALL_NAMES = [*NAMES.values(), "w.txt.xz"]


def saved(folder, name="v.txt", words=WORDS, dimensions=7):
    formats.save(folder / name, words, matrix_for(words, dimensions))
    return folder / name


def check(path, words, matrix, strict=True):
    found_words, found = formats.load(path, strict=strict)
    assert found_words == words
    assert same_bits(np.ascontiguousarray(found), matrix)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class TestRoundTrips:
    @settings(deadline=None, max_examples=50)
    @given(vectors(least_dimensions=2))
    def test_random_files_through_every_format(self, tmp_path_factory, drawn):
        """Into each format and on from there, or a clear refusal that touches nothing."""
        words, matrix = without_line_ends(*drawn)
        folder = tmp_path_factory.mktemp("chain")
        source = folder / "first.npy"
        formats.save(source, words, matrix)
        for name in NAMES.values():
            before = files(folder)
            refusal = refused(source, folder / name)
            if refusal is None:
                check(folder / name, words, matrix, strict=False)
                source = folder / name  # the next is made from this one
            else:
                assert "\n" not in refusal
                assert name in refusal
                assert files(folder) == before

    @settings(deadline=None, max_examples=40)
    @given(vectors(least_dimensions=2))
    def test_words_that_every_format_can_express(self, tmp_path_factory, drawn):
        words = ["_".join(f"w{row}{word}".split()) for row, word in enumerate(drawn[0])]
        words = [word.encode("utf-8", "replace").decode() for word in words]
        matrix = np.nan_to_num(drawn[1])
        folder = tmp_path_factory.mktemp("all")
        start = source = folder / "start.bin"
        formats.save(start, words, matrix)
        for name in NAMES.values():
            assert convert(source, folder / name, strict=True) == len(words)
            source = folder / name
        convert(source, folder / "end.bin")
        assert (folder / "end.bin").read_bytes() == start.read_bytes()

    @pytest.mark.parametrize("target", ALL_NAMES)
    @pytest.mark.parametrize("source", ALL_NAMES)
    def test_every_format_into_every_other(self, tmp_path, source, target):
        saved(tmp_path, source)
        assert convert(tmp_path / source, tmp_path / target) == len(WORDS)
        check(tmp_path / target, WORDS, matrix_for(WORDS, 7))


@pytest.fixture(autouse=True, scope="module")
def no_waiting_for_the_disk():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        yield


def refused(source, target):
    """Why ``source`` cannot be converted; None if it was."""
    try:
        convert(source, target)
    except OutputError as error:
        return str(error)
    return None


def without_line_ends(words, matrix):
    rows = [row for row, word in enumerate(words) if not {"\n", "\r"} & set(word)]
    return [words[row] for row in rows], matrix[rows]


class TestOptions:
    def test_limit(self, tmp_path):
        assert convert(saved(tmp_path), tmp_path / "v.bin", limit=4) == 4
        check(tmp_path / "v.bin", WORDS[:4], matrix_for(WORDS, 7)[:4])

    @pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.npy"])
    @pytest.mark.parametrize("as_file", [True, False])
    def test_words_in_the_lists_order(self, tmp_path, name, as_file):
        wanted = ["last", "unknown", "naïve", "last", "a\u00a0b"]
        if as_file:
            (tmp_path / "list").write_text("\ufeff" + "\r\n".join(wanted) + "\r\n\n", "utf-8")
        notes = []
        words = tmp_path / "list" if as_file else wanted
        convert(saved(tmp_path, name), tmp_path / "out.bin", words=words, notes=notes)
        check(tmp_path / "out.bin", ["last", "naïve", "a\u00a0b"], matrix_for(WORDS, 7)[[5, 2, 4]])
        place = tmp_path / "list" if as_file else "words"
        assert notes == [
            f"{place}: 1 of 4 words have no vector in {tmp_path / name} and were left out "
            "(the first: 'unknown')"
        ]

    def test_unknown_words_are_noted(self, tmp_path):
        source = saved(tmp_path)
        with pytest.raises(FormatError, match=r"words: 1 of 2 words have no vector"):
            convert(source, tmp_path / "v.bin", words=["the", "x"], strict=True)
        with pytest.raises(FormatError, match="none of its 2 words has a vector"):
            convert(source, tmp_path / "v.bin", words=["y", "x"])
        with pytest.raises(FormatError, match="one of its 1 words has a vector"):
            convert(source, tmp_path / "v.bin", words=["last"], limit=5)
        assert os.listdir(tmp_path) == ["v.txt"]

    def test_normalise(self, tmp_path):
        matrix = np.float32([[3, 4, 0], [0, 0, 0], [1e-30, 0, 0], [3e38, 3e38, 0], [np.nan, 1, 2]])
        formats.save(tmp_path / "v.txt", list("abcde"), matrix)
        notes = []
        convert(tmp_path / "v.txt", tmp_path / "v.npy", normalise=True, notes=notes)
        words, found = formats.load(tmp_path / "v.npy")
        assert words == list("abcde")
        half = np.float32(np.sqrt(0.5))
        expected = [[0.6, 0.8, 0], [0, 0, 0], [1, 0, 0], [half, half, 0], [np.nan, 1, 2]]
        assert np.allclose(found, expected, rtol=2e-7, atol=0, equal_nan=True)
        assert "1 vectors hold NaN" in notes[0]

    def test_words_and_normalise_of_vectors_that_stay_in_the_file(self, tmp_path, monkeypatch):
        monkeypatch.setattr("fastw2v.formats.reading.free_memory", lambda: 8)
        source = saved(tmp_path, "v.bin")
        for name in ("plain.npy", "plain.txt", "plain.tsv", "plain.bin"):
            convert(source, tmp_path / name)
            check(tmp_path / name, WORDS, matrix_for(WORDS, 7))
        convert(source, source, words=WORDS[4:1:-1])
        check(source, WORDS[4:1:-1], matrix_for(WORDS, 7)[4:1:-1])
        convert(source, tmp_path / "unit.npy", normalise=True)
        lengths = np.linalg.norm(formats.load(tmp_path / "unit.npy")[1], axis=1)
        assert lengths == pytest.approx([1, 1, 1])

    def test_strict_and_notes(self, tmp_path):
        (tmp_path / "v").write_bytes(b"9 2\na 1 2\nb 3 4\n")
        notes = []
        assert convert(tmp_path / "v", tmp_path / "v.bin", notes=notes) == 2
        assert "declares 9 words" in notes[0]
        with pytest.raises(FormatError, match="declares 9 words"):
            convert(tmp_path / "v", tmp_path / "v.bin", strict=True)

    def test_format(self, tmp_path):
        convert(saved(tmp_path), tmp_path / "v.txt.gz", format="binary")
        assert formats.load(tmp_path / "v.txt.gz")[0] == WORDS
        with pytest.raises(OutputError, match="the formats are: binary, text"):
            convert(tmp_path / "v.txt", tmp_path / "x", format="pickle")
        with pytest.raises(OutputError, match=r"must end in \.npy"):
            convert(tmp_path / "v.txt", tmp_path / "x", format="npy")


class TestInPlace:
    @pytest.mark.parametrize("name", NAMES.values())
    def test_fewer_words(self, tmp_path, name):
        source = saved(tmp_path, name)
        convert(source, source, words=["last", "the"])
        check(source, ["last", "the"], matrix_for(WORDS, 7)[[5, 1]])
        convert(source, source, limit=1)
        check(source, ["last"], matrix_for(WORDS, 7)[[5]])

    def test_another_format(self, tmp_path):
        source = saved(tmp_path, "v.txt")
        convert(source, source, format="binary")
        check(source, WORDS, matrix_for(WORDS, 7))
        assert source.read_bytes().startswith(b"6 7\n</s> ")

    def test_through_a_link(self, tmp_path):
        source = saved(tmp_path, "v.npy")
        (tmp_path / "link.npy").symlink_to("v.npy")
        (tmp_path / "link.words.txt").symlink_to("v.words.txt")
        convert(tmp_path / "link.npy", source, limit=2)
        check(source, WORDS[:2], matrix_for(WORDS, 7)[:2])

    def test_a_word_list_never_overwrites_the_source(self, tmp_path):
        saved(tmp_path, "v.txt")
        (tmp_path / "v.txt").rename(tmp_path / "v.words.txt")
        before = files(tmp_path)
        with pytest.raises(
            OutputError, match=r"v\.words\.txt .the word list of the output.: it is an input"
        ):
            convert(tmp_path / "v.words.txt", tmp_path / "v.npy")
        assert files(tmp_path) == before

    @pytest.mark.parametrize(
        ("name", "words_name"), [("v.npy", "v.words.txt"), ("vectors.tsv", "metadata.tsv")]
    )
    def test_the_word_list_of_the_source_is_not_overwritten(self, tmp_path, name, words_name):
        source = saved(tmp_path, name)
        before = files(tmp_path)
        with pytest.raises(OutputError, match="the word list of the source"):
            convert(source, tmp_path / words_name, format="text")
        assert files(tmp_path) == before


class TestErrors:
    @pytest.mark.parametrize("name", ["v.bin", "v.npy", "vectors.tsv"])
    def test_old_files_stay(self, tmp_path, name):
        (tmp_path / "old").mkdir()
        target = saved(tmp_path / "old", name)
        before = files(tmp_path / "old")
        formats.save(tmp_path / "v.txt", ["New York", "a\tb"], matrix_for("ab"))
        (tmp_path / "damaged").write_bytes(b"2 2\na 1 2\nb 3\n")
        (tmp_path / "text").write_bytes(b"a dark night\nand rain\n")
        for source, error in (("damaged", FormatError), ("text", FormatError)):
            with pytest.raises(error):
                convert(tmp_path / source, target)
            assert files(tmp_path / "old") == before
        if name != "v.npy":
            with pytest.raises(OutputError, match="word number"):
                convert(tmp_path / "v.txt", target)
            assert files(tmp_path / "old") == before

    def test_output_errors_are_raised_before_reading(self, tmp_path):
        source = tmp_path / "v"
        source.write_bytes(b"no vectors at all\n")
        with pytest.raises(OutputError, match="does not exist"):
            convert(source, tmp_path / "missing" / "v.bin")
        with pytest.raises(FormatError, match="list: cannot be read"):
            convert(source, tmp_path / "v.bin", words=tmp_path / "list")


class TestPeers:
    @pytest.fixture
    def keyed_vectors(self):
        return pytest.importorskip("gensim.models").KeyedVectors

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    # Looking for the sizes of a file without header, gensim leaves it open.
    @pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
    @pytest.mark.parametrize(
        ("name", "options"),
        [
            ("v.txt", {}),
            ("v.vec.gz", {}),
            ("v.bin", {"binary": True}),
            ("v.bin.gz", {"binary": True}),
            ("v.glove.txt", {"no_header": True}),
            ("v.spacy.txt", {}),
        ],
    )
    def test_gensim_reads_our_files(self, tmp_path, keyed_vectors, name, options):
        words = ["</s>", "the", "naïve", "7", "last"]
        source = saved(tmp_path, "first.npy", words)
        convert(source, tmp_path / name)
        found = keyed_vectors.load_word2vec_format(str(tmp_path / name), **options)
        assert found.index_to_key == words
        assert same_bits(found.vectors, matrix_for(words, 7))

    @pytest.mark.filterwarnings("ignore::DeprecationWarning")
    @pytest.mark.parametrize(
        "options", [{}, {"binary": True}, {"write_header": False}], ids=["text", "binary", "glove"]
    )
    def test_files_of_gensim_are_read(self, tmp_path, keyed_vectors, options):
        words = ["</s>", "the", "naïve", "7", "last"]
        theirs = keyed_vectors(7)
        theirs.add_vectors(words, matrix_for(words, 7))
        theirs.save_word2vec_format(str(tmp_path / "theirs"), **options)
        convert(tmp_path / "theirs", tmp_path / "v.bin", strict=True)
        check(tmp_path / "v.bin", theirs.index_to_key, theirs.vectors)

    def test_files_of_the_c_program_are_converted(self, reference, tiny_corpus, tmp_path):
        settings = {"model": "cbow", "size": 7, "epochs": 1, "min_count": 5, "sample": 0}
        for name, binary in (("c.bin", True), ("c.txt", False)):
            run_reference(reference, tiny_corpus, tmp_path / name, binary_form=binary, **settings)
        convert(tmp_path / "c.bin", tmp_path / "v.txt", strict=True)
        convert(tmp_path / "v.txt", tmp_path / "v.bin", strict=True)
        assert (tmp_path / "v.bin").read_bytes() == (tmp_path / "c.bin").read_bytes()
        words, matrix = formats.load(tmp_path / "c.txt", strict=True)
        assert words == formats.load(tmp_path / "c.bin")[0]
        assert np.abs(matrix - formats.load(tmp_path / "c.bin")[1]).max() < 1e-6
