"""``fastw2v lm``, its files, and what `fastw2v perplexity` makes of them."""

import json
import math
import time

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import CheckpointError
from fastw2v.io.array_file import LANGUAGE_MODEL, ArrayFile, write_array_file
from fastw2v.language_models.neural.engine import NeuralEngine
from fastw2v.language_models.perplexity import score_sentences, total
from fastw2v.language_models.text import read_text
from fastw2v.system.signals import Interrupted
from tests.support.commands import error_line, run_command, succeeded

HELD_OUT = "w3 w4 naïve\r\n\nw5 nowhere w6\n"
SMALL = {"size": 6, "min_count": 2, "epochs": 4, "threads": 1}
OPTIONS = ["--size", 6, "--min-count", 2, "--epochs", 4, "--threads", 1]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    random = np.random.default_rng(2)
    lines = [f"w{n} w{n % 20 + 1} naïve" for n in random.integers(1, 20, 200)]
    (tmp_path / "text.txt").write_text("\n".join(lines))
    (tmp_path / "held.txt").write_bytes(HELD_OUT.encode())
    return tmp_path


def measured(model, *more, text="held.txt"):
    return json.loads(succeeded("perplexity", model, text, "--json", *more).stdout)


@pytest.mark.parametrize("kind", ["feedforward", "recurrent"])
@pytest.mark.parametrize("layer", ["--softmax", "--hs"])
def test_vectors_and_a_model_that_perplexity_reads(folder, kind, layer):
    line = ["lm", "text.txt", "--model", kind, layer, *OPTIONS, "--alpha", 0.5]
    done = succeeded(*line, "-o", "v.bin", "--save-model", "m.lm", "--report", "r.json")
    assert "v.bin and m.lm: " in done.stderr
    vectors = fastw2v.load("v.bin")
    assert vectors.words[:2] == ["</s>", "naïve"]
    assert vectors.matrix.shape == (len(vectors.words), 6)
    got = measured("m.lm", "--sentences")
    assert (got["tokens"], got["sentences"], got["unknown"], got["impossible"]) == (8, 2, 1, 0)
    assert measured("m.lm", text="text.txt")["perplexity"] < len(vectors.words) / 2
    assert measured("m.lm", "--unknown", "skip")["tokens"] == 7
    report = json.loads((folder / "r.json").read_text())
    assert report["loss"][-1] < report["loss"][0]
    assert report["words_trained"] == 4 * 600
    api = fastw2v.train_language_model(
        "text.txt", model=kind, hs=layer == "--hs", softmax=layer == "--softmax", alpha=0.5, **SMALL
    )
    np.testing.assert_array_equal(api.vectors.matrix, vectors.matrix)
    ids = read_text("held.txt", api.model.words)
    score = total(list(score_sentences(api.model, ids)))
    assert score.perplexity == pytest.approx(got["perplexity"])
    assert api.report["words_per_second"] > 0
    succeeded(*line, "-o", "-", "--format", "text", "--save-model", "again.lm", "--quiet")
    assert (folder / "again.lm").read_bytes() == (folder / "m.lm").read_bytes()


def slowly(engine, _train=NeuralEngine._train_block):
    time.sleep(0.004)  # so that the main thread looks while an epoch is trained
    _train(engine)


def interrupt(report):
    """As Ctrl-C would, somewhere in the second epoch."""
    if report.epoch == 2 and 0.3 < report.share < 0.45:
        raise Interrupted(2)


