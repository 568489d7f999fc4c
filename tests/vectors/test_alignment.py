"""Vectors aligned with others: known rotations are found, and SciPy finds the same."""

import numpy as np
import pytest
from scipy.linalg import orthogonal_procrustes

import fastw2v
import fastw2v.matrix.norms
from fastw2v.errors import FormatError, SettingsError

WORDS = ["</s>", *(f"w{number}" for number in range(60)), "New York"]
SIZE = 9


def random_rotation(seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(SIZE, SIZE)))[0]


def vectors_of(words, matrix):
    return fastw2v.WordVectors(words, np.asarray(matrix, np.float32))


@pytest.fixture
def a():
    return vectors_of(WORDS, np.random.default_rng(1).normal(size=(len(WORDS), SIZE)))


@pytest.fixture
def b(a):
    """The same words in another order, rotated, with noise; and words of its own."""
    chance = np.random.default_rng(2)
    order = chance.permutation(len(WORDS))
    rotated = (a.matrix[order] + 0.1 * chance.normal(size=(len(WORDS), SIZE))) @ random_rotation(3)
    own = chance.normal(size=(4, SIZE))
    return vectors_of([*(WORDS[i] for i in order), *"abcd"], np.concatenate([rotated, own]))


def common(a, b, words=WORDS[1:]):
    return a[words].astype(np.float64), b[words].astype(np.float64)


def test_a_rotation_is_undone(a):
    turned = vectors_of(WORDS, a.matrix @ random_rotation(5))
    found = fastw2v.align(a, turned)
    np.testing.assert_allclose(found.vectors.matrix, a.matrix, atol=2e-6)
    assert found.words == len(WORDS) - 1  # all but </s>
    assert found.residual < 1e-6
    assert found.cosine == pytest.approx(1)
    assert found.cosine_before < 0.5
    assert found.notes == []


@pytest.mark.parametrize("block", [1, 7, 4096])
@pytest.mark.parametrize("normalise", [False, True])
@pytest.mark.parametrize("centre", [False, True])
def test_as_scipy(a, b, centre, normalise, block, monkeypatch):
    monkeypatch.setattr(fastw2v.matrix.norms, "BLOCK", block)
    found = fastw2v.align(a, b, centre=centre, normalise=normalise)
    ours, theirs = common(a, b)
    everything = b.matrix.astype(np.float64)
    if normalise:
        ours, theirs, everything = (
            each / np.linalg.norm(each, axis=1, keepdims=True)
            for each in (ours, theirs, everything)
        )
    if centre:
        of_a, of_b = ours.mean(axis=0), theirs.mean(axis=0)
    else:
        of_a, of_b = np.zeros(SIZE), np.zeros(SIZE)
    rotation, _ = orthogonal_procrustes(theirs - of_b, ours - of_a)
    np.testing.assert_allclose(found.rotation, rotation, atol=1e-10)
    expected = (everything - of_b) @ rotation + of_a
    np.testing.assert_allclose(found.vectors.matrix, expected, rtol=1e-5, atol=1e-6)
    assert found.vectors.words == b.words
    rest = np.linalg.norm((theirs - of_b) @ rotation - (ours - of_a)) / np.linalg.norm(ours - of_a)
    assert found.residual == pytest.approx(rest)
    assert 0 < found.residual < 0.2


def test_files(a, b, tmp_path):
    b.save(tmp_path / "b.npy")
    found = fastw2v.align(a, str(tmp_path / "b.npy"))
    assert found.rotation.tobytes() == fastw2v.align(a, b).rotation.tobytes()
    with pytest.raises(SettingsError, match="expected WordVectors, or the path"):
        fastw2v.align(a, [[1, 2]])


def test_no_orthogonal_matrix_is_better(a, b):
    found = fastw2v.align(a, b)
    ours, theirs = common(a, b)
    best = np.linalg.norm(theirs @ found.rotation - ours)
    np.testing.assert_allclose(found.rotation @ found.rotation.T, np.eye(SIZE), atol=1e-12)
    for seed in range(20):
        chance = np.random.default_rng(seed)
        step, _ = np.linalg.qr(np.eye(SIZE) + 0.01 * chance.normal(size=(SIZE, SIZE)))
        other = found.rotation @ step @ np.diag(np.sign(np.diag(step)))
        assert np.linalg.norm(theirs @ other - ours) >= best


