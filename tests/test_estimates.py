"""What a training will need: against what was measured, and what is refused."""

import os

import numpy as np
import pytest

import fastw2v
from fastw2v import estimates
from fastw2v.epochs import EpochEnd
from fastw2v.errors import ResourceError
from fastw2v.estimates import check_disk, check_memory, needs, readable
from fastw2v.settings import Settings

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
    assert needs(5_000, 40_000, 10**6, softmax).training == pytest.approx(plain, rel=1e-3)


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


class TestMemory:
    def test_what_cannot_fit_is_refused_in_one_line(self, monkeypatch):
        monkeypatch.setattr(estimates, "free_memory", lambda: 3_250_000_000)
        with pytest.raises(ResourceError) as caught:
            check_memory(12_345_678_901)
        line = str(caught.value)
        assert "\n" not in line
        for part in ("12.3 GB", "3.2 GB", "--size", "--min-count", "--max-vocab", "--force"):
            assert part in line

    def test_what_may_fit_is_not(self, monkeypatch):
        monkeypatch.setattr(estimates, "free_memory", lambda: 3_250_000_000)
        check_memory(3_500_000_000)  # estimates are not that sharp

    def test_nothing_is_refused_where_nothing_is_known(self, monkeypatch):
        monkeypatch.setattr(estimates, "free_memory", lambda: None)
        check_memory(10**18)


class TestDisk:
    def test_one_disk_must_hold_the_sum(self, tmp_path, monkeypatch):
        monkeypatch.setattr(estimates, "_free_disk", lambda folder: 5_000_000)
        files = [(tmp_path / "v.bin", 3_000_000), (tmp_path / "v.checkpoint", 2_900_000)]
        check_disk(files[:1])
        check_disk(files[1:])
        with pytest.raises(ResourceError) as caught:
            check_disk(files)
        line = str(caught.value)
        assert line.startswith(f"{os.path.realpath(tmp_path)}: about 5.9 MB are to be written")
        assert "\n" not in line
        for part in ("5.0 MB are free", "--size", "--force"):
            assert part in line

    def test_a_real_disk(self, tmp_path):
        check_disk([(tmp_path / "v.bin", 1)])
        with pytest.raises(ResourceError, match="TB are to be written there"):
            check_disk([(tmp_path / "v.bin", 10**17)])

    def test_a_link_is_followed(self, tmp_path, monkeypatch):
        asked = []
        monkeypatch.setattr(estimates, "_free_disk", asked.append)
        (tmp_path / "other").mkdir()
        (tmp_path / "v.bin").symlink_to(tmp_path / "other" / "real.bin")
        check_disk([(tmp_path / "v.bin", 10**17)])
        assert asked == [os.path.realpath(tmp_path / "other")]

    def test_what_is_no_file_or_not_there_is_not_refused(self, tmp_path):
        check_disk([(os.devnull, 10**17), (tmp_path / "missing" / "v.bin", 10**17)])

    def test_a_disk_that_tells_nothing(self, tmp_path, monkeypatch):
        class Nothing:
            total = used = free = 0

        monkeypatch.setattr(estimates.shutil, "disk_usage", lambda folder: Nothing)
        check_disk([(tmp_path / "v.bin", 10**17)])


def test_numbers_for_people():
    told = [readable(count) for count in (999, 1_000, 1_234_567, 2 * 10**9, 3_456_789 * 10**9)]
    assert told == ["999 bytes", "1.0 KB", "1.2 MB", "2.0 GB", "3,456.8 TB"]
