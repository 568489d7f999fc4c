"""Whole trainings on a GPU that runs kernels in plain Python: checkpoints, a change of the device,
the ledger, the loss."""

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import CheckpointError, TrainingError
from fastw2v.gpu import cuda_device
from tests.support.commands import error_line, run_command, succeeded
from tests.support.gpu_device import EmulatedDevice

OPTIONS = {"model": "skipgram", "size": 4, "negative": 2, "window": 2, "min_count": 1, "threads": 1}


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.setattr(cuda_device, "CudaDevice", EmulatedDevice)
    monkeypatch.setattr(cuda_device, "check_cuda", lambda: None)


@pytest.fixture
def corpus(tmp_path):
    random = np.random.default_rng(3)
    lines = [" ".join(f"w{min(each, 30)}" for each in random.zipf(1.5, 9)) for _ in range(14)]
    path = tmp_path / "corpus.txt"
    path.write_text("".join(f"{line}\n" for line in lines))
    return path


def test_a_training(gpu, corpus):
    vectors = fastw2v.train(corpus, device="cuda", epochs=3, alpha=0.2, **OPTIONS)
    report = vectors.report
    assert (report["gpu"], report["warps"], report["replicas"]) == ("an emulated GPU", 4, 1)
    assert report["loss"][2] < report["loss"][0]
    assert [each["read"] for each in report["ledger"]] == [14 * 9] * 3
    assert np.isfinite(vectors.matrix).all()


@pytest.mark.parametrize(("first", "second"), [("cpu", "cuda"), ("cuda", "cpu"), ("cuda", "cuda")])
def test_resumed_on_another_device(gpu, corpus, tmp_path, first, second):
    state = tmp_path / "v.state"
    before = fastw2v.train(corpus, device=first, epochs=1, checkpoint=state, **OPTIONS)
    after = fastw2v.train(corpus, resume=state, epochs=2, device=second)
    report = after.report
    assert report["settings"]["device"] == second
    assert len(report["loss"]) == 2
    assert report["loss"][0] == before.report["loss"][0]
    assert sum(each["read"] for each in report["ledger"]) == 2 * 14 * 9
    again = fastw2v.train(corpus, resume=state, epochs=3)
    assert again.report["settings"]["device"] == second, "as the checkpoint has it"


@pytest.mark.parametrize(("first", "second"), [("cpu", "cuda"), ("cuda", "cpu")])
def test_commands_pass_a_checkpoint_between_devices(gpu, corpus, tmp_path, first, second):
    state, vectors = tmp_path / "v.state", tmp_path / "v.txt"
    options = ["--size", 4, "--negative", 2, "--window", 2, "--min-count", 1, "--threads", 1]
    train = ["train", corpus, "-o", vectors]
    succeeded(*train, "--checkpoint", state, "--device", first, "--epochs", 1, *options)
    before = vectors.read_bytes()
    done = succeeded(*train, "--resume", state, "--device", second, "--epochs", 2)
    assert f"was trained with --device {first}; with --device {second} epoch 2" in done.stderr
    assert vectors.read_bytes() != before
    shown = succeeded("info", state, "--json").stdout
    assert f'"device": "{second}"' in shown
    refused = run_command(*train, "--resume", state, "--device", "tpu")
    assert "--device" in error_line(refused)
    assert f'"device": "{second}"' in succeeded("info", state, "--json").stdout


def test_other_settings_stay_fixed(gpu, corpus, tmp_path):
    state = tmp_path / "v.state"
    fastw2v.train(corpus, device="cuda", epochs=1, checkpoint=state, **OPTIONS)
    with pytest.raises(CheckpointError, match="size"):
        fastw2v.train(corpus, resume=state, size=5)


def test_divergence_is_seen(gpu, corpus):
    with pytest.raises(TrainingError, match="diverged"):
        fastw2v.train(corpus, device="cuda", epochs=2, alpha=1e6, **OPTIONS)


def test_too_little_memory_is_said(gpu, corpus, monkeypatch):
    class Full(EmulatedDevice):
        def put(self, array):
            raise TrainingError("not enough memory")

    monkeypatch.setattr(cuda_device, "CudaDevice", Full)
    with pytest.raises(TrainingError, match="not enough memory"):
        fastw2v.train(corpus, device="cuda", **OPTIONS)
