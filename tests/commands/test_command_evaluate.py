"""``fastw2v evaluate`` as users meet it: tables, JSON, error lines, exit codes."""

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from fastw2v import formats
from fastw2v.cli import cli
from fastw2v.evaluation import analogies, associations, similarity
from fastw2v.vectors.word_vectors import WordVectors

WORDS = ["</s>", "king", "queen", "man", "woman", "Oslo", "été"]
MATRIX = [[0, 0, 1], [3, 1, 0], [3, 2.5, 0], [3, 1, 4], [3, 2.5, 4.2], [-1, 0, 1], [0, -1, 1]]
QUESTIONS = """: people
king queen man woman
man woman king queen
king queen man Oslo
king queen man nobody
: none
a b c d
"""
PAIRS = "king\tqueen\t9\nman\twoman\t8.5\nking\tOslo\t1\nking\tnobody\t2\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    formats.save("v.txt", WORDS, MATRIX)
    (tmp_path / "q.txt").write_text(QUESTIONS)
    (tmp_path / "p.tsv").write_text(PAIRS)
    (tmp_path / "one.tsv").write_text("king\tman\t3\n")
    return tmp_path


def run(*arguments):
    return CliRunner().invoke(cli, ["evaluate", "v.txt", *arguments])


def test_tables():
    result = run("--analogies", "q.txt", "--pairs", "p.tsv", "--pairs", "one.tsv")
    assert result.exit_code == 0
    assert result.stderr == ""
    agreed = similarity(WordVectors.load("v.txt"), "p.tsv")
    assert result.stdout == (
        "q.txt: rule c, 7 words used\n"
        "section    questions  seen  correct  skipped  accuracy\n"
        "people             4     3        2        1    66.67%\n"
        "none               1     0        0        1         -\n"
        "semantic           5     3        2        2    66.67%\n"
        "syntactic          0     0        0        0         -\n"
        "total              5     3        2        2    66.67%\n"
        "\n"
        "similarity (rule c, 7 words used)  pairs  covered  Spearman  Pearson\n"
        f"p.tsv                                  4        3     {agreed.spearman:.3f}"
        f"    {agreed.pearson:.3f}\n"
        "one.tsv                                1        1         -        -\n"
    )


def test_json_is_one_object():
    result = run(
        "--analogies", "q.txt", "--analogies", "q.txt", "--pairs", "p.tsv", "--pairs", "one.tsv",
        "--rule", "gensim", "--json",
    )  # fmt: skip
    assert result.exit_code == 0
    assert result.stdout.count("\n") == 1
    told = json.loads(result.stdout, parse_constant=pytest.fail)  # no NaN
    assert list(told) == ["vectors", "rule", "limit", "words", "analogies", "pairs", "weat"]
    assert told["vectors"] == "v.txt"
    assert (told["rule"], told["limit"], told["words"]) == ("gensim", 300_000, 7)
    first, second = told["analogies"]
    assert first == second
    assert list(first) == ["file", "sections", "semantic", "syntactic", "total"]
    people = {"name": "people", "questions": 4, "seen": 3, "correct": 2, "skipped": 1}
    assert first["sections"] == [
        {**people, "accuracy": 0.666667},
        {"name": "none", "questions": 1, "seen": 0, "correct": 0, "skipped": 1, "accuracy": None},
    ]
    assert first["total"]["correct"] == 2
    assert first["syntactic"]["accuracy"] is None
    agreed = similarity(WordVectors.load("v.txt"), "p.tsv", rule="gensim")
    assert told["pairs"] == [
        {"file": "p.tsv", "pairs": 4, "covered": 3,
         "spearman": round(agreed.spearman, 6), "pearson": round(agreed.pearson, 6)},
        {"file": "one.tsv", "pairs": 1, "covered": 1, "spearman": None, "pearson": None},
    ]  # fmt: skip


