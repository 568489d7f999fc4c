"""Growing a model: new text, the union of the words, both matrices from a checkpoint."""

import itertools

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from fastw2v.corpus import read_sentences
from fastw2v.errors import FormatError, SettingsError, VocabularyError
from fastw2v.formats.trained import read_trained
from fastw2v.training.init_vectors import InitialVectors

SMALL = {"size": 7, "epochs": 2, "threads": 1, "min_count": 2, "sample": 0}
LAYERS = {
    "negative": {},
    "nce": {"nce": True},
    "hierarchical": {"hs": True, "negative": 0, "sample": 1e-3},
    "both": {"hs": True},
    "softmax": {"softmax": True},
}


def sentences(words: str, count: int, seed: int) -> list[list[str]]:
    rng = np.random.default_rng(seed)
    return [list(rng.choice(list(words), 9)) for _ in range(count)]


OLD = sentences("abcdefgh", 60, 1)
NEW = [*sentences("cdefxyz", 60, 2), ["x", "c", "rare", "h", "y", "d", "x"]]  # h: once
STAY = ("a", "b", "g")  # in no sentence of NEW


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """Vectors of the old text, with a number that is -0.0 in each."""
    path = tmp_path_factory.mktemp("old") / "old.bin"
    vectors = fastw2v.train(OLD, **SMALL)
    vectors.matrix[:, 3] = -0.0
    vectors.save(path)
    return path


def bits(vectors, words=STAY):
    return [vectors[word].tobytes() for word in words]


@pytest.mark.parametrize(
    ("model", "layer", "more"),
    [
        ("cbow", "negative", {}),
        ("cbow", "hierarchical", {}),
        ("skipgram", "negative", {"threads": 2, "deterministic": True}),
        ("skipgram", "softmax", {}),
    ],
)
def test_words_that_are_not_in_the_text_stay_bit_for_bit(old, model, layer, more):
    before = fastw2v.load(old)
    settings = SMALL | LAYERS[layer] | more
    after = fastw2v.train(NEW, init=old, vocab_union=True, model=model, **settings)
    assert set(after.words) == set("abcdefghxyz") | {"</s>"}
    assert bits(after) == bits(before)
    for moved in "cdef" if layer == "hierarchical" else "cdefh":  # the tree may skip the one h
        assert (after[moved] != before[moved]).any()
    assert np.isfinite(after.matrix).all()


def test_old_words_are_ordered_and_counted_by_the_new_text(old, tmp_path):
    after = fastw2v.train(
        NEW, init=old, vocab_union=True, save_vocab=tmp_path / "vocab.txt", **SMALL
    )
    vocabulary = fastw2v.Vocabulary.load(tmp_path / "vocab.txt", 0)
    assert vocabulary.words == after.words
    count_of = dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True))
    tokens = list(itertools.chain.from_iterable(NEW))
    assert count_of == {word: tokens.count(word) for word in after.words} | {"</s>": len(NEW)}
    assert (np.diff(vocabulary.counts[1:]) <= 0).all()
    assert after.words[-3:] == [word for word in before_words(old) if word in STAY]


def before_words(path):
    return fastw2v.load(path).words


def test_a_given_vocabulary_keeps_its_counts_and_gets_the_old_words(old, tmp_path):
    (tmp_path / "vocab.txt").write_text("x 50\nc 40\nz 30\n")
    after = fastw2v.train(
        NEW,
        init=old,
        vocab_union=True,
        read_vocab=tmp_path / "vocab.txt",
        save_vocab=tmp_path / "union.txt",
        **SMALL,
    )
    assert set(after.words) == set("abcdefghxz") | {"</s>"}
    lines = (tmp_path / "union.txt").read_text().splitlines()
    d = sum(sentence.count("d") for sentence in NEW)
    assert {"x 50", "c 40", "z 30", f"d {d}", "a 0"} <= set(lines)


def test_max_vocab_limits_the_words_of_the_text_only(old):
    after = fastw2v.train(NEW, init=old, vocab_union=True, max_vocab=1, **SMALL)
    assert set("abcdefgh") <= set(after.words)
    assert len(set(after.words) & set("xyz")) <= 1


def test_vectors_that_are_not_finite_are_no_reason_to_keep_a_word(old):
    before = fastw2v.load(old)
    before.matrix[before.row("a"), 0] = np.nan
    after = fastw2v.train(NEW, init=before, vocab_union=True, **SMALL)
    assert "a" not in after
    assert bits(after, "bg") == bits(before, "bg")


