"""Checkpoints: what is gone on with ends where what was never stopped ends."""

import json
import shutil

import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v.cli import cli
from fastw2v.errors import CheckpointError
from fastw2v.io.array_file import ArrayFile, write_array_file
from fastw2v.settings import Settings
from fastw2v.training import first_checks, pipeline, worker
from fastw2v.training.api import train
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.checkpoint_writer import CheckpointWriter
from fastw2v.training.epoch_end import EpochLog
from fastw2v.training.options import TrainingOptions
from tests.support.checkpoint_parts import read_checkpoint

KINDS = [
    {"model": "skipgram"},
    {"model": "cbow", "sample": 0.01},
    {"model": "cbow", "hs": True, "negative": 0},
    {"model": "skipgram", "hs": True, "negative": 2},
    {"softmax": True},
    {"deterministic": True, "threads": 3},
    {"deterministic": True, "threads": 2, "model": "skipgram", "hs": True, "negative": 2},
    {"exact": True, "model": "skipgram"},
    {"exact": True, "hs": True},
]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """Enough words for a training to have a middle."""
    rng = np.random.default_rng(3)
    words = np.array([f"word{number}" for number in range(60)])
    lines = [" ".join(words[rng.zipf(1.4, rng.integers(1, 30)) % 60]) for _ in range(3_000)]
    path = tmp_path_factory.mktemp("text") / "text.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


class Photographer(CheckpointWriter):
    """Saves whenever the shards have moved, and keeps a copy of each checkpoint."""

    def due(self):
        return not np.array_equal(self.counters[:, 2], self.seen)

    def _write(self, training, finished):
        super()._write(training, finished)
        self.counters = training.engine.state()["counters"]
        self.seen = self.counters[:, 2].copy()
        number = len(list(self.path.parent.glob("copy-*")))
        shutil.copy(self.path, self.path.parent / f"copy-{number:03}")


def run(text, wanted, **options):
    chosen = {"threads": 1, "size": 60, "epochs": 3, "min_count": 1} | wanted
    return pipeline.run(text, Settings(**chosen), TrainingOptions(**options))


def go_on(text, path, epochs=3):
    saved = Checkpoint(path)
    options = TrainingOptions(resume=saved, checkpoint=path.with_name("again"))
    return pipeline.run(text, saved.settings({"epochs": epochs}), options)


