"""Options of a training: what contradicts itself, and what a checkpoint keeps of them."""

import json
import os
from dataclasses import fields
from pathlib import Path

import pytest

from fastw2v.errors import SettingsError
from fastw2v.training.options import (
    ONLY_AT_FIRST,
    TrainingOptions,
    checked_options,
    options_to_keep,
)

FULL = {
    "vectors": "mean",
    "output": Path("v.bin"),
    "format": "binary",
    "save_vocab": "vocab.txt",
    "report": "/r/report.json",
    "eval_analogies": ("questions.txt",),
    "eval_pairs": [Path("pairs.tsv"), "more.tsv"],
    "column": "text",
    "stop_early": 3,
    "save_every": 2,
    "checkpoint_every": 30.0,
}
OF_ONE_RUN = {"checkpoint", "resume", "force", "epoch_end"}


def test_every_option_is_kept_or_is_of_one_run():
    kept = options_to_keep([], TrainingOptions()).keys() - {"corpus"}
    names = {each.name for each in fields(TrainingOptions)}
    assert kept | OF_ONE_RUN | set(ONLY_AT_FIRST) == names
    assert kept == FULL.keys()


def test_what_is_kept_is_read_again_with_absolute_paths():
    kept = json.loads(json.dumps(options_to_keep(["a.txt", "-"], TrainingOptions(**FULL))))
    found = checked_options(kept)
    here = os.getcwd()
    assert found == {
        **FULL,
        "corpus": (f"{here}/a.txt", "-"),
        "output": f"{here}/v.bin",
        "save_vocab": f"{here}/vocab.txt",
        "eval_analogies": (f"{here}/questions.txt",),
        "eval_pairs": (f"{here}/pairs.tsv", f"{here}/more.tsv"),
    }
    del found["corpus"]
    TrainingOptions(**found)


def test_defaults_are_kept_as_defaults():
    found = checked_options(options_to_keep([], TrainingOptions()))
    assert found.pop("corpus") == ()
    assert TrainingOptions(**found) == TrainingOptions()


@pytest.mark.parametrize(
    "kept",
    [
        {"vectors": 3},
        {"output": ["v.bin"]},
        {"corpus": "text.txt"},
        {"corpus": [3]},
        {"eval_pairs": {"a": "b"}},
        {"stop_early": True},
        {"stop_early": 1.5},
        {"save_every": "2"},
        {"checkpoint_every": "10m"},
    ],
    ids=str,
)
def test_values_of_another_type_are_refused(kept):
    (name,) = kept
    with pytest.raises(ValueError, match=f"option {name} is"):
        checked_options(kept)


def test_a_single_file_of_questions_needs_no_list():
    assert TrainingOptions(eval_pairs="pairs.tsv").eval_pairs == ("pairs.tsv",)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stop_early": 2}, "stop_early needs scores: set eval_analogies or eval_pairs"),
        ({"save_every": 1}, "save_every needs output"),
        ({"save_every": -1, "output": "v.bin"}, "save_every is -1; it must be 0 or more"),
        ({"stop_early": -1}, "stop_early is -1; it must be 0 or more"),
    ],
)
def test_contradicting_options_are_refused(options, message):
    with pytest.raises(SettingsError, match=message):
        TrainingOptions(**options)