def test_what_makes_no_sense_is_refused(old):
    with pytest.raises(SettingsError, match="init"):
        fastw2v.train(NEW, vocab_union=True, **SMALL)
    with pytest.raises(SettingsError, match=r"exact.*vocab_union"):
        fastw2v.train(NEW, init=old, vocab_union=True, exact=True, size=7)
    broken = fastw2v.WordVectors(["new\nline"], np.ones((1, 7)))
    with pytest.raises(VocabularyError, match="newline"):
        fastw2v.train(NEW, init=broken, vocab_union=True, **SMALL)


def test_resuming_gives_the_same_bytes(old, tmp_path):
    state = tmp_path / "train.state"
    text = tmp_path / "new.txt"
    text.write_text("\n".join(" ".join(each) for each in NEW) + "\n")
    more = {"init": old, "vocab_union": True}
    whole = fastw2v.train(text, **SMALL, **more)
    half = SMALL | {"epochs": 1}
    fastw2v.train(text, checkpoint=state, **half, **more)
    resumed = fastw2v.train(text, resume=state, epochs=2)
    assert resumed.words == whole.words
    assert bits(resumed) == bits(whole)
    assert np.isfinite(resumed.matrix).all()


def test_many_old_words_do_not_make_a_deep_tree():
    corpus = read_sentences(NEW, min_count=2, also=[f"old{each}" for each in range(3_000)])
    from fastw2v.model.huffman import paths_of

    paths = paths_of(corpus.vocabulary.counts, fastw2v.Settings(hs=True))
    assert np.diff(paths.start).max() < 25


def test_a_checkpoint_gives_both_matrices(tmp_path):
    settings = SMALL | {"alpha": 1e-12}
    first, second = tmp_path / "first.state", tmp_path / "second.state"
    fastw2v.train(OLD, checkpoint=first, **(settings | {"alpha": 0.1}))
    fastw2v.train(NEW, init=first, vocab_union=True, checkpoint=second, **settings)
    before, after = read_trained(first), read_trained(second)
    rows = [after.words.index(word) for word in before.words]
    np.testing.assert_allclose(after.outputs[rows], before.outputs, atol=1e-6)
    assert np.abs(before.outputs[1:]).min(axis=1).max() > 0
    stay = [before.words.index(word) for word in STAY]
    kept = [after.words.index(word) for word in STAY]
    assert after.outputs[kept].tobytes() == before.outputs[stay].tobytes()
    assert np.abs(after.outputs[after.words.index("x")]).max() < 1e-6


def test_the_tree_nodes_are_taken_if_the_tree_is_the_same(tmp_path):
    settings = SMALL | LAYERS["hierarchical"]
    first, second = tmp_path / "first.state", tmp_path / "second.state"
    fastw2v.train(OLD, checkpoint=first, **settings)
    fastw2v.train(OLD, init=first, checkpoint=second, **(settings | {"alpha": 1e-12}))
    nodes = [read_trained(path).nodes for path in (first, second)]
    np.testing.assert_allclose(*nodes, atol=1e-6)
    assert np.abs(nodes[0]).max() > 1e-3


def test_other_output_layers_are_refused(tmp_path):
    state = tmp_path / "first.state"
    fastw2v.train(OLD, checkpoint=state, **SMALL)
    for layer in ("nce", "hierarchical", "both", "softmax"):
        with pytest.raises(SettingsError, match=r"first\.state: its output vectors.*negative=5"):
            fastw2v.train(NEW, init=state, **(SMALL | LAYERS[layer]))
    with pytest.raises(SettingsError, match="7 dimensions"):
        fastw2v.train(NEW, init=state, **(SMALL | {"size": 8}))
    state.write_bytes(state.read_bytes()[:-100])
    with pytest.raises(FormatError, match=r"impossible|altered|ends"):
        fastw2v.train(NEW, init=state, **SMALL)


def test_sound_words_are_found_in_files_that_stay_on_disk(old, tmp_path):
    words, matrix = formats.load(old)
    formats.save(tmp_path / "old.npy", words, matrix)
    mapped = formats.read(tmp_path / "old.npy", mapped=True)
    assert InitialVectors(mapped.words, mapped.matrix).sound_words() == words
