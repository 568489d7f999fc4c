"""More threads than computers have, and than texts are long enough for."""

import numpy as np
import pytest

import fastw2v
from fastw2v.corpus import read_sentences
from fastw2v.engines.cpu import CpuEngine
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings
from fastw2v.system import cores
from fastw2v.training import pipeline
from fastw2v.training.options import TrainingOptions
from tests.support.commands import MAX_MEMORY_MIB, run_measured

SMALL = {"size": 4, "epochs": 1, "min_count": 1, "sample": 0.0}


def text(words: int) -> list[list[str]]:
    rng = np.random.default_rng(6)
    return rng.choice([f"w{number}" for number in range(9)], (words // 10, 10)).tolist()


def test_over_two_thousand_threads_end():
    """Rounds are of 2,000 words of all shards at first: less than one of each."""
    trained = fastw2v.train(text(252_000), threads=2_500, deterministic=True, **SMALL)
    assert trained.report["settings"]["threads"] == 2_500
    assert np.isfinite(trained.matrix).all()


@pytest.mark.parametrize("deterministic", [True, False])
def test_shards_without_words_end(deterministic):
    settings = Settings(threads=50, deterministic=deterministic, replicas=50, **SMALL)
    corpus = read_sentences(text(30), min_count=1)
    engine = CpuEngine(corpus, new_model(len(corpus.vocabulary), settings), settings)
    engine.train()
    assert engine.epoch_ended()
    assert np.isfinite(engine.read_model().inputs).all()


@pytest.mark.parametrize("options", [{"deterministic": True}, {"replicas": 7}, {}])
def test_short_texts_are_trained_by_fewer_threads(options, monkeypatch):
    """Or their words have no neighbours left to be trained with."""
    monkeypatch.setattr(cores, "usable_cores", lambda: 4_000)
    settings = Settings(threads=3_000, **options, **SMALL)
    prepared = pipeline.prepare(text(900), settings, TrainingOptions())
    assert prepared.settings.threads == 9
    assert prepared.train().result.ledgers[0].trained > 800


def test_readers_are_no_more_than_cores(tmp_path):
    """Each takes 4 MB, before anybody has looked whether there is enough."""
    path = tmp_path / "text.txt"
    path.write_text("\n".join(" ".join(line) for line in text(2_000)))
    command = ("train", path, "-o", tmp_path / "v.txt", "--size", 4, "--deterministic")
    done, peak = run_measured(*command, "--threads", 400, timeout=120)
    assert done.returncode == 0, done.stderr
    assert peak < MAX_MEMORY_MIB