@pytest.mark.parametrize(("limit", "words", "seen"), [("4", 4, 0), ("5", 5, 2), ("0", 7, 3)])
def test_limit_holds_for_both(limit, words, seen):
    result = run("--analogies", "q.txt", "--pairs", "p.tsv", "--limit", limit, "--json")
    told = json.loads(result.stdout)
    assert told["words"] == words
    assert told["analogies"][0]["total"]["seen"] == seen
    assert told["pairs"][0]["covered"] == {4: 1, 5: 2, 7: 3}[words]
    assert told["analogies"][0]["total"]["correct"] == (
        analogies(WordVectors.load("v.txt"), "q.txt", int(limit)).total.correct
    )


def test_no_more_is_read_than_asked_for(folder):
    with open("v.txt", "a") as file:
        file.write("broken 1 2\n")
    assert run("--pairs", "p.tsv", "--limit", "7").exit_code == 0
    result = run("--pairs", "p.tsv", "--limit", "8")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: v.txt: ")


WEAT = ": kings\nking\n: queens\nqueen, empress\n: men\nman\n: women\nwoman\n"


class TestBias:
    def test_table_and_missing_words(self, folder):
        (folder / "w.txt").write_text(WEAT)
        result = run("--weat", "w.txt")
        assert result.exit_code == 0
        assert result.stderr == (
            "w.txt: kings, queens / men, women: 1 of 5 words are not in the vocabulary and were "
            "left out: 'empress'\n"
        )
        [found] = associations(WordVectors.load("v.txt"), "w.txt")
        lines = [line.split("  ") for line in result.stdout.splitlines()]
        assert [field for field in lines[0] if field] == [
            "association (rule c, 7 words used)", "used", "missing", "effect size", "p",
            "partitions",
        ]  # fmt: skip
        assert [field.strip() for field in lines[1] if field] == [
            "kings, queens / men, women", "4", "1", f"{found.effect_size:.3f}",
            f"{found.p_value:.2g}", "2",
        ]  # fmt: skip

    def test_json(self, folder):
        (folder / "w.txt").write_text(WEAT)
        told = json.loads(run("--weat", "w.txt", "--json", "--seed", "9").stdout)
        [test] = told["weat"][0]["tests"]
        assert told["weat"][0]["file"] == "w.txt"
        names = {"x": "kings", "y": "queens", "a": "men", "b": "women"}
        assert {name: test[name] for name in names} == names
        assert (test["missing"], test["exact"], test["partitions"]) == (["empress"], True, 2)

    def test_a_file_of_another_kind(self):
        result = run("--weat", "p.tsv")
        assert result.exit_code == 1
        assert result.stderr == (
            "Error: p.tsv: line 1 is before any section; start one with ': name'\n"
        )


class TestForms:
    def test_nothing_covered_says_why(self, folder):
        (folder / "n").write_text("king-n queen-n 3\nMan-n zzzzzz 2\n")
        (folder / "b").write_text("kings\tqueens/king\nmen\twomen\n")
        result = run("--pairs", "n", "--analogies", "b")
        assert result.exit_code == 0
        assert result.stderr.splitlines() == [
            "b: no question is covered: not among the 7 words used: 'kings' (nearest spelling: "
            "'king'), 'queens' (nearest spelling: 'queen'), and 2 more",
            "n: no pair is covered: not among the 7 words used: 'king-n' (nearest spelling: "
            "'king'), 'queen-n' (nearest spelling: 'queen'), and 2 more",
        ]

    def test_folders_of_analogies(self, folder):
        (folder / "BATS").mkdir()
        (folder / "BATS" / "D01.txt").write_text("king\tqueen/empress\nman\twoman\n")
        told = json.loads(run("--analogies", "BATS", "--json").stdout)["analogies"][0]
        assert told["sections"][0]["name"] == "D01"
        assert (told["total"]["questions"], told["syntactic"]["seen"]) == (2, 2)
        assert run("--pairs", "BATS").exit_code == 2

    def test_the_column_of_the_score(self, folder):
        (folder / "s.csv").write_text("a;b;x;y\nking;queen;1;2,5\nman;woman;2;1\nking;man;3;0\n")
        found = [
            json.loads(run("--pairs", "s.csv", *column, "--json").stdout)["pairs"][0]["pearson"]
            for column in (["--score-column", "4"], [])
        ]
        assert None not in found
        assert found[0] != found[1]
        result = run("--analogies", "q.txt", "--score-column", "4")
        assert "--score-column is of no use without --pairs" in result.stderr
        assert run("--pairs", "s.csv", "--score-column", "0").exit_code == 2