@pytest.mark.parametrize("wanted", KINDS, ids=str)
def test_from_every_checkpoint_the_end_is_the_same(text, tmp_path, monkeypatch, wanted):
    plain = run(text, wanted)
    monkeypatch.setattr(worker, "POLL", 0.0005)
    monkeypatch.setattr(first_checks, "CheckpointWriter", Photographer)
    copies, middle = [], []
    for _ in range(30):  # an epoch takes a few milliseconds: on a busy machine nobody looks in time
        kept = run(text, wanted, checkpoint=tmp_path / "state")
        assert kept.vectors.matrix.tobytes() == plain.vectors.matrix.tobytes()
        copies = sorted(tmp_path.glob("copy-*"))
        middle = [path for path in copies if has_a_middle(path)]
        if middle:
            break
    monkeypatch.undo()
    assert middle, "no checkpoint within an epoch"
    for path in [copies[0], middle[0], middle[len(middle) // 2], middle[-1], copies[-1]]:
        resumed = go_on(text, path)
        assert resumed.vectors.matrix.tobytes() == plain.vectors.matrix.tobytes()
        for name in ("loss", "loss_stderr", "ledger", "words_kept", "epochs_trained"):
            assert resumed.vectors.report[name] == plain.vectors.report[name], name


def has_a_middle(path) -> bool:
    counters = ArrayFile(path).read("counters")
    return bool(((counters[:, 2] > counters[:, 0]) & (counters[:, 2] < counters[:, 1])).any())


def test_more_epochs_go_on_from_a_finished_model(text, tmp_path):
    first = run(text, {"epochs": 2}, checkpoint=tmp_path / "state")
    longer = go_on(text, tmp_path / "state", epochs=4)
    assert longer.vectors.report["epochs_trained"] == 4
    assert longer.vectors.report["loss"][:2] == first.vectors.report["loss"]
    # The rate goes on as in the third of 4 epochs, half of that at the start: vectors move far.
    moved = np.abs(longer.vectors.matrix - first.vectors.matrix).max()
    assert moved > 0.02


def test_frozen_words_stay_frozen(text, tmp_path):
    start = run(text, {"epochs": 1}).vectors
    options = {"init": start, "freeze": ["word1"], "checkpoint": tmp_path / "state"}
    run(text, {"epochs": 1}, **options)
    longer = go_on(text, tmp_path / "state", epochs=2).vectors
    assert longer["word1"].tobytes() == start["word1"].tobytes()
    assert longer["word2"].tobytes() != start["word2"].tobytes()


def test_scores_and_the_best_epoch_are_remembered(text, tmp_path, monkeypatch):
    scores = iter([0.3, 0.9, 0.2])
    monkeypatch.setattr(EpochLog, "_score", lambda log, vectors: {"q": next(scores)})
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("word1\tword2\t3\nword2\tword3\t1\n")
    scored = {"eval_pairs": [pairs], "stop_early": 5}
    state = tmp_path / "state"
    first = run(text, {"epochs": 2}, checkpoint=state, **scored)
    assert first.vectors.report["best_epoch"] == 2
    saved = Checkpoint(state)
    options = TrainingOptions(resume=saved, **scored)
    longer = pipeline.run(text, saved.settings({"epochs": 3}), options)
    assert longer.vectors.report["scores"] == [{"q": 0.3}, {"q": 0.9}, {"q": 0.2}]
    assert longer.vectors.report["best_epoch"] == 2
    assert longer.vectors.matrix.tobytes() == first.vectors.matrix.tobytes()


def test_words_that_are_not_utf8_and_token_lists(tmp_path):
    tokens = [["a", "b\udcff", "naïve", "a b"]] * 9
    state = tmp_path / "state"
    first = pipeline.run(tokens, Settings(threads=1, size=3), TrainingOptions(checkpoint=state))
    saved = Checkpoint(state)
    assert saved.vocabulary().words == first.vocabulary.words
    again = pipeline.run(tokens, saved.settings({}), TrainingOptions(resume=saved))
    assert again.vectors.matrix.tobytes() == first.vectors.matrix.tobytes()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size": 6}, "size=60, not 6"),
        ({"model": "skipgram"}, "model='cbow', not skipgram"),
        ({"seed": 2}, "seed=1, not 2"),
        ({"epochs": 1}, "epochs can only be more"),
    ],
)
def test_other_settings_are_refused(text, tmp_path, given, message):
    run(text, {"epochs": 2}, checkpoint=tmp_path / "state")
    with pytest.raises(CheckpointError, match=message):
        Checkpoint(tmp_path / "state").settings(given)


def test_another_text_is_refused(text, tmp_path):
    run(text, {}, checkpoint=tmp_path / "state")
    other = tmp_path / "other.txt"
    lines = text.read_text().split("\n")
    lines[0], lines[1] = lines[1], lines[0]
    other.write_text("\n".join(lines))
    with pytest.raises(CheckpointError, match="as many words, but others"):
        go_on(other, tmp_path / "state")
    other.write_text(text.read_text() + "word1 unheard of\n")
    with pytest.raises(CheckpointError, match="another text"):
        go_on(other, tmp_path / "state")


def test_a_training_that_is_not_finished_is_not_overwritten(text, tmp_path):
    state = tmp_path / "state"
    run(text, {}, checkpoint=state)
    run(text, {}, checkpoint=state)  # a finished one may go
    header = ArrayFile(state).header
    arrays = {each["name"]: ArrayFile(state).read(each["name"]) for each in header.pop("arrays")}
    write_array_file(state, header | {"finished": False}, arrays)
    with pytest.raises(CheckpointError, match="unfinished"):
        run(text, {}, checkpoint=state)
    run(text, {}, checkpoint=state, force=True)
    note = tmp_path / "note.txt"
    note.write_text("years of work")
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        run(text, {}, checkpoint=note)
    assert note.read_text() == "years of work"


@pytest.mark.parametrize(
    "change",
    [
        {"counters": lambda a: a[:, :3]},
        {"counters": lambda a: a + (np.arange(a.shape[1]) == 2) * 10**9},
        {"counters": lambda a: a - (np.arange(a.shape[1]) == 2) * 10**9},
        {"counters": lambda a: a + (np.arange(a.shape[1]) == 3)},
        {"inputs": lambda a: a[:-1]},
        {"inputs": lambda a: a.astype(np.float64)},
        {"outputs": None},
        {"counts": lambda a: -a},
        {"counts": lambda a: a[::-1]},
        {"counts": lambda a: a + 2**61},
        {"lengths": lambda a: a - 1},
        {"lengths": lambda a: a[:-1]},
        {"counts": lambda a: a[:-1]},
        {"frozen": lambda a: np.ones(3, np.bool_)},
        {"random": lambda a: a.astype(np.int64)},
        {"input_directions": lambda a: a[1:]},
        {"output_curvatures": None},
    ],
    ids=lambda change: next(iter(change)),
)
def test_state_that_makes_no_sense(text, tmp_path, change):
    state = tmp_path / "state"
    run(text, {"epochs": 1}, checkpoint=state)
    header, arrays = read_checkpoint(state)
    for name, alter in change.items():
        array = arrays.pop(name)
        if alter is not None:
            arrays[name] = alter(array)
    write_array_file(state, header, arrays)
    with pytest.raises(CheckpointError, match=str(state)):
        go_on(text, state, epochs=2)


