"""Hostile files: an error of one line, in little memory and time; nothing in a file is executed.

Each command runs in a process of its own, whose memory is measured. A process that takes 30
seconds instead of one or two counts as hung.
"""

import gzip
import os
import pickle
import socket
import threading

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.errors import FormatError
from fastw2v.io.files import open_file
from tests.support.commands import MAX_MEMORY_MIB, refused, run_measured, run_process

MIB = 1 << 20
ROWS = b"a 1 2 3\nb 4 5 6\n"


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound.txt"
    path.write_bytes(b"2 3\n" + ROWS)
    return path


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"a b a b a\n" * 9)
    return path


# --- headers, and words without end -------------------------------------------------------------


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("form", ["text", "binary"])
def test_a_header_that_declares_2_to_the_62_rows_gives_the_rows_there_are(tmp_path, form, pack):
    rows = ROWS if form == "text" else b"a " + bytes(range(12)) + b"\nb " + bytes(12) + b"\n"
    path = tmp_path / "v"
    path.write_bytes(pack(b"4611686018427387904 3\n" + rows))
    done, peak = run_measured("words", path, fresh=True)
    assert (done.returncode, done.stdout) == (0, b"a\nb\n")
    assert b"declares 4611686018427387904 words, the file holds 2" in done.stderr
    assert peak < MAX_MEMORY_MIB


