"""``fastw2v similarity``, and ``--among`` of the commands that search."""

import json
from pathlib import Path

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from tests.support.commands import error_line, run_command, succeeded

WORDS = ["king", "queen", "man", "New York", "na\udcffve", "nought", "bad"]
MATRIX = [[3, 1, 0], [3, 2, 0], [1, 3, 0], [0, 2, 1], [5, 1, 1], [0, 0, 0], [np.nan, 1, 1]]


@pytest.fixture
def file(tmp_path):
    formats.save(tmp_path / "v.txt", WORDS, MATRIX)
    return str(tmp_path / "v.txt")


def cosine(x, y):
    first, second = (np.array(MATRIX[WORDS.index(word)], float) for word in (x, y))
    return first @ second / np.linalg.norm(first) / np.linalg.norm(second)


class TestSimilarity:
    def test_two_words_give_a_number(self, file):
        assert succeeded("similarity", file, "king", "New York").stdout == (
            f"{cosine('king', 'New York'):.6f}\n"
        )
        assert succeeded("similarity", file, "king", "king").stdout == "1.000000\n"
        assert succeeded("similarity", file, "king", "nought").stdout == "0.000000\n"
        shown = succeeded("similarity", file, "king", "queen", "--json").stdout
        assert json.loads(shown) == {"words": ["king", "queen"], "cosine": 0.964764}

    def test_pairs_of_lines(self, file, tmp_path):
        lines = b"king  queen\r\n\nNew York\tman\t\nking na\xffve"
        pairs = [("king", "queen"), ("New York", "man"), ("king", "na\udcffve")]
        wanted = "".join(f"{x}\t{y}\t{cosine(x, y):.6f}\n" for x, y in pairs)
        (tmp_path / "pairs").write_bytes(lines)
        for arguments, stdin in (
            ([], lines),
            (["--words-from", "-"], lines),
            (["--words-from", tmp_path / "pairs"], None),
        ):
            done = succeeded("similarity", file, *arguments, stdin=stdin)
            assert done.stdout_bytes == wanted.encode("utf-8", "surrogateescape")
        shown = succeeded("similarity", file, "--json", stdin=lines).stdout.splitlines()
        assert [tuple(json.loads(line)["words"]) for line in shown] == pairs

    def test_many_pairs_are_as_one_by_one(self, file):
        pairs = [(x, y) for x in WORDS[:6] for y in WORDS[:6]]
        known = fastw2v.load(file)
        one_by_one = [known.cosines([pair])[0] for pair in pairs]
        assert known.cosines(pairs * 99) == one_by_one * 99
        assert one_by_one == [known.cosines([(y, x)])[0] for x, y in pairs]
        assert known.cosines([]) == []

    def test_lines_that_are_no_pair_are_reported_at_once_and_in_the_exit_code(self, file):
        done = run_command("similarity", file, stdin="king\nking kin\nking bad\nking queen\na b c")
        assert done.stdout == "king\tqueen\t0.964764\n"
        assert error_line(done) == "Error: 4 queries failed (see above)"
        assert "'king' has 1 words; a pair has two, A B" in done.stderr
        assert "'kin' is not in the vocabulary; did you mean king?" in done.stderr
        assert "the vector of 'bad' has NaN" in done.stderr

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (["king"], "expected two words, A B, or none; got 1"),
            (["king", "queen", "man"], "got 3"),
            (["king", "kin"], "'kin' is not in the vocabulary"),
            (["king", "bad"], "the vector of 'bad' has NaN or infinity"),
            (["king", "queen", "--words-from", "-"], "not both"),
        ],
    )
    def test_what_cannot_be_asked(self, file, arguments, message):
        done = run_command("similarity", file, *arguments)
        assert message in error_line(done)
        assert done.stdout == ""


class TestAmong:
    @pytest.fixture
    def among(self, tmp_path):
        (tmp_path / "among").write_bytes(b"\xef\xbb\xbfman\r\nNew York\nman\nking\nnobody\nbad\n")
        return str(tmp_path / "among")

    def test_only_these_are_searched(self, file, among):
        done = succeeded("similar", file, "king", "--among", among)
        wanted = [(word, cosine("king", word)) for word in ("man", "New York")]
        assert done.stdout == "".join(f"{word}\t{c:.6f}\n" for word, c in wanted)
        assert "1 of 5 words are not in the vocabulary and were skipped (the first: 'nobody')" in (
            done.stderr
        )

    def test_for_lines_and_for_analogies(self, file, among):
        lines = succeeded("similar", file, "--among", among, "--json", stdin="king\nqueen\n").stdout
        found = [json.loads(line)["neighbours"] for line in lines.splitlines()]
        assert [[each["word"] for each in one] for one in found] == [
            ["man", "New York"],
            ["king", "man", "New York"],
        ]
        for rule in ("add", "multiply"):
            line = ("analogy", file, "king", "queen", "nought", "--among", among, "--rule", rule)
            answers = succeeded(*line).stdout.splitlines()
            assert {answer.split("\t")[0] for answer in answers} == {"man", "New York"}

    def test_from_standard_input(self, file, among):
        content = Path(among).read_bytes()
        done = succeeded("similar", file, "king", "--among", "-", stdin=content)
        assert done.stdout == succeeded("similar", file, "king", "--among", among).stdout

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                ["king", "--among", "{among}", "--strict", "--limit", "6"],
                "'nobody' is not in the vocabulary",
            ),
            (["king", "--among", "{none}"], "none of its 1 words is in the vocabulary"),
            (["king", "--among", "{empty}"], "no words in it"),
            (["king", "--among", "{none}.missing"], "does not exist"),
            (["--among", "-"], "standard input has the queries"),
        ],
    )
    def test_what_cannot_be_searched(self, file, among, tmp_path, arguments, message):
        (tmp_path / "none").write_text("nobody\n")
        (tmp_path / "empty").write_text("\n")
        paths = {"among": among, "none": tmp_path / "none", "empty": tmp_path / "empty"}
        done = run_command("similar", file, *(each.format(**paths) for each in arguments))
        assert message in error_line(done)
        assert done.stdout == ""
