"""``fastw2v compare``: rows, resuming, files, messages; two rows in processes of their own."""

import json
import sys

import pytest

from fastw2v.comparison import comparing, measuring, models
from fastw2v.comparison.processes import measure_in_process
from fastw2v.errors import FastW2VError, ResourceError, SettingsError
from tests.support.commands import error_line, run_command, succeeded

LINES = ["the king of paris and the queen of rome", "a cat sat on the mat", "w x y z the of"]
SMALL = ["--size", 3, "--epochs", 1, "--threads", 1, "--min-count", 2, "--quiet"]
ASKED = ["--questions", "questions", "--pairs", "pairs|1.tsv"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(models, "_WARM_WORDS", 20)
    (tmp_path / "text.txt").write_text("\r\n".join(LINES * 20))
    (tmp_path / "questions").write_text(": s\nking paris queen rome\nking paris queen nobody\n")
    (tmp_path / "pairs|1.tsv").write_text("king\tqueen\t9\ncat\tmat\t3\nthe\tof\t1\nno\tone\t2\n")
    return tmp_path


@pytest.fixture
def here(folder, monkeypatch):
    """Rows run in this process; the keys of those that ran."""
    ran = []

    def measure(task, shows):
        assert shows is False
        ran.append(task["row"])
        return measuring.measure(json.loads(json.dumps(task)), comparing.SILENT)

    monkeypatch.setattr(comparing, "measure_in_process", measure)
    return ran


def compare(*more):
    return ["compare", "text.txt", *ASKED, *SMALL, *more]


def only(*rows):
    return [each for row in rows for each in ("--only", row)]


def test_rows_in_processes_and_what_they_find(folder):
    found = json.loads(succeeded(*compare("--json", *only("one-hot", "unigram"))).stdout)
    first, second = found["rows"]
    assert found["failures"] == {}
    assert found["text"] == {"words": 378, "held_out_words": 42}
    assert first["analogies"]["total"] == {"questions": 2, "seen": 1, "correct": 0}
    assert first["pairs"] == [{"file": "pairs|1.tsv", "pairs": 4, "covered": 3, "spearman": None}]
    assert first["held_out"] is None
    assert second["analogies"] is None
    assert second["pairs"] == []
    assert second["held_out"]["tokens"] == 42 + 6
    assert 5 < second["held_out"]["perplexity"] < 25
    if sys.platform == "linux":
        assert 5e7 < first["peak_rss_bytes"] < 1e9
    assert not [*folder.glob("*.rows.json")]


def test_finished_rows_are_not_run_again(here, folder, monkeypatch):
    rows = only("ppmi-svd", "unigram", "counts")
    measure = comparing.measure_in_process

    def interrupted(task, shows):
        if task["row"] == "ppmi-svd":
            raise KeyboardInterrupt
        return measure(task, shows)

    monkeypatch.setattr(comparing, "measure_in_process", interrupted)
    with pytest.raises(BaseException, match=r"Aborted|^$"):  # as Ctrl-C
        succeeded(*compare("-o", "t.md", *rows))
    assert here == ["counts"]
    assert not (folder / "t.md").exists()
    monkeypatch.setattr(comparing, "measure_in_process", measure)
    succeeded(*compare("-o", "t.md", "--html", *rows))
    assert here == ["counts", "ppmi-svd", "unigram"]
    table = (folder / "t.md").read_text()
    assert (folder / "t.html").read_text("utf-8").startswith("<!doctype html>")
    succeeded(*compare("-o", "t.md", *rows))
    assert len(here) == 3
    assert (folder / "t.md").read_text() == table
    succeeded(*compare("-o", "t.md", *only("counts"), "--window", 1))
    (folder / "text.txt").write_text("\n".join(LINES * 21))
    succeeded(*compare("-o", "t.md", *only("counts")))
    (folder / "questions").write_text(": s\nking paris queen of\n")
    succeeded(*compare("-o", "t.md", *only("counts")))
    assert here[3:] == ["counts"] * 3
    assert len(json.loads((folder / "t.rows.json").read_text())["results"]) == 6


def test_all_makers(here, folder):
    rows = ["log-counts", "ppmi", "trigram", "trigram-laplace", "cbow-negative"]
    rows += ["cbow-negative-sampled", "feedforward", "recurrent"]
    succeeded(*compare("-o", "t.md", *only(*rows)))
    title, _, head, _, *lines = (folder / "t.md").read_text().splitlines()
    assert title == "# Models of words, trained on 378 words"
    names = "| model | variant | sub-sampling | semantic | syntactic | total | pairs\\|1 | "
    assert head.startswith(names)
    shown = [[field.strip() for field in line.split(" | ")] for line in lines[:8]]
    assert [fields[0].strip("| ") for fields in shown] == [
        "counts", "counts", "3-gram", "3-gram", "feed-forward network", "recurrent network", "CBOW",
        "CBOW",
    ]  # fmt: skip
    has_perplexity = [False, False, True, True, True, True, False, False]
    assert [bool(fields[7]) for fields in shown] == has_perplexity
    assert [fields[2] for fields in shown[6:]] == ["no", "yes"]
    assert {len(fields) for fields in shown} == {11}


def test_a_row_that_fails_leaves_the_others(here, folder):
    result = run_command(*compare("-o", "t.md", *only("ppmi-svd", "unigram"), "--size", 30))
    line = error_line(result)
    assert line.startswith(
        "Error: 1 rows have no result: ppmi-svd: --size is 30, but there are only"
    )
    assert "1-gram" in (folder / "t.md").read_text()
    assert "PPMI" not in (folder / "t.md").read_text()
    line = error_line(run_command(*compare("-o", "u.md", *only("ppmi-svd"), "--size", 30)))
    assert "no row has a result: --size is 30" in line
    assert not (folder / "u.md").exists()


def test_what_a_process_says_at_its_end(folder, monkeypatch):
    task = {"row": "unigram", "settings": {}, "text": {"train": "text.txt"}}
    with pytest.raises(FastW2VError, match="unexpected KeyError"):
        measure_in_process(task, False)
    monkeypatch.setattr(
        "fastw2v.comparison.processes._CODE",
        "import os, sys; print('why', file=sys.stderr); os.abort()",
    )
    with pytest.raises(ResourceError, match="its process ended with code -6: why"):
        measure_in_process(task, False)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["text.txt", "--pairs", "pairs|1.tsv"], "name one with -o, or use --json"),
        (["text.txt", "-o", "t.md"], "give --questions or --pairs"),
        (["text.txt", *ASKED, "-o", "t.md", "--quick", "--words", 9], "--quick and --words both"),
        (["text.txt", *ASKED, "-o", "-", "--json"], "--json prints to standard output"),
        (["text.txt", *ASKED, "-o", "-", "--html"], "name a file for -o"),
        (["text.txt", *ASKED, "-o", "t.html", "--html"], "use the extension .md"),
        (["text.txt", *ASKED, "-o", "t.md", "--words", -1], "--words is -1; it must be"),
        (["text.txt", *ASKED, "-o", "t.md", "--sample", 0], "--sample is 0, but some rows"),
        (["text.txt", *ASKED, "-o", "t.md", "--words", 9], "9 words; a comparison needs 20"),
        (["text.txt", *ASKED, "-o", "t.md", "--only", "ppm"], "ppmi"),
        (["questions", "--questions", "text.txt", "-o", "t.md"], "line 1 has 9 words"),
        (["text.txt", *ASKED, "-o", "t.md", "--state", "text.txt"], "an input of this command"),
        (["text.txt", *ASKED, "-o", "t.md", "--state", "other.json"], "not the finished rows"),
    ],
)  # fmt: skip
def test_wrong_options_are_one_line_and_write_nothing(folder, arguments, message):
    (folder / "other.json").write_text('{"magic": "something else"}')
    line = error_line(run_command("compare", *arguments))
    assert message in line
    assert not (folder / "t.md").exists()


def test_without_scipy_the_message_says_how_to_get_it(folder, monkeypatch):
    monkeypatch.setattr("fastw2v.counts.reduction.find_spec", lambda name: None)
    line = error_line(run_command(*compare("-o", "t.md")))
    assert "pip install 'fastw2v[svd]'" in line


def test_settings_name_rows_that_were_meant():
    with pytest.raises(
        SettingsError, match="there is no row 'skipgram_hs'; did you mean skipgram-hs"
    ):
        comparing.ComparisonSettings(only=["skipgram_hs"])
