"""``fastw2v predict``: lines, JSON, contexts from lines, and what it cannot read."""

import json

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.vectors.prediction import Predictor
from tests.support.commands import run_command

WORDS = ["</s>", "red", "wine", "New York", "na\udcffve", "été", "dry"]


@pytest.fixture
def model(tmp_path):
    rng = np.random.default_rng(8)
    path = tmp_path / "v.txt"
    for place in (path, formats.outputs_path(path)):
        formats.save(place, WORDS, rng.normal(0, 1, (len(WORDS), 5)).astype(np.float32))
    return path


def test_lines_of_word_and_probability(model):
    result = run_command("predict", model, "red", "New York", "-n", 3)
    assert result.exit_code == 0
    expected = Predictor.load(model).predict(["red", "New York"], 3)
    lines = "".join(f"{word}\t{p:.6f}\n" for word, p in expected)
    assert result.stdout_bytes == lines.encode("utf-8", "surrogateescape")
    assert result.stderr == ""


def test_json_and_unknown_words(model):
    result = run_command("predict", model, "red", "nowhere", "-n", 99, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["context"] == ["red", "nowhere"]
    assert sum(each["probability"] for each in answer["predictions"]) == pytest.approx(1, abs=1e-4)
    assert len(answer["predictions"]) == len(WORDS) - 1
    assert result.stderr == "not in the vocabulary, left out: nowhere\n"


def test_contexts_from_lines(model, tmp_path):
    lines = "red wine\r\n\n  \nnowhere\nred\tété  dry\n"
    result = run_command("predict", model, "-n", 1, stdin=lines)
    assert result.exit_code == 1
    found = result.stdout.split("\n\n")
    assert len(found) == 2
    assert "Error: no word of the context is in the vocabulary: 'nowhere'" in result.stderr
    assert "1 query failed" in result.stderr
    (tmp_path / "contexts.txt").write_text("red wine\n")
    again = run_command("predict", model, "-n", 1, "--words-from", tmp_path / "contexts.txt")
    assert again.stdout.strip() == found[0].strip()


def test_what_cannot_be_read_is_one_line(model, tmp_path):
    formats.outputs_path(model).unlink()
    result = run_command("predict", model, "red")
    assert result.exit_code == 1
    assert "train with --vectors both" in result.stderr
    assert result.stderr.count("\n") == 1
    (tmp_path / "empty.state").write_bytes(b"")
    for name in ("empty.state", "missing.state"):
        result = run_command("predict", tmp_path / name, "red")
        assert result.exit_code in (1, 2)
        assert name in result.stderr
        assert "Traceback" not in result.stderr
    assert run_command("predict", model, "red", "--words-from", model).exit_code == 2
