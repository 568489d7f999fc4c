"""Every public name of gensim's KeyedVectors: the same result here, or left out for a reason."""

import warnings

import numpy as np
import pytest

from fastw2v.docs.pages import FOLDER
from fastw2v.errors import FastW2VError
from fastw2v.vectors.gensim_names import AVAILABLE, LEFT_OUT
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.gensim_cases import gensim_class, in_gensim, same, some_vectors

# gensim calls what it calls deprecated, and warns where one word is added.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Call to deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Adding single vectors:UserWarning"),
]

VECTOR = np.arange(17, dtype=np.float32) - 7
NEW = np.random.default_rng(1).normal(size=(3, 17)).astype(np.float32)
SOME = ["New", "naïve", "word7", "word8"]


def changed(act):
    """A comparison of all content after ``act``, which changes the vectors."""

    def all_of(v):
        act(v)
        getattr(v, "allocate_vecattrs", list)()  # in gensim only this lets attributes grow
        v.fill_norms(force=True)
        attributes = {name: each.tolist() for name, each in v.expandos.items()}
        return [list(v.index_to_key), v.vectors, v.norms, attributes, dict(v.key_to_index)]

    return all_of


COMPARED = {
    "add_vector": [changed(lambda v: v.add_vector("novum", NEW[0]))],
    "add_vectors": [
        changed(lambda v: v.add_vectors(["novum", "New", "bonum"], NEW)),
        changed(lambda v: v.add_vectors(["novum", "New", "bonum"], list(NEW), replace=True)),
        changed(lambda v: v.add_vectors("novum", NEW[0])),
        changed(lambda v: v.add_vectors([], np.empty((0, 17), np.float32))),
        changed(lambda v: v.__setitem__("New", NEW[1])),
        changed(lambda v: v.__setitem__(["New", "novum"], NEW[:2])),
    ],
    "closer_than": [lambda v: v.closer_than("New", "word9"), lambda v: v.closer_than("New", "New")],
    "cosine_similarities": [lambda v: v.cosine_similarities(VECTOR, NEW)],
    "distance": [lambda v: v.distance("New", "word7"), lambda v: v.distance("New", "New")],
    "distances": [
        lambda v: v.distances("New"),
        lambda v: v.distances(VECTOR),
        lambda v: v.distances(VECTOR, ["word7", "New", "word7"]),
        lambda v: v.distances("New", ("word7", "New")),
    ],
    "doesnt_match": [lambda v: v.doesnt_match([*SOME, "missing"])],
    "expandos": [lambda v: list(v.expandos), lambda v: v.expandos["count"]],
    "fill_norms": [lambda v: v.fill_norms(), lambda v: v.fill_norms(force=True)],
    "get_index": [
        lambda v: v.get_index("New"),
        lambda v: v.get_index("missing", 7),
        lambda v: v.get_index("New", -1),
    ],
    "get_mean_vector": [
        lambda v: v.get_mean_vector(SOME),
        lambda v: v.get_mean_vector([*SOME, "missing", VECTOR], weights=[1, -2, 0.5, 0, 9, 0.1]),
        lambda v: v.get_mean_vector(SOME, np.arange(4) - 1, pre_normalize=False),
        lambda v: v.get_mean_vector(SOME, pre_normalize=False, post_normalize=True),
        lambda v: v.get_mean_vector(["missing"]),
        lambda v: v.get_mean_vector(["missing"], post_normalize=True),
        lambda v: v.get_mean_vector(NEW),
    ],
    "get_normed_vectors": [lambda v: v.get_normed_vectors()],
    "get_vecattr": [lambda v: v.get_vecattr("New", "count")],
    "get_vector": [lambda v: v.get_vector("New"), lambda v: v.get_vector("New", norm=True)],
    "has_index_for": [lambda v: [v.has_index_for(key) for key in ("New", "missing", "")]],
    "index_to_key": [lambda v: v.index_to_key],
    "init_sims": [changed(lambda v: v.init_sims()), changed(lambda v: v.init_sims(replace=True))],
    "key_to_index": [lambda v: v.key_to_index],
    "most_similar_to_given": [
        lambda v: v.most_similar_to_given("New", ["word7", "word9", "word8"]),
        lambda v: v.most_similar_to_given("New", ["word7", "New"]),
    ],
    "n_similarity": [
        lambda v: v.n_similarity(SOME, ["word9", "New"]),
        lambda v: v.n_similarity([*SOME, "missing"], ["word9"]),
        lambda v: v.n_similarity(SOME, ["missing"]),
    ],
    "norms": [lambda v: (v.fill_norms(), v.norms)[1]],
    "rank": [lambda v: v.rank("New", "word9"), lambda v: v.rank("New", "New")],
    "rank_by_centrality": [
        lambda v: v.rank_by_centrality([*SOME, "missing"]),
        lambda v: v.rank_by_centrality(SOME, use_norm=False),
    ],
    "relative_cosine_similarity": [
        lambda v: v.relative_cosine_similarity("New", "word9"),
        lambda v: v.relative_cosine_similarity("New", "word9", topn=3),
    ],
    "set_vecattr": [
        changed(lambda v: v.set_vecattr("New", "count", 99)),
        changed(lambda v: (v.set_vecattr("New", "x", 0.5), v.set_vecattr("word7", "x", 2.5))),
        changed(lambda v: (v.set_vecattr("New", "x", 5), v.set_vecattr("word7", "x", 7))),
        changed(lambda v: (v.set_vecattr("New", "x", "a"), v.set_vecattr("word7", "x", "bcd"))),
    ],
    "similar_by_key": [lambda v: v.similar_by_key("New", 4, 100)],
    "similar_by_vector": [lambda v: v.similar_by_vector(VECTOR, 4, 100)],
    "similar_by_word": [lambda v: v.similar_by_word("New", topn=None)],
    "similarity": [lambda v: v.similarity("New", "word7"), lambda v: v.similarity("New", "New")],
    "sort_by_descending_frequency": [changed(lambda v: v.sort_by_descending_frequency())],
    "unit_normalize_all": [changed(lambda v: v.unit_normalize_all())],
    "vector_size": [lambda v: v.vector_size],
    "vectors": [lambda v: v.vectors],
    "vectors_for_all": [
        lambda v: changed(lambda some: None)(v.vectors_for_all(SOME[::-1], copy_vecattrs=True)),
        lambda v: v.vectors_for_all(["New", "missing", "word7", "New"]).index_to_key,
        lambda v: list(v.vectors_for_all(iter(["New", "word7"])).vectors),
    ],
    "word_vec": [lambda v: v.word_vec("New"), lambda v: v.word_vec("New", norm=True)],
    "words_closer_than": [lambda v: v.words_closer_than("New", "word9")],
}
"""Calls whose results, of the same vectors, must be the same in both."""

