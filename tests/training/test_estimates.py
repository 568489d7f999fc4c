"""What a training will need, against what was measured."""

import numpy as np
import pytest

import fastw2v
from fastw2v.engines.replica_plan import COPIED_ROWS
from fastw2v.settings import Settings
from fastw2v.training import estimates
from fastw2v.training.estimates import needs
from fastw2v.training.options import TrainingOptions

MEASURED = [  # megabytes, by benchmarks/notebook/memory.py: words, ids, settings
    (399, 20_000, 50_000_000, {}),
    (1283, 1_000_000, 10_500_000, {}),
    (649, 400_001, 4_200_000, {}),
    (672, 400_001, 4_200_000, {"negative": 0, "hs": True}),
    (389, 400_001, 4_200_000, {"hs": True, "size": 16}),
    (334, 400_001, 4_200_000, {"size": 16}),
    (172, 41, 2_100, {}),
]


@pytest.mark.parametrize(("measured", "words", "ids", "settings"), MEASURED)
def test_memory_is_told_within_a_tenth(measured, words, ids, settings):
    told = needs(words, 6 * words, ids, Settings(threads=2, **settings))
    assert told.memory == pytest.approx(measured * 1e6, rel=0.1)
    assert 0 < told.training < told.memory - 4 * ids


def test_every_setting_that_takes_memory_is_counted():
    plain = needs(5_000, 40_000, 10**6, Settings(threads=1)).training
    for settings in ({"size": 117}, {"hs": True}, {"threads": 2}, {"window": 100, "negative": 90}):
        assert needs(5_000, 40_000, 10**6, Settings(**{"threads": 1} | settings)).training > plain
    for which in ("sum", "mean"):
        options = TrainingOptions(vectors=which)
        more = needs(5_000, 40_000, 10**6, Settings(threads=1), options).training
        assert more - plain >= 4 * 5_000 * 100
    softmax = Settings(threads=1, softmax=True)
    assert needs(5_000, 40_000, 10**6, softmax).training == pytest.approx(plain, rel=2e-3)


def test_looking_at_epochs_ends_takes_copies():
    matrix = 4 * 5_000 * 100

    def more(vectors="in", size=100, **options):
        common = (5_000, 40_000, 10**6, Settings(threads=1, size=size))
        before = needs(*common, TrainingOptions(vectors=vectors)).training
        return needs(*common, TrainingOptions(vectors=vectors, **options)).training - before

    assert more(eval_pairs=["p"]) == more(output="v", save_every=2) == matrix
    assert more(eval_pairs=["p"], stop_early=1) == 2 * matrix
    assert more(eval_pairs=["p"], vectors="out") == matrix
    assert more(eval_pairs=["p"], vectors="sum") == 0
    assert more(eval_pairs=["p"], size=112) == 0, "no padding, no copy"


def test_files_of_each_epoch_are_told():
    def told(**more):
        options = TrainingOptions(output="v.bin", **more)
        return needs(5_000, 40_000, 10**6, Settings(epochs=7), options).output

    assert told(save_every=2) == 4 * told()
    assert told(save_every=2, stop_early=1, eval_pairs=["p"]) == told()


def test_ids_in_a_file_take_no_memory():
    limit = estimates.MEMORY_LIMIT // 4
    settings = Settings(threads=1)
    below, above = (needs(100, 600, ids, settings) for ids in (limit, 3 * limit))
    assert below.memory - above.memory == 4 * limit


@pytest.mark.parametrize("name", ["v.bin", "v.npy", "v.txt", "v.bin.gz", "v.txt.gz", "v.tsv"])
def test_files_are_told(tmp_path, name):
    words = [f"word{number}" for number in range(3_000)]
    numbers = np.random.default_rng(3).normal(0, 0.2, (3_000, 51)).astype(np.float32)
    fastw2v.WordVectors(words, numbers).save(tmp_path / name)
    size = sum(path.stat().st_size for path in tmp_path.iterdir())
    told = needs(
        3_000,
        sum(map(len, words)),
        10**5,
        Settings(size=51),
        TrainingOptions(output=name),
    ).output
    # Of a compressed file only what it takes at the least.
    assert told == pytest.approx(size, rel=0.05) or (name.endswith(".gz") and told < size)


def test_checkpoints_need_space_for_two_at_first(tmp_path):
    settings = Settings(size=30, hs=True, threads=1)
    output, checkpoint = tmp_path / "v.bin", tmp_path / "v.checkpoint"
    plain = TrainingOptions(output=output)
    assert needs(1_000, 5_000, 10**5, settings, plain).checkpoint == 0
    saved = TrainingOptions(output=output, checkpoint=checkpoint)
    found = needs(1_000, 5_000, 10**5, settings, saved)
    assert found.checkpoint == pytest.approx(3 * 4 * 32 * 1_000, rel=0.1)
    files = [(str(output), found.output), (str(checkpoint), 2 * found.checkpoint)]
    assert found.files(saved) == files
    checkpoint.write_bytes(b"")
    assert found.files(saved)[1] == (str(checkpoint), found.checkpoint)
    assert found.files(plain) == files[:1]
    assert found.files(TrainingOptions()) == []


def test_deterministic_threads_have_copies_of_all_rows():
    def memory(**more):
        return needs(90_000, 5_000, 10**5, Settings(size=100, threads=2, **more)).training

    matrix = 90_000 * 112 * 4
    assert memory(deterministic=True) - memory() == pytest.approx(2 * 2 * matrix, rel=0.01)
    with_nodes = memory(deterministic=True, hs=True) - memory(hs=True)
    assert with_nodes == pytest.approx(2 * 3 * matrix, rel=0.01)


def test_threads_on_a_large_text_have_copies_of_some_rows():
    def memory(**more):
        return needs(90_000, 5_000, 10**7, Settings(size=100, threads=2, **more)).training

    copies = memory() - memory(replicas=1)
    assert copies == pytest.approx(2 * 2 * COPIED_ROWS * 112 * 4, rel=0.01)
