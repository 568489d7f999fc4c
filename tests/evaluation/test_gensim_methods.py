"""`evaluate_word_analogies` and `evaluate_word_pairs`: the same results as gensim's."""

import numpy as np
import pytest

from fastw2v.errors import FormatError, SettingsError
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.gensim_cases import in_gensim, same


@pytest.fixture(scope="module")
def ours():
    """Word pairs whose differences are alike, some in two spellings, and noise."""
    chance = np.random.default_rng(3)
    bases = chance.normal(size=(20, 12))
    shifts = chance.normal(size=12) + chance.normal(size=(20, 12)) * 0.6
    words = [f"m{row}" for row in range(20)] + [f"F{row}" for row in range(20)]
    words += ["M3", "f4", "F4", "m19x"]
    matrix = np.concatenate([bases, bases + shifts, chance.normal(size=(4, 12))])
    return WordVectors(dict.fromkeys(words), matrix[: len(dict.fromkeys(words))])


@pytest.fixture
def questions(tmp_path):
    lines = [": first"]
    lines += [f"m{row} F{row} m{row + 1} F{row + 1}" for row in range(18)]
    lines += [": empty", ": second part", "m1 f1 M2 f2", "m1 nobody m2 F2", "F1 m1 F2 m2"]
    path = tmp_path / "questions.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return str(path)


@pytest.fixture
def pairs(tmp_path):
    chance = np.random.default_rng(9)
    lines = ["# a comment", "word\tword\tscore"]
    lines += [f"m{row}\tF{row}\t{chance.normal():.3f}" for row in range(15)]
    lines += ["M3\tf4\t2.5", "m3\tnobody\t1", "m1\tm2", "m1\tm2\t1\t2", ""]
    path = tmp_path / "pairs.txt"
    path.write_text("\n".join(lines), "utf-8")
    return str(path)


@pytest.mark.parametrize("dummy", [False, True])
@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("limit", [300000, 30, None])
def test_analogies(ours, questions, dummy, folded, limit):
    how = {"restrict_vocab": limit, "case_insensitive": folded, "dummy4unknown": dummy}
    expected = in_gensim(ours).evaluate_word_analogies(questions, **how)
    found = ours.evaluate_word_analogies(questions, **how)
    assert found == expected
    assert 0 < found[0] < 1 or limit == 30


@pytest.mark.parametrize("dummy", [False, True])
@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("limit", [300000, 30, None])
def test_pairs(ours, pairs, dummy, folded, limit):
    how = {"restrict_vocab": limit, "case_insensitive": folded, "dummy4unknown": dummy}
    expected = in_gensim(ours).evaluate_word_pairs(pairs, **how)
    found = ours.evaluate_word_pairs(pairs, **how)
    same([*found[0], *found[1], found[2]], [*expected[0], *expected[1], expected[2]])
    assert found[0].pvalue == pytest.approx(expected[0][1], abs=1e-5)


def test_delimiters_encodings_and_line_ends(ours, tmp_path):
    lines = ["m1;F1;0.5", "m2;F2;0.7", "m3;F9;-0.1", "é;m4;1"]
    (tmp_path / "p").write_bytes("\r\n".join(lines).encode("latin-1"))
    how = {"delimiter": ";", "encoding": "latin-1"}
    found = ours.evaluate_word_pairs(str(tmp_path / "p"), **how)
    expected = in_gensim(ours).evaluate_word_pairs(str(tmp_path / "p"), **how)
    same([*found[0], *found[1], found[2]], [*expected[0], *expected[1], expected[2]])
    assert found[2] == 25
    with pytest.raises(FormatError, match=r"p: not utf8 .*; use another encoding"):
        ours.evaluate_word_pairs(tmp_path / "p", delimiter=";")
    for options in ({"delimiter": ""}, {"encoding": "klingon"}, {"delimiter": None}):
        with pytest.raises((SettingsError, FormatError), match=r"encoding|pairs can be compared"):
            ours.evaluate_word_pairs(tmp_path / "p", **options)


@pytest.mark.parametrize(
    "content", ["a\tb\t1\n", "", "m1\tm2\t1\n", "m1 m2 1\nm2 m3 2\n", "m1\tm2\tnan"]
)
def test_nothing_to_compare(ours, tmp_path, content):
    (tmp_path / "p").write_text(content)
    with pytest.raises(FormatError, match=r"p: [01] of .* pairs can be compared; use a file"):
        ours.evaluate_word_pairs(tmp_path / "p")


def test_missing_files(ours, tmp_path):
    for ask in (ours.evaluate_word_pairs, ours.evaluate_word_analogies):
        with pytest.raises(FormatError, match="none: cannot be read: No such file"):
            ask(tmp_path / "none")


def test_questions_with_unknown_words_alone(ours, tmp_path):
    (tmp_path / "q").write_text(": s\na b c d\n")
    assert ours.evaluate_word_analogies(tmp_path / "q") == (
        0.0,
        [
            {"section": "s", "correct": [], "incorrect": []},
            {"section": "Total accuracy", "correct": [], "incorrect": []},
        ],
    )