ELSEWHERE = {
    "evaluate_word_analogies": "evaluation/test_gensim_methods.py",
    "evaluate_word_pairs": "evaluation/test_gensim_methods.py",
    "load": "vectors/test_counts.py",
    "load_word2vec_format": "vectors/test_gensim_files.py",
    "most_similar": "vectors/test_gensim_search.py",
    "most_similar_cosmul": "vectors/test_gensim_search.py",
    "save": "vectors/test_counts.py",
    "save_word2vec_format": "vectors/test_gensim_files.py",
    "wmdistance": "vectors/test_movers_distance.py",
}
"""Names that are compared in other files of tests."""


def test_every_public_name_of_gensim_is_decided():
    known = gensim_class()
    names = {name for name in (*dir(known), *vars(known(2))) if not name.startswith("_")}
    assert names == set(AVAILABLE) | set(LEFT_OUT), "decide the name in gensim_names.py"
    assert not set(AVAILABLE) & set(LEFT_OUT)


def test_every_available_name_is_compared(request):
    assert set(AVAILABLE) == set(COMPARED) | set(ELSEWHERE)
    folder = request.path.parents[1]
    for name, file in ELSEWHERE.items():
        assert f".{name}(" in (folder / file).read_text("utf-8"), (name, file)


@pytest.mark.parametrize("name", COMPARED)
def test_same_results(name):
    for ask in COMPARED[name]:
        ours = some_vectors()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # gensim's, of the mean of nothing
            expected = ask(in_gensim(ours))
        same(ask(ours), expected)


