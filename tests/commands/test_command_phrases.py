"""``fastw2v phrases``."""

import gzip
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner

from fastw2v.cli import cli

TEXT = b"new york is new york\nold york is not\nnew york and\n" * 3
JOINED = b" new_york is new_york\n old york is not\n new_york and\n" * 3


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT)
    return path


def run(*arguments, **options):
    result = CliRunner().invoke(cli, ["phrases", *map(str, arguments)], **options)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def test_joins_and_reports(text, tmp_path):
    out, report, listed = (tmp_path / name for name in ("out", "report", "list"))
    files = ["-o", out, "--report", report, "--list", listed]
    result = run(text, *files, "--threshold", 0.4, "--threads", 2)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "2 phrases over 0.4, 12 tokens joined" in result.stderr
    assert out.read_bytes() == JOINED.replace(b"york is not", b"york_is not")
    told = json.loads(report.read_text())
    assert told["joined"] == 12
    assert told["passes"][0]["phrases"] == 2
    assert told["settings"]["threshold"] == [0.4]
    assert [line.split("\t")[0] for line in listed.read_text().splitlines()] == [
        "new_york",
        "york_is",
    ]


def test_quietly_from_standard_input_to_standard_output():
    result = run("-", "-o", "-", "-q", "--threshold", "0.6", input=gzip.compress(TEXT))
    assert result.stdout_bytes == JOINED
    assert result.stderr == ""


def test_a_folder_and_its_files_are_one_text(text, tmp_path):
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "2.gz").write_bytes(gzip.compress(TEXT))
    result = run(text, tmp_path / "part", "-o", "-", "--threshold", "2", "-q")
    assert result.stdout_bytes == JOINED * 2


def test_a_threshold_for_each_pass(text, tmp_path):
    report = tmp_path / "report"
    options = ["--threshold", 2.1, "--threshold", 1.2, "--min-count", 2, "--report", report]
    result = run(text, "-o", "-", *options, "-q")
    assert result.stdout_bytes == JOINED.replace(b"old york is not", b"old_york is_not")
    assert [told["threshold"] for told in json.loads(report.read_text())["passes"]] == [2.1, 1.2]
    again = run(text, "-o", "-", *options, "--passes", 2, "-q")
    assert again.stdout_bytes == result.stdout_bytes
    assert run(text, "-o", "-", *options, "--passes", 1).exit_code == 1


def test_npmi(text):
    options = ["--scoring", "npmi", "--min-count", 9, "-q"]
    # "new york" is a quarter of all words, three times as many as by chance: ln 3 / ln 4.
    assert run(text, "-o", "-", *options, "--threshold", 0.79).stdout_bytes == JOINED
    assert b"_" not in run(text, "-o", "-", *options, "--threshold", 0.8).stdout_bytes


def test_exact_loses_the_last_word(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(b"one two\nthree four")
    assert run(path, "-o", "-", "--exact", "-q").stdout_bytes == b" one two\n three"
    assert run(path, "-o", "-", "-q").stdout_bytes == b" one two\n three four"


def test_errors_are_one_line(text, tmp_path):
    out = tmp_path / "out"
    out.write_bytes(b"old")
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    for arguments, message in [
        ((empty, "-o", out), "no words in it"),
        ((tmp_path / "missing", "-o", out), "no such file"),
        ((text, "-o", tmp_path / "missing" / "out"), "does not exist"),
        ((text, "-o", out, "--report", tmp_path / "missing" / "r"), "does not exist"),
        ((text, "-o", out, "--list", tmp_path), "it is a folder"),
        ((text, "-o", out, "--scoring", "npmi", "--threshold", 2), "from -1 to 1"),
        ((text, "-o", out, "--min-count", 0), "--min-count is 0"),
        (
            (text, "-o", out, "--scoring", "npmi", "--exact"),
            "C program, which has no --scoring npmi",
        ),
    ]:
        result = run(*arguments)
        assert result.exit_code == 1
        assert result.stderr.startswith("Error: ")
        assert message in result.stderr
        assert result.stderr.count("\n") == 1
    assert out.read_bytes() == b"old"
    assert run(text, "-o", out, "--scoring", "other").exit_code == 2
    assert run(text).exit_code == 2


def test_help_has_an_example():
    result = run("--help")
    assert "Example:\n    fastw2v phrases corpus.txt -o joined.txt" in result.stdout
    assert "[default: 100 for original; 0.5 for npmi]" in " ".join(result.stdout.split())
    code = (
        "import sys; sys.argv = ['fastw2v', 'phrases', '--help']\n"
        "import atexit; atexit.register(lambda: print({'numba', 'numpy'} & set(sys.modules)))\n"
        "from fastw2v.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("\nset()\n")
