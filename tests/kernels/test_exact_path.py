"""The exact path: the C program's bytes, and its float64 twin where there is no C compiler."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fastw2v.settings import Settings
from fastw2v.training.options import TrainingOptions
from fastw2v.training.pipeline import run
from tests.support.kernel_cases import EXACT_LAYERS, LAYERS, small_engine
from tests.support.naive_exact import ExactTwin
from tests.support.reference import run_reference

NEGATIVE, HIERARCHICAL, BOTH = (
    {"negative": 5},
    {"negative": 0, "hs": True},
    {"negative": 5, "hs": True},
)
# model, output layers, sample, size, epochs; each on lines and on one line without an end.
# Several epochs on half of the text.
TABLE = [
    ("skipgram", NEGATIVE, 0.0, 50, 1),
    ("skipgram", NEGATIVE, 1e-4, 100, 3),
    ("skipgram", HIERARCHICAL, 0.0, 100, 1),
    ("skipgram", HIERARCHICAL, 1e-4, 50, 3),
    ("skipgram", BOTH, 0.0, 50, 1),
    ("skipgram", BOTH, 1e-4, 50, 3),
    ("skipgram", BOTH, 1e-4, 100, 1),
    ("cbow", NEGATIVE, 0.0, 100, 3),
    ("cbow", NEGATIVE, 1e-4, 50, 1),
    ("cbow", NEGATIVE, 0.0, 50, 1),
    ("cbow", HIERARCHICAL, 0.0, 50, 3),
    ("cbow", HIERARCHICAL, 1e-4, 100, 1),
    ("cbow", BOTH, 0.0, 100, 1),
    ("cbow", BOTH, 1e-4, 100, 3),
]


def train_both(reference, corpus, tmp_path, **settings):
    """Our bytes and the C program's, trained side by side."""
    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(run_reference, reference, corpus, tmp_path / "c.bin", **settings)
        run(corpus, Settings(exact=True, **settings)).vectors.save(tmp_path / "ours.bin")
        theirs.result()
    return (tmp_path / "ours.bin").read_bytes(), (tmp_path / "c.bin").read_bytes()


@pytest.mark.parametrize("text", ["wiki_slice", "wiki_slice_one_line"])
@pytest.mark.parametrize("row", TABLE, ids=str)
def test_same_bytes_as_the_c_program(request, reference, tmp_path, text, row):
    corpus = request.getfixturevalue(text)
    model, layers, sample, size, epochs = row
    if epochs > 1:
        corpus = half(corpus, tmp_path)
    settings = {"model": model, "sample": sample, "size": size, "epochs": epochs, **layers}
    ours, theirs = train_both(reference, corpus, tmp_path, **settings)
    assert len(ours) > 500_000
    assert ours == theirs


def half(corpus, folder):
    """The first half of a text, which may end within a word, without a newline."""
    (folder / "half.txt").write_bytes(corpus.read_bytes()[: corpus.stat().st_size // 2])
    return folder / "half.txt"


def test_other_settings_give_the_same_bytes(reference, wiki_slice, tmp_path):
    settings = {"window": 9, "negative": 12, "alpha": 0.07, "min_count": 20, "size": 33}
    ours, theirs = train_both(reference, wiki_slice, tmp_path, epochs=2, **settings)
    assert ours == theirs


def test_vocabulary_files_are_equal_and_interchangeable(reference, wiki_slice, tmp_path):
    theirs, ours = tmp_path / "c.txt", tmp_path / "ours.txt"
    settings = {"epochs": 1, "size": 20}
    trained = run(wiki_slice, Settings(exact=True, **settings))
    trained.vocabulary.save(ours)
    run_reference(reference, wiki_slice, None, save_vocab=theirs)
    assert ours.read_bytes() == theirs.read_bytes()

    trained.vectors.save(tmp_path / "counted.bin")
    known = run(wiki_slice, Settings(exact=True, **settings), TrainingOptions(read_vocab=theirs))
    known.vectors.save(tmp_path / "known.bin")
    assert (tmp_path / "known.bin").read_bytes() == (tmp_path / "counted.bin").read_bytes()


def test_vocabulary_of_another_text(reference, wiki_slice, wiki_words, tmp_path):
    """Counts smaller than the text's end an epoch early, as in the C program."""
    part = tmp_path / "part.txt"
    part.write_bytes(b" ".join(wiki_words[:60_000]) + b"\n")
    known = tmp_path / "known.txt"
    run_reference(reference, part, None, save_vocab=known)
    settings = {"epochs": 2, "size": 20}
    run_reference(reference, wiki_slice, tmp_path / "c.bin", read_vocab=known, **settings)
    trained = run(wiki_slice, Settings(exact=True, **settings), TrainingOptions(read_vocab=known))
    trained.vectors.save(tmp_path / "ours.bin")
    assert (tmp_path / "ours.bin").read_bytes() == (tmp_path / "c.bin").read_bytes()


@pytest.mark.parametrize("layer", EXACT_LAYERS)
@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_agrees_with_the_twin(model, layer):
    engine, trained, _, settings = small_engine(
        6, model=model, exact=True, size=9, sample=0.02, epochs=2, **LAYERS[layer]
    )
    twin = ExactTwin(engine)
    for epoch in range(settings.epochs):
        engine.start_epoch(epoch)
        engine.train()
        twin.epoch()
    pairs = [(trained.inputs, twin.inputs), (trained.outputs, twin.outputs)]
    for ours, expected in [*pairs, (trained.nodes, twin.nodes)]:
        if ours is not None:
            difference = np.abs(ours - expected)
            assert np.quantile(difference, 0.9) < 1e-4
            assert difference.max() < 2e-2
    mean, _ = engine.measure()
    assert 0.1 < mean < 20
