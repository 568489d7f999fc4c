"""Train, kill, resume, query and convert for a long time in four processes at once.

    python -m tests.fuzz.soaking --minutes 30

Every answer and every file must be the same each time, and memory, open files and threads of each
process must not grow.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import numpy as np

import fastw2v
from fastw2v import formats
from fastw2v.vectors.conversion import convert
from tests.fuzz.killing import SETTINGS, Killing, make_text

SMALL = {"size": 40, "epochs": 1, "threads": 2, "deterministic": True, "min_count": 1}
GROWTH = 1.03  # of memory, from the second quarter of the time to the last
SLACK = {"memory": 8 << 20, "files": 2, "threads": 2}
FORMATS = ("v.bin", "v.txt", "v.npy", "v.tsv", "v.txt.gz", "v.glove.txt")


def killer(folder: Path) -> Iterator[None]:
    """Trainings that are killed and resumed until they end with the same bytes as ever."""
    killing = Killing(folder, folder.parent / "text.txt", SETTINGS.split(), seed=os.getpid())
    while True:
        killing.kill(killing.chance.choice(("any", "any", "checkpoint", "vectors", "interrupt")))
        yield


def trainer(folder: Path) -> Iterator[None]:
    """Trainings in one process, which are saved, loaded and queried."""
    text, wanted = folder.parent / "text.txt", None
    while True:
        fastw2v.train(text, checkpoint=folder / "state", **SMALL).save(folder / "v.bin")
        vectors = fastw2v.load(folder / "v.bin")
        found = vectors.matrix.tobytes(), vectors.similar("word3"), vectors.similar("word7", n=50)
        wanted = wanted or found
        assert found == wanted, "trained to other vectors"
        yield


def converter(folder: Path) -> Iterator[None]:
    """Vectors through all formats, to the same bytes."""
    path, start = folder / FORMATS[0], _vectors(folder)
    while True:
        for name in (*FORMATS[1:], FORMATS[0]):
            convert(path, folder / name)
            path = folder / name
        assert path.read_bytes() == start, "converted to other bytes"
        yield


def asker(folder: Path) -> Iterator[None]:
    """One command that answers queries, while its file is replaced."""
    _vectors(folder)
    command = [sys.executable, "-m", "fastw2v", "similar", folder / FORMATS[0]]
    with subprocess.Popen(
        list(map(str, command)), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        (folder / "process").write_text(str(process.pid))
        wanted: dict[int, bytes] = {}
        number = 0
        while True:
            number = (number + 1) % 100
            process.stdin.write(b"w%d\n" % number)
            process.stdin.flush()
            answer = b"".join(process.stdout.readline() for _ in range(10 + (len(wanted) > 0)))
            assert wanted.setdefault(number, answer.strip()) == answer.strip(), "another answer"
            if number == 0:
                _vectors(folder)
            yield


ROLES: dict[str, Callable[[Path], Iterator[None]]] = {
    each.__name__: each for each in (killer, trainer, converter, asker)
}


def _vectors(folder: Path) -> bytes:
    """Write the same vectors to a file; returns its bytes."""
    words = [f"w{number}" for number in range(20_000)]
    matrix = np.random.default_rng(2).normal(size=(20_000, 50)).astype(np.float32)
    formats.save(folder / FORMATS[0], words, matrix)
    return (folder / FORMATS[0]).read_bytes()


def play(role: str, folder: Path) -> None:
    """Do the work of one process until the file ``stop`` appears; notes how often it was done."""
    rounds = ROLES[role](folder)
    count = 0
    while not (folder.parent / "stop").exists():
        next(rounds)
        count += 1
        (folder / "count.new").write_text(str(count))
        (folder / "count.new").replace(folder / "count")


def measured(process: int) -> dict[str, int]:
    """Resident bytes, open files and threads of a process."""
    lines = dict(
        line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines()
    )
    return {
        "memory": 1024 * int(lines["VmRSS"].split()[0]),
        "files": len(os.listdir(f"/proc/{process}/fd")),
        "threads": int(lines["Threads"]),
    }


def grown(samples: list[dict[str, int]]) -> list[str]:
    """What has grown, from the second quarter of the samples to the last."""
    quarter = len(samples) // 4
    found = []
    for what, slack in SLACK.items():
        values = [each[what] for each in samples]
        before, after = median(values[quarter : 2 * quarter]), median(values[-quarter:])
        if after > GROWTH * before + slack:
            found.append(f"{what} from {before:,.0f} to {after:,.0f}")
    return found


class Soak:
    """The four processes and what was measured of each."""

    def __init__(self, folder: Path):
        self._folder = folder
        make_text(folder / "text.txt", 8_000)
        self.samples: dict[str, list[dict[str, int]]] = {role: [] for role in ROLES}
        self._processes = {}
        for role in ROLES:
            (folder / role).mkdir()
            arguments = ["--role", role, "--folder", str(folder / role)]
            self._processes[role] = subprocess.Popen(
                [sys.executable, "-m", "tests.fuzz.soaking", *arguments], start_new_session=True
            )

    def sample(self) -> None:
        """Measure all. Raises AssertionError if one has ended."""
        for role, process in self._processes.items():
            code = process.poll()
            assert code is None, f"{role} ended with {code}"
            number, other = process.pid, self._folder / role / "process"
            if other.exists():  # the command it asks
                number = int(other.read_text() or number)
            try:
                self.samples[role].append(measured(number))
            except (FileNotFoundError, KeyError) as error:
                raise AssertionError(f"{role}: the process it asks has ended") from error

    def stop(self) -> None:
        """Let all end. Raises AssertionError if one ends with an error."""
        (self._folder / "stop").touch()
        try:
            for role, process in self._processes.items():
                code = process.wait(300)
                assert code == 0, f"{role} ended with {code}"
        finally:
            for process in self._processes.values():
                if process.poll() is None:
                    process.kill()
                    process.wait()

    def count(self, role: str) -> int:
        """How often a role's work was done."""
        path = self._folder / role / "count"
        return int(path.read_text()) if path.exists() else 0

    def leftovers(self) -> list[str]:
        """Temporary files that nobody is writing any more; those of killed trainings may stay."""
        hidden = [path for path in self._folder.rglob(".*") if "killer" not in path.parts]
        return [str(path.relative_to(self._folder)) for path in hidden]


def soak(folder: Path, seconds: float, every: float = 1.0) -> list[str]:
    """Returns what went wrong."""
    run, problems = Soak(folder), []
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            time.sleep(every)
            run.sample()
    except AssertionError as error:
        problems.append(str(error))
    finally:
        try:
            run.stop()
        except AssertionError as error:
            problems.append(str(error))
    for role, samples in run.samples.items():
        peak = max((each["memory"] for each in samples), default=0)
        print(f"{role}: {run.count(role):,} rounds, {peak >> 20} MiB", flush=True)
        problems += [f"{role}: {each}" for each in grown(samples)] if len(samples) > 20 else []
        if not run.count(role):
            problems.append(f"{role}: has done nothing")
    return problems + [f"left: {each}" for each in run.leftovers()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--role", choices=ROLES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role:
        play(options.role, options.folder)
        return
    folder = Path(tempfile.mkdtemp())
    try:
        problems = soak(folder, 60 * options.minutes)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for problem in problems:
        print(f"BROKEN {problem}")
    print(f"{options.minutes:g} minutes: {len(problems) or 'no'} problems")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
