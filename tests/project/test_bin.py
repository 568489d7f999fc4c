"""The scripts of bin/ as far as they need no network, and the benchmarks' building blocks."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from common import first_words
from peers import MODELS, c_options, our_options

from tests.support.paths import ROOT

DOCSTRINGS = ROOT / "bin" / "docstrings"


def docstrings(*arguments) -> bytes:
    command = [sys.executable, str(DOCSTRINGS), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, timeout=300).stdout


def test_docstrings_are_the_same_bytes_every_time(tmp_path):
    printed = docstrings("--max-words", 20_000)
    docstrings("--max-words", 20_000, "-o", tmp_path / "text.txt")
    assert (tmp_path / "text.txt").read_bytes() == printed


def test_docstrings_are_distinct_lines_of_lower_case_words():
    lines = docstrings("--max-words", 20_000).decode("utf-8").splitlines()
    assert len(set(lines)) == len(lines) > 1000
    assert 19_000 < sum(len(line.split(" ")) for line in lines) <= 20_000
    assert all(
        word.isalpha() and word == word.lower() for line in lines for word in line.split(" ")
    )
    assert min(len(line.split(" ")) for line in lines) >= 3


@pytest.fixture
def clone(tmp_path) -> Path:
    """The scripts in a folder with a blank in its name, without any environment."""
    shutil.copytree(ROOT / "bin", tmp_path / "a clone" / "bin")
    return tmp_path / "a clone"


def fake_python(folder: Path, body: str) -> Path:
    path = folder / "python3"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("script", ["demo", "test", "bench"])
@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("exit 1", "older than Python 3.10"),
        ('case "$2" in *ensurepip*) exit 1;; esac', "python3-venv"),
    ],
)
def test_an_unfit_python_is_told_in_one_line(clone, tmp_path, script, body, says):
    python = fake_python(tmp_path, body)
    done = subprocess.run(
        ["sh", str(clone / "bin" / script)],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHON": str(python)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert says in done.stderr
    assert done.stderr.startswith(f"bin/{script}: ")


@pytest.mark.parametrize("words", [0, 1, 4, 5, 99])
def test_first_words_keeps_blanks_and_lines(tmp_path, words):
    text = b"one  two\n\nthree\tfour five\n"
    source = tmp_path / "text.txt"
    source.write_bytes(text)
    cut = first_words(source, words, tmp_path / "cut.txt").read_bytes()
    assert cut.split() == text.split()[:words]
    assert text.startswith(cut)


def test_one_table_of_settings_serves_both_programs():
    settings = {**MODELS["cbow-hs"], "epochs": 3, "min_count": 2}
    assert our_options(settings) == (
        ["--model", "cbow", "--negative", "0", "--hs", "--epochs", "3", "--min-count", "2"]
    )
    assert c_options(settings) == (
        ["-cbow", "1", "-negative", "0", "-hs", "1", "-iter", "3", "-min-count", "2"]
    )
    assert "--hs" not in our_options(MODELS["skipgram-ns"])
