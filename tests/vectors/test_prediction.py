"""Predicting a word from its context, with gensim's results on the same matrices."""

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from fastw2v.errors import FormatError, OutputError, SettingsError, UnknownWordError
from fastw2v.formats.trained import read_trained
from fastw2v.model.huffman import huffman_paths
from fastw2v.vectors.prediction import Predictor, Tree, tree_probabilities
from fastw2v.vectors.word_vectors import WordVectors

WORDS = [f"w{i}" for i in range(40)]
CONTEXT = ["w3", "w7", "w3", "unknown", "w21"]


def matrices(seed=5, words=40, size=9):
    rng = np.random.default_rng(seed)
    return [rng.normal(0, 1, (words, size)).astype(np.float32) for _ in range(2)]


def gensim_model(inputs, outputs):
    """gensim's model with these matrices."""
    models = pytest.importorskip("gensim.models")
    model = models.Word2Vec(vector_size=inputs.shape[1], min_count=1, negative=5, sg=1)
    model.build_vocab([[word] * (100 - i) for i, word in enumerate(WORDS)])
    assert model.wv.index_to_key == WORDS
    model.wv.vectors[:] = inputs
    model.syn1neg[:] = outputs
    return model


def test_the_same_as_gensim_on_the_same_matrices():
    inputs, outputs = matrices()
    model = gensim_model(inputs, outputs)
    ours = fastw2v.WordVectors(WORDS, inputs, outputs=outputs)
    for context in (CONTEXT, ["w0"], ["w39", "w1"]):
        theirs = model.predict_output_word(context, topn=40)
        found = ours.predict_output_word(context, topn=40)
        assert [word for word, _ in found] == [word for word, _ in theirs]
        np.testing.assert_allclose([p for _, p in found], [float(p) for _, p in theirs], rtol=1e-4)
    assert len(ours.predict_output_word(["w1"])) == 10
    assert ours.predict_output_word(["w1"], topn=0) == []


def test_hierarchical_softmax_multiplies_the_branches_of_the_path():
    counts = np.array([5, 30, 20, 9, 9, 4, 1])
    nodes, hidden = matrices(words=7)[0], matrices(2)[0][0]
    paths = huffman_paths(counts)
    found = tree_probabilities(hidden, Tree(nodes, paths))
    assert found.sum() == pytest.approx(1)
    for word in range(7):
        expected = 1.0
        for place in range(paths.start[word], paths.start[word + 1]):
            score = float(nodes[paths.nodes[place]].astype(np.float64) @ hidden)
            right = 1 / (1 + np.exp(-score))
            expected *= right if paths.codes[place] == 0 else 1 - right
        assert found[word] == pytest.approx(expected, rel=1e-5)


def test_batches_ties_and_untrained_words():
    inputs, outputs = matrices()
    outputs[5] = outputs[30]  # a tie
    outputs[8], outputs[9, 0] = 0, np.nan
    words = ["</s>", *WORDS[1:]]
    predictor = Predictor(words, inputs, outputs)
    contexts = [["w1", "w2"], ["w30"], ["w30", "w5", "w5"]]
    together = predictor.predict_many(contexts, 100)
    for context, found in zip(contexts, together, strict=True):
        assert [word for word, _ in found] == [w for w, _ in predictor.predict(context, 100)]
        assert sum(p for _, p in found) == pytest.approx(1)
        shown = [word for word, _ in found]
        assert set(shown) == set(words) - {"</s>", "w8", "w9"}
        assert shown.index("w30") == shown.index("w5") + 1
        assert [p for _, p in found] == sorted((p for _, p in found), reverse=True)
    assert predictor.predict("w30", 100) == predictor.predict(["w30"], 100)


def test_contexts_that_say_nothing():
    inputs, outputs = matrices()
    inputs[4, 2] = np.inf
    predictor = Predictor(WORDS, inputs, outputs)
    for context, error in (
        ([], UnknownWordError),
        (["none", "of these"], UnknownWordError),
        (["w1", "w4"], FormatError),
    ):
        with pytest.raises(error):
            predictor.predict(context)
    with pytest.raises(FormatError, match="nothing to predict"):
        Predictor(WORDS, inputs, np.zeros_like(outputs))
    with pytest.raises(FormatError, match="vectors='both'"):
        fastw2v.WordVectors(WORDS, inputs).predict_output_word(["w1"])


