"""The measurements of `gpu`: what is run, how long it will take, the tables."""

import time
from dataclasses import dataclass, field
from itertools import product
from statistics import median
from typing import Any

import numpy as np
import quality
from common import table
from jobs import Job
from peers import SIX_MODELS
from scaling_runs import SCORING, Case, Runs

from fastw2v.corpus import read_corpus
from fastw2v.engines.cuda import CudaEngine
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings
from fastw2v.training.worker import Worker
from fastw2v.vectors.word_vectors import WordVectors

SPEED_EPOCHS = 4  # of which the first does not count: launches have not their full length yet
COMPILING = 15.0  # seconds of two kernels, until some were compiled
GPU_SPEED = 50e6  # words per second, a guess on the safe side until one was measured
STARTING = 8.0  # seconds of a command until it trains, and after
SIZES = (128, 300, 100)

MAIN = (
    Case("skipgram-ns", 128), Case("skipgram-ns", 300), Case("cbow-ns", 128),
    Case("skipgram-hs", 128),
)  # fmt: skip
CASES = tuple(
    Case(model, size) for size, model in product(SIZES, SIX_MODELS) if Case(model, size) not in MAIN
)


class TimedDevice:
    """A device that notes for how many seconds it was at work.

    busy: from each launch until all that was launched had ended.
    """

    def __init__(self, device: Any):
        self._device, self.busy, self._since = device, 0.0, None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._device, name)

    def launch(self, *args: Any) -> None:
        if self._since is None:
            self._since = time.perf_counter()
        self._device.launch(*args)

    def wait(self) -> None:
        self._device.wait()
        if self._since is not None:
            self.busy += time.perf_counter() - self._since
        self._since = None