@pytest.mark.parametrize("kind", ["feedforward", "recurrent"])
def test_a_resumed_training_gives_the_same_bytes(folder, kind, monkeypatch):
    given = {"model": kind, **SMALL}
    whole = fastw2v.train_language_model("text.txt", save_model="whole.lm", **given)
    epochs = len(whole.report["loss"])
    with monkeypatch.context() as patched:
        patched.setattr(NeuralEngine, "_train_block", slowly)
        with pytest.raises(Interrupted) as stop:
            fastw2v.train_language_model(
                "text.txt", checkpoint="state", progress=interrupt, **given
            )
    assert "resume with the same corpus and options" in stop.value.remedy
    epoch, block, *_ = ArrayFile("state", LANGUAGE_MODEL).read("position").tolist()
    assert (epoch, block > 0) == (1, True)
    assert math.isfinite(measured("state")["perplexity"])
    with pytest.raises(CheckpointError, match="holds an unfinished training"):
        fastw2v.train_language_model("text.txt", checkpoint="state", **given)
    again = fastw2v.train_language_model("text.txt", resume="state", save_model="m.lm", **given)
    assert (folder / "m.lm").read_bytes() == (folder / "whole.lm").read_bytes()
    assert again.report["loss"] == pytest.approx(whole.report["loss"])
    more = fastw2v.train_language_model("text.txt", resume="state", **given | {"epochs": 6})
    assert len(more.report["loss"]) == epochs + 2
    with pytest.raises(CheckpointError, match="epochs can only be more"):
        fastw2v.train_language_model("text.txt", resume="state", **given)
    with pytest.raises(CheckpointError, match="size must stay the same"):
        fastw2v.train_language_model("text.txt", resume="state", **given | {"size": 9})
    with pytest.raises(CheckpointError, match="another text"):
        fastw2v.train_language_model("held.txt", resume="state", **given | {"epochs": 6})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--order", 1], "--order is 1; it must be a whole number from 2 to 100"),
        (["--bptt", 3], "--bptt is of --model recurrent, but the model is feedforward"),
        (["--model", "recurrent", "--hidden", 5], "--hidden is of --model feedforward"),
        (["--model", "recurrent", "--direct"], "--direct is of --model feedforward"),
        (["--hs", "--softmax"], "--softmax replaces --hs"),
        (["--alpha", "nan"], "--alpha is nan; it must be a number"),
        (["--alpha", 1e6, "--epochs", 2], "use a lower --alpha"),
        (["--size", 0], "--size is 0"),
        (["--min-count", 5000], "lower --min-count"),
        (["--resume", "text.txt"], "not a language model of fastw2v"),
        (["--checkpoint", "held.txt"], "not a language model of fastw2v"),
    ],
)
def test_wrong_options_are_one_line_and_write_nothing(folder, arguments, message):
    line = error_line(run_command("lm", "text.txt", "-q", "-o", "x.bin", *arguments))
    assert message in line
    assert not (folder / "x.bin").exists()


def test_an_output_is_needed_and_other_files_are_named(folder):
    assert "name one with -o, or --save-model" in error_line(run_command("lm", "text.txt"))
    (folder / "empty").write_bytes(b"")
    assert "no words in it" in error_line(run_command("lm", "empty", "-o", "v.bin"))
    succeeded("lm", "text.txt", "--save-model", "m.lm", "-q", *OPTIONS)
    line = error_line(run_command("lm", "text.txt", "-o", "v.bin", "--resume", "m.lm"))
    assert "m.lm: not a checkpoint of `fastw2v lm`" in line


def not_finite(header, arrays):
    arrays["inputs"][1, 1] = np.nan


def another_shape(header, arrays):
    arrays["hidden"] = arrays["hidden"][1:]


def two_layers(header, arrays):
    header["settings"]["hs"] = header["settings"]["softmax"]


def impossible_counts(header, arrays):
    arrays["counts"][1] = -1


def odd_settings(header, arrays):
    header["settings"]["order"] = "5"


@pytest.mark.parametrize(
    "change", [not_finite, another_shape, two_layers, impossible_counts, odd_settings]
)
def test_damaged_models_are_one_line(folder, change):
    fastw2v.train_language_model("text.txt", save_model="m.lm", **SMALL | {"epochs": 1})
    file = ArrayFile("m.lm", LANGUAGE_MODEL)
    arrays = {each["name"]: file.read(each["name"]) for each in file.header["arrays"]}
    header = {name: value for name, value in file.header.items() if name != "arrays"}
    change(header, arrays)
    write_array_file("m.lm", header, arrays, LANGUAGE_MODEL)
    assert "the language model is corrupt" in error_line(run_command("perplexity", "m.lm", "-"))
