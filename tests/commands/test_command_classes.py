"""``fastw2v classes``."""

import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v import formats
from fastw2v.classes import assign_classes_exactly
from fastw2v.cli import cli

WORDS = ["</s>", "king", "queen", "two", "three", "New York", "na\udcffve"]
MATRIX = [[9, 9, 0], [0, 3, 1], [0, 6, 3], [0, 0, 2], [0, 1, 8], [5, 6, 0], [0, 4, 1]]
GROUPS = [{"</s>", "New York"}, {"king", "queen", "na\udcffve"}, {"two", "three"}]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my vectors.txt"
    formats.save(path, WORDS, MATRIX)
    return path


def run(*arguments):
    return CliRunner().invoke(cli, ["classes", *map(str, arguments)])


def parsed(data: bytes) -> list[tuple[str, int]]:
    lines = data.decode("utf-8", "surrogateescape").split("\n")
    assert lines.pop() == ""
    pairs = [line.rsplit(" ", 1) for line in lines]
    return [(word, int(its_class)) for word, its_class in pairs]


def groups(pairs) -> list[set[str]]:
    found = {}
    for word, its_class in pairs:
        found.setdefault(its_class, set()).add(word)
    return list(found.values())


def test_a_class_for_every_word_in_the_order_of_words(file, tmp_path):
    result = run(file, "-n", 3, "-o", tmp_path / "classes.txt")
    assert (result.exit_code, result.stdout) == (0, "")
    pairs = parsed((tmp_path / "classes.txt").read_bytes())
    assert [word for word, _ in pairs] == WORDS
    assert groups(pairs) == GROUPS
    assert {its_class for _, its_class in pairs} == {0, 1, 2}


def test_the_summary_goes_to_stderr(file):
    result = run(file, "-n", 3)
    assert groups(parsed(result.stdout_bytes)) == GROUPS
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(
        "7 words in 3 classes; 2 to 3 words each, median 2; "
        "mean cosine to the class's mean direction 0.9"
    )
    assert result.stderr.endswith(" rounds\n")
    assert run(file, "-n", 3, "--quiet").stderr == ""


def test_sorted_by_class(file):
    pairs = parsed(run(file, "-n", 3, "--sort").stdout_bytes)
    assert [its_class for _, its_class in pairs] == sorted(its_class for _, its_class in pairs)
    for group in groups(pairs):
        inside = [word for word, _ in pairs if word in group]
        assert inside == [word for word in WORDS if word in group]


def test_exact(file):
    result = run(file, "-n", 3, "--exact")
    expected = zip(WORDS, assign_classes_exactly(np.float32(MATRIX), 3).tolist(), strict=True)
    assert parsed(result.stdout_bytes) == list(expected)
    assert result.stderr.startswith("7 words in 3 classes")
    assert "rounds" not in result.stderr


def test_exact_has_no_settings(file):
    for option in ("--seed", "--rounds"):
        result = run(file, "-n", 3, "--exact", option, 1)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr.startswith("Error: --exact")
        assert option in result.stderr
        assert result.stderr.count("\n") == 1


def test_seed_and_rounds(tmp_path):
    matrix = np.random.default_rng(3).normal(size=(300, 7))
    formats.save(tmp_path / "v.txt", [f"w{i}" for i in range(300)], matrix)
    first, same, other = (run(tmp_path / "v.txt", "-n", 9, "--seed", s) for s in (1, 1, 2))
    assert first.stdout == same.stdout == run(tmp_path / "v.txt", "-n", 9).stdout
    assert groups(parsed(first.stdout_bytes)) != groups(parsed(other.stdout_bytes))
    assert run(tmp_path / "v.txt", "-n", 9, "--rounds", 2).stderr.endswith(
        "; 2 rounds, not converged\n"
    )


def test_limit(file):
    assert [w for w, _ in parsed(run(file, "-n", 2, "--limit", 4).stdout_bytes)] == WORDS[:4]


def test_more_classes_than_words(file, tmp_path):
    (tmp_path / "classes.txt").write_text("old")
    result = run(file, "-o", tmp_path / "classes.txt")
    assert result.exit_code == 1
    assert result.stderr == (
        "Error: --number is 500, but there are only 7 words: use fewer classes\n"
    )
    assert (tmp_path / "classes.txt").read_text() == "old"
    exactly = run(file, "--exact")  # the C program takes it
    assert "in 500 classes, 493 of them empty" in exactly.stderr


def test_words_with_nan_are_left_out_with_a_note(file, tmp_path):
    broken = np.array(MATRIX, np.float32)
    broken[2, 1] = np.nan
    formats.save(tmp_path / "v.npy", WORDS, broken)
    result = run(tmp_path / "v.npy", "-n", 3)
    assert result.exit_code == 0
    assert [w for w, _ in parsed(result.stdout_bytes)] == [w for w in WORDS if w != "queen"]
    assert "NaN or infinity (the first: 'queen')" in result.stderr
    assert "6 words in 3 classes, 1 skipped" in result.stderr
    result = run(tmp_path / "v.npy", "-n", 3, "--strict")
    assert (result.exit_code, result.stdout) == (1, "")


@pytest.mark.parametrize("arguments", [("-n", 0), ("-n", "x"), ("--rounds", 0), ("--seed", -1)])
def test_values_out_of_range(file, arguments):
    result = run(file, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Invalid value for '{arguments[0]}'" in result.stderr


def test_the_output_is_checked_before_the_vectors_are_read(tmp_path):
    (tmp_path / "broken").write_bytes(b"")
    result = run(tmp_path / "broken", "-o", tmp_path / "missing" / "classes.txt")
    assert result.exit_code == 1
    assert "does not exist; create it first" in result.stderr


def test_help_imports_neither_numba_nor_numpy(file):
    code = (
        "import sys; sys.argv[1:] = ['classes', *sys.argv[1:]]\n"
        "from fastw2v.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('numba', 'numpy') if name in sys.modules], file=sys.stderr)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run([*command, "--help"], check=True, capture_output=True)
    assert b"Example:" in done.stdout
    assert done.stderr.splitlines()[-1] == b"[]"
    done = subprocess.run([*command, str(file), "-n", "2"], check=True, capture_output=True)
    assert b"na\xffve" in done.stdout
    assert done.stderr.splitlines()[-1] == b"['numpy']"
