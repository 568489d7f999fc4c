"""Hyper-parameters: defaults that depend on others, ranges, combinations that are refused."""

import pytest

from fastw2v.errors import SettingsError
from fastw2v.settings import PARAMETERS, Settings


def test_defaults_are_those_of_the_c_program():
    settings = Settings(threads=3)
    assert (settings.model, settings.size, settings.window) == ("cbow", 100, 5)
    assert (settings.negative, settings.hs, settings.sample) == (5, False, 1e-3)
    assert (settings.epochs, settings.min_count, settings.alpha) == (5, 5, 0.05)
    assert Settings(model="skipgram").alpha == 0.025
    assert Settings(exact=True).threads == 1
    assert Settings().threads >= 1


def test_full_softmax_replaces_negative_sampling():
    assert Settings(softmax=True).negative == 0


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"size": 0}, "size"),
        ({"size": 2.5}, "whole number"),
        ({"size": True}, "size"),
        ({"window": -1}, "window"),
        ({"model": "glove"}, "cbow or skipgram"),
        ({"alpha": 0.0}, "alpha"),
        ({"alpha": float("nan")}, "alpha"),
        ({"sample": -1e-3}, "sample"),
        ({"hs": 1}, "True or False"),
        ({"epochs": None}, "epochs"),
        ({"negative": 0}, "no output layer"),
        ({"softmax": True, "hs": True}, "not both"),
        ({"exact": True, "threads": 2}, "thread"),
        ({"exact": True, "seed": 2}, "seed"),
        ({"softmax": True, "nce": True}, "not both"),
        ({"negative": 0, "nce": True, "hs": True}, "noise samples"),
        ({"exact": True, "nce": True}, "nce"),
        ({"exact": True, "softmax": True}, "softmax"),
        ({"exact": True, "context": "left"}, "context"),
        ({"exact": True, "no_sentence_end": True}, "no_sentence_end"),
        ({"context": "before"}, "left or right"),
        ({"exact": True, "cbow_update": "corrected"}, "cbow_update"),
    ],
)
def test_refused_in_one_line(wrong, part):
    with pytest.raises(SettingsError, match=part) as caught:
        Settings(**wrong)
    assert "\n" not in str(caught.value)


def test_every_setting_is_described():
    settings = Settings()
    assert set(PARAMETERS) == set(settings.as_dict())
    assert all(len(parameter.meaning) > 10 for parameter in PARAMETERS.values())
