"""What a map puts first: stop words are found without a list, groups have names and colours."""

import numpy as np
import pytest

from fastw2v import WordVectors
from fastw2v.mapping.groups import COLOURS, group_words
from fastw2v.mapping.layout import lay_out
from fastw2v.mapping.stop_words import content_words, stop_rows

TOPICS, STOP = 8, 60


def language(letters="abcdefgh", count=1400):
    """Vectors of an invented language: `STOP` function words around one direction, most of them
    at the first rows, and words of `TOPICS` topics, some of them as frequent."""
    chance = np.random.default_rng(7)
    directions = chance.normal(size=(TOPICS + 1, 30))
    topics = chance.integers(0, TOPICS, count)
    frequent = chance.choice(120, STOP, replace=False)
    topics[frequent] = TOPICS
    matrix = directions[topics] + chance.normal(scale=0.6, size=(count, 30))
    names = [letters[topic] * 2 for topic in range(TOPICS)] + ["fn"]
    words = [f"{names[topic]}{row}" for row, topic in enumerate(topics)]
    return WordVectors(words, matrix), topics


class TestStopWords:
    @pytest.mark.parametrize("letters", ["abcdefgh", "абвгдежз", "あいうえおかきく"])
    def test_function_words_are_found_in_any_script(self, letters):
        vectors, topics = language(letters)
        found = stop_rows(vectors)
        expected = set(np.flatnonzero(topics == TOPICS).tolist())
        assert len(expected & set(found)) > 0.9 * len(expected)
        # Others only if they are as frequent as function words usually are.
        wrong = set(found) - expected
        assert len(wrong) < 0.3 * len(found)
        assert max(wrong) < STOP

    def test_sentence_end_numbers_and_single_letters_are_no_content(self):
        words = ["</s>", "12", "...", "b", "犬", "dog", "x2", *(f"word{n}" for n in range(9))]
        vectors = WordVectors(words, np.random.default_rng(1).normal(size=(len(words), 40)))
        content = content_words(vectors, list(range(len(words))))
        assert content[:7].tolist() == [False, False, False, False, True, True, True]

    def test_items_that_are_numbers_are_content(self):
        words = ["</s>", *(str(number) for number in range(200))]
        vectors = WordVectors(words, np.random.default_rng(1).normal(size=(201, 40)))
        content = content_words(vectors, list(range(201)))
        assert not content[0]
        assert content.sum() > 180

    @pytest.mark.parametrize("count", [1, 2, 5])
    def test_few_and_zero_vectors(self, count):
        vectors = WordVectors([f"w{n}" for n in range(count)], np.zeros((count, 3)))
        assert stop_rows(vectors) == []
        assert content_words(vectors, list(range(count))).all()


class TestGroups:
    def test_groups_are_the_topics_and_named_by_their_words(self):
        vectors, topics = language()
        content = content_words(vectors, list(range(len(vectors))))
        unit = vectors.unit_rows()
        groups = group_words(unit, unit[:, :2], content, 1)
        sizes = np.bincount(groups.of_word)
        assert sizes.tolist() == sorted(sizes, reverse=True)
        for group, name in enumerate(groups.names):
            assert len(name) == 3
            assert (groups.of_word[name] == group).all()
            members = topics[groups.of_word == group]
            assert (topics[name] == np.bincount(members).argmax()).all()
        of_stop_words = {
            topics[groups.names[group][0]] for group in np.flatnonzero(~groups.is_subject)
        }
        assert of_stop_words == {TOPICS}

    def test_names_come_first_and_stop_words_last(self):
        vectors, topics = language()
        word_map = lay_out(vectors, list(range(len(vectors))), "pca", 1)
        order = word_map.order
        assert sorted(order) == list(range(len(vectors)))
        subjects = word_map.groups.is_subject.sum()
        names = [number for name in word_map.groups.names for number in name]
        assert set(order[: 3 * subjects]) <= set(names)
        assert len({word_map.groups.of_word[number] for number in order[:subjects]}) == subjects
        assert (topics[order[:300]] != TOPICS).all()
        assert (topics[order[-60:]] == TOPICS).mean() > 0.7

    def test_groups_near_one_another_differ_in_colour(self):
        vectors, _ = language()
        unit = vectors.unit_rows()
        points = np.random.default_rng(3).normal(size=(len(unit), 2))
        colours = group_words(unit, points, np.ones(len(unit), bool), 1).colours
        assert len(colours) > COLOURS
        assert set(colours[:COLOURS]) == set(range(COLOURS))
        assert colours.max() < COLOURS

    @pytest.mark.parametrize("count", [2, 3, 13])
    def test_few_words_and_zero_vectors(self, count):
        unit = np.zeros((count, 4), np.float32)
        groups = group_words(unit, np.zeros((count, 2)), np.zeros(count, bool), 1)
        assert groups.of_word.tolist() == [0] * count
        assert len(groups.names) == len(groups.colours) == 1
