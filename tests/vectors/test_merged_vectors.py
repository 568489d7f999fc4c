"""Several sets of word vectors as one."""

import numpy as np
import pytest

import fastw2v
import fastw2v.matrix.norms
from fastw2v.errors import FormatError, SettingsError


def vectors_of(**rows):
    return fastw2v.WordVectors(list(rows), np.array(list(rows.values()), np.float32))


A = vectors_of(a=[1, 2], b=[3, 4], c=[np.nan, 0])
B = vectors_of(d=[5, 5], b=[1, 0], c=[2, 2], a=[1, 4])
C = vectors_of(c=[0, 4], e=[np.inf, 1], b=[2, 2])


@pytest.fixture(autouse=True, params=[1, 4096])
def block(request, monkeypatch):
    monkeypatch.setattr(fastw2v.matrix.norms, "BLOCK", request.param)


def rows(merged):
    return {word: merged[word].tolist() for word in merged.words}


def test_the_first_wins():
    merged = fastw2v.merge([A, B])
    assert rows(merged) == {"a": [1, 2], "b": [3, 4], "c": [2, 2], "d": [5, 5]}
    assert merged.words == ["a", "b", "c", "d"]
    assert merged.matrix.dtype == np.float32
    assert fastw2v.merge(iter([B, A])).words == ["d", "b", "c", "a"]


def test_the_mean_of_those_that_have_it():
    merged = fastw2v.merge([A, B, C], rule="mean")
    found = rows(merged)
    assert found.pop("e") == [np.inf, 1]  # there is no other
    assert found == {"a": [1, 3], "b": [2, 2], "c": [1, 3], "d": [5, 5]}


def test_one_after_another():
    wide = vectors_of(b=[7, 8, 9])
    assert rows(fastw2v.merge([B, wide], rule="concatenate")) == {
        "d": [5, 5, 0, 0, 0],
        "b": [1, 0, 7, 8, 9],
        "c": [2, 2, 0, 0, 0],
        "a": [1, 4, 0, 0, 0],
    }


def test_common_words():
    assert fastw2v.merge([B, A, C], words="common").words == ["b", "c"]
    with pytest.raises(FormatError, match="no word is in all; use words='union'"):
        fastw2v.merge([A, vectors_of(z=[1, 1])], words="common")


def test_vectors_of_norm_1():
    merged = fastw2v.merge([A, B], rule="concatenate", words="common", normalise=True)
    expected = [3 / 5, 4 / 5, 1, 0]
    np.testing.assert_allclose(merged["b"], expected, rtol=1e-6)
    assert np.isnan(merged["c"]).any()


def test_files(tmp_path):
    A.save(tmp_path / "a.bin")
    merged = fastw2v.merge([tmp_path / "a.bin", B])
    assert rows(merged) == rows(fastw2v.merge([A, B]))


def test_what_is_given_does_not_change():
    before = [each.matrix.copy() for each in (A, B)]
    fastw2v.merge([A, B], rule="mean", normalise=True)
    for each, old in zip((A, B), before, strict=True):
        np.testing.assert_array_equal(each.matrix, old)


@pytest.mark.parametrize(
    ("parts", "options", "error", "message"),
    [
        ([A, vectors_of(b=[1, 2, 3])], {}, FormatError, "vectors of 2, 3 dimensions cannot be"),
        ([A, vectors_of(b=[1, 2, 3])], {"rule": "mean"}, FormatError, "or rule='concatenate'"),
        ([A, B], {"rule": "last"}, SettingsError, "rule is 'last'; it must be one of: first"),
        ([A, B], {"words": "all"}, SettingsError, "words is 'all'; it must be one of: union"),
        ([], {}, SettingsError, "nothing to merge"),
        ("a.bin", {}, SettingsError, "give a list of several"),
        ([A, 5], {}, SettingsError, "expected WordVectors, or the path of a file of them, not 5"),
    ],
)
def test_what_cannot_be_merged(parts, options, error, message):
    with pytest.raises(error, match=message):
        fastw2v.merge(parts, **options)
