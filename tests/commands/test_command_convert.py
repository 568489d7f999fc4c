"""``fastw2v convert``: files in, files out, what is said, and the exit codes."""

import subprocess
import sys

import click
import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v import formats
from fastw2v.cli import cli
from fastw2v.commands.convert import command

WORDS = ["</s>", "king", "New York", "été"]
MATRIX = np.float32([[0, 0, 1], [3, 4, 0], [0, 2, 1], [-1, 0, 2]])


@pytest.fixture
def file(tmp_path):
    formats.save(tmp_path / "my vectors.txt", WORDS, MATRIX)
    return str(tmp_path / "my vectors.txt")


def run(*arguments):
    return CliRunner().invoke(cli, ["convert", *map(str, arguments)])


def test_by_name(file, tmp_path):
    result = run(file, tmp_path / "v.npy")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{tmp_path / 'v.npy'}: 4 vectors\n"
    words, matrix = formats.load(tmp_path / "v.npy")
    assert words == WORDS
    assert matrix.tobytes() == MATRIX.tobytes()


def test_all_options(file, tmp_path):
    (tmp_path / "list").write_text("été\nking\nunknown\n", "utf-8")
    arguments = ["--format", "glove", "--limit", "3", "--words", tmp_path / "list", "--normalise"]
    result = run(file, tmp_path / "out", *arguments)
    assert result.exit_code == 0
    assert (tmp_path / "out").read_text() == "king 0.600000024 0.800000012 0\n"
    assert "2 of 3 words have no vector" in result.stderr
    assert result.stderr.endswith("out: 1 vectors\n")


def test_quiet(file, tmp_path):
    (tmp_path / "list").write_text("king\nunknown\n")
    result = run(file, tmp_path / "out", "--words", tmp_path / "list", "-q")
    assert (result.exit_code, result.output) == (0, "")


def test_strict(file, tmp_path):
    (tmp_path / "list").write_text("king\nunknown\n")
    result = run(file, tmp_path / "out", "--words", tmp_path / "list", "--strict")
    assert result.exit_code == 1
    assert not (tmp_path / "out").exists()


def test_errors_are_one_line(file, tmp_path):
    for arguments, match in (
        (
            [file, tmp_path / "v.bin"],
            "word number 3 is 'New York': a space ends the word in word2vec binary",
        ),
        ([file, tmp_path / "no" / "v.bin"], "does not exist"),
        ([file, tmp_path / "v.bin", "--format", "npy"], "must end in .npy"),
    ):
        result = run(*arguments)
        assert result.exit_code == 1
        assert match in result.stderr
        assert result.stderr.count("\n") == 1
        assert result.stdout == ""


def test_wrong_use(file, tmp_path):
    for arguments in (
        [file],
        [tmp_path / "missing", tmp_path / "v.bin"],
        [file, tmp_path / "v.bin", "--format", "word"],
        [file, tmp_path / "v.bin", "--limit", "0"],
    ):
        assert run(*arguments).exit_code == 2


def test_the_choice_of_formats_is_that_of_the_code():
    option = next(each for each in command.params if each.name == "file_format")
    assert isinstance(option.type, click.Choice)
    assert set(option.type.choices) == set(formats.FORMATS)


def test_in_a_process(file, tmp_path):
    code = (
        "import sys; sys.argv[1:] = ['convert', sys.argv[1], sys.argv[2]]\n"
        "from fastw2v.cli import main; main(); assert 'numba' not in sys.modules"
    )
    target = tmp_path / "v.txt"
    subprocess.run([sys.executable, "-c", code, file, target], check=True, capture_output=True)
    with open(file, "rb") as source:
        assert target.read_bytes() == source.read()
