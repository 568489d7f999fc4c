"""Sparse matrices in evaluation: the answers of the same vectors, dense; damaged files."""

import io
import json
import zipfile

import numpy as np
import pytest
import scipy.sparse

from fastw2v import evaluation
from fastw2v.errors import FormatError
from fastw2v.formats.sparse_matrix import one_hot, read_sparse, write_sparse
from fastw2v.model.sparse import SparseMatrix
from fastw2v.vectors.sparse_vectors import SparseRows, SparseVectors
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.commands import error_line, run_command, succeeded

WORDS = [f"w{number}" for number in range(70)]
QUESTIONS = ": first\n" + "".join(f"w{i} w{i + 3} W{2 * i} w{i + 9}\n" for i in range(25))
PAIRS = "".join(f"w{i}\tw{i + 11}\t{i % 7}\n" for i in range(40)) + "w1\tother\t3\n"


def made(kind=np.float32):
    """(70, 90) numbers: zero rows, and one that is not finite."""
    chance = np.random.default_rng(2)
    dense = chance.integers(1, 50, (70, 90)) * (chance.random((70, 90)) < 0.3)
    dense[4] = dense[66] = 0
    if kind == np.float32:
        dense = dense.astype(np.float32) / 7
        dense[5, 3] = np.nan
    return dense


@pytest.fixture(params=[np.float32, np.int64], ids=["float32", "int64"])
def folder(tmp_path, monkeypatch, request):
    monkeypatch.chdir(tmp_path)
    dense = made(request.param)
    scipy.sparse.save_npz("m.npz", scipy.sparse.csr_matrix(dense))
    (tmp_path / "m.words.txt").write_text("\n".join(WORDS) + "\r\n")
    (tmp_path / "questions").write_text(QUESTIONS)
    (tmp_path / "pairs").write_text(PAIRS)
    (tmp_path / "weat").write_text(": x\nw1 w2\n: y\nw7 w8\n: a\nw10 w12\n: b\nw20 w21 w5\n")
    WordVectors(WORDS, dense.astype(np.float32)).save("dense.bin")
    return tmp_path


def evaluated(path, *more):
    line = ["evaluate", path, "--analogies", "questions", "--pairs", "pairs", "--weat", "weat"]
    answer = json.loads(succeeded(*line, "--json", *more).stdout)
    assert answer.pop("vectors") == path
    return answer


@pytest.mark.parametrize("more", [[], ["--limit", 50], ["--rule", "gensim"]], ids=len)
def test_the_scores_are_those_of_dense_vectors(folder, more):
    found, expected = evaluated("m.npz", *more), evaluated("dense.bin", *more)
    weat, weat_expected = (each.pop("weat")[0]["tests"][0] for each in (found, expected))
    assert weat.pop("effect_size") == pytest.approx(weat_expected.pop("effect_size"), abs=1e-6)
    assert (found, weat) == (expected, weat_expected)
    assert found["analogies"][0]["total"]["seen"] == 25
    assert found["pairs"][0]["covered"] >= 37


def test_an_answer_is_found_among_rows_of_many_blocks(monkeypatch):
    monkeypatch.setattr("fastw2v.evaluation.search._ROWS", 16)
    dense = made().astype(np.float64)
    dense[5] = 1
    dense[40] = dense[3] / np.linalg.norm(dense[3]) * 5
    matrix = scipy.sparse.csr_matrix(dense.astype(np.float32))
    starts = matrix.indptr.astype(np.int64)
    rows = SparseRows(SparseMatrix(starts, matrix.indices, matrix.data), 90)
    asked = evaluation.read_questions(io.BytesIO(b"w9 w3 w9 w40"))
    result = evaluation.analogies(SparseVectors(WORDS, rows), asked, rule="gensim")
    assert result.total.correct == 1


def test_one_hot_vectors_know_nothing(tmp_path):
    write_sparse(tmp_path / "o.npz", WORDS, one_hot(len(WORDS)))
    vectors = SparseVectors.load(tmp_path / "o.npz")
    assert np.array_equal(vectors.matrix[:], np.eye(70))
    (tmp_path / "questions").write_text(QUESTIONS)
    (tmp_path / "pairs").write_text(PAIRS)
    assert evaluation.analogies(vectors, tmp_path / "questions").total.correct == 0
    found = evaluation.similarity(vectors, tmp_path / "pairs")
    assert found.covered == 40
    assert np.isnan(found.spearman)  # all cosines are 0


def changed(path, **arrays):
    with np.load(path) as old:
        arrays = {name: old[name] for name in old.files} | arrays
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


@pytest.mark.parametrize(
    ("arrays", "problem"),
    [
        ({"indices": None}, "it has no array 'indices'"),
        ({"format": np.array(b"csc")}, "convert it with SciPy's tocsr()"),
        ({"shape": np.array([70, 3])}, "its rows or columns are out of range"),
        ({"shape": np.array([69, 90])}, "its shape and its rows do not match"),
        ({"shape": np.array([70, 2**40])}, "its shape and its rows do not match"),
        ({"shape": np.array([70])}, "not a valid sparse matrix"),
        ({"data": np.ones(3)}, "its rows and its values do not match"),
        ({"data": np.ones((3, 3))}, "'data' is of shape (3, 3)"),
        ({"data": np.ones(3, complex)}, "of shape (3,) and type complex128"),
        ({"indptr": np.zeros(71, np.int64)}, "its rows and its values do not match"),
        ({"indices": "reversed"}, "SciPy's sum_duplicates()"),
        ({"data": np.zeros(10**8, np.int8)}, "more than 500 times its size"),
    ],
    ids=lambda value: value if isinstance(value, str) else "-".join(value),
)
def test_damaged_files_are_one_line(folder, arrays, problem):
    if arrays.get("indices") == "reversed":
        with np.load("m.npz") as old:
            arrays = {"indices": old["indices"][::-1]}
    if "500" in problem:
        with zipfile.ZipFile("m.npz", "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("more.npy", bytes(10**8))
    else:
        changed("m.npz", **arrays)
    line = error_line(run_command("evaluate", "m.npz", "--pairs", "pairs"))
    assert line.startswith("Error: m.npz: not a valid sparse matrix: ")
    assert problem in line


def test_words_and_rows_must_match(folder):
    (folder / "m.words.txt").write_text("one\n")
    with pytest.raises(FormatError, match=r"70 rows, but 1 words in m\.words\.txt; save both"):
        read_sparse("m.npz")
    (folder / "m.words.txt").unlink()
    line = error_line(run_command("evaluate", "m.npz", "--pairs", "pairs"))
    assert "its word list m.words.txt is missing" in line


def test_other_commands_say_who_reads_it(folder):
    line = error_line(run_command("similar", "m.npz", "w1"))
    assert "fastw2v evaluate reads sparse matrices" in line
    np.savez("other.npz", a=np.ones(3))
    assert "a zip archive" in error_line(run_command("evaluate", "other.npz", "--pairs", "pairs"))
