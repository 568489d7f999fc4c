"""The public names have a documentation with an example, which gives what it shows."""

import doctest
import importlib
import inspect

import numpy as np
import pytest

import fastw2v
from fastw2v.corpus.vocabulary import Vocabulary

ROOMS = ("classes", "evaluation", "mapping", "phrases")
NAMES = [name for name in fastw2v.__all__ if not name.startswith("_")]
NAMES += [
    f"{room}.{name}"
    for room in ROOMS
    for name in importlib.import_module(f"fastw2v.{room}").__all__
    if not name.isupper()
]
NAMES += ["vectors.conversion.convert", "vectors.inspection.inspect", "progress.Report"]
NAMES += ["watching.watch_page.write_page", "watching.watch_settings.WatchSettings"]


@pytest.fixture(scope="module")
def words():
    names = ["</s>", "man", "woman", "king", "queen", "river"]
    rows = [[0, 0, 0], [2, 0, 0], [2, 2, 0], [2, 0, 2], [2, 2, 2], [-1, 2, -1]]
    return fastw2v.WordVectors(names, np.array(rows, np.float32))


@pytest.fixture
def example_files(words, tmp_path, monkeypatch):
    """The current folder holds the files that examples name."""
    monkeypatch.chdir(tmp_path)
    words.save("vectors.bin")
    texts = {
        "corpus.txt": "the king of new york\nthe queen\na new york river\n",
        "text.txt": "the king\n" * 9,
        "questions.txt": ": family\nman woman king queen\nwoman man queen king\n",
        "weat.txt": ": kings\nking\n: queens\nqueen\n: men\nman\n: women\nwoman\n",
        "pairs.tsv": "king\tqueen\t9\nman\twoman\t7\nriver\tking\t1\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    Vocabulary(["</s>", "the", "king"], np.array([2, 5, 3])).save("vocab.txt")


def found(dotted: str):
    thing = fastw2v
    for name in dotted.split("."):
        thing = getattr(thing, name)
    return thing


def test_the_names_are_those_of_the_readme_and_more():
    assert {"train", "load", "WordVectors", "evaluation.analogies", "mapping.draw_map"} <= {*NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_example_gives_what_it_shows(name, words, example_files):
    text = inspect.getdoc(found(name)) or ""
    own = vars(inspect.getmodule(found(name)))
    shown = {"fastw2v": fastw2v, "np": np, "vectors": words, "Report": fastw2v.progress.Report}
    example = doctest.DocTestParser().get_doctest(text, own | shown, name, None, 0)
    assert example.examples, f"{name} has no example"
    said = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE, verbose=False)
    runner.run(example, out=said.append)
    assert said == []