class TestMistakes:
    def test_nothing_to_ask(self):
        result = run()
        assert result.exit_code == 2
        assert (
            "nothing to evaluate; specify --analogies FILE, --pairs FILE or --weat FILE"
            in result.stderr
        )

    @pytest.mark.parametrize("option", ["--analogies", "--pairs"])
    def test_missing_questions(self, option):
        result = run(option, "missing")
        assert result.exit_code == 2
        assert "'missing' does not exist" in result.stderr

    @pytest.mark.parametrize(
        "arguments", [["--limit", "-1"], ["--limit", "x"], ["--rule", "C++"], ["--pairs", "."]]
    )
    def test_options_out_of_range(self, arguments):
        result = run("--analogies", "q.txt", *arguments)
        assert result.exit_code == 2
        assert f"Invalid value for '{arguments[0]}'" in result.stderr

    def test_questions_are_looked_at_before_the_vectors(self, folder):
        (folder / "bad").write_bytes(b": x\na b c\n")
        (folder / "v.txt").write_bytes(b"\x80\x04K\x01.")
        result = run("--analogies", "q.txt", "--analogies", "bad")
        assert result.exit_code == 1
        assert result.stdout == ""
        assert result.stderr.startswith("Error: bad: line 2 has 3 words; a question needs four")
        assert result.stderr.count("\n") == 1
        result = run("--pairs", "q.txt")
        assert result.stderr == (
            "Error: q.txt: line 2 is not two words and a score, separated by tabs, spaces, commas "
            "or semicolons; choose the column of the score with --score-column\n"
        )
        assert "Python pickle" in run("--pairs", "p.tsv").stderr

    def test_faults_of_the_vectors_are_noted_and_strict_fails(self, folder):
        content = (folder / "v.txt").read_text().split("\n", 1)[1]
        (folder / "v.txt").write_text("9 3\n" + content)
        result = run("--pairs", "p.tsv")
        assert result.exit_code == 0
        assert "declares 9 words" in result.stderr
        result = run("--pairs", "p.tsv", "--strict")
        assert result.exit_code == 1
        assert result.stdout == ""


class TestProcess:
    COMMAND = (sys.executable, "-m", "fastw2v", "evaluate", "v.txt")

    def test_odd_names_in_a_plain_locale(self, folder):
        (folder / "q.txt").write_bytes(b": na\xffve \xc3\xa9\nking queen man woman\n")
        environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
        command = [*self.COMMAND, "--analogies", "q.txt"]
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        assert b"\nna\xffve \xc3\xa9  " in done.stdout
        command.append("--json")
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
        section = json.loads(done.stdout.decode("utf-8"))["analogies"][0]["sections"][0]
        assert section["name"] == "na\udcffve é"

    def test_numba_is_not_imported(self):
        code = (
            "import sys; sys.argv[1:] = ['evaluate', 'v.txt', '--pairs', 'p.tsv']\n"
            "from fastw2v.cli import main; main(); assert 'numba' not in sys.modules"
        )
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)

    def test_help_imports_no_numpy(self):
        code = (
            "import sys; sys.argv[1:] = ['evaluate', '--help']\n"
            "from fastw2v.cli import cli; cli(standalone_mode=False)\n"
            "assert 'numpy' not in sys.modules"
        )
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
        assert b"--analogies questions-words.txt" in done.stdout
