"""`fastw2v.train` with a column of rows that have names."""

import pytest

import fastw2v
from fastw2v.errors import CorpusError

SMALL = {"size": 4, "min_count": 1, "epochs": 1, "threads": 1}
ROWS = [{"text": "river stone cloud lamp", "label": 0}, {"text": None, "label": 1}] * 50


def test_a_column_is_trained_as_the_token_lists_it_holds():
    lists = [(row["text"] or "").split() for row in ROWS]
    plain = fastw2v.train(lists, **SMALL)
    messages = []
    found = fastw2v.train(
        ROWS, column="text", progress=lambda report: messages.append(report.message), **SMALL
    )
    assert found.words == plain.words == ["</s>", "river", "stone", "cloud", "lamp"]
    assert found.matrix.tobytes() == plain.matrix.tobytes()
    assert "50 of 100 rows have no value for 'text'" in messages


def test_keys_are_not_trained():
    with pytest.raises(CorpusError) as caught:
        fastw2v.train(ROWS, **SMALL)
    assert str(caught.value) == (
        "sentence 1: expected a list of tokens, not a dict with the fields text, label; name the "
        "one to train on, for example column='text'"
    )
