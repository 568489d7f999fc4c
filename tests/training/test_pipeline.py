"""The Python face: `fastw2v.train` on paths, lists of paths, and lists of tokens."""

import gc
import json
import os
import subprocess
import sys
import weakref

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import CorpusError, OutputError, SettingsError
from fastw2v.training import pipeline
from fastw2v.training.text import corpus_paths
from tests.support.commands import FOLDER

SMALL = {"size": 10, "epochs": 2, "threads": 1, "min_count": 1}


def test_a_path_and_the_same_tokens_give_the_same_vectors(tiny_corpus):
    sentences = [line.split() for line in tiny_corpus.read_text().splitlines()]
    from_file = fastw2v.train(tiny_corpus, **SMALL)
    from_lists = fastw2v.train(sentences, **SMALL)
    from_generator = fastw2v.train((sentence for sentence in sentences), **SMALL)
    assert from_file.words == from_lists.words == from_generator.words
    assert from_file.matrix.tobytes() == from_lists.matrix.tobytes()
    assert from_file.matrix.tobytes() == from_generator.matrix.tobytes()


def test_walks_on_a_graph_are_sentences_of_numbers():
    rng = np.random.default_rng(8)
    # Two groups of 15 nodes each; one step in twenty leads from one group to the other.
    walks = []
    for _ in range(1_200):
        group = np.cumsum(rng.random(14) < 0.05) % 2
        walks.append([int(node) for node in group * 100 + rng.integers(0, 15, 14)])
    vectors = fastw2v.train(walks, model="skipgram", size=16, epochs=10, sample=0.0, threads=1)
    nodes = {str(group + node) for group in (0, 100) for node in range(15)}
    assert set(vectors.words) == {"</s>"} | nodes
    nearest = [word for word, _ in vectors.similar("107", n=14)]
    assert sum(int(word) >= 100 for word in nearest if word != "</s>") >= 12


def test_the_report_comes_with_the_vectors(tiny_corpus):
    vectors = fastw2v.train([tiny_corpus, str(tiny_corpus)], **SMALL)
    assert vectors.report["settings"]["size"] == 10
    assert vectors.report["words_raw"] == 2 * 2 * len(tiny_corpus.read_text().split())
    assert vectors["the"].shape == (10,)
    assert "the" in vectors


def test_kinds_of_corpus(tiny_corpus):
    assert corpus_paths("a.txt") == ["a.txt"]
    assert corpus_paths(["a.txt", tiny_corpus]) == ["a.txt", tiny_corpus]
    assert corpus_paths([["a", "b"], ["c"]]) is None
    with pytest.raises(CorpusError, match="mixes"):
        corpus_paths(["a.txt", ["b", "c"]])
    with pytest.raises(CorpusError, match="int"):
        corpus_paths(7)


def test_wrong_settings_are_told_before_the_corpus_is_read():
    with pytest.raises(SettingsError, match="window"):
        fastw2v.train("no such file", window=0)
    with pytest.raises(SettingsError, match="tree nodes"):
        fastw2v.train("no such file", negative=0, hs=True, vectors="sum")
    with pytest.raises(TypeError, match="windows"):
        fastw2v.train("no such file", windows=3)


def test_unknown_names_of_the_package():
    with pytest.raises(AttributeError, match="nonsense"):
        _ = fastw2v.nonsense
    assert "train" in dir(fastw2v)


@pytest.mark.parametrize("which", ["in", "out", "sum", "mean"])
def test_the_matrices_are_gone_before_the_vectors_are_copied(tiny_corpus, monkeypatch, which):
    """The peak of memory is that of the training: nobody but the engine holds the matrices."""
    alive = {}
    made = pipeline.new_training

    def new_training(*arguments):
        training = made(*arguments)
        model = training.engine.read_model()
        for name in ("inputs", "outputs", "nodes"):
            alive[name] = weakref.ref(getattr(model, name).base)
        return training

    class Watched(pipeline.WordVectors):
        def __init__(self, words, matrix, **known):
            found = {name for name, matrix in alive.items() if matrix() is not None}
            assert found == {"in": {"inputs"}, "out": {"outputs"}}.get(which, set())
            super().__init__(words, matrix, **known)
            alive["copied"] = True

    monkeypatch.setattr(pipeline, "new_training", new_training)
    monkeypatch.setattr(pipeline, "WordVectors", Watched)
    gc.disable()  # what only it would find is not gone in time
    try:
        vectors = fastw2v.train(tiny_corpus, vectors=which, hs=True, **SMALL)
    finally:
        gc.enable()
    assert alive.pop("copied")
    assert vectors.matrix.base is None
    assert not any(matrix() is not None for matrix in alive.values())


def test_a_report_that_cannot_be_made_costs_nothing_else(tiny_corpus, tmp_path, monkeypatch):
    def fail(*arguments):
        raise LookupError("no package of that name")

    monkeypatch.setattr(pipeline, "make_report", fail)
    vectors = fastw2v.train(tiny_corpus, **SMALL)
    assert vectors.report is None
    assert "the" in vectors
    files = {name: tmp_path / name for name in ("output", "save_vocab", "report")}
    with pytest.raises(OutputError, match="report cannot be made: LookupError"):
        fastw2v.train(tiny_corpus, format="binary", **files, **SMALL)
    assert np.array_equal(fastw2v.load(files["output"]).matrix, vectors.matrix)
    assert files["save_vocab"].exists()
    assert not files["report"].exists()


def test_a_source_tree_without_metadata_trains(tiny_corpus, tmp_path):
    """As from a checkout on PYTHONPATH: nothing is installed of which a version could be asked.

    This one, and no copy of it, for which all would be compiled again."""
    program = (
        "import importlib.metadata, runpy, sys\n"
        "def unknown(name): raise importlib.metadata.PackageNotFoundError(name)\n"
        "for name in ('version', 'distribution', 'metadata'):\n"
        "    setattr(importlib.metadata, name, unknown)\n"
        "runpy.run_module('fastw2v', run_name='__main__')\n"
    )
    output, report = tmp_path / "v.bin", tmp_path / "report.json"
    arguments = ["train", tiny_corpus, "-o", output, "--report", report, "--size", "5"]
    environment = os.environ | {"PYTHONPATH": str(FOLDER)}
    command = [sys.executable, "-c", program, *map(str, arguments), "--epochs", "1", "-q"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert fastw2v.load(output).words[0] == "</s>"
    assert json.loads(report.read_text())["versions"]["fastw2v"] == fastw2v.__version__
