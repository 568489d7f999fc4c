"""A few trainings of `differential.py`, which runs many more; and that it sees differences."""

import math
import random
import struct

import pytest

from tests.fuzz.differential import EQUAL, Campaign, differences
from tests.fuzz.exact_cases import C_WORD_BYTES, Case, c_counts, fibonacci, make_case, make_text
from tests.fuzz.known_differences import Ended, name_difference

CASES = 10


@pytest.fixture(scope="module")
def campaign(reference, tmp_path_factory):
    with Campaign(reference, tmp_path_factory.mktemp("differential")) as campaign:
        yield campaign


def test_same_bytes_as_the_c_program_or_a_known_difference(campaign):
    found = [campaign.run(make_case(3, number)) for number in range(CASES)]
    assert all(each.name is not None for each in found), found
    assert sum(each.name == EQUAL for each in found) >= CASES // 2


def test_a_difference_is_a_find(campaign):
    text = b"a b c\nb c a\n" * 40
    settings = {"min_count": 1, "epochs": 3, "size": 3, "alpha": 0.5}
    case = Case("word2vec", settings, {"-output": "v", "-debug": 0}, {"text": text})
    assert campaign.run(case).name == EQUAL
    other = case._replace(settings=settings | {"window": 2})
    theirs, ours = campaign.train(case)[0], campaign.train(other)[1]
    assert differences(case, theirs, ours) == ["v"]
    assert name_difference(case, theirs, ours) is None


def test_cases_are_reproducible_and_differ():
    cases = [make_case(1, number) for number in range(20)]
    assert cases == [make_case(1, number) for number in range(20)]
    assert len({case.files["text"] for case in cases}) > 15
    assert cases[0] != make_case(2, 0)


def test_texts_have_all_that_is_hostile():
    texts = [make_text(random.Random(number)) for number in range(60)]
    words = [word for text in texts for word in text.split()]
    assert any(b"\0" in word for word in words)
    assert any(b"\r" in text for text in texts)
    assert any(len(word) == 150 for word in words)
    assert any(len(line.split()) >= 40_000 for text in texts for line in text.split(b"\n"))
    assert any(text and not text.endswith(b"\n") for text in texts)


def test_words_are_counted_as_in_c():
    text = b"a\0b a\tb\r\nx" + b"y" * 200 + b" \0 lost"
    long = b"x" + b"y" * (C_WORD_BYTES - 1)
    assert c_counts(text) == {b"</s>": 1, b"a": 2, b"b": 1, long: 1, b"": 1}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"</s> 3\r\na 4\r\n", "Windows"),
        (b"</s> 3\na\n", "without word or count"),
        (b"</s> 3\n 9\na 9\n", "without word or count"),
        (b"</s> 3\na 9\na 9\n", "twice"),
        (b"a 9\n</s> 3\n", "first"),
        (b"</s> 3\na 9\nb 8\n", None),
        (b"</s> 3\na 9\nb 8", None),
    ],
)
def test_oddities_of_vocabularies_are_named(content, name):
    case = Case("train", {}, {}, {"text": b"", "known": content})
    found = name_difference(case, Ended(0, b"", "", {}), Ended(0, b"", "", {}))
    assert (found is None) == (name is None)
    assert name is None or name in found


@pytest.mark.parametrize(
    ("counts", "name"),
    [
        (fibonacci(44), "over 40 bits"),
        (fibonacci(35), None),
        ([1, *[0] * 50], "over 40 bits"),
        ([1, 9, 2**31 + 8], None),
        ([1, 9, 2**31 + 9], "2^31 apart"),
    ],
)
def test_counts_that_are_too_much_for_c_are_named(counts, name):
    known = "".join(f"{i if i else '</s>'} {count}\n" for i, count in enumerate(counts))
    case = Case("train", {"min_count": 0}, {}, {"text": b"", "known": known.encode()})
    found = name_difference(case, Ended(0, b"", "", {}), Ended(0, b"", "", {}))
    assert (found is None) == (name is None)
    assert name is None or name in found


def test_errors_are_named_only_where_we_refuse():
    case = Case("train", {}, {"-binary": 1}, {"text": b""})
    theirs = Ended(0, b"", "", {"v": b"1 1\n</s> " + struct.pack("<f", 2) + b"\n"})
    said = "Error: training diverged in epoch 1: the vectors grow without bound"
    name = "diverged: refused; the C program's vectors are within bounds"
    assert name_difference(case, theirs, Ended(1, b"", said, {})) == name
    assert name_difference(case, theirs, Ended(0, b"", said, {})) is None
    assert name_difference(case, theirs, Ended(1, b"", "another error", {})) is None
    assert name_difference(case, theirs, Ended(70, b"", said, {})) is None
    crashed = name_difference(case, theirs._replace(code=-11), Ended(1, b"", said, {}))
    assert crashed == "diverged: refused; the C program crashes"
    assert name_difference(case, theirs._replace(code=-11), Ended(0, b"", "", {})) is None


@pytest.mark.parametrize("binary", [0, 1])
@pytest.mark.parametrize("largest", [4.5, 301, math.nan])
def test_divergence_is_looked_for_in_the_c_programs_vectors(binary, largest):
    rows = ([1.0, -2.0], [largest, 3.0])
    packed = [struct.pack("<2f", *row) if binary else b"%f %f " % tuple(row) for row in rows]
    content = b"2 2\n</s> " + packed[0] + b"\n\x0b " + packed[1] + b"\n"
    case = Case("word2vec", {}, {"-binary": binary}, {"text": b""})
    ours = Ended(1, b"", "word2vec: training diverged in epoch 2: x", {})
    name = name_difference(case, Ended(0, b"", "", {"v": content}), ours)
    assert ("within bounds" in name) == (largest == 4.5)


def test_no_words_means_none_in_c_either():
    case = Case("train", {}, {"-binary": 1}, {"text": b""})
    ours = Ended(1, b"", "Error: text: no words in it; check that it is the right file", {})
    for content, known in ((b"1 3\n</s> ", True), (b"2 3\n</s> ", False)):
        name = name_difference(case, Ended(0, b"", "", {"v": content}), ours)
        assert (name is not None) == known
