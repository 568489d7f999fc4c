"""gensim's `load_word2vec_format` and `save_word2vec_format`: each reads the other's files."""

import numpy as np
import pytest

from fastw2v.errors import FormatError, OutputError, SettingsError
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.gensim_cases import gensim_class, in_gensim, same, some_vectors

CLASSES = {"ours": lambda: WordVectors, "theirs": gensim_class}


def content(vectors):
    """Words, vectors and counts."""
    counts = [int(vectors.get_vecattr(word, "count")) for word in vectors.index_to_key]
    return [list(vectors.index_to_key), np.asarray(vectors.vectors), counts]


@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")  # gensim's, of files without
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"binary": True},
        {"write_header": False},
        {"prefix": "en:"},
        {"binary": True, "sort_attr": "year"},
    ],
)
def test_every_file_is_read_alike(tmp_path, options):
    ours = some_vectors(60)
    ours.set_vecattr("word7", "year", 3)
    theirs = in_gensim(ours)
    theirs.set_vecattr("word7", "year", 3)
    read = []
    for writer, vectors in (("ours", ours), ("theirs", theirs)):
        path, vocab = str(tmp_path / writer), str(tmp_path / f"{writer}.vocab")
        vectors.save_word2vec_format(path, fvocab=vocab, **options)
        for known in CLASSES.values():
            how = {"binary": options.get("binary", False), "fvocab": vocab}
            no_header = not options.get("write_header", True)
            read.append(content(known().load_word2vec_format(path, no_header=no_header, **how)))
    for each in read[1:]:
        assert each[0] == read[0][0]
        assert each[1].tobytes() == read[0][1].tobytes()
        assert each[2] == read[0][2]
    assert (tmp_path / "ours.vocab").read_bytes() == (tmp_path / "theirs.vocab").read_bytes()


@pytest.mark.parametrize("limit", [None, 0, 7, 900])
def test_limits(tmp_path, limit):
    path = str(tmp_path / "v")
    some_vectors(30).save_word2vec_format(path)
    ours, theirs = (known().load_word2vec_format(path, limit=limit) for known in CLASSES.values())
    same(ours.index_to_key, theirs.index_to_key)
    same(ours.vectors, theirs.vectors)


def test_counts_are_not_made_up(tmp_path):
    path = str(tmp_path / "v")
    some_vectors(30).save_word2vec_format(path)
    vectors = WordVectors.load_word2vec_format(path)
    assert vectors.counts is None
    with pytest.raises(KeyError, match="load the vectors with vocab="):
        vectors.get_vecattr("New", "count")
    assert gensim_class().load_word2vec_format(path).get_vecattr("</s>", "count") == 30


@pytest.mark.parametrize(
    ("encoding", "errors", "words"),
    [
        ("utf8", "strict", ["caf\udce9", "caf\udce8", "b"]),
        ("latin-1", "strict", ["café", "cafè", "b"]),
        ("utf-8", "replace", ["caf�", "b"]),
        ("utf-8", "ignore", ["caf", "b"]),
    ],
)
def test_encodings(tmp_path, encoding, errors, words):
    (tmp_path / "v").write_bytes(b"3 2\ncaf\xe9 1 2\ncaf\xe8 3 4\nb 5 6\n")
    how = {"encoding": encoding, "unicode_errors": errors}
    ours = WordVectors.load_word2vec_format(tmp_path / "v", **how)
    assert ours.words == words
    assert ours["b"].tolist() == [5, 6]
    if (encoding, errors) != ("utf8", "strict"):  # where gensim gives up
        theirs = gensim_class().load_word2vec_format(str(tmp_path / "v"), **how)
        # For words that became equal gensim keeps rows without a word.
        assert [word for word in theirs.index_to_key if word is not None] == words
        assert np.array_equal(theirs[words], ours.matrix)


def test_faults(tmp_path):
    vectors = some_vectors(9)
    (tmp_path / "v").write_bytes(b"1 2\ncaf\xe9 1 2\n")
    for how, error, message in (
        ({"encoding": "ascii"}, FormatError, "is not ascii; use another encoding, or unicode_err"),
        ({"encoding": "klingon"}, SettingsError, "encoding: unknown encoding"),
        ({"datatype": np.float16}, SettingsError, "vectors are float32"),
    ):
        with pytest.raises(error, match=message):
            WordVectors.load_word2vec_format(tmp_path / "v", **how)
    for how, error, message in (
        ({"append": True}, SettingsError, "combine vectors by add_vectors"),
        ({"total_vec": 12}, SettingsError, "combine vectors by add_vectors"),
        ({"binary": True, "write_header": False}, SettingsError, "without a header"),
        ({"fvocab": tmp_path / "out"}, OutputError, "the same file"),
        ({"fvocab": tmp_path / "w", "sort_attr": "year"}, OutputError, "no counts"),
        ({"prefix": "a\n"}, OutputError, "out"),
    ):
        with pytest.raises(error, match=message):
            vectors.save_word2vec_format(tmp_path / "out", **how)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["v"]
