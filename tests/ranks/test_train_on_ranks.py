"""``fastw2v train --ranks`` under mpirun."""

import json

import numpy as np
import pytest

from fastw2v import WordVectors
from tests.support.commands import run_process
from tests.support.rank_jobs import lines_of_ours, run_job

WORDS = ["the", "cat", "dog", "sat", "ran", "on", "mat", "hill", "and", "then", "ate", "old"]
OPTIONS = ["--ranks", "--threads", "1", "--size", "8", "--epochs", "2", "--min-count", "1"]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    rng = np.random.default_rng(5)
    path = tmp_path_factory.mktemp("text") / "text.txt"
    lines = [" ".join(rng.choice(WORDS, 9)) for _ in range(1_500)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def trained(text):
    """(folder, completed process): a training on two ranks with all outputs."""
    folder = text.parent
    done = run_job(
        2, "train", text, "-o", "v.bin", *OPTIONS, "--report", "r.json", "--save-vocab", "w.txt",
        "--checkpoint", "c.state", timeout=200, cwd=folder,
    )  # fmt: skip
    return folder, done


def test_rank_0_alone_speaks_and_writes(trained):
    folder, done = trained
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    lines = lines_of_ours(done.stderr)
    assert sum("2 ranks of 1 thread exchange" in line for line in lines) == 1
    assert sum("words read =" in line for line in lines) == 1
    names = {path.name for path in folder.iterdir()}
    assert names == {"text.txt", "v.bin", "r.json", "w.txt", "c.state"}
    assert set(WordVectors.load(folder / "v.bin").words) >= set(WORDS)


def test_the_report_is_of_all_ranks(trained):
    folder, _ = trained
    report = json.loads((folder / "r.json").read_text("utf-8"))
    assert report["ranks"] == 2
    assert report["words_read"] == 2 * 9 * 1_500
    assert sum(report["words_kept_by_rank"]) == report["words_kept"]
    assert min(report["words_kept_by_rank"]) > 0.4 * report["words_kept"]
    assert min(report["bytes_sent"]) > 1_000
    assert min(report["exchange_seconds"]) > 0
    assert report["exchanges"] > 5
    for ledger in report["ledger"]:
        gone = sum(number for name, number in ledger.items() if name != "read")
        assert ledger["read"] == gone == 9 * 1_500


def test_twice_the_same_bytes(trained, tmp_path):
    folder, _ = trained
    done = run_job(2, "train", folder / "text.txt", "-o", "v.bin", *OPTIONS, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "v.bin").read_bytes() == (folder / "v.bin").read_bytes()


def test_a_checkpoint_of_two_ranks_is_refused_by_one_process(trained):
    folder, _ = trained
    done = run_process("train", "--resume", folder / "c.state", "-o", folder / "other.bin")
    assert done.returncode == 1
    assert "was trained on 2 ranks, not on 1: resume with mpirun -n 2" in done.stderr.decode()
    assert not (folder / "other.bin").exists()


def test_what_ranks_cannot_do_is_said_once(trained):
    folder, _ = trained
    done = run_job(2, "train", "-", "-o", "no.bin", *OPTIONS, cwd=folder)
    assert done.returncode == 1
    (line,) = lines_of_ours(done.stderr)
    assert line.startswith("Error: -: each rank reads the text by itself")
    assert not (folder / "no.bin").exists()
