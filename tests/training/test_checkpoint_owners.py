"""Checkpoints of which another training, or another program, is in the play."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

import fastw2v
from fastw2v.engines import factory
from fastw2v.errors import CheckpointError, CorpusError
from fastw2v.io import array_file
from fastw2v.jit.simd.width import PORTABLE, WIDTH
from fastw2v.training import provenance
from tests.support.commands import error_line, run_command, succeeded
from tests.support.paths import ROOT

SMALL = {"size": 8, "epochs": 1, "threads": 1, "min_count": 1}


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def test_two_trainings_on_one_checkpoint(tiny_corpus, tmp_path):
    """The second one, new or resumed, is refused and names the process of the first."""
    state = tmp_path / "state"
    start = (tiny_corpus, "-o", tmp_path / "v.txt", "--checkpoint", state, "--threads", 1)
    run = [sys.executable, "-m", "fastw2v", "train", *start, "--epochs", 1_000_000, "--quiet"]
    first = subprocess.Popen(list(map(str, run)), cwd=ROOT)
    try:
        end = time.monotonic() + 120
        while not state.exists() and time.monotonic() < end:
            time.sleep(0.05)
        for second in (("--resume", state), start, (*start, "--force")):
            line = error_line(run_command("train", *second))
            assert f"another training (process {first.pid}) saves to this checkpoint" in line
    finally:
        first.send_signal(signal.SIGINT)
        assert first.wait() == 130
    assert files(tmp_path) == ["state"]


def test_the_lock_is_given_back(tiny_corpus, tmp_path):
    state = tmp_path / "state"
    with pytest.raises(CorpusError) as held:  # with its traceback, and all that is in it
        fastw2v.train(tmp_path / "missing", checkpoint=state, **SMALL)
    for _ in range(2):
        fastw2v.train(tiny_corpus, checkpoint=state, **SMALL)
        assert files(tmp_path) == ["state"]
    assert held.value


def test_within_one_process(tiny_corpus, tmp_path):
    from fastw2v.settings import Settings
    from fastw2v.training import pipeline
    from fastw2v.training.options import TrainingOptions

    options = TrainingOptions(checkpoint=tmp_path / "state")
    first = pipeline.prepare(tiny_corpus, Settings(**SMALL), options)
    with pytest.raises(CheckpointError, match=r"another training \(this process\) saves"):
        pipeline.prepare(tiny_corpus, Settings(**SMALL), options)
    first.train()
    pipeline.prepare(tiny_corpus, Settings(**SMALL), options).train()


def rewrite_header(path: Path, **changes) -> None:
    """Change the header of a file of arrays; None removes a key."""
    content = path.read_bytes()
    head = array_file._HEAD
    magic, version, length, _, zero = head.unpack_from(content)
    header = json.loads(content[head.size : head.size + length]) | changes
    header = {name: value for name, value in header.items() if value is not None}
    packed = json.dumps(header).encode().ljust(length)
    assert len(packed) == length
    path.write_bytes(
        head.pack(magic, version, length, zlib.crc32(packed), zero)
        + packed
        + content[head.size + length :]
    )


@pytest.fixture(scope="module")
def made(tiny_corpus, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("made") / "state"
    fastw2v.train(tiny_corpus, checkpoint=path, **SMALL)
    return path


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"fastw2v": "0.9"}, "fastw2v 0.9, now "),
        ({"numba": "0.1.2"}, "Numba 0.1.2, now "),
        ({"numba": None}, "Numba an unknown version, now "),
        ({"arithmetic": "4 lanes"}, "sums in 4 lanes, now "),
        ({"fastw2v": "0", "arithmetic": "4 lanes"}, r"fastw2v 0, now .* and sums in 4 lanes, now "),
        ({"arithmetic": None}, None),
        ({}, None),
    ],
)
def test_resumed_with_another_program(made, tmp_path, changes, shown):
    """It is said that the bytes will be others."""
    state = tmp_path / "state"
    state.write_bytes(made.read_bytes())
    rewrite_header(state, **changes)
    done = succeeded("train", "--resume", state, "--epochs", 2, "-o", tmp_path / "v.txt")
    lines = [line for line in done.stderr.splitlines() if "was made with" in line]
    if shown is None:
        assert lines == []
    else:
        (line,) = lines
        assert re.search(shown, line)
        assert "will differ in their last digits" in line


def test_only_the_default_depends_on_the_processor(monkeypatch):
    every = [fastw2v.Settings(exact=True), fastw2v.Settings(threads=2, deterministic=True)]
    every.append(fastw2v.Settings(threads=1))
    headers = [provenance.made_with(each) for each in every]
    monkeypatch.setattr(factory, "arithmetic", lambda portable: PORTABLE if portable else None)
    other = {8: 16, 16: 8}[WIDTH]
    monkeypatch.setattr(factory, "WIDTH", other)
    told = [provenance.difference(*both) for both in zip(headers, every, strict=True)]
    assert told[:2] == [None, None]
    assert f"sums in {WIDTH} lanes, now {other} lanes" in told[2]