def test_cosines_of_the_second_do_not_change(a, b):
    aligned = fastw2v.align(a, b, normalise=True).vectors
    before, after = b.similar("a", 5), aligned.similar("a", 5)
    assert [word for word, _ in before] == [word for word, _ in after]
    assert [cosine for _, cosine in after] == pytest.approx([cosine for _, cosine in before])


def test_the_most_frequent_words(a, b):
    chosen = fastw2v.align(a, b, most_frequent=20)
    same = fastw2v.align(a, b, words=WORDS[1:21])
    assert chosen.words == same.words == 20
    assert chosen.rotation.tobytes() == same.rotation.tobytes()
    assert chosen.rotation.tobytes() != fastw2v.align(a, b).rotation.tobytes()


def test_pairs_of_words(a, b, tmp_path):
    theirs = vectors_of([f"x{word}" for word in b.words], b.matrix)
    pairs = [(word, f"x{word}") for word in WORDS]
    expected = fastw2v.align(a, b, words=WORDS).rotation
    assert fastw2v.align(a, theirs, words=pairs).rotation.tobytes() == expected.tobytes()
    for separator in "\t", " ":
        lines = [f"{x}{separator}{y}" for x, y in pairs if separator == "\t" or " " not in x]
        (tmp_path / "pairs").write_bytes("\r\n".join(["\ufeff", *lines, "no\tone"]).encode())
        found = fastw2v.align(a, theirs, words=tmp_path / "pairs")
        assert found.words == len(lines)
        assert "of 63 words" in found.notes[0] or "of 62 words" in found.notes[0]
        assert "(the first: 'no' and 'one')" in found.notes[0]
    (tmp_path / "words").write_text("\n".join(WORDS))  # with a word that has a space
    found = fastw2v.align(a, b, words=str(tmp_path / "words"))
    assert found.rotation.tobytes() == expected.tobytes()


def test_words_that_do_not_determine_the_rotation(a):
    flat = a.matrix.copy()
    flat[:, 3:] = 0
    found = fastw2v.align(vectors_of(WORDS, flat), vectors_of(WORDS, flat[:, ::-1]))
    assert found.residual < 1e-6
    assert found.notes[0].startswith("the words used span 3 of 9 dimensions")


def test_rows_that_are_not_finite_stay_so(a, b):
    b.matrix[b.index["a"], 2], b.matrix[b.index["b"]] = np.inf, 0
    found = fastw2v.align(a, vectors_of(b.words, b.matrix), normalise=True)
    assert np.isnan(found.vectors["a"]).all()
    assert not found.vectors["b"].any()
    assert np.isfinite(found.vectors.matrix).sum() == b.matrix.size - SIZE


def test_too_little_is_refused(a, b):
    with pytest.raises(FormatError, match=r"^8 words with vectors in both; 9 or more are needed"):
        fastw2v.align(a, b, words=WORDS[1:9])
    fastw2v.align(a, b, words=WORDS[1:10])
    with pytest.raises(FormatError, match=r"^9 words with vectors in both; 10 or more"):
        fastw2v.align(a, b, words=WORDS[1:10], centre=True)
    with pytest.raises(FormatError, match=r"^0 words with vectors in both"):
        fastw2v.align(a, vectors_of(["</s>", "x"], np.ones((2, SIZE))))


def test_other_dimensions_and_nan_are_refused(a, b):
    with pytest.raises(FormatError, match="of 9 and of 8 dimensions cannot be aligned"):
        fastw2v.align(a, vectors_of(b.words, b.matrix[:, :8]))
    b.matrix[b.index["w7"], 0] = np.nan
    with pytest.raises(FormatError, match="the second vector of 'w7' has NaN"):
        fastw2v.align(a, vectors_of(b.words, b.matrix))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"words": [("a", "b", "c")]}, "words has"),
        ({"words": [5]}, "words has 5; give words, or pairs"),
        ({"most_frequent": 0}, "most_frequent is 0"),
    ],
)
def test_options_that_cannot_be(a, b, options, message):
    with pytest.raises(SettingsError, match=message):
        fastw2v.align(a, b, **options)
