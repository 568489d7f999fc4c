"""What all parts of the suite share: who runs what, slices of the corpus, turns, costs."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from common import first_words
from peers import PEERS, SIX_MODELS, Peer, Run, train

# Raw words a second and thread at D=100 on a slow day, only to tell beforehand how long it takes.
SPEEDS = {"c": 110e3, "gensim": 130e3, "fasttext": 60e3, "template": 150e3, "ours": 900e3}
EXACT_SPEED = 150e3
CBOW_FASTER = 2.8
BOTH_SLOWER = 1.8
START_SECONDS = 1.5  # of a process: imports, counting, writing


@dataclass(frozen=True)
class Job:
    """One training run: who, which of `SIX_MODELS`, on how many words, with which settings."""

    peer: Peer
    model: str
    words: int
    settings: dict = field(default_factory=dict)

    @property
    def all_settings(self) -> dict:
        """The model's settings and the job's own, one epoch and one thread unless it says else."""
        return {**SIX_MODELS[self.model], "epochs": 1, "threads": 1, **self.settings}

    @property
    def seconds(self) -> float:
        """A guess, on the safe side."""
        settings = self.all_settings
        exact = "--exact" in self.peer.options
        speed = EXACT_SPEED if exact else SPEEDS[self.peer.kind]
        speed *= CBOW_FASTER if settings["model"] == "cbow" else 1
        speed /= BOTH_SLOWER if settings["hs"] and settings["negative"] else 1
        speed *= 100 / max(50, settings.get("size", 100))
        work = self.words * settings["epochs"] / speed / settings["threads"]
        return START_SECONDS + self.words / 8e6 + work


@dataclass(frozen=True)
class Bench:
    """What the parts are given.

    corpus: the whole text, of ``corpus_words`` words. folder: scratch, emptied at the end.
    words: length of the slices on which speed is measured. peers: those chosen that are there.
    epochs: where quality is measured, on the whole corpus, with ``seeds`` seeds.
    questions: the folder of analogies and similarities, None where there is none.
    """

    corpus: Path
    corpus_words: int
    folder: Path
    peers: tuple[Peer, ...]
    turns: int
    words: int
    cores: int
    quick: bool = False
    epochs: int = 5
    seeds: int = 1
    quality_peers: bool = False
    questions: Path | None = None

    @property
    def ours(self) -> Peer:
        """This checkout's default path."""
        return PEERS["fastw2v"]

    def peer(self, name: str) -> Peer | None:
        """The peer of that name, where it is among those chosen."""
        return next((peer for peer in self.peers if peer.name == name), None)

    @property
    def base(self) -> Peer:
        """To whom ratios are: C's strongest build where it is there, else the last of the peers."""
        return self.peer("c-Ofast") or self.peers[-1]

    def text(self, words: int) -> Path:
        """The first ``words`` words of the corpus, as a file; the whole where it has no more."""
        if words >= self.corpus_words:
            return self.corpus
        path = self.folder / f"first-{words}.txt"
        return path if path.is_file() else first_words(self.corpus, words, path)

    def run(self, job: Job, output: str = "vectors.bin", variables: dict | None = None) -> Run:
        """Do the job; its vectors lie in the scratch folder under ``output`` afterwards."""
        text = self.text(job.words)
        run = train(job.peer, text, self.folder / output, job.all_settings, variables)
        speed = run.words_per_second / 1000
        say(f"    {job.model} {job.peer.name} {brief(job.settings)} {speed:,.0f} k words/s")
        return run

    def in_turns(self, jobs: list[Job], before: Callable = lambda: None) -> list[list[Run]]:
        """Do all jobs one after the other, ``turns`` times: for each job its runs.

        before: called at the start of each turn.
        """
        runs = [[] for _ in jobs]
        for turn in range(self.turns):
            say(f"  turn {turn + 1} of {self.turns}")
            before()
            for place, job in enumerate(jobs):
                runs[place].append(self.run(job))
        return runs

    def warm_up(self, jobs: Iterable[Job], words: int = 50_000) -> None:
        """Compile what the jobs of ours need, so that no turn pays for it."""
        needed = {(job.peer, job.model): job for job in jobs if job.peer.kind == "ours"}
        for peer, model in needed:
            job = Job(peer, model, words)
            say(f"    warming up {model} {peer.name}")
            train(peer, self.text(words), self.folder / "little.bin", job.all_settings)


def brief(settings: dict) -> str:
    """Settings on one line.

    >>> brief({"size": 300, "threads": 2})
    'size=300 threads=2'
    """
    return " ".join(f"{name}={value}" for name, value in settings.items())


def say(line: str) -> None:
    """Tell on standard error how far we are."""
    print(line, file=sys.stderr, flush=True)


def minutes(jobs: Iterable[Job], times: int = 1) -> float:
    """About how long the jobs take, done so many times."""
    return sum(job.seconds for job in jobs) * times / 60
