"""Names of gensim, fastText and the C program in calls of `fastw2v.train`."""

import inspect

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import ArgumentError, CorpusError, SettingsError
from fastw2v.settings import PARAMETERS
from fastw2v.training.names import KNOWN, OtherNames, resolved

OWN = [
    each.name
    for each in inspect.signature(fastw2v.train).parameters.values()
    if each.kind is not each.VAR_KEYWORD
]
SENTENCES = [["river", "stone", "cloud", "lamp"]] * 50
SMALL = {"vector_size": 4, "workers": 1, "min_count": 1}


def meant(**given):
    return resolved(given, OWN)[0]


def test_every_alias_of_the_settings_is_known():
    aliases = {alias for each in PARAMETERS.values() for alias in each.aliases}
    assert {"vector-size", "dim", "iter", "workers", "lr"} <= aliases
    assert {each.replace("-", "_") for each in aliases} <= KNOWN
    gensim = {each.gensim for each in PARAMETERS.values() if each.gensim}
    assert gensim <= KNOWN | {*OWN}


@pytest.mark.parametrize("method", ["__init__", "train"])
def test_every_argument_of_gensim_is_known_and_its_default_accepted(method):
    with pytest.MonkeyPatch.context():
        word2vec = pytest.importorskip("gensim.models").Word2Vec
    parameters = inspect.signature(getattr(word2vec, method)).parameters.values()
    given = {
        each.name: each.default
        for each in parameters
        if each.default is not each.empty and each.name not in ("start_alpha", "end_alpha")
    }
    assert len(given) > 8
    assert given.keys() <= KNOWN | {*OWN}
    assert meant(**given).keys() <= {*OWN}


def test_type_checkers_know_the_same_names():
    assert OtherNames.__annotations__.keys() == KNOWN - {*OWN}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"vector_size": 7}, {"size": 7}),
        ({"dim": 7, "ws": 3, "neg": 2, "minCount": 4, "t": 0.1, "epoch": 2, "thread": 1},
         {"size": 7, "window": 3, "negative": 2, "min_count": 4, "sample": 0.1, "epochs": 2,
          "threads": 1}),
        ({"sg": 1}, {"model": "skipgram"}),
        ({"sg": False}, {"model": "cbow"}),
        ({"cbow": 0}, {"model": "skipgram"}),
        ({"hs": 1}, {"hs": True}),
        ({"hs": np.int64(0)}, {"hs": False}),
        ({"loss": "hs"}, {"hs": True, "negative": 0}),
        ({"loss": "softmax"}, {"softmax": True}),
        ({"loss": "ns"}, {}),
        ({"workers": 2, "iter": 3}, {"threads": 2, "epochs": 3}),
        ({"ns_exponent": 0.5}, {"noise_exponent": 0.5}),
        ({"shrink_windows": False}, {"window_mode": "fixed"}),
        ({"max_final_vocab": None}, {"max_vocab": None}),
        ({"lr": 0.1, "min_alpha": 0.001}, {"alpha": 0.1, "min_alpha": 0.001}),
        ({"start_alpha": 0.1, "end_alpha": 0.001}, {"alpha": 0.1, "min_alpha": 0.001}),
        ({"sentences": SENTENCES}, {"corpus": SENTENCES}),
        ({"sentences": None, "corpus_file": "a.txt"}, {"corpus": "a.txt"}),
        ({"corpus_iterable": SENTENCES}, {"corpus": SENTENCES}),
        ({"cbow_mean": 0, "sg": 1}, {"model": "skipgram"}),  # gensim ignores it, too
        ({"cbow_mean": True, "null_word": 0, "sorted_vocab": 1, "callbacks": [], "trim_rule": None,
          "max_vocab_size": None, "hashfxn": hash, "batch_words": 3, "compute_loss": True,
          "comment": "x"}, {}),
    ],
    ids=lambda given: ",".join(given),
)  # fmt: skip
def test_meanings(given, wanted):
    assert meant(**given) == wanted


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"windows": 3}, "train has no argument 'windows'; did you mean window"),
        ({"vectorsize": 3}, "did you mean vector_size"),
        ({"minCounts": 3}, "did you mean min"),
        ({"Epochs": 3}, "did you mean epochs"),
        ({"zzzz": 3}, "help\\(fastw2v.train\\) lists all"),
        ({"size": 3, "vector_size": 4}, "size and vector_size set the same argument, size"),
        ({"sg": 0, "model": "cbow"}, "sg and model set the same"),
        ({"sentences": [], "corpus_file": "x"}, "sentences and corpus_file set the same"),
    ],
    ids=str,
)
def test_wrong_names(given, part):
    with pytest.raises(ArgumentError, match=part) as caught:
        meant(**given)
    assert isinstance(caught.value, (SettingsError, TypeError))


