"""``fastw2v words``: lists of words, on standard output or in a file."""

import pytest
from click.testing import CliRunner

from fastw2v import formats
from fastw2v.cli import cli

WORDS = ["</s>", "king", "New York", "na\udcffve", "été"]
MATRIX = [[0, 0, 0], [3, 4, 0], [0, 2, 0], [-1, 0, 0], [0, 0, 9]]
LIST = "".join(f"{word}\n" for word in WORDS).encode("utf-8", "surrogateescape")


@pytest.fixture
def file(tmp_path):
    formats.save(tmp_path / "v.txt", WORDS, MATRIX)
    return str(tmp_path / "v.txt")


def run(*arguments):
    return CliRunner().invoke(cli, ["words", *map(str, arguments)])


def test_words(file):
    result = run(file)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout_bytes == LIST


def test_limit_and_norms(file):
    result = run(file, "--limit", "3", "--norms")
    assert result.stdout == "</s>\t0.000000\nking\t5.000000\nNew York\t2.000000\n"


def test_into_a_file_that_convert_takes(file, tmp_path):
    result = run(file, "-o", tmp_path / "list")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "list").read_bytes() == LIST
    arguments = ["convert", file, str(tmp_path / "same.txt"), "--words", str(tmp_path / "list")]
    assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert (tmp_path / "same.txt").read_bytes() == (tmp_path / "v.txt").read_bytes()


def test_faults_are_noted_and_strict_fails(tmp_path):
    (tmp_path / "v").write_bytes(b"9 2\na 1 2\nb 3 4\na 5 6\n")
    result = run(tmp_path / "v")
    assert (result.exit_code, result.stdout) == (0, "a\nb\n")
    assert "declares 9 words" in result.stderr
    assert run(tmp_path / "v", "--strict").exit_code == 1


def test_errors(file, tmp_path):
    result = run(file, "-o", tmp_path / "no" / "list")
    assert result.exit_code == 1
    assert "does not exist" in result.stderr
    (tmp_path / "text").write_bytes(b"not vectors\n")
    (tmp_path / "list").write_bytes(b"old\n")
    assert run(tmp_path / "text", "-o", tmp_path / "list").exit_code == 1
    assert (tmp_path / "list").read_bytes() == b"old\n"
