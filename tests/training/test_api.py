"""The signature of `fastw2v.train`: every hyper-parameter and every option, once."""

import inspect
from dataclasses import fields

import pytest

import fastw2v
from fastw2v.settings import PARAMETERS, Settings, default_of
from fastw2v.training.options import TrainingOptions

SIGNATURE = inspect.signature(fastw2v.train)
OPTIONS = {each.name: each for each in fields(TrainingOptions)}


def test_every_hyper_parameter_is_there_with_its_default_and_type():
    for name, parameter in PARAMETERS.items():
        shown = SIGNATURE.parameters[name]
        assert shown.kind is inspect.Parameter.KEYWORD_ONLY
        assert shown.default == default_of(name), name
        assert type(shown.default) is type(default_of(name)), name
        kind = parameter.kind if shown.default is not None else parameter.kind | None
        assert shown.annotation == kind, name


def test_every_option_is_there_with_its_default():
    for name, field in OPTIONS.items():
        assert SIGNATURE.parameters[name].default == field.default, name


def test_nothing_else_is_there_and_all_is_documented():
    names = ["corpus", *PARAMETERS, *OPTIONS, "progress", "other_names"]
    assert list(SIGNATURE.parameters) == names
    documented = inspect.getdoc(fastw2v.train).splitlines()
    for name in SIGNATURE.parameters:
        assert sum(line.startswith(f"{name}: ") for line in documented) == 1, name
    assert not any("--" in line for line in documented), "options are named as in Python"


def test_a_resumed_training_tells_a_default_given_from_none_given(tmp_path, tiny_corpus):
    state = tmp_path / "state"
    small = {"size": 5, "threads": 1}
    first = fastw2v.train(tiny_corpus, epochs=2, checkpoint=state, **small)
    assert fastw2v.train(tiny_corpus, resume=state).report["epochs_trained"] == 2
    with pytest.raises(fastw2v.errors.CheckpointError, match="size=5, not 100"):
        fastw2v.train(tiny_corpus, resume=state, size=default_of("size"))
    more = fastw2v.train(tiny_corpus, resume=state, epochs=default_of("epochs"))
    assert more.report["epochs_trained"] == Settings().epochs == 5
    assert more.report["loss"][:2] == first.report["loss"]


@pytest.mark.parametrize("name", ["init", "freeze", "read_vocab"])
def test_what_only_a_new_training_can_have_is_refused_when_resuming(tmp_path, tiny_corpus, name):
    state = tmp_path / "state"
    fastw2v.train(tiny_corpus, epochs=1, size=5, threads=1, checkpoint=state)
    with pytest.raises(fastw2v.errors.CheckpointError, match=f"{name} cannot be given"):
        fastw2v.train(tiny_corpus, resume=state, **{name: "file"})


def test_files_are_written_as_by_the_command(tmp_path, tiny_corpus):
    files = {name: tmp_path / name for name in ("output", "save_vocab", "report")}
    vectors = fastw2v.train(tiny_corpus, size=5, epochs=1, threads=1, format="text", **files)
    assert fastw2v.load(files["output"]).words == vectors.words
    assert fastw2v.Vocabulary.load(files["save_vocab"]).words == vectors.words
    assert files["report"].read_text().startswith('{\n  "settings"')
