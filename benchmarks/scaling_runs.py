"""The measurements of `scaling`: what is run, how long it will take, the tables."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median

import quality
from common import table
from in_process import train_here
from jobs import Bench, Job
from peers import SIX_MODELS, Peer

from fastw2v.corpus import Corpus, read_corpus
from fastw2v.settings import Settings

COMPILING = 30.0  # seconds of an output layer, until one was compiled
SCORING = 8.0  # seconds: all questions
SLOWER = 1.5  # guesses for several threads, which may share cores, and for replicas of all rows
PEER_SECONDS = 20.0  # of one run of another program: longer texts are cut
GENSIM_READS = 1e6  # words a second, before it trains
READING_SPEED = 4e6  # words a second and thread
READING_TURNS = 5


@dataclass(frozen=True)
class Case:
    """What is trained: one of `SIX_MODELS`, of so many dimensions."""

    model: str
    size: int = 100
    deterministic: bool = False

    @property
    def name(self) -> str:
        return f"{self.model} D={self.size}{' deterministic' * self.deterministic}"

    @property
    def plain(self) -> "Case":
        """The same without --deterministic, to whose one thread speeds are compared."""
        return Case(self.model, self.size)

    @property
    def layers(self) -> str:
        """What kernels are compiled for: skip-gram and CBOW have the same ones."""
        return self.model.split("-")[1]

    def settings(self, threads: int) -> dict:
        return {"size": self.size, "threads": threads, "deterministic": self.deterministic}


MAIN = (Case("skipgram-ns"), Case("cbow-ns"))
CASES = (
    *MAIN,
    Case("skipgram-ns", 300),
    Case("cbow-ns", 300),
    Case("skipgram-hs"),
    Case("cbow-hs"),
    Case("skipgram-ns", deterministic=True),
    Case("cbow-ns", deterministic=True),
)


@dataclass
class Runs:
    """Runs steps, notes and prints their figures, and knows how long the next ones take.

    text: ``bench.corpus``, read. figures: for the JSON file, which ``save`` writes.
    budget: seconds in all since ``began``. epochs: of each training that is timed. cases: those
    that are timed. pace: seconds measured by seconds guessed.
    """

    bench: Bench
    text: Corpus
    figures: dict
    save: Callable[[], None]
    budget: float
    epochs: int = 1
    cases: tuple[Case, ...] = CASES
    began: float = field(default_factory=time.monotonic)
    pace: float = 1.0
    compiling: float = COMPILING
    compiled: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.figures |= {"speed": [], "reading": [], "peers": [], "quality": [], "skipped": {}}

    def left(self) -> float:
        return self.began + self.budget - time.monotonic()

    def say(self, line: str) -> None:
        """Print a line with the seconds since the start."""
        print(f"{time.monotonic() - self.began:6.1f} s  {line}", flush=True)

    def skip(self, name: str, why: str) -> None:
        self.figures["skipped"][name] = why
        self.say(f"skipped: {name}: {why}")

    # --- speed ---

    def speed_guess(self, case: Case, threads: int) -> float:
        rows = self._rows(case, threads)
        if rows:
            return median(row["took"] for row in rows) * 1.1
        guess = Job(self.bench.ours, case.model, self.bench.corpus_words, case.settings(threads))
        slower = (SLOWER if threads > 1 else 1) * (SLOWER if case.deterministic else 1)
        compiling = 0 if case.layers in self.compiled else self.compiling
        return guess.seconds * self.epochs * self.pace * slower + compiling

    def speed(self, case: Case, threads: int, turn: int) -> None:
        """The epochs on the whole text."""
        began = time.monotonic()
        epochs = self.epochs
        settings = Settings(**SIX_MODELS[case.model], epochs=epochs, **case.settings(threads))
        trained = train_here(self.text, settings, deadline=self.began + self.budget)
        if trained is None:
            self.skip(f"{case.name}, {threads} threads", "stopped: the time is over")
            return
        took = time.monotonic() - began - trained.compile_seconds
        if case.layers not in self.compiled:
            self.say(f"{case.model}: {trained.compile_seconds:.1f} s for compiling or loading")
            self.compiling = max(1.0, trained.compile_seconds)
            self.compiled.add(case.layers)
        row = {"model": case.model, **case.settings(threads), "turn": turn, "took": took}
        row |= {"seconds": trained.seconds, "loss": trained.loss, **trained.arrangement}
        row["words_per_second"] = self.text.words_known * epochs / trained.seconds
        self.figures["speed"].append(row)
        if threads == 1:
            job = Job(self.bench.ours, case.model, self.bench.corpus_words, case.settings(1))
            self.pace = took / (job.seconds * epochs) * 1.2
        self.say(self._speed_line(case, row))

    def _speed_line(self, case: Case, row: dict) -> str:
        ratio = self.ratios(case, row["threads"]).get(row["turn"])
        speed = f"{row['words_per_second'] / 1e3:9,.0f} k words/s in all"
        times = f"x {ratio:5.2f}" if ratio else ""
        threads = f"{row['threads']:3} thread{'s' if row['threads'] > 1 else ' '}"
        seconds = f"{row['seconds']:6.2f} s  loss {row['loss']:.3f}"
        return f"{case.name:31} {threads}  {speed}  {seconds}  {times}"

    def _rows(self, case: Case, threads: int) -> list[dict]:
        wanted = {"model": case.model, **case.settings(threads)}
        return [row for row in self.figures["speed"] if wanted.items() <= row.items()]

    def ratios(self, case: Case, threads: int) -> dict[int, float]:
        """Turn -> how many times the speed of one thread, for turns that have both."""
        ones = {row["turn"]: row["seconds"] for row in self._rows(case.plain, 1)}
        turns = {row["turn"]: row["seconds"] for row in self._rows(case, threads)}
        return {turn: ones[turn] / seconds for turn, seconds in turns.items() if turn in ones}

    # --- reading ---

    def reading_guess(self) -> float:
        return 2 + 2 * READING_TURNS * self.bench.corpus_words / READING_SPEED

    def reading(self, counts: list[int]) -> None:
        """Counting and encoding, in turns."""
        seconds = {threads: [] for threads in counts}
        for _ in range(READING_TURNS):
            for threads in counts:
                text = read_corpus([self.bench.corpus], threads=threads)
                seconds[threads].append(text.count_seconds + text.encode_seconds)
        for threads, mine in seconds.items():
            ratios = [one / other for one, other in zip(seconds[1], mine, strict=True)]
            self.figures["reading"].append({"threads": threads, "seconds": mine, "ratios": ratios})
            name = f"{threads:3} thread{'s' if threads > 1 else ' '}"
            self.say(f"{'reading':31} {name}  {median(mine):6.3f} s  x {median(ratios):5.2f}")

    # --- other programs ---

    def peer_job(self, peer: Peer, model: str) -> Job:
        """One epoch with all threads on as much of the text as does not take too long."""
        words = self.bench.corpus_words
        while True:
            job = Job(peer, model, words, {"threads": self.bench.cores})
            if words < 500_000 or self._alone(job) < PEER_SECONDS:
                return job
            words //= 2

    def _alone(self, job: Job) -> float:
        reading = job.words / GENSIM_READS if job.peer.kind == "gensim" else 0
        return job.seconds + reading

    def peer_guess(self, job: Job) -> float:
        return self._alone(job) + self._ours(job).seconds

    def _ours(self, job: Job) -> Job:
        return Job(self.bench.ours, job.model, job.words, job.settings)

    def compare(self, job: Job) -> None:
        """The program and ours, each in a process of its own, one after the other."""
        ours, theirs = self.bench.run(self._ours(job)), self.bench.run(job)
        ratio = ours.words_per_second / theirs.words_per_second
        row = {"model": job.model, "peer": job.peer.name, "words": job.words, **job.settings}
        row |= {"words_per_second": theirs.words_per_second * self.bench.cores, "ratio": ratio}
        row["wall_seconds"] = [ours.wall_seconds, theirs.wall_seconds]
        self.figures["peers"].append(row)
        speed = f"{row['words_per_second'] / 1e3:9,.0f} k words/s in all"
        name = f"{job.model} D=100, {job.peer.name}"
        text = f"{job.words / 1e6:.1f} M words; ours x {ratio:.1f}"
        self.say(f"{name:31} {self.bench.cores:3} threads  {speed}  {text}")

    # --- quality ---

    def quality_job(self, peer: Peer, model: str, settings: dict) -> Job:
        return Job(peer, model, self.bench.corpus_words, {"threads": self.bench.cores, **settings})

    def quality_guess(self, job: Job) -> float:
        if job.peer.kind != "ours":
            return self._alone(job) + SCORING
        return job.seconds * self.pace * SLOWER + SCORING

    def quality(self, job: Job) -> None:
        """The whole command in a process of its own, then the questions."""
        variant = "deterministic" if job.settings.get("deterministic") else ""
        row = quality.trained_row(self.bench, job, variant)
        self.figures["quality"].append(row)
        found = row["scores"]
        scores = [f"analogies {found['analogies']:.1%}"] if "analogies" in found else []
        for name in ("WordSim-353", "SimLex-999"):
            scores += [f"{name} {found[name]:.3f}"] if name in found else []
        loss = f", loss {row['loss'][-1]:.3f}" if row["loss"] else ""
        whole = f"{row['wall_seconds']:.1f} s for the whole command{loss}"
        name = f"{job.model}, {job.peer.name} {variant}"
        self.say(f"{name:31} {self.bench.cores:3} threads  {', '.join([*scores, whole])}")

    # --- tables ---

    def tables(self) -> str:
        """Medians of all turns, and the quality."""
        parts = ["", f"x: times one thread without --deterministic, of {self.bench.cores} cores"]
        rows = [cells for case in self.cases for cells in self._speed_rows(case)]
        header = ["model", "threads", "seconds", "k words/s in all", "x (range)", "turns", "loss"]
        parts.append(table(header, rows))
        if self.figures["quality"]:
            known = self.figures["quality"]
            parts += ["", f"{self.bench.epochs} epochs:", quality.table_of(known)]
        return "\n".join(parts)

    def _speed_rows(self, case: Case) -> list[list[str]]:
        counts = sorted({row["threads"] for row in self.figures["speed"]})
        found = []
        for threads in counts:
            rows, ratios = self._rows(case, threads), self.ratios(case, threads).values()
            if not rows:
                continue
            seconds = median(row["seconds"] for row in rows)
            span = f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})" if ratios else "-"
            speed = f"{self.text.words_known * self.epochs / seconds / 1e3:,.0f}"
            loss = f"{median(row['loss'] for row in rows):.3f}"
            cells = [case.name, str(threads), f"{seconds:.2f}", speed, span, str(len(rows)), loss]
            found.append(cells)
        return found