@pytest.mark.parametrize(
    "key", ["settings", "text", "loss", "ledgers", "options", "best_epoch", "scores"]
)
@pytest.mark.parametrize("value", [None, "x", {"y": 1}, [1, None]], ids=str)
def test_header_that_makes_no_sense(text, tmp_path, key, value):
    state = tmp_path / "state"
    run(text, {"epochs": 1}, checkpoint=state)
    header, arrays = read_checkpoint(state)
    write_array_file(state, header | {key: value}, arrays)
    if key == "options" and isinstance(value, dict):  # names of other versions are ignored
        saved = Checkpoint(state)
        assert saved.options({}) == TrainingOptions(resume=saved)
        return
    with pytest.raises(CheckpointError, match=r"\A[^\n]+\Z"):
        go_on(text, state, epochs=2)


# The command.


def fastw2v(*arguments):
    return CliRunner().invoke(cli, list(map(str, arguments)), catch_exceptions=False)


def test_resume_needs_nothing_but_the_checkpoint(text, tmp_path):
    state, output, report = (tmp_path / name for name in ("state", "v.vec", "report.json"))
    options = ["--epochs", 2, "--size", 5, "--threads", 1, "--report", report, "--format", "text"]
    first = fastw2v("train", text, "-o", output, "--checkpoint", state, *options)
    assert first.exit_code == 0, first.output
    written = output.read_bytes()
    output.unlink()
    again = fastw2v("train", "--resume", state)
    assert again.exit_code == 0, again.output
    assert output.read_bytes() == written
    more = fastw2v("train", "--resume", state, "--epochs", 3, "-o", tmp_path / "w.bin")
    assert more.exit_code == 0, more.output
    assert output.read_bytes() == written
    assert json.loads(report.read_text())["epochs_trained"] == 3
    assert (tmp_path / "w.bin").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--size", "7"], "--size 5, not 7"),
        (["--read-vocab", "vocab.txt"], "--read-vocab cannot be given"),
        (["--init", "x.bin"], "--init cannot be given"),
    ],
)
def test_options_that_do_not_fit(text, tmp_path, monkeypatch, options, message):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.bin").write_bytes(b"")
    start = ["train", text, "-o", "v.bin", "--checkpoint", "state", "--size", 5, "--epochs", 1]
    assert fastw2v(*start).exit_code == 0
    refused = fastw2v("train", "--resume", "state", *options)
    assert refused.exit_code == 1
    assert message in refused.output
    assert len(refused.output.strip().splitlines()) == 1


def test_corpus_and_output_must_be_named_once(text, tmp_path):
    assert "no corpus" in fastw2v("train", "-o", tmp_path / "v.bin").output
    assert "no output" in fastw2v("train", text).output
    tokens = [["a", "b"]] * 9
    train(tokens, size=5, epochs=1, checkpoint=tmp_path / "state")
    assert "no corpus" in fastw2v("train", "--resume", tmp_path / "state").output
    train(text, size=5, epochs=1, checkpoint=tmp_path / "state")
    assert "no output" in fastw2v("train", "--resume", tmp_path / "state").output
    done = fastw2v("train", "--resume", tmp_path / "state", "-o", tmp_path / "v.bin")
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("every", ["-1s", "soon", "nan", "", "1e9d"])
def test_times_that_are_none(text, tmp_path, every):
    output = tmp_path / "v.bin"
    refused = fastw2v("train", text, "-o", output, "--checkpoint-every", every)
    assert refused.exit_code != 0
    assert "30s, 10m or 2h" in refused.output


def test_one_file_cannot_be_two(text, tmp_path):
    both = tmp_path / "both"
    refused = fastw2v("train", text, "-o", both, "--checkpoint", tmp_path / "." / "both")
    assert "is the same file" in refused.output
    assert not both.exists()
