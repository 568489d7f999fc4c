"""``fastw2v vocab``."""

import gzip

import pytest
from click.testing import CliRunner

from fastw2v.cli import cli


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"b a a c\nc d b a\n")
    return str(path)


def run(*arguments, **options):
    return CliRunner().invoke(cli, ["vocab", *map(str, arguments)], **options)


def test_counts_and_writes(text, tmp_path):
    out = tmp_path / "vocab.txt"
    result = run(text, "-o", out, "--min-count", 2, "--threads", 2)
    assert result.exit_code == 0
    assert out.read_bytes() == b"</s> 2\na 3\nb 2\nc 2\n"
    assert result.stdout == ""
    assert "Read 8 words, 4 distinct; kept 3 of these" in result.stderr


def test_quietly_to_standard_output(text):
    result = run(text, text, "-o", "-", "--max-vocab", 1, "--min-count", 1, "--quiet")
    assert result.stdout_bytes == b"</s> 4\na 6\n"
    assert result.stderr == ""


def test_from_standard_input():
    data = gzip.compress(b"x y x " * 5)
    result = run("-", "-o", "-", "-q", input=data)
    assert result.stdout_bytes == b"</s> 0\nx 10\ny 5\n"


def test_errors_are_one_line(text, tmp_path):
    for arguments, message in [
        ((text, "-o", tmp_path / "vocab.txt"), "none occurs 5 times"),
        ((tmp_path / "missing", "-o", "-"), "no such file"),
        ((text, "-o", tmp_path / "missing" / "vocab.txt", "--min-count", 1), "does not exist"),
    ]:
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "vocab.txt").exists()


def test_the_output_is_checked_before_the_corpus_is_read(text, tmp_path):
    result = run(text, "-o", tmp_path / "missing" / "vocab.txt", "--min-count", 1)
    assert "Read" not in result.stderr


@pytest.mark.parametrize("option", ["--min-count", "--max-vocab", "--threads"])
def test_options_are_checked(text, option):
    assert run(text, "-o", "-", option, "-1").exit_code == 1
    assert run(text, "-o", "-", option, "some").exit_code == 2


def test_help_has_an_example():
    result = run("--help")
    assert "Example:\n    fastw2v vocab corpus.txt.gz -o vocab.txt" in result.stdout
