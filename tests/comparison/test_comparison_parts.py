"""The text, the table and the file of finished rows of a comparison."""

import json
import random
from pathlib import Path

import pytest

from fastw2v.comparison.rows import ROWS
from fastw2v.comparison.state import State
from fastw2v.comparison.table import Line, Table, columns_of, markdown, pair_names
from fastw2v.comparison.text import prepared
from fastw2v.errors import FormatError
from fastw2v.progress import SILENT


def parts_of(path, words=0):
    with prepared(path, None, words, SILENT) as text:
        train, held_out = (Path(each).read_bytes() for each in (text.train, text.held_out))
        assert text.words == len(train.split())
        assert text.held_out_words == len(held_out.split())
        return train, held_out, text.fingerprint


@pytest.mark.parametrize("lines", [1, 7, 4000])
@pytest.mark.parametrize("words", [0, 20, 333, 90_001])
def test_the_first_words_in_two_parts(tmp_path, lines, words):
    chance = random.Random(3)
    drawn = ["w" * chance.randint(1, 9) for _ in range(100_000)]
    text = " ".join(drawn)
    if lines > 1:
        step = len(drawn) // lines
        parts = [" ".join(drawn[at : at + step]) for at in range(0, len(drawn), step)]
        text = "\r\n".join(parts)
    (tmp_path / "t.txt").write_bytes(text.encode())
    train, held_out, _ = parts_of(tmp_path / "t.txt", words)
    used = drawn[: words or None]
    assert (train + held_out).decode().split() == used
    assert 0.08 * len(used) < len(held_out.split()) <= 0.2 * len(used) + 1
    if lines == 4000 and words != 20:
        assert train.endswith(b"\n")
    assert not train[-1:].isalpha()
    assert b"\r" not in train


def test_the_fingerprint_is_of_the_words_that_are_used(tmp_path):
    for name, more in (("a", b" more"), ("b", b" else"), ("c", b"")):
        (tmp_path / name).write_bytes(b"x y z w " * 10 + more)
    first, second, other = (parts_of(tmp_path / name, 40)[2] for name in "abc")
    assert first == second
    assert other
    assert len({parts_of(tmp_path / name)[2] for name in "abc"}) == 3


def result(correct, spearman, perplexity=None, **more):
    part = {"questions": 9, "seen": 8, "correct": correct}
    return {
        "seconds": 1234.5,
        "words_per_second": 123_456.0,
        "peak_rss_bytes": None,
        "analogies": dict.fromkeys(("semantic", "syntactic", "total"), part),
        "pairs": [{"pairs": 3, "covered": 2, "spearman": spearman}],
        "held_out": {"tokens": 5, "unknown": 1, "impossible": 0, "perplexity": perplexity},
        "date": "2026-11-27",
        "machine": "a_b",
        **more,
    }


def table():
    lines = [
        Line(ROWS["ppmi"], result(4, None, held_out=None)),
        Line(ROWS["trigram"], result(6, 0.25, 123.4)),
        Line(ROWS["unigram"], result(0, -0.5, 999.0, analogies=None, pairs=[])),
        Line(ROWS["trigram-laplace"], result(6, 0.125, None)),
    ]
    return Table("a < b", columns_of(True, ["x|y"]), lines, ["of <c>"])


def test_the_best_of_a_column_is_bold():
    title, _, head, rule, *lines = markdown(table()).splitlines()
    assert title == r"# a \< b"
    assert r"| x\|y |" in head
    assert rule.count("---:") == 8
    assert lines[0] == "| counts | PPMI |  | 50.0% | 50.0% | 50.0% |  |  | 1,234 | 120,000 |  |"
    assert "| **75.0%** | **75.0%** | **75.0%** | **0.250** | **123** |" in lines[1]
    assert lines[2].startswith("| 1-gram | Laplace |  |  |  |  |  | 999 |")
    assert "| 0.125 | infinite |" in lines[3]
    assert lines[-1] == r"- of \<c\>"


def test_names_of_pairs():
    assert pair_names(["/a/x.tsv", "b/y.csv"]) == ["x", "y"]
    assert pair_names(["a/x.tsv", "b/x.csv"]) == ["a/x.tsv", "b/x.csv"]


def test_results_are_kept(tmp_path):
    path = tmp_path / "rows.json"
    State(path).keep("one", result(1, 0.5))
    State(path).keep("two", result(2, None))
    assert State(path).find("one") == result(1, 0.5)
    assert State(path).find("two") == result(2, None)
    assert State(path).find("three") is None
    assert State(None).find("one") is None
    path.write_bytes(b"")  # as of /dev/null, or what mktemp makes
    assert State(path).find("one") is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda found: b"not JSON", "not the finished rows"),
        (lambda found: b"[" * 100_000, "not the finished rows"),
        (lambda found: b"[1]", "not the finished rows"),
        (lambda found: found | {"version": 2}, r"another version of fastw2v \(2\)"),
        (lambda found: found | {"results": []}, "are corrupt"),
        (lambda found: found | {"results": {"a": {}}}, "are corrupt"),
        (lambda found: found | {"results": {"a": result(1, "x")}}, "are corrupt"),
        (lambda found: found | {"results": {"a": result(1, 1, date=3)}}, "are corrupt"),
        (lambda found: found | {"results": {"a": result(1, 1, analogies={})}}, "are corrupt"),
        (lambda found: found | {"results": {"a": result(1, 1, seconds=None)}}, "are corrupt"),
        (lambda found: found | {"results": {"a": result("1", 1)}}, "are corrupt"),
    ],
)
def test_other_files_are_not_taken_for_results(tmp_path, change, problem):
    path = tmp_path / "rows.json"
    State(path).keep("one", result(1, 0.5))
    changed = change(json.loads(path.read_text()))
    content = changed if isinstance(changed, bytes) else json.dumps(changed).encode()
    path.write_bytes(content)
    with pytest.raises(FormatError, match=problem):
        State(path)
    assert path.read_bytes() == content
