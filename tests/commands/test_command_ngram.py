"""``fastw2v ngram`` and ``fastw2v perplexity``: files, numbers, messages."""

import json
import math

import numpy as np
import pytest

from fastw2v.io.array_file import LANGUAGE_MODEL, ArrayFile, write_array_file
from fastw2v.language_models.perplexity import score_sentences, total
from tests.support.commands import error_line, run_command, succeeded
from tests.support.ngram_twins import Twin, with_unknown

TEXT = "the cat sat\r\n\nthe dog sat on the cat\na naïve cat ran\nthe cat ran"
HELD_OUT = "the dog ran\n\na bird sat on the cat"


def sentences_of(text):
    return [line.split() for line in text.split("\n") if line.split()]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.txt").write_bytes(TEXT.encode())
    (tmp_path / "held.txt").write_bytes(HELD_OUT.encode())
    return tmp_path


def trained(smoothing, *more, min_count=2):
    line = ["ngram", "text.txt", "-o", "t.lm", "--smoothing", smoothing, *more]
    return succeeded(*line, "--min-count", min_count)


def measured(*more, text="held.txt"):
    return json.loads(succeeded("perplexity", "t.lm", text, "--json", *more).stdout)


@pytest.mark.parametrize("smoothing", ["laplace", "kneser-ney"])
@pytest.mark.parametrize("rule", ["score", "skip"])
def test_perplexity_is_that_of_the_twin(folder, smoothing, rule):
    options = ["--discount", 0.5] if smoothing == "kneser-ney" else []
    trained(smoothing, "--order", 3, *options)
    known, text = with_unknown(sentences_of(TEXT), 2)
    twin = Twin(known, text, 3, smoothing, [[0.5] * 3] * 3)
    asked = sentences_of(HELD_OUT)
    masked = [[w if w in known else "<unk>" for w in line] for line in asked]
    kept = [rule == "score" or w != "<unk>" for line in masked for w in [*line, "</s>"]]
    logs = [math.log(p) for p, keep in zip(twin.text(masked), kept, strict=True) if keep]
    got = measured("--unknown", rule, "--sentences")
    assert got["perplexity"] == pytest.approx(math.exp(-sum(logs) / len(logs)), rel=1e-9)
    assert got["bits"] == pytest.approx(math.log2(got["perplexity"]))
    assert (got["tokens"], got["sentences"], got["unknown"]) == (len(logs), 2, 4)
    parts = got["by_sentence"]
    assert sum(each["log_probability"] for each in parts) == pytest.approx(sum(logs))
    assert [each["unknown"] for each in parts] == [1, 3]


def test_lines_by_sentence_and_the_table(folder):
    trained("laplace")
    done = succeeded("perplexity", "t.lm", "held.txt", "--sentences")
    first, second, *table = done.stdout.splitlines()
    assert [line.split("\t")[0::2] for line in (first, second)] == [["1", "4"], ["2", "7"]]
    assert table[0] == "3-gram model, laplace"
    assert table[1].startswith("perplexity  ")
    assert table[3] == "unknown     4, as <unk>"


def test_what_is_impossible_makes_perplexity_infinite(folder):
    trained("none")
    got = measured("--quiet")
    assert got["perplexity"] is None
    assert got["impossible"] > 0
    done = run_command("perplexity", "t.lm", "held.txt")
    assert "perplexity  inf" in done.stdout
    assert "have no probability" in done.stderr
    assert measured("--quiet", text="text.txt")["impossible"] == 0


def test_words_of_a_given_vocabulary(folder):
    (folder / "vocab").write_text("</s> 0\nthe 9\ncat 9\nmissing 9\n")
    trained("kneser-ney", "--read-vocab", "vocab", "--order", 1)
    assert measured()["unknown"] == 6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--order", 0], "--order is 0; it must be a whole number from 1 to 10"),
        (["--smoothing", "none", "--discount", 0.5], "--discount is part of"),
        (["--discount", "nan"], "--discount is nan"),
        (["--min-count", 50], "the most frequent, 'the', occurs 4 times: lower --min-count"),
        (["--max-vocab", 0], "--max-vocab is 0"),
    ],
)
def test_wrong_options_are_one_line_and_write_nothing(folder, arguments, message):
    line = error_line(run_command("ngram", "text.txt", "-o", "x.lm", *arguments))
    assert message in line
    assert not (folder / "x.lm").exists()


def test_other_files_are_named(folder):
    assert "not a language model of fastw2v" in error_line(
        run_command("perplexity", "text.txt", "held.txt")
    )
    trained("laplace")
    assert "a language model of fastw2v; give the text" in error_line(
        run_command("train", "t.lm", "-o", "v.bin")
    )
    assert "fastw2v perplexity reads it" in error_line(run_command("similar", "t.lm", "cat"))
    (folder / "empty").write_bytes(b"")
    assert "no words in it" in error_line(run_command("perplexity", "t.lm", "empty"))


def damaged(folder, change):
    """Write the model again with its header or arrays changed; the error of reading it."""
    trained("kneser-ney")
    file = ArrayFile("t.lm", LANGUAGE_MODEL)
    arrays = {each["name"]: file.read(each["name"]) for each in file.header["arrays"]}
    header = {name: value for name, value in file.header.items() if name != "arrays"}
    change(header, arrays)
    write_array_file("t.lm", header, arrays, LANGUAGE_MODEL)
    return error_line(run_command("perplexity", "t.lm", "held.txt"))


def out_of_range(header, arrays):
    arrays["starts2"][1:] = 10**9


def wrong_words(header, arrays):
    arrays["lasts3"][0] = -5


def without_counts(header, arrays):
    arrays["counts1"][:] = 0


def wrong_settings(header, arrays):
    header["settings"] = {"order": 3, "smoothing": "kneser-ney", "discounts": [[9, 9, 9]] * 3}


def fewer_levels(header, arrays):
    header["settings"]["order"] = 4
    header["settings"]["discounts"] *= 2


def other_kind(header, arrays):
    header["kind"] = "recurrent"


@pytest.mark.parametrize(
    "change",
    [out_of_range, wrong_words, without_counts, wrong_settings, fewer_levels, other_kind],
)
def test_a_damaged_model_is_one_line(folder, change):
    line = damaged(folder, change)
    assert line.startswith("Error: t.lm: ")
    assert "language model" in line


def test_a_truncated_model_is_one_line(folder):
    trained("laplace")
    content = (folder / "t.lm").read_bytes()
    (folder / "t.lm").write_bytes(content[:-100])
    assert "language model" in error_line(run_command("perplexity", "t.lm", "held.txt"))


class Uniform:
    """Another kind of model: `perplexity` needs no more of it than this."""

    words = ("</s>", "a")
    description = "uniform"

    def log_probabilities(self, ids, start, stop):
        return np.full(stop - start, math.log(1 / 3))


def test_a_model_of_another_kind_is_scored(monkeypatch):
    from fastw2v.language_models import perplexity

    monkeypatch.setattr(perplexity, "_CHUNK", 3)  # sentences go over the ends of chunks
    scores = list(score_sentences(Uniform(), np.array([1, 2, 1, 1, 0, 1, 0], np.int32)))
    assert [score.tokens for score in scores] == [5, 2]
    assert total(scores).perplexity == pytest.approx(3)
    assert math.isnan(total([]).perplexity)
