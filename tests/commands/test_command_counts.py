"""``fastw2v counts``: files, messages, one-hot vectors."""

import json

import numpy as np
import pytest

import fastw2v
from tests.support.commands import error_line, run_command, succeeded

TEXT = "the cat sat on the mat\r\nthe naïve dog sat\n\nlonely\na dog sat on the cat\n"


@pytest.fixture
def text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_bytes(TEXT.encode())
    return "text.txt"


def counts(*arguments):
    return run_command("counts", *arguments, "--min-count", 1)


def test_vectors_are_read_like_any_others(text, tmp_path):
    succeeded("counts", text, "-o", "v.txt", "--size", 3, "--min-count", 2)
    vectors = fastw2v.load("v.txt")
    assert vectors.words == ["the", "sat", "cat", "on", "dog"]  # without the sentence end
    assert vectors.matrix.shape == (5, 3)
    (tmp_path / "pairs").write_text("the cat 1\nsat on 2\ndog cat 3\n")
    done = succeeded("evaluate", "v.txt", "--pairs", "pairs", "--json")
    assert json.loads(done.stdout)["pairs"][0]["covered"] == 3


def test_the_same_seed_gives_the_same_bytes_and_the_threads_change_nothing(text, tmp_path):
    for name, threads in (("a", 1), ("b", 1), ("c", 2)):
        options = ["--sample", 0.05, "--seed", 4, "--size", 2, "--threads", threads]
        assert counts(text, "-o", f"{name}.bin", *options).exit_code == 0
    first, *others = ((tmp_path / f"{name}.bin").read_bytes() for name in "abc")
    assert others == [first, first]


def test_scipy_reads_the_counts(text, tmp_path):
    from scipy.sparse import load_npz

    assert counts(text, "--save-counts", "c.npz", "--window", 1).exit_code == 0
    matrix = load_npz("c.npz").toarray()
    words = (tmp_path / "c.words.txt").read_text("utf-8").splitlines()
    assert matrix[words.index("naïve"), words.index("dog")] == 1
    assert matrix[words.index("sat"), words.index("on")] == 2
    assert not matrix[words.index("lonely")].any()
    assert (matrix == matrix.T).all()
    assert matrix.dtype == np.int64


def test_without_reduction_the_weights_are_written(text):
    from scipy.sparse import load_npz

    done = counts(text, "-o", "w.npz", "--weighting", "log", "--save-counts", "c.npz")
    assert done.exit_code == 0
    np.testing.assert_allclose(
        load_npz("w.npz").toarray(), np.log1p(load_npz("c.npz").toarray()), rtol=1e-6
    )


def test_one_hot_vectors_have_a_cosine_of_0(text, tmp_path):
    from scipy.sparse import load_npz

    assert counts(text, "-o", "one.npz", "--one-hot").exit_code == 0
    words = (tmp_path / "one.words.txt").read_text("utf-8").splitlines()
    assert (load_npz("one.npz").toarray() == np.eye(len(words))).all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-o", "v.bin"], "--size is 100, but there are only 9 words"),
        ([], "no output file: name one with -o, or --save-counts"),
        (["-o", "v.bin", "--one-hot"], "use a name with the extension .npz"),
        (["-o", "-", "--one-hot"], "use a name with the extension .npz"),
        (["-o", "v.npz", "--one-hot", "--window", 3], "--window is of no use with --one-hot"),
        (["-o", "v.npz", "--format", "text"], "--format is 'text', but v.npz is a sparse matrix"),
        (["--save-counts", "c.txt"], "use a name with the extension .npz"),
        (["-o", "v.bin", "--weighting", "raw", "--shift", 2], "--shift is part of"),
        (["-o", "v.bin", "--shift", 0], "must be a number above 0"),
        (["-o", "v.bin", "--shift", "nan"], "must be a number above 0"),
        (["-o", "v.bin", "--eigenvalue-power", -1], "must be a number from 0"),
        (["-o", "v.bin", "--window", 0], "--window is 0"),
        (["-o", "v.bin", "--size", 2, "--shift", 1e5], "lower --shift"),
        (["-o", "v.pkl"], "v.pkl"),
        (["-o", "no/v.bin"], "cannot write no/v.bin"),
    ],
)  # fmt: skip
def test_wrong_options_are_one_line_and_write_nothing(text, tmp_path, arguments, message):
    assert message in error_line(counts(text, *arguments))
    assert [path.name for path in tmp_path.iterdir()] == ["text.txt"]


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "no words in it"), (b"one\n", "no two words"), (b"a\nb\na\n", "no two words")],
)
def test_texts_without_pairs_are_one_line(tmp_path, content, message):
    (tmp_path / "t").write_bytes(content)
    assert message in error_line(counts(tmp_path / "t", "-o", tmp_path / "v.bin", "--size", 1))
    assert not (tmp_path / "v.bin").exists()


def test_without_scipy_the_remedy_is_one_line_before_any_work(text, monkeypatch):
    from fastw2v.counts import reduction

    monkeypatch.setattr(reduction, "find_spec", lambda name: None)
    line = error_line(counts("text.txt", "-o", "v.bin", "--size", 2))
    assert "pip install 'fastw2v[svd]'" in line
    assert counts("text.txt", "-o", "v.npz").exit_code == 0
