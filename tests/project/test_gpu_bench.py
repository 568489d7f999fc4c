"""The benchmark of GPUs, run whole on one that runs kernels in plain Python; and the simulation of
many warps."""

import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import gpu
import gpu_runs
import numpy as np
import pytest
import warps
from jobs import Bench
from models import MODELS
from scaling_runs import Case, Runs

from fastw2v.corpus import read_corpus
from fastw2v.settings import Settings
from tests.support.gpu_device import EmulatedDevice
from tests.support.paths import ROOT


@pytest.fixture
def text(tmp_path) -> Path:
    random = np.random.default_rng(4)
    words = [f"w{each}" for each in np.minimum(random.zipf(1.4, 120), 12)]
    path = tmp_path / "text.txt"
    path.write_text(" ".join(words) + "\n")
    return path


def runs_of(text: Path, folder: Path, budget: float = 1e6) -> Runs:
    known = read_corpus([text], threads=1)
    words = known.words_known
    bench = Bench(text, words, folder, (), 1, words, 1, epochs=1)
    return Runs(bench, known, {}, lambda: None, budget)


def test_everything_is_measured_and_printed_line_by_line(text, tmp_path, monkeypatch, capsys):
    """No run of it can fail for want of a name; the CPU's parts have tests of their own."""
    cases = tuple(Case(model, 4) for model in gpu_runs.SIX_MODELS)
    monkeypatch.setattr(gpu, "MAIN", cases[:4])
    monkeypatch.setattr(gpu_runs, "MAIN", cases[:4])
    monkeypatch.setattr(gpu, "CASES", cases[4:])
    monkeypatch.setattr(gpu, "CPU_CASES", (Case("cbow-ns", 4),))
    runs = runs_of(text, tmp_path)
    found = gpu_runs.GpuRuns(runs, EmulatedDevice(), option="cpu", epochs=1)
    row = {"scores": {"analogies": 0.5}, "wall_seconds": 3.0, "loss": [2.0], "seconds": {
        "vocab_seconds": 0.5, "encode_seconds": 0.25, "compile_seconds": 1, "train_seconds": 1,
    }}  # fmt: skip
    asked = []
    monkeypatch.setattr(
        gpu_runs.quality, "trained_row",
        lambda bench, job, variant: asked.append(job)
        or {**row, "model": job.model, "peer": "fastw2v", "variant": variant},
    )  # fmt: skip
    gpu.measure(found, SimpleNamespace(peers=[], c_source=None))
    printed = capsys.readouterr().out
    assert runs.figures["skipped"] == {}
    assert [(row["model"], row["size"]) for row in found.speeds] == [
        (case.model, 4) for case in cases
    ]
    assert all(row["words_per_second"] > 0 and row["finite"] for row in found.speeds)
    assert all(row["busy"][0] <= row["seconds"][0] for row in found.speeds)
    assert printed.count("skipgram-ns D=4") >= 1
    (road,) = runs.figures["road"]
    names = ["reading", "upload", "compiling", "training", "vectors back", "writing"]
    assert list(road) == names
    assert all(seconds > 0 for seconds in road.values())
    assert f"{names[0]} {road['reading']:.2f} s" in printed
    assert len(asked) == 4 * 2 + 4 * 2 + 4 * 2
    assert {job.settings["seed"] for job in asked} == {1, 2, 3}
    assert "the rest 0.25" in printed
    assert "GPU, an epoch:" in printed


def test_the_road_and_the_commands_name_the_device(text, tmp_path):
    found = gpu_runs.GpuRuns(runs_of(text, tmp_path), EmulatedDevice())
    jobs = [found.quality_job(model, found.option, 2) for model in MODELS]
    assert {job.settings["device"] for job in jobs} == {"cuda"}
    assert {Settings(**job.all_settings).device for job in jobs} == {"cuda"}
    assert all(found.quality_guess(job) > 0 for job in jobs)


def test_what_does_not_fit_is_skipped(text, tmp_path, capsys):
    runs = runs_of(text, tmp_path, budget=0)
    found = gpu_runs.GpuRuns(runs, EmulatedDevice())
    gpu.measure(found, SimpleNamespace(peers=[], c_source=None))
    assert found.speeds == []
    assert "skipped" in capsys.readouterr().out


def test_every_model_and_size_has_its_turn():
    cases = [*gpu_runs.MAIN, *gpu_runs.CASES]
    assert len(set(cases)) == len(cases) == 18


def test_without_a_gpu_the_script_says_so_and_ends():
    done = subprocess.run(
        [ROOT / "bin" / "bench", "--device", "cuda"],
        env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "cpu: " in done.stdout
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("bin/bench: --device cuda")


@pytest.mark.parametrize(
    ("given", "says"), [(["--device"], "needs a value"), (["--device", "tpu"], "--device tpu")]
)
def test_unknown_devices_are_refused(given, says):
    done = subprocess.run(
        [ROOT / "bin" / "bench", *given], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert says in done.stderr


# --- many warps in lock step ----------------------------------------------------------------


def test_one_warp_trains_as_the_cpu_does_and_many_do_nearly_so(text, tmp_path, capsys, monkeypatch):
    arguments = ["warps.py", "--corpus", str(text), "--warps", "1", "2", "--hands", "none", "1"]
    arguments += ["--models", "skipgram-ns", "cbow-hs", "--size", "4", "--epochs", "1"]
    monkeypatch.setattr(sys, "argv", [*arguments, "--questions", str(tmp_path / "none")])
    warps.main()
    lines = [line.split() for line in capsys.readouterr().out.splitlines()[3:]]
    assert [line[:4] for line in lines] == [
        [model, count, chunks, cap]
        for model in ("skipgram-ns", "cbow-hs")
        for count, chunks, cap in (("1", "1.0", "none"), ("2", "0.5", "none"), ("2", "0.5", "1"))
    ]
    for line in lines:
        untrained = 6 * np.log(2) if line[0] == "skipgram-ns" else 5
        assert 0 < float(line[4]) < untrained


def test_models_with_both_layers_are_not_simulated(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["warps.py", "--models", "cbow-both"])
    with pytest.raises(SystemExit):
        warps.parse()
    assert "not simulated" in capsys.readouterr().err
