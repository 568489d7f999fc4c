"""Unusual files of vectors through the command."""

import gzip
import json
import mmap
import pickle
import zipfile

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.vectors import word_vectors as vectors
from tests.support.commands import error_line, run_command, run_process, succeeded

WORDS = ["</s>", "the", "king", "queen", "naïve", "cat", "dog"]
MATRIX = np.random.default_rng(12).normal(size=(7, 5)).astype(np.float32)


@pytest.fixture
def file(tmp_path):
    """Function: content -> path of a file with it."""

    def make(content: bytes, name: str = "vectors"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


def binary(words=WORDS, matrix=MATRIX, after=b"\n", declared=None) -> bytes:
    """word2vec binary with these bytes after each vector; ``declared`` rows in the header."""
    records = [
        word.encode() + b" " + row.tobytes() for word, row in zip(words, matrix, strict=True)
    ]
    return b"%d %d\n" % (declared or len(words), matrix.shape[1]) + b"".join(
        [record + after for record in records]
    )


def text(words=WORDS, matrix=MATRIX, blank=b" ", header=True) -> bytes:
    rows = [
        word.encode() + blank + blank.join(b"%.9g" % number for number in row.tolist()) + b"\n"
        for word, row in zip(words, matrix, strict=True)
    ]
    return (b"%d %d\n" % matrix.shape if header else b"") + b"".join(rows)


def words_of(path, *options) -> list[str]:
    return succeeded("words", path, *options).stdout.split("\n")[:-1]


def same_vectors(path) -> bool:
    """Whether the command reads the words and the numbers, bit for bit."""
    succeeded("convert", path, path.with_name("same.npy"), "-q")
    words, matrix = formats.load(path.with_name("same.npy"))
    return words == WORDS and matrix.tobytes() == MATRIX.tobytes()


@pytest.mark.parametrize("after", [b"\n", b""])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_binary_with_and_without_newlines_is_read(file, after, pack):
    """C writes a newline after each vector, gensim none: no word loses its first letter."""
    path = file(pack(binary(after=after)))
    assert words_of(path) == WORDS
    assert same_vectors(path)
    assert "king" in succeeded("similar", path, "the").stdout


def test_binary_vectors_may_hold_newline_and_space_bytes(file):
    """Bytes 10 and 32 within numbers are numbers: only in front of a word a newline is dropped."""
    matrix = MATRIX[:3].copy()
    matrix[:, 1:] = np.frombuffer(b"\n   \n\n\n\n    \n a ", "<f4")
    for after in (b"\n", b""):
        path = file(binary(WORDS[:3], matrix, after))
        assert words_of(path) == WORDS[:3]
        assert formats.load(path)[1].tobytes() == matrix.tobytes()


@pytest.mark.parametrize("word", [" ", "", "\u00a0", ". . .", "New York", "\u3000", "a\tb"])
def test_odd_words_do_not_shift_the_vectors(file, word):
    """In text the last D fields are the vector, whatever the word; C's binary form recovers it."""
    words = [*WORDS[:3], word, *WORDS[4:]]
    contents = {"v.txt": text(words)}
    if word:
        contents["v.bin"] = binary(words)
    for name, content in contents.items():
        path = file(content, name)
        found, matrix = formats.load(path)
        assert found == words
        assert matrix.tobytes() == MATRIX.tobytes()
        assert words_of(path) == words
        shown = succeeded("similar", path, "dog", "-n", 6).stdout_bytes.decode()
        assert f"{word}\t" in shown


def test_text_without_header_is_read(file):
    """GloVe text is detected by its content, whatever the name."""
    path = file(text(header=False), "v.bin")
    assert same_vectors(path)
    assert "GloVe text" in succeeded("info", path).stdout


@pytest.mark.parametrize("declared", [3, 9, 10**15])
@pytest.mark.parametrize("form", [text, binary])
def test_a_wrong_row_count_in_the_header_is_noted(file, form, declared):
    """All existing rows are read, with a note; ``--strict`` fails."""
    path = file(form().replace(b"7 5\n", b"%d 5\n" % declared, 1))
    result = succeeded("words", path)
    assert result.stdout.split("\n")[:-1] == WORDS
    assert f"the header declares {declared} words, the file holds 7" in result.stderr
    assert "the header declares" in error_line(run_command("words", path, "--strict"))


def test_a_file_cut_within_a_vector_is_refused(file):
    """The error reports word number and byte offset, and how to read the vectors before."""
    path = file(binary()[:-9])
    start = len(binary()) - len(b"\ndog ") - 20 - 1
    line = error_line(run_process("similar", path, "the"))
    assert f"word number 7, byte {start}: the file ends within this vector" in line
    assert words_of(path, "--limit", 6) == WORDS[:6]
    path = file(text()[:-25])
    line = error_line(run_process("similar", path, "the"))
    assert "line 8 (word number 7, 'dog'): expected a word and 5 numbers" in line
    assert words_of(path, "--limit", 6) == WORDS[:6]


def test_rows_of_different_lengths_are_refused(file):
    """The error reports the first invalid row; the rows before it can be read."""
    path = file(b"3 2\na 1 2\nb 1 2 3 x\nc 1 2\n")
    line = error_line(run_command("info", path))
    assert "line 3 (word number 2, 'b'): expected a word and 2 numbers, found 5 fields" in line
    assert "limit 1" in line
    assert words_of(path, "--limit", 1) == ["a"]


@pytest.mark.parametrize("blank", [b"  ", b"\t", b" \t ", b"\t\t"])
@pytest.mark.parametrize("end", [b"\n", b" \n", b"\r\n", b"\t\r\n"])
def test_repeated_spaces_tabs_and_line_ends_are_accepted(file, blank, end):
    """As many blanks and tabs as one likes part the fields."""
    path = file(text(blank=blank).replace(b"\n", end))
    assert same_vectors(path)
    assert succeeded("words", path, "--strict").stderr == ""


@pytest.mark.parametrize("form", [text, binary])
def test_of_duplicate_words_the_first_row_is_kept(file, form):
    """Duplicates are counted in a note; words and rows stay aligned."""
    words = ["a", "b", "a", "c", "b"]
    path = file(form(words, MATRIX[:5]))
    result = succeeded("convert", path, path.with_name("out.txt"))
    assert "2 rows repeat a word (the first: 'a', word number 3)" in result.stderr
    found, matrix = formats.load(path.with_name("out.txt"))
    assert found == ["a", "b", "c"]
    assert matrix.tobytes() == MATRIX[[0, 1, 3]].tobytes()
    assert "2 rows repeat" in error_line(run_command("words", path, "--strict"))


def _zip(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("vectors.txt", text())


@pytest.mark.parametrize(
    ("make", "what"),
    [
        (lambda path: path.write_bytes(b""), "an empty file"),
        (lambda path: path.write_bytes(gzip.compress(b"")), "an empty file"),
        (lambda path: path.write_bytes(b"\xba\x16\x4f\x2f\x0c" + bytes(99)), "a fastText model"),
        (
            lambda path: path.write_bytes(pickle.dumps(MATRIX, 4)),
            "a Python pickle, which is never opened",
        ),
        (_zip, "a zip archive"),
        (lambda path: path.write_bytes(b"\x7fELF" + bytes(99)), "a program"),
        (lambda path: path.write_bytes(b"Call me Ishmael. Some\nyears ago\n"), "plain text"),
    ],
    ids=["empty", "empty gzip", "fastText", "pickle", "zip", "program", "prose"],
)
def test_other_kinds_of_file_are_identified_in_the_error(tmp_path, make, what):
    """Whatever the name, each command gives the same error."""
    path = tmp_path / "vectors.txt"
    make(path)
    lines = {error_line(run_command(*arguments)) for arguments in (
        ("info", path), ("similar", path, "a"), ("convert", path, tmp_path / "out.bin"),
    )}  # fmt: skip
    assert len(lines) == 1
    assert what in lines.pop()
    assert not (tmp_path / "out.bin").exists()


def test_zero_vectors_have_similarity_zero(file):
    """Neither NaN nor a warning: 0 to every word, and from every word."""
    matrix = MATRIX.copy()
    matrix[3] = 0
    path = file(text(matrix=matrix))
    done = run_process("similar", path, "queen", "-n", 6, fresh=True)
    assert done.stderr == b""
    assert {line.split(b"\t")[1] for line in done.stdout.splitlines()} == {b"0.000000"}
    shown = succeeded("similar", path, "king", "-n", 6, "--json").stdout
    cosines = {each["word"]: each["cosine"] for each in json.loads(shown)["neighbours"]}
    assert cosines["queen"] == 0
    assert "NaN" not in shown
    succeeded("analogy", path, "king", "queen", "cat")
    assert "zero vectors" in succeeded("info", path).stdout


@pytest.mark.parametrize("form", [text, binary])
def test_rows_that_are_not_finite_are_excluded_from_searches(file, form):
    """They are counted in a note and never an answer; a query for one is an error."""
    matrix = MATRIX.copy()
    matrix[2, 1], matrix[4, 0], matrix[5, 3] = np.nan, np.inf, -np.inf
    path = file(form(matrix=matrix))
    result = succeeded("similar", path, "the", "-n", 99)
    assert "3 vectors hold NaN or infinity (the first: 'king')" in result.stderr
    words = [line.split("\t")[0] for line in result.stdout.splitlines()]
    assert sorted(words) == ["</s>", "dog", "queen"]
    assert "the vector of 'king' has NaN" in error_line(run_command("similar", path, "king"))
    assert "3 vectors hold NaN" in error_line(run_command("words", path, "--strict"))


def test_vectors_larger_than_memory_stay_in_their_file(file, monkeypatch):
    """With less memory than the vectors take, they are mapped, and the answers are the same."""
    words = [f"w{i}" for i in range(3000)]
    matrix = np.random.default_rng(4).normal(size=(3000, 40)).astype(np.float32)
    path = file(binary(words, matrix))
    answers = [succeeded("similar", path, "w7", "-n", 5).stdout]
    questions = "w7\nw2999\n"
    answers.append(succeeded("similar", path, stdin=questions).stdout)
    monkeypatch.setattr("fastw2v.formats.reading.free_memory", lambda: 1000)
    known = vectors.load(path)
    assert isinstance(known.matrix._content, mmap.mmap)
    again = [succeeded("similar", path, "w7", "-n", 5).stdout]
    again.append(succeeded("similar", path, stdin=questions).stdout)
    assert answers == again
    formats.save(path.with_name("v.npy"), words, matrix)
    assert isinstance(vectors.load(path.with_name("v.npy")).matrix.base, (np.memmap, mmap.mmap))


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.bin.gz", "v.npy", "v.glove.txt", "v.tsv"])
def test_limit_reads_the_first_words(tmp_path, name):
    """``--limit N`` gives the first N words of any format, whatever follows them."""
    path = tmp_path / name
    formats.save(path, WORDS, MATRIX)
    assert words_of(path, "--limit", 3) == WORDS[:3]
    assert words_of(path, "--limit", 99) == WORDS
    assert len(succeeded("similar", path, "the", "--limit", 3).stdout.splitlines()) == 2
    if name in ("v.txt", "v.bin"):
        path.write_bytes(path.read_bytes()[:-9])
        assert words_of(path, "--limit", 6) == WORDS[:6]


def test_evaluation_folds_the_case_of_ascii_letters_only(file):
    """In questions A equals a, but Ä does not equal ä; in queries case matters."""
    words = ["oslo", "norway", "rome", "italy", "Ärger", "zorn"]
    path = file(text(words, MATRIX[:6]))
    questions = file(b": x\nOSLO Norway rome ITALY\noslo norway \xc3\xa4rger zorn\n", "q.txt")
    shown = succeeded("evaluate", path, "--analogies", questions, "--json").stdout
    total = json.loads(shown)["analogies"][0]["total"]
    assert (total["seen"], total["skipped"]) == (1, 1)
    assert "'OSLO' is not in the vocabulary" in error_line(run_command("similar", path, "OSLO"))


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_output_is_always_utf8(file, encoding, monkeypatch):
    """Whatever the terminal's encoding."""
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    monkeypatch.setenv("LC_ALL", "C")
    path = file(text(["naïve", "日本", "x"], MATRIX[:3]))
    shown = run_process("words", path)
    assert shown.stdout.decode("utf-8").split("\n")[:-1] == ["naïve", "日本", "x"]
    assert "日本\t" in run_process("similar", path, stdin="naïve\n".encode()).stdout.decode()
