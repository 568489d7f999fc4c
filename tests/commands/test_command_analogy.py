"""``fastw2v analogy`` as users meet it: what comes out, where, and with which exit code."""

import json
import os
import pty
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v import formats
from fastw2v.cli import cli
from fastw2v.vectors.word_vectors import WordVectors

WORDS = ["</s>", "man", "king", "woman", "queen", "New York", "na\udcffve", "été"]
MATRIX = [
    [0, 0, 1, 1],
    [1, 0, 0, 0],
    [1, 0, 2, 0],
    [0, 1, 0.1, 0],
    [0, 1, 2, 0],
    [0, 0, 1, 5],
    [1, 1, -1, -9],
    [-1, 0, -2, 1],
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my vectors.txt"
    formats.save(path, WORDS, MATRIX)
    return str(path)


def run(*arguments, **options):
    return CliRunner().invoke(cli, ["analogy", *arguments], **options)


def unit(word):
    vector = np.array(MATRIX[WORDS.index(word)], float)
    return vector / np.linalg.norm(vector)


def test_lines_of_word_and_score(file):
    result = run(file, "man", "king", "woman", "-n", "2")
    assert result.exit_code == 0
    target = unit("king") - unit("man") + unit("woman")
    cosine = unit("queen") @ target / np.linalg.norm(target)
    lines = result.stdout_bytes.decode("utf-8", "surrogateescape").split("\n")
    assert lines[0] == f"queen\t{cosine:.6f}"
    assert len(lines) == 3
    assert result.stderr == ""


def test_rule_multiply(file):
    result = run(file, "man", "king", "woman", "-n", "1", "--rule", "multiply")
    shifted = {word: (1 + unit(word) @ unit("queen")) / 2 for word in ("man", "king", "woman")}
    score = shifted["king"] * shifted["woman"] / (shifted["man"] + 0.001)
    assert result.stdout == f"queen\t{score:.6f}\n"


def test_json_is_one_object_in_sound_utf8(file):
    result = run(file, "man", "king", "New York", "-n", "9", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout_bytes.decode("utf-8"))
    assert answer["question"] == ["man", "king", "New York"]
    found = [each["word"] for each in answer["answers"]]
    assert sorted(found) == sorted(set(WORDS) - {"man", "king", "New York"})
    scores = [each["score"] for each in answer["answers"]]
    assert scores == sorted(scores, reverse=True)
    assert "été" in result.stdout


@pytest.mark.parametrize("words", [["man"], ["man", "king"], ["man", "king", "woman", "queen"]])
def test_other_than_three_words(file, words):
    result = run(file, *words)
    assert result.exit_code == 2
    assert f"three words, A B C, or none; got {len(words)}" in result.stderr


def test_unknown_word_and_rule(file):
    result = run(file, "man", "kinng", "woman")
    assert result.exit_code == 1
    assert result.stderr == ("Error: 'kinng' is not in the vocabulary; did you mean king?\n")
    assert run(file, "man", "king", "woman", "--rule", "divide").exit_code == 2


def test_limit_and_strict(tmp_path):
    (tmp_path / "v").write_bytes(b"9 2\na 1 2\nb 3 4\nc 5 7\nd 6 1\n")
    result = run(str(tmp_path / "v"), "a", "b", "c", "--limit", "3")
    assert (result.exit_code, result.stdout) == (0, "")
    result = run(str(tmp_path / "v"), "a", "b", "c")
    assert result.stdout.startswith("d\t")
    assert "declares 9 words" in result.stderr
    assert run(str(tmp_path / "v"), "a", "b", "c", "--strict").exit_code == 1


class TestStandardInput:
    @pytest.mark.parametrize("rule", ["add", "multiply"])
    def test_three_words_a_line(self, file, rule):
        lines = b"man king woman\r\n\n king  man queen \nman\tNew York\tna\xffve"
        result = run(file, "--json", "--rule", rule, input=lines)
        assert result.exit_code == 0
        answers = [json.loads(line) for line in result.stdout.splitlines()]
        questions = [
            ["man", "king", "woman"],
            ["king", "man", "queen"],
            ["man", "New York", "na\udcffve"],
        ]
        assert [answer["question"] for answer in answers] == questions
        known = WordVectors(WORDS, MATRIX)
        for answer, question in zip(answers, questions, strict=True):
            expected = known.analogy(*question, rule=rule)
            found = [(each["word"], each["score"]) for each in answer["answers"]]
            assert found == [(word, round(score, 6)) for word, score in expected]

    def test_what_cannot_be_answered_is_told(self, file):
        lines = "man king\nman king woman\nman king qeen\nking man queen\n"
        result = run(file, "-n", "1", input=lines)
        assert result.exit_code == 1
        assert [line.split("\t")[0] for line in result.stdout.split("\n")] == [
            "queen",
            "",
            "woman",
            "",
        ]
        assert result.stderr.splitlines() == [
            "Error: 'man king' has 2 words; a query has three, A B C",
            "Error: 'qeen' is not in the vocabulary; did you mean queen?",
            "Error: 2 queries failed (see above)",
        ]

    def test_on_a_terminal_it_asks_until_an_empty_line(self, file):
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "fastw2v", "analogy", file, "-n", "1"],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            os.close(theirs)
            os.write(ours, b"man king woman\nman\n\nnever read\n")
            out, err = process.communicate(timeout=60)
        os.close(ours)
        assert process.returncode == 0
        assert out.startswith(b"queen\t")
        assert out.count(b"\n") == 1
        assert err.count(b"empty line to quit") == 3
        assert b"'man' has 1 words" in err