@pytest.mark.parametrize("name", LEFT_OUT)
def test_a_name_that_is_left_out_says_what_to_use(name):
    vectors = WordVectors(["a"], [[1]])
    assert not hasattr(vectors, name)
    with pytest.raises(AttributeError) as caught:
        getattr(vectors, name)
    assert LEFT_OUT[name] in str(caught.value)
    assert len(LEFT_OUT[name]) > 20


def test_the_page_has_every_name():
    page = (FOLDER / "coming-from-gensim.md").read_text("utf-8")
    for name in (*AVAILABLE, *LEFT_OUT):
        assert f"| `{name}` |" in page


@pytest.mark.parametrize(
    "ask",
    [
        lambda v: v["missing"],
        lambda v: v.get_vector("missing"),
        lambda v: v.get_index("missing"),
        lambda v: v.get_mean_vector(["New", "missing"], ignore_missing=False),
        lambda v: v.get_vecattr("missing", "count"),
        lambda v: v.get_vecattr("New", "year"),
        lambda v: v.set_vecattr("missing", "count", 3),
        lambda v: v.closer_than("New", "missing"),
        lambda v: v.rank("missing", "New"),
        lambda v: v.most_similar_to_given("New", ["missing"]),
        lambda v: v.similarity("New", "missing"),
        lambda v: v.distances("New", ["missing"]),
        lambda v: v.relative_cosine_similarity("New", "missing"),
        lambda v: v.similar_by_key("missing"),
    ],
)
def test_unknown_words_are_key_errors_in_both(ask):
    ours = some_vectors()
    for vectors in (ours, in_gensim(ours)):
        with pytest.raises(KeyError):
            ask(vectors)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda v: v.doesnt_match("New naïve"), r"words is 'New naïve'; .*text.split\(\)"),
        (lambda v: v.n_similarity("New", ["New"]), "ws1 is 'New'; give a list of words"),
        (lambda v: v.get_mean_vector("New"), "keys is 'New'; give a list of words"),
        (lambda v: v.get_mean_vector([]), "keys is empty"),
        (lambda v: v.get_mean_vector(["New"], [1, 2]), r"weights has the shape \(2,\)"),
        (lambda v: v.wmdistance("New", ["New"]), "document1 is 'New'"),
        (lambda v: v.most_similar_to_given("New", []), "list of keys is empty"),
        (lambda v: v.distances("New", "word7"), "other_words is 'word7'"),
        (lambda v: v.relative_cosine_similarity("New", "word7", 0), "no neighbours"),
        (lambda v: v.most_similar("New", restrict_vocab="word7"), "restrict_vocab is 'word7'"),
        (lambda v: v.most_similar("New", restrict_vocab=2.5), "restrict_vocab is 2.5"),
        (lambda v: v.doesnt_match(["missing"]), "none of the words"),
        (lambda v: v.set_vecattr("New", "count", 2.5), "count has values of type int64"),
        (lambda v: v.add_vectors(["x"], np.ones(16)), r"the shape \(16,\); it must be \(1, 17\)"),
        (lambda v: v.add_vectors(["x", "y"], NEW), r"it must be \(2, 17\)"),
        (lambda v: v.add_vectors(["x"], [["a"] * 17]), "weights are no numbers"),
        (lambda v: v.add_vectors([2.5], NEW[:1]), "2.5 is not a word"),
        (lambda v: v.add_vector("New", NEW[0]), r"use vectors\['New'\] = "),
        (lambda v: v.cosine_similarities(VECTOR, NEW[:, :3]), "vectors_all has the shape"),
    ],
)
def test_faults_are_named(ask, message):
    vectors = some_vectors()
    before = vectors.words, vectors.matrix.copy(), vectors.counts.copy()
    with pytest.raises(FastW2VError, match=message):
        ask(vectors)
    assert vectors.words == before[0]
    assert np.array_equal(vectors.matrix, before[1])
    assert np.array_equal(vectors.counts, before[2])
