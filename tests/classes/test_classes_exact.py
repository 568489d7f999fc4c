"""The classes of the C program bit for bit, or those of a naive float32 reference without C."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest
from peers import c_options

from fastw2v import formats
from fastw2v.classes import assign_classes_exactly, exact, write_classes
from tests.support.naive_classes import c_classes, noise
from tests.support.reference import run_reference


def run_reference_classes(binary, corpus, output, n, **given_settings):
    """The C program's file of ``n`` classes, in place of the vectors."""
    with tempfile.TemporaryDirectory() as name:  # short paths: it has buffers of 100 bytes
        folder = Path(name)
        (folder / "corpus.txt").symlink_to(corpus.resolve())
        command = [str(binary), "-train", "corpus.txt", "-debug", "0", "-output", "classes"]
        command += ["-classes", str(n), *c_options({"threads": 1, **given_settings})]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
        shutil.move(folder / "classes", output)


@pytest.mark.parametrize(
    ("text", "size", "n"),
    [
        ("tiny_corpus", 7, 5),
        ("tiny_corpus", 102, 40),
        ("tiny_corpus", 33, 300),  # more than there are words
        ("wiki_slice", 33, 101),
    ],
)
def test_same_file_as_the_c_program(request, reference, tmp_path, text, size, n):
    corpus = request.getfixturevalue(text)
    trained = {"model": "cbow", "size": size, "epochs": 1, "negative": 0, "hs": True}
    run_reference(reference, corpus, tmp_path / "c.bin", **trained)
    run_reference_classes(reference, corpus, tmp_path / "c.txt", n, **trained)
    words, matrix = formats.load(tmp_path / "c.bin")
    write_classes(tmp_path / "ours.txt", words, assign_classes_exactly(matrix, n))
    assert (tmp_path / "ours.txt").read_bytes() == (tmp_path / "c.txt").read_bytes()
    assert len(words) > 100


@pytest.mark.parametrize("size", [1, 7, 102])
@pytest.mark.parametrize("n", [1, 3, 8, 31, 44])
def test_equals_the_naive_float32_reference(size, n):
    matrix = noise(31, size)
    matrix[[4, 11]] = 0
    matrix[20:23] = matrix[2]
    classes = assign_classes_exactly(matrix, n)
    assert classes.dtype == np.int32
    assert classes.tolist() == c_classes(matrix, n)


def test_overflow_and_nan_as_the_c_program():
    """Squares that underflow or overflow, scores below -10, and NaN."""
    matrix = noise(29, 7) * np.float32(10) ** np.arange(-29, 29, 2, dtype=np.float32)[:, None]
    opposite = np.float32([[30, 1], [-30, 0], [-31, 0], [29, 0], [-28, 1]])
    nan = matrix[13:14] * np.float32([[1], [-40], [1], [np.nan]])
    for broken in (matrix, matrix[:6], nan, opposite):
        assert assign_classes_exactly(broken, 3).tolist() == c_classes(broken, 3)


def test_ties_by_rounding_as_the_c_program():
    """Vectors so alike that classes hang on the last bit of every sum."""
    for size in (7, 33, 102):
        matrix = noise(1, size) + np.float32(1e-6) * noise(41, size, seed=size)
        classes = assign_classes_exactly(matrix, 6).tolist()
        assert classes == c_classes(matrix, 6)
        assert len(set(classes)) > 1


def test_a_word_far_from_all_classes_gets_class_0():
    matrix = np.float32([[40, 0], [0, 40]] * 8 + [[-50, -20]])  # -50 and -20: both under -10
    assert assign_classes_exactly(matrix, 2).tolist() == [0, 1] * 8 + [0]
    assert c_classes(matrix, 2) == [0, 1] * 8 + [0]


def test_the_number_of_threads_changes_nothing(monkeypatch):
    matrix = noise(103, 9)
    expected = assign_classes_exactly(matrix, 6)
    for threads in (1, 3, 200):
        monkeypatch.setattr(exact, "usable_cores", lambda threads=threads: threads)
        np.testing.assert_array_equal(assign_classes_exactly(matrix, 6), expected)


def test_without_the_compiler(tmp_path):
    np.save(tmp_path / "matrix.npy", noise(23, 7))
    code = (
        "import sys, numpy as np\n"
        "from fastw2v.classes import assign_classes_exactly\n"
        "print(assign_classes_exactly(np.load(sys.argv[1]), 4).tolist())"
    )
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    command = [sys.executable, "-c", code, str(tmp_path / "matrix.npy")]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
    assert done.stdout.decode() == f"{c_classes(noise(23, 7), 4)}\n"


def test_the_matrix_is_not_changed():
    matrix = noise(13, 4)
    kept = matrix.copy()
    kept.flags.writeable = False
    assert assign_classes_exactly(kept, 3).tolist() == assign_classes_exactly(matrix, 3).tolist()
    np.testing.assert_array_equal(matrix, kept)
