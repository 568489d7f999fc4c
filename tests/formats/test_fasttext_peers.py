"""fastText models against the official package: the same vectors, bit for bit."""

import random

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import UnknownWordError
from tests.support.fasttext_files import model_bytes, quantised_bytes

fasttext = pytest.importorskip("fasttext", reason="fastText is not installed")

LETTERS = "abcdefgh" * 3 + "éïöñç" + "жшя" + "日本語文" + "𝔘𐍈" + ".-_'"
MODELS = {
    "skipgram": {"model": "skipgram", "bucket": 500},
    "cbow": {"model": "cbow", "bucket": 77, "minn": 1, "maxn": 4, "loss": "hs"},
    "whole words": {"model": "skipgram", "minn": 0, "maxn": 0},
    "supervised": {"bucket": 300, "minn": 2, "maxn": 3, "wordNgrams": 2},
    "supervised whole words": {"minn": 0, "maxn": 0},
    "pruned": {"bucket": 2000, "minn": 2, "maxn": 4, "cutoff": 500},
    "quantised": {"bucket": 300, "minn": 2, "maxn": 4, "cutoff": 0},
}


def some_words(number, seed):
    chance = random.Random(seed)
    words = {"".join(chance.choices(LETTERS, k=chance.randint(1, 9))) for _ in range(2 * number)}
    return sorted(words)[:number]


KNOWN, OTHERS = some_words(120, 1), some_words(90, 2)


def trained(folder, options):
    """The path of a model that the package trains and saves."""
    chance = random.Random(3)
    lines = [" ".join(chance.choices(KNOWN, k=8)) for _ in range(300)]
    options = {"epoch": 1, "minCount": 1, "dim": 10, "thread": 1, "verbose": 0, **options}
    train = fasttext.train_unsupervised
    cutoff = options.pop("cutoff", None)
    if "model" not in options:
        train = fasttext.train_supervised
        lines = [f"__label__{number % 3} {line}" for number, line in enumerate(lines)]
    (folder / "text").write_text("\n".join([*lines, " ".join(KNOWN)]), "utf-8")
    try:
        model = train(str(folder / "text"), **options)
    except RuntimeError as error:
        if "NaN" in str(error):
            pytest.skip("this build of fastText cannot train: install fasttext-wheel")
        raise
    path = folder / "model.bin"
    if cutoff is not None:
        model.quantize(cutoff=cutoff, qnorm=True, dsub=3)
    model.save_model(str(path))
    return path


def check_equal(path, exact=True):
    """Compare 200 words, and count those that have no vector."""
    official, vectors = fasttext.load_model(str(path)), fastw2v.load(path)
    words = official.get_words()
    assert vectors.words == words
    without = 0
    others = [word for word in OTHERS if word not in vectors]
    asked = [*words[:120], *others]
    assert len(asked) >= 200
    for word in asked:
        expected = official.get_word_vector(word)
        if word not in vectors and not expected.any():  # where fastText gives zeros
            without += 1
            with pytest.raises(UnknownWordError):
                vectors[word]
        elif exact:
            assert vectors[word].tobytes() == expected.tobytes(), word
        else:
            np.testing.assert_allclose(vectors[word], expected, rtol=0, atol=1e-6)
    return without, len(others)


@pytest.mark.parametrize("name", MODELS)
def test_models_made_by_fasttext(tmp_path, name):
    options = MODELS[name]
    without, unknown = check_equal(trained(tmp_path, options), exact="cutoff" not in options)
    if "whole words" in name:
        assert without == unknown
    else:
        assert without < unknown / 2


@pytest.mark.parametrize("quantised", [False, True])
def test_models_made_by_the_tests_are_read_by_fasttext(tmp_path, quantised):
    """The files that `test_fasttext.py` relies on are valid ones."""
    words, rows = ["</s>", *KNOWN], len(KNOWN) + 1 + 64
    packed, inputs = quantised_bytes(rows, 9, 2)
    if not quantised:
        packed = None
    path = tmp_path / "model.bin"
    path.write_bytes(model_bytes(words, inputs, minn=2, maxn=5, buckets=64, quantised=packed))
    check_equal(path, exact=not quantised)