@pytest.mark.parametrize("dimensions", [0, 2**31, 2**62, 2**63, 10**18])
@pytest.mark.parametrize("row", [ROWS, b"a " + bytes(range(12)) + b"\n"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_impossible_dimensions_are_refused(tmp_path, dimensions, row, pack):
    path = tmp_path / "v"
    path.write_bytes(pack(b"2 %d\n" % dimensions + row))
    with pytest.raises(FormatError, match=r"v: (its header declares|not a file|line 2)"):
        formats.load(path)


def test_a_text_row_with_a_word_of_a_gigabyte(tmp_path):
    path = tmp_path / "v.txt"
    with open(path, "wb") as file:
        file.write(b"2 3\na 1 2 3\n")
        file.truncate(1 << 30)
    assert "v.txt: line 2 is too long for a word and 3 numbers" in refused("info", path)


@pytest.mark.parametrize("pack", [False, True])
def test_a_binary_row_with_a_word_of_a_gigabyte(tmp_path, pack):
    path = tmp_path / "v.bin"
    head = b"2 3\na " + bytes(range(12)) + b"\n"
    with open(path, "wb") as file:
        file.write(gzip.compress(head) if pack else head)
        if pack:
            block = gzip.compress(np.random.default_rng(1).bytes(MIB).replace(b" ", b"x"))
            file.write(block * 30)
        else:
            file.truncate(1 << 30)
    assert "word number 2, byte 18: no space after the word" in refused("info", path)


def test_a_row_of_millions_of_numbers(tmp_path):
    path = tmp_path / "v.txt"
    path.write_bytes(b"2 3\na 1 2 3\nb" + b" 1" * (8 * MIB - 9) + b"\nc 1 2 x\n")
    line = refused("info", path)
    assert "line 4 (word number 3, 'c'): expected a word and 3 numbers, found 4 fields" in line


def test_a_number_of_megabytes(tmp_path, sound):
    path = tmp_path / "v.txt"
    path.write_bytes(b"2 3\na 1 2 3\nb 1 2 " + b"7" * 9 * MIB + b"\n")
    assert "line 3 (word number 2, 'b')" in refused("info", path)
    path.write_bytes(b"a\tb\t1\nb\ta\t" + b"7" * 900_000 + b"\n")
    assert "line 2 is not two words and a score" in refused("evaluate", sound, "--pairs", path)


# --- NumPy's files --------------------------------------------------------------------------------


class Harm:
    """Makes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return (os.mkdir, (str(self.path),))


def test_nothing_in_a_file_is_executed(tmp_path):
    victim = tmp_path / "harmed"
    np.save(tmp_path / "v.npy", np.array([[Harm(victim)]], dtype=object), allow_pickle=True)
    (tmp_path / "v.words.txt").write_text("a\n")
    assert "not a valid NumPy matrix" in refused("info", tmp_path / "v.npy")
    (tmp_path / "v.pkl").write_bytes(pickle.dumps(Harm(victim)))
    assert "Python pickle, which is never opened" in refused("info", tmp_path / "v.pkl")
    assert not victim.exists()


@pytest.mark.parametrize(
    "header",
    [
        "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1099511627776), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (0, 1099511627776), }",
        "{'descr': '<f4', 'fortran_order': True, 'shape': (10**9, 3), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (True, 3), }",
        "{'descr': 'S2147483647', 'fortran_order': False, 'shape': (1, 1), }",
        "{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1, 1), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (" + "(" * 500 + ")" * 500 + "), }",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 3L), ",
        "__import__('os').mkdir('harmed')",
        "x" * 70_000,
    ],
    ids=range(13),
)
def test_malformed_numpy_headers_are_refused(tmp_path, header):
    path = tmp_path / "v.npy"
    size = len(header).to_bytes(4, "little")
    path.write_bytes(b"\x93NUMPY\x02\0" + size + header.encode() + bytes(64))
    (tmp_path / "v.words.txt").write_text("a\n")
    with pytest.raises(
        FormatError, match=r"(not a valid NumPy matrix|word vectors must be a matrix)"
    ):
        formats.load(path)


def test_a_numpy_header_that_declares_4_gigabytes_of_header(tmp_path):
    path = tmp_path / "v.npy"
    path.write_bytes(b"\x93NUMPY\x03\0\xff\xff\xff\xff{'descr'")
    assert "not a valid NumPy matrix" in refused("info", path)


def test_a_matrix_in_fortran_order_is_read(tmp_path):
    matrix = np.random.default_rng(2).normal(size=(5, 3)).astype(np.float32)
    np.save(tmp_path / "v.npy", np.asfortranarray(matrix))
    (tmp_path / "v.words.txt").write_text("a\nb\nc\nd\ne\n")
    np.testing.assert_array_equal(formats.load(tmp_path / "v.npy")[1], matrix)


def test_numbers_too_large_for_float32_are_infinity_and_counted(tmp_path):
    np.save(tmp_path / "v.npy", np.array([[1e300, 1], [2, 3]]))
    (tmp_path / "v.words.txt").write_text("a\nb\n")
    notes = []
    assert formats.load(tmp_path / "v.npy", notes=notes)[1].tolist() == [[np.inf, 1], [2, 3]]
    assert "1 vectors hold NaN or infinity (the first: 'a')" in notes[0]


# --- vocabularies, lists and questions ------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"a 1180591620717411303424\n", "the counts add up to more than"),
        (b"a 4611686018427387904\nb 4611686018427387904\n", "the counts add up to more than"),
        (b"a " + b"9" * 100_000 + b"\n", "the counts add up to more than"),
        (b"a -5\n", "line 1: expected a word, a space and a count, not 'a -5'"),
        (b"b 5\na 1e5\n", "line 2: expected a word"),
        (b"\x1f\x8b\x08" + bytes(99), "line 1: expected a word"),
    ],
)
def test_vocabularies_with_impossible_counts(tmp_path, text, line, reason):
    path = tmp_path / "vocab.txt"
    path.write_bytes(line)
    assert reason in refused("train", text, "-o", tmp_path / "v", "--read-vocab", path)


def test_word_lists_with_endless_lines_are_refused(tmp_path, sound, text):
    out, endless = tmp_path / "out.bin", "/dev/zero"
    if not os.path.exists(endless):
        pytest.skip("no /dev/zero")
    for arguments in (
        ("info", endless),
        ("vocab", endless, "-o", out),
        ("train", text, "-o", out, "--read-vocab", endless),
        ("convert", sound, out, "--words", endless),
        ("evaluate", sound, "--pairs", endless),
        ("similar", sound, "--words-from", endless),
        ("map", sound, "-o", tmp_path / "m.html", "--words-from", endless),
    ):
        assert endless in refused(*arguments)
    np.save(tmp_path / "v.npy", np.ones((2, 3), np.float32))
    (tmp_path / "v.words.txt").symlink_to(endless)
    assert "v.words.txt: line 1 is too long for a word" in refused("info", tmp_path / "v.npy")


def test_questions_with_zero_bytes_and_huge_lines(tmp_path, sound):
    path = tmp_path / "q.txt"
    for option in ("--analogies", "--pairs"):
        path.write_bytes(b"a\tb\t1 c\0d\n")
        assert "line 1 has a zero byte" in refused("evaluate", sound, option, path)
        path.write_bytes(b"\n" + b"word " * (4 * MIB))
        assert "line 2 is longer than 1,048,576 bytes" in refused("evaluate", sound, option, path)


def test_a_question_of_a_hundred_megabytes(sound):
    question = b"x" * (100 * MIB)
    assert "line 1 is too long for a query" in refused("similar", sound, stdin=question)
    assert "line 1 is too long for a query" in refused("analogy", sound, stdin=question)


def test_a_long_unknown_word_makes_a_short_message(sound):
    done = run_process("similar", sound, stdin=b"x" * 4 * MIB + b"\n")
    assert b"is not in the vocabulary" in done.stderr
    assert len(done.stderr) < 500


# --- what is no plain file ------------------------------------------------------------------------


def test_folders_sockets_and_circular_links_are_refused(tmp_path, text, monkeypatch):
    with socket.socket(socket.AF_UNIX) as server:
        monkeypatch.chdir(tmp_path)  # names of sockets are short
        server.bind("socket")
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        for name in ("socket", "loop", "."):
            assert name in refused("info", name)
        for name in ("socket", "loop"):
            assert name in refused("vocab", name, "-o", "out")
            assert name in refused("train", text, "-o", "out", "--read-vocab", name)
        for name in ("loop", "."):
            assert f"cannot write {name}" in refused("train", text, "-o", name)


def test_a_pipe_without_writer_is_refused(tmp_path, sound, text):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    for arguments in (
        ("info", path),
        ("evaluate", sound, "--pairs", path),
        ("train", text, "-o", tmp_path / "v", "--read-vocab", path),
    ):
        assert "pipe: cannot be read: a pipe without a writer" in refused(*arguments)


def test_a_pipe_with_a_writer_is_read(tmp_path, sound):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(sound.read_bytes(),))
    writer.start()
    assert formats.load(path)[0] == ["a", "b"]
    writer.join()
    writer = threading.Thread(target=path.write_bytes, args=(b"first",))
    writer.start()
    with open_file(path) as file:
        assert file.read() == b"first"
    writer.join()


def test_names_with_line_ends_and_escapes_stay_one_line(tmp_path):
    path = tmp_path / "a\nb\x1b[2J\u2028c"
    path.write_bytes(b"no vectors")
    with pytest.raises(FormatError) as caught:
        formats.load(path)
    assert r"a\nb\x1b[2J\u2028c: not a file of word vectors" in str(caught.value)
    done = run_process("info", path)
    assert done.stderr.count(b"\n") == 1
    assert b"\x1b" not in done.stderr
    with pytest.raises(FormatError, match="null"):
        formats.load("a\0b")
