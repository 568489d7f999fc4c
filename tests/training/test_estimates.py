"""What a training will need, against what was measured."""

import numpy as np
import pytest

import fastw2v
from fastw2v.settings import Settings
from fastw2v.training import estimates
from fastw2v.training.epoch_end import EpochEnd
from fastw2v.training.estimates import needs

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
    for which in ("out", "sum", "mean"):
        more = needs(5_000, 40_000, 10**6, Settings(threads=1), vectors=which).training
        assert more - plain >= 4 * 5_000 * 100
    softmax = Settings(threads=1, softmax=True)
    assert needs(5_000, 40_000, 10**6, softmax).training == pytest.approx(plain, rel=2e-3)


def test_looking_at_epochs_ends_takes_copies():
    matrix = 4 * 5_000 * 100

    def more(end, vectors="in", size=100):
        common = (5_000, 40_000, 10**6, Settings(threads=1, size=size))
        before = needs(*common, vectors=vectors).training
        return needs(*common, vectors=vectors, end=end).training - before

    assert more(EpochEnd(pairs=["p"])) == more(EpochEnd(save_as="v", save_every=2)) == matrix
    assert more(EpochEnd(pairs=["p"], stop_early=1)) == 2 * matrix
    assert more(EpochEnd(pairs=["p"]), vectors="sum") == 0
    assert more(EpochEnd(pairs=["p"]), size=112) == 0, "no padding, no copy"


def test_files_of_each_epoch_are_told():
    def told(**more):
        end = EpochEnd(save_as="v.bin", **more)
        return needs(5_000, 40_000, 10**6, Settings(epochs=7), end=end).output

    assert told(save_every=2) == 4 * told()
    assert told(save_every=2, stop_early=1, pairs=["p"]) == told()


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
        end=EpochEnd(save_as=name),
    ).output
    # Of a compressed file only what it takes at the least.
    assert told == pytest.approx(size, rel=0.05) or (name.endswith(".gz") and told < size)


def test_checkpoints_need_room_for_two_at_first(tmp_path):
    settings = Settings(size=30, hs=True, threads=1)
    assert needs(1_000, 5_000, 10**5, settings).checkpoint == 0
    told = needs(1_000, 5_000, 10**5, settings, checkpoint=True)
    assert told.checkpoint == pytest.approx(3 * 4 * 32 * 1_000, rel=0.1)
    output, checkpoint = tmp_path / "v.bin", tmp_path / "v.checkpoint"
    files = [(str(output), told.output), (str(checkpoint), 2 * told.checkpoint)]
    assert told.files(output, checkpoint) == files
    checkpoint.write_bytes(b"")
    assert told.files(output, checkpoint)[1] == (str(checkpoint), told.checkpoint)
    assert told.files(output) == files[:1]


def test_deterministic_threads_have_rows_of_their_own():
    def memory(**more):
        return needs(90_000, 5_000, 10**5, Settings(size=100, threads=2, **more)).training

    rows = 2 * 2 * (4 * 90_000)  # where the own rows are, for two threads and two matrices
    extra = memory(deterministic=True) - memory()
    assert rows < extra < rows + 2 * 7 * 3_000 * 500
    assert memory(deterministic=True, hs=True) - memory(hs=True) > extra + 2 * 90_000 * 448
