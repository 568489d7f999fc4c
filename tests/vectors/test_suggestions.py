"""Suggestions for misspelt words."""

import pytest

from fastw2v.vectors.suggestions import nearest_spellings

WORDS = ["the", "King", "kingdom", "Berlin", "naïve", "colour", "cooler", "a", "b", "USA", "\udcff"]


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("king", "King"),
        ("KING", "King"),
        ("berlin", "Berlin"),
        ("Belrin", "Berlin"),
        ("naive", "naïve"),
        ("color", "colour"),
        ("usa", "USA"),
        ("kingdoms", "kingdom"),
        ("A", "a"),
    ],
)
def test_the_best_comes_first(word, first):
    assert nearest_spellings(word, WORDS)[0] == first


@pytest.mark.parametrize("word", ["", "xyz", "q" * 500, "\udcfe", "日本"])
def test_no_similar_word(word):
    assert nearest_spellings(word, WORDS) == []


def test_number_of_suggestions_and_order_of_ties():
    words = ["cat9", "cat1", "cat5", "CAT", "dog"]
    assert nearest_spellings("cat", words, 1) == ["CAT"]
    assert nearest_spellings("cat7", words, 9)[0] == "CAT"
    assert nearest_spellings("Dog", [*words, "DOG"], 2) == ["dog", "DOG"]
    assert nearest_spellings("cat", [], 3) == []


def test_a_similar_word_is_found_among_many():
    words = [f"thing{number}" for number in range(5000)] + ["nothingness"]
    assert nearest_spellings("nothingnes", words)[0] == "nothingness"