@dataclass
class GpuRuns:
    """Runs steps on the GPU, beside those of ``runs`` on the CPU; notes and prints their figures.

    option: what whole commands are given as --device.
    """

    runs: Runs
    device: Any
    option: str = "cuda"
    epochs: int = SPEED_EPOCHS
    rate: float = GPU_SPEED
    compiling: float = COMPILING
    speeds: list[dict] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.runs.figures |= {"gpu": self.speeds, "road": [], "gpu_quality": []}

    # --- speed ---

    def speed_guess(self, case: Case) -> float:
        words = self.runs.text.words_known * self.epochs
        return self.compiling + words / self.rate * case.size / 100 + 1

    def _engine(self, case: Case, epochs: int) -> tuple[CudaEngine, TimedDevice, float]:
        """(engine, its device, seconds of the upload)"""
        settings = Settings(
            **SIX_MODELS[case.model], size=case.size, epochs=epochs, threads=1, device="cuda"
        )
        model = new_model(len(self.runs.text.vocabulary), settings)
        device, began = TimedDevice(self.device), time.perf_counter()
        engine = CudaEngine(self.runs.text, model, settings, device)
        device.wait()
        return engine, device, time.perf_counter() - began

    def speed(self, case: Case) -> None:
        """A few epochs on the whole text."""
        engine, device, upload = self._engine(case, self.epochs)
        compiling = _seconds(engine.prepare)
        self.compiling = max(2.0, compiling)
        row = {"model": case.model, "size": case.size, "upload": upload, "compiling": compiling}
        row |= {"seconds": [], "busy": [], **engine.arrangement()}
        worker, deadline = Worker(engine), self.runs.began + self.runs.budget
        for epoch in range(self.epochs):
            engine.start_epoch(epoch)
            device.busy = 0.0
            row["seconds"].append(_seconds(lambda: worker.run(lambda: time.monotonic() < deadline)))
            row["busy"].append(device.busy)
            if not engine.epoch_ended():
                self.runs.skip(f"{case.name}, GPU", "stopped: the time is over")
                return
        row["loss"] = float(engine.measure().mean)
        row["finite"] = bool(np.isfinite(engine.read_model().inputs).all())
        words = self.runs.text.words_known
        counted = [row[name][1:] or row[name] for name in ("seconds", "busy")]
        row["words_per_second"], row["busy_words_per_second"] = (
            words / median(each) for each in counted
        )
        self.rate = row["words_per_second"] * case.size / 100 / 2
        self.speeds.append(row)
        self.runs.say(
            f"{case.name:31} GPU  {row['words_per_second'] / 1e6:7.1f} M words/s, at work "
            f"{row['busy_words_per_second'] / 1e6:7.1f} M  loss {row['loss']:.3f}  "
            f"{row['warps']:,} warps, {compiling:.1f} s for compiling or loading"
        )

    # --- the way of a text ---

    def road_guess(self) -> float:
        return self.speed_guess(MAIN[0]) + STARTING

    def road(self) -> None:
        """From the text to a file of vectors, in this process: seconds of each part."""
        case, bench = Case("skipgram-ns"), self.runs.bench
        found: dict[str, float] = {}
        found["reading"] = _seconds(lambda: read_corpus([bench.corpus], threads=bench.cores))
        engine, _, found["upload"] = self._engine(case, bench.epochs)
        found["compiling"] = _seconds(engine.prepare)
        found["training"] = 0.0
        for epoch in range(bench.epochs):
            engine.start_epoch(epoch)
            found["training"] += _seconds(engine.train)
        found["vectors back"] = _seconds(engine.read_model)
        words = self.runs.text.vocabulary.words
        vectors = WordVectors(words, engine.read_model().vectors("in"))
        found["writing"] = _seconds(lambda: vectors.save(bench.folder / "road.bin"))
        self.runs.figures["road"].append(found)
        parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in found.items())
        self.runs.say(f"{case.name}, {bench.epochs} epochs: {parts}")

    # --- quality, by whole commands ---

    def quality_job(self, model: str, device: str, seed: int) -> Job:
        settings = {"threads": self.runs.bench.cores, "epochs": self.runs.bench.epochs}
        settings |= {"seed": seed, "device": device}
        return Job(self.runs.bench.ours, model, self.runs.bench.corpus_words, settings)

    def quality_guess(self, job: Job) -> float:
        if job.settings["device"] == "cpu":
            return self.runs.quality_guess(job)
        words = job.words * self.runs.bench.epochs
        return self.compiling + words / self.rate + STARTING + SCORING

    def quality(self, job: Job) -> None:
        """The whole command in a process of its own, then the questions."""
        began = time.monotonic()
        row = quality.trained_row(self.runs.bench, job, job.settings["device"])
        took = row["seconds"]
        parts = {
            "reading": took["vocab_seconds"] + took["encode_seconds"],
            "compiling": took["compile_seconds"],
            "training": took["train_seconds"],
        }
        parts["the rest"] = row["wall_seconds"] - sum(parts.values())
        row |= {"parts": parts, "took": time.monotonic() - began}
        self.runs.figures["gpu_quality"].append(row)
        found = ", ".join(f"{name} {value:.3f}" for name, value in row["scores"].items())
        seconds = ", ".join(f"{name} {value:.2f}" for name, value in parts.items())
        self.runs.say(
            f"{job.model}, {job.settings['device']}, seed {job.settings['seed']}: {found}; "
            f"loss {row['loss'][-1]:.3f}; {row['wall_seconds']:.2f} s: {seconds}"
        )

    # --- tables ---

    def tables(self) -> str:
        """All figures once more."""
        header = ["model", "D", "M words/s", "M words/s, at work", "loss", "upload s", "compile s"]
        rows = [
            [
                row["model"], str(row["size"]), f"{row['words_per_second'] / 1e6:.1f}",
                f"{row['busy_words_per_second'] / 1e6:.1f}", f"{row['loss']:.3f}",
                f"{row['upload']:.2f}", f"{row['compiling']:.1f}",
            ]
            for row in self.speeds
        ]  # fmt: skip
        parts = ["", "GPU, an epoch:", table(header, rows)]
        known = self.runs.figures["gpu_quality"]
        if known:
            parts += ["", f"{self.runs.bench.epochs} epochs:", quality.table_of(known)]
        return "\n".join([*parts, self.runs.tables()])


def _seconds(function: Any) -> float:
    began = time.perf_counter()
    function()
    return time.perf_counter() - began
