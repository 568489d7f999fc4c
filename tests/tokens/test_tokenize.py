"""Raw text -> words and sentences: the compiled rules against plain Python, and examples."""

# ruff: noqa: RUF001

import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import fastw2v
from fastw2v.errors import SettingsError
from fastw2v.tokens.rules import ABBREVIATIONS, class_of, classes
from fastw2v.tokens.scripts import advice
from tests.support import naive_tokens

PIECES = [
    *"aZi1 9.,!?…'’-‑\n\t\r\"”)(_@é東。।\u0301\u200d\u200c\ufe0f\u00ad\ufeffΣİß٣½ก\u2028",
    "👍", "🏽", "👩", "❤", "🇩", "🇪", "Dr", "mrs", "e\u0301", ". ", ".\n", "\n\n", "3.5", "a'b",
    "\u200d👧", " I.", "№", "\U000e0067", "©", "ﬁ",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=20)
OPTIONS = st.fixed_dictionaries(
    {
        "lower": st.booleans(),
        "numbers": st.sampled_from(["keep", "zeros", "word", "drop"]),
        "hyphens": st.sampled_from(["split", "keep"]),
        "wrapped": st.booleans(),
    }
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=400)
@given(TEXTS, OPTIONS)
@example("A. B? c. D e.g. x", {})
def test_it_is_what_plain_python_does(text, options):
    text = text.encode("utf-8", "replace").decode()
    found = fastw2v.tokenize(text, **options)
    assert found == naive_tokens.tokenize(text, **options)
    for word in (word for sentence in found for word in sentence):
        assert word
        assert unicodedata.is_normalized("NFC", word)


def test_the_table_has_every_character_that_unicode_has():
    table = classes()
    for code in range(0x40000, 0x110000):
        if not 0xE0000 <= code < 0xE0200:
            assert unicodedata.category(chr(code)) in ("Cn", "Co")
            break_at = table[code]
            assert break_at == 0
    assert table[0x1F44D] == class_of("👍")
    assert all(len(word) <= 7 for word in ABBREVIATIONS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith's cat sat. It didn’t move!", "Dr Smith's cat sat|It didn't move"),
        ("He said “Go.” Then (yes!) she went... and left", "He said Go|Then yes|she went and left"),
        ("J. R. R. Tolkien. So do I. See v. 3", "J R R Tolkien|So do I|See v 3"),
        ("3.14 or 1,000. Version 2.x, e-mail", "3.14 or 1,000|Version 2 x e mail"),
        ("rock 'n' roll; the dogs' O'Neil 'tis", "rock n roll the dogs O'Neil tis"),
        ("one\ntwo\r\n\nthree", "one|two|three"),
        ("new_york a@b.c", "new_york a b c"),
        ("Cafe\u0301 na\u00adïve", "Café naïve"),
        ("👍🏽👩‍👩‍👧🇩🇪🇫🇷❤️ok", "👍🏽 👩‍👩‍👧 🇩🇪 🇫🇷 ❤ ok"),
        ("東京。大阪！", "東京|大阪"),
        ("वह है। अच्छा", "वह है|अच्छा"),
        ("... !!! — \n\t", ""),
    ],
)
def test_examples(text, expected):
    sentences = [sentence.split(" ") for sentence in expected.split("|") if sentence]
    assert fastw2v.tokenize(text) == sentences


def test_options():
    text = "A well-known 3rd of 12 in 1,024.5 ٣"
    assert fastw2v.tokenize(text, lower=True, hyphens="keep", numbers="zeros") == [
        ["a", "well-known", "3rd", "of", "00", "in", "0,000.0", "0"]
    ]
    assert fastw2v.tokenize("a 5", numbers="word") == [["a", "<num>"]]
    assert fastw2v.tokenize("5. 6\na 7 b", numbers="drop") == [["a", "b"]]
    assert fastw2v.tokenize("one\ntwo\n \nthree", wrapped=True) == [["one", "two"], ["three"]]
    assert fastw2v.tokenize("İΣ ΑΣ", lower=True) == [["i̇ς", "ας"]]
    with pytest.raises(SettingsError, match="numbers is 'x'; choose one of keep, zeros, word"):
        fastw2v.tokenize("", numbers="x")
    with pytest.raises(TypeError, match="decode bytes first"):
        fastw2v.tokenize(b"bytes")


def test_the_result_is_a_corpus():
    text = "The cat sat. The dog sat.\n" * 30
    vectors = fastw2v.train(fastw2v.tokenize(text, lower=True), size=4, min_count=1, epochs=1)
    assert set(vectors.words) == {"</s>", "the", "cat", "sat", "dog"}


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ([100, 0, 0, 0, 0, 0, 0], None),
        ([1000, 5, 0, 0, 0, 0, 0], None),
        ([0] * 7, None),
        ([10, 90, 0, 0, 0, 0, 0], "90% of the letters are Chinese, .* with jieba"),
        ([0, 60, 40, 0, 0, 0, 0], "100% of the letters are Japanese, .* with fugashi"),
        ([0, 0, 0, 50, 50, 0, 0], "Thai and Lao, .* for Thai with PyThaiNLP; for Lao with LaoNLP"),
        ([0, 0, 0, 0, 0, 1, 1], "for Khmer with khmer-nltk; for Burmese with"),
    ],
)
def test_scripts_without_spaces_are_named_with_a_segmenter(letters, expected):
    found = advice(letters)
    if expected is None:
        assert found is None
    else:
        import re

        assert re.search(expected, found)