@pytest.mark.parametrize(
    ("given", "part"),
    [
        ({"cbow_mean": 0}, "cbow_mean=0 is not available: .* mean"),
        ({"max_vocab_size": 1000}, "max_vocab_size=1000 is not available: .* max_vocab"),
        ({"trim_rule": len}, "trim_rule=<.*read_vocab"),
        ({"callbacks": [print]}, "epoch_end"),
        ({"null_word": 1}, "null_word=1"),
        ({"sorted_vocab": 0}, "sorted by count"),
        ({"update": True}, "init"),
        ({"minn": 3}, "n-grams"),
        ({"sg": 2}, "sg is 2; it must be 0 or 1"),
        ({"sg": "1"}, "sg is '1'"),
        ({"hs": 0.0}, "hs is 0.0"),
        ({"shrink_windows": None}, "shrink_windows is None"),
        ({"loss": "one-vs-all"}, "ns, hs or softmax"),
    ],
    ids=str,
)
def test_values_without_a_meaning_here(given, part):
    with pytest.raises(SettingsError, match=part):
        meant(**given)


def test_the_first_line_of_a_user_of_gensim():
    vectors = fastw2v.train(sentences=SENTENCES, sg=1, hs=1, negative=0, **SMALL)
    assert vectors.matrix.shape == (5, 4)
    settings = vectors.report["settings"]
    assert (settings["model"], settings["hs"], settings["negative"]) == ("skipgram", True, 0)
    assert settings["threads"] == 1
    same = fastw2v.train(
        SENTENCES, size=4, threads=1, min_count=1, model="skipgram", hs=True, negative=0
    )
    assert vectors.matrix.tobytes() == same.matrix.tobytes()


def test_messages_use_the_name_that_was_given():
    with pytest.raises(SettingsError, match=r"^vector_size is 0; "):
        fastw2v.train(SENTENCES, vector_size=0)
    with pytest.raises(SettingsError, match=r"^size is 0; "):
        fastw2v.train(SENTENCES, size=0)
    with pytest.raises(SettingsError, match=r"set workers=1, or drop exact"):
        fastw2v.train(SENTENCES, exact=True, workers=3)


@pytest.mark.parametrize(
    ("arguments", "named", "part"),
    [
        ((), {}, "no corpus: give a file"),
        ((None,), {}, "no corpus"),
        ((), {"sentences": None}, "no corpus"),
        ((SENTENCES, "skipgram"), {}, "only the corpus is given without a name"),
        ((SENTENCES, None, 100), {}, "size=100"),
        (("a.txt", "b.txt"), {}, "several files are one list"),
        ((SENTENCES,), {"corpus": SENTENCES}, "given twice: without a name and as corpus"),
        ((SENTENCES,), {"sentences": SENTENCES}, "without a name and as sentences"),
    ],
    ids=["nothing", "None", "named None", "two", "three", "files", "corpus", "sentences"],
)
def test_arguments_in_the_wrong_place(arguments, named, part):
    with pytest.raises(ArgumentError, match=part):
        fastw2v.train(*arguments, **named)


def test_numbers_of_numpy_are_numbers():
    vectors = fastw2v.train(
        SENTENCES,
        size=np.int64(4),
        sample=np.float32(0.5),
        min_count=np.array([1])[0],
        threads=1,
        deterministic=np.True_,
    )
    assert type(vectors.report["settings"]["size"]) is int
    assert vectors.report["settings"]["deterministic"] is True
    with pytest.raises(SettingsError, match=r"size is 4\.5"):
        fastw2v.train(SENTENCES, size=np.float64(4.5))
    with pytest.raises(CorpusError, match="give a path"):
        fastw2v.train(np.int64(4))