SENTENCES = [["red", "wine", "glass"], ["blue", "sky", "high"], ["red", "wine", "dry"]] * 40
SMALL = {"size": 8, "epochs": 30, "threads": 1, "min_count": 1, "sample": 0, "alpha": 0.1}


@pytest.mark.parametrize("name", ["v.bin", "v.npy", "v.txt.gz", "v"])
def test_both_matrices_are_written_beside_each_other(tmp_path, name):
    path, state = tmp_path / name, tmp_path / "train.state"
    trained = fastw2v.train(
        SENTENCES, vectors="both", output=path, checkpoint=state, save_every=15, **SMALL
    )
    model = read_trained(state)
    np.testing.assert_array_equal(trained.outputs, model.outputs)
    words, outputs = formats.load(formats.outputs_path(path))
    assert words == trained.words
    np.testing.assert_array_equal(outputs, model.outputs)
    beside = formats.outputs_path(formats.marked_path(path, "epoch-30"))
    np.testing.assert_array_equal(formats.load(beside)[1], model.outputs)
    expected = trained.predict_output_word(["red", "glass"])
    assert expected[0][0] == "wine"
    assert fastw2v.load(path).predict_output_word(["red", "glass"]) == expected
    assert fastw2v.load(state).predict_output_word(["red", "glass"]) == expected
    assert "</s>" not in dict(expected)


def test_a_tree_in_a_checkpoint_predicts(tmp_path):
    state = tmp_path / "train.state"
    fastw2v.train(SENTENCES, checkpoint=state, hs=True, negative=0, **SMALL)
    found = Predictor.load(state).predict(["red", "glass"], 20)
    assert found[0][0] == "wine"
    assert 0.9 < sum(p for _, p in found) <= 1


def test_what_cannot_predict_says_what_does(tmp_path):
    path = tmp_path / "v.bin"
    inputs, outputs = matrices()
    formats.save(path, WORDS, inputs)
    with pytest.raises(FormatError, match=r"v\.out\.bin: train with vectors='both'"):
        Predictor.load(path)
    formats.save(formats.outputs_path(path), WORDS[::-1], outputs)
    with pytest.raises(FormatError, match=r"v\.out\.bin: its words or dimensions"):
        Predictor.load(path)
    (tmp_path / "none.bin").write_bytes(b"")
    with pytest.raises(FormatError, match=r"none\.bin"):
        Predictor.load(tmp_path / "none.bin")


def test_both_needs_two_files_and_output_vectors(tmp_path):
    with pytest.raises(SettingsError, match="two files"):
        fastw2v.train(SENTENCES, vectors="both", output="-", **SMALL)
    with pytest.raises(SettingsError, match="hierarchical"):
        fastw2v.train(SENTENCES, vectors="both", hs=True, negative=0, **SMALL)
    with pytest.raises(SettingsError, match="stop_early"):
        fastw2v.train(
            SENTENCES, vectors="both", stop_early=1, eval_pairs=tmp_path / "pairs.tsv", **SMALL
        )
    text = tmp_path / "v.out.bin"
    text.write_text("red wine\n" * 30)
    with pytest.raises(OutputError, match=r"v\.out\.bin.*input of this command"):
        fastw2v.train(text, vectors="both", output=tmp_path / "v.bin", **SMALL)


def test_words_added_or_sorted_keep_their_output_vectors():
    random = np.random.default_rng(1)
    inputs, outputs = random.normal(size=(2, 4, 3))
    vectors = WordVectors(list("abcd"), inputs, counts=[1, 2, 3, 4], outputs=outputs)
    before = vectors.predict_output_word(["a", "b"])
    vectors.add_vectors(["new"], np.ones((1, 3)))
    assert vectors.outputs.shape == (5, 3)
    assert vectors.predict_output_word(["a", "b"]) == before
    vectors.sort_by_descending_frequency()
    assert vectors.words[:4] == list("dcba")
    assert dict(vectors.predict_output_word(["a", "b"])) == pytest.approx(dict(before))
