"""Trainings without a row for the sentence end: the same vectors, one row fewer, everywhere."""

import json

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import SettingsError
from tests.support.commands import run_command

LINES = ["the cat sat on the mat", "", "a dog sat", "the dog on a mat"] * 15
SMALL = {"size": 6, "epochs": 2, "threads": 1, "min_count": 1}


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_text("\n".join(LINES) + "\n")
    return path


@pytest.mark.parametrize("which", ["in", "mean", "both"])
def test_the_same_vectors_without_the_row(text, tmp_path, which):
    files = {"save_vocab": tmp_path / "vocab.txt", "output": tmp_path / "v.bin", "save_every": 1}
    state = tmp_path / "train.state"
    whole = fastw2v.train(text, vectors=which, **SMALL)
    less = fastw2v.train(
        text, vectors=which, no_sentence_end=True, checkpoint=state, **files, **SMALL
    )
    assert less.words == whole.words[1:]
    assert "</s>" not in less
    assert less.matrix.tobytes() == whole.matrix[1:].tobytes()
    for name in ("v.bin", "v.epoch-2.bin"):
        saved = fastw2v.load(tmp_path / name)
        assert saved.words == less.words
        assert saved.matrix.tobytes() == less.matrix.tobytes()
    if which == "both":
        assert less.outputs.tobytes() == whole.outputs[1:].tobytes()
    counted = (tmp_path / "vocab.txt").read_text().splitlines()
    assert [line.split()[0] for line in counted] == less.words
    assert less.report["vocab_size"] == len(less)
    assert less.report["sentences"] == len(LINES)
    assert fastw2v.load(state).words == less.words
    assert fastw2v.load(state, limit=2).words == less.words[:2]


def test_resuming_recognises_its_own_files(text, tmp_path):
    out, state = tmp_path / "v.bin", tmp_path / "train.state"
    files = ["--save-vocab", tmp_path / "vocab.txt", "--report", tmp_path / "report.json"]
    options = ["--size", 6, "--min-count", 1, "--no-sentence-end", "--checkpoint", state, *files]
    assert run_command("train", text, "-o", out, *options, "--epochs", 1).exit_code == 0
    before = fastw2v.load(out)
    resumed = run_command("train", "--resume", state, "--epochs", 2)
    assert resumed.exit_code == 0, resumed.stderr
    after = fastw2v.load(out)
    assert after.words == before.words == fastw2v.load(state).words
    assert (after.matrix != before.matrix).any()
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["settings"]["no_sentence_end"] is True


def test_scores_and_the_best_epoch_know_the_rows(text, tmp_path):
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("cat\tdog\t3\nmat\tsat\t1\nthe\ta\t2\n")
    found = [
        fastw2v.train(text, eval_pairs=pairs, stop_early=1, **(SMALL | more))
        for more in ({}, {"no_sentence_end": True})
    ]
    assert found[0].report["scores"] == found[1].report["scores"]
    np.testing.assert_array_equal(found[0].matrix[1:], found[1].matrix)


def test_a_vocabulary_without_it_can_be_read_again(text, tmp_path):
    path = tmp_path / "vocab.txt"
    result = run_command("vocab", text, "-o", path, "--min-count", 1, "--no-sentence-end")
    assert result.exit_code == 0
    assert "</s>" not in path.read_text()
    again = fastw2v.train(text, read_vocab=path, no_sentence_end=True, **SMALL)
    assert set(again.words) == set(" ".join(LINES).split())


def test_the_c_program_always_has_it(text):
    with pytest.raises(SettingsError, match="no_sentence_end"):
        fastw2v.train(text, no_sentence_end=True, exact=True, size=6)
    result = run_command("train", text, "-o", "v.bin", "--exact", "--no-sentence-end")
    assert "--no-sentence-end" in result.stderr
    result = run_command("train", text, "-o", "v.bin", "--exact", "--context", "left")
    assert "--context" in result.stderr


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_sided_windows_account_for_the_first_or_last_word(text, side):
    trained = fastw2v.train(text, context=side, sample=0, **SMALL)
    ledger = trained.report["ledger"][0]
    sentences = sum(bool(line) for line in LINES)
    assert ledger["alone"] == sentences
    assert ledger["trained"] == ledger["read"] - sentences


def test_the_context_is_on_the_side_that_was_asked_for():
    """A word that never is on that side of another keeps its input vector."""
    sentences = [["first", word, "last"] for word in "abcdefgh"] * 20
    settings = SMALL | {"sample": 0, "alpha": 1e-12}
    start = fastw2v.train(sentences, **settings)
    for side, still in (("left", "last"), ("right", "first")):
        moved = fastw2v.train(sentences, init=start, context=side, **(settings | {"alpha": 0.1}))
        assert (moved[still] == start[still]).all()
        assert (moved["a"] != start["a"]).any()
