"""Feeds damaged files to every reader: ``python -m tests.fuzz.fuzzing --cases 200000 --seed 1``.

A reader must either raise a `FastW2VError` of one line or read the file. Anything else (another
exception, a warning, a crash, more than two seconds, too much memory) is a finding: its files are
kept in a folder with a description. Case N of a seed is always the same.

Each reader runs in a process of its own with a memory limit, so that a crash ends only that one.
"""

import argparse
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from contextlib import contextmanager
from pathlib import Path

from fastw2v.errors import FastW2VError
from tests.fuzz.mutations import mutated
from tests.fuzz.readers import READERS, Files, Reader, one_line
from tests.support.paths import ROOT

SLOW = 2.0  # seconds of processor time that a case may take
MAX_MEMORY_MIB = 500 << 20  # bytes on top of what the process has before the first case
STUCK = 20.0  # seconds after which a process that tells nothing is ended
_KEPT_PER_KIND = 3  # finds of one kind that are kept


class Hang(BaseException):
    """A case took too long. No Exception, so that no reader takes it for a fault of the file."""


def case_files(reader: Reader, seed: int, number: int, sound: list[Files]) -> tuple[Files, str]:
    """The files of a case, and the seed of the options that it is read with."""
    chance = random.Random(f"{reader.name} {seed} {number}")
    files = dict(chance.choice(sound))
    others = [content for each in sound for content in each.values()]
    for name in files:
        if len(files) == 1 or chance.random() < 0.7:
            files[name] = mutated(files[name], others, chance)
    return files, f"options {seed} {number}"


def write_case(folder: Path, files: Files) -> Path:
    """Write the files; the path of the first."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder / next(iter(files))


def verdict(reader: Reader, path: Path, options: str) -> tuple[str, str]:
    """``(outcome, details)`` of reading a file: "read", "refused", or else what a find is called.

    For a test, too: everything but the first two is a fault of the reader.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            reader.read(path, random.Random(options))
    except FastW2VError as error:
        message = str(error)
        fit = one_line(message) and len(message) < 2000
        return ("refused", "") if fit else ("message", message)
    except Hang:
        return "hang", traceback.format_exc()
    except BaseException as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} in {where.name}", traceback.format_exc()
    return "read", ""


# --- in the child: one reader, cases one after another ------------------------------------------


@contextmanager
def _alarm():
    """Raise Hang in the block when it takes too long."""

    def ring(*_):
        raise Hang

    signal.signal(signal.SIGPROF, ring)
    signal.setitimer(signal.ITIMER_PROF, 2 * SLOW)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def work(name: str, seed: int, first: int, last: int, folder: Path) -> None:
    """Run cases; write a line of JSON to standard output for each find, and now and then."""
    reader = READERS[name]
    sound = reader.sound()
    for files in sound:  # what is compiled or imported is so now
        outcome, details = verdict(reader, write_case(folder, files), "warm up")
        if outcome not in ("read", "refused"):
            raise SystemExit(f"{name}: a sound file: {details}")
    base = _peak()
    _limit_memory()
    counts, slowest, reported_at = {"read": 0, "refused": 0}, 0.0, time.monotonic()
    for number in range(first, last):
        files, options = case_files(reader, seed, number, sound)
        path = write_case(folder, files)
        started = time.process_time()
        with _alarm():
            outcome, details = verdict(reader, path, options)
        seconds = time.process_time() - started
        slowest = max(slowest, seconds)
        if outcome in counts:
            counts[outcome] += 1
            if seconds > SLOW:
                _tell(number, "slow", f"{seconds:.1f} s")
        else:
            _tell(number, outcome, details)
        if number == last - 1 or time.monotonic() > reported_at + 1:
            reported_at = time.monotonic()
            line = {"done": number + 1, **counts, "slowest": slowest, "memory": _peak() - base}
            print(json.dumps(line), flush=True)


def _tell(number: int, outcome: str, details: str) -> None:
    print(json.dumps({"find": number, "kind": outcome, "details": details}), flush=True)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


def _limit_memory() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MAX_MEMORY_MIB
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


# --- in the parent: a child after the other -----------------------------------------------------


class Tally:
    """What came of one reader's cases."""

    def __init__(self, reader: Reader, seed: int, keep: Path):
        self.reader, self.seed, self.keep = reader, seed, keep
        self.sums = {"read": 0, "refused": 0}
        self.slowest, self.memory = 0.0, 0
        self.finds: dict[str, int] = {}

    def run(self, cases: int) -> None:
        first = 0
        while first < cases:
            first = self._child(first, cases)

    def row(self, cases: int) -> str:
        found = ", ".join(f"{kind} ({count})" for kind, count in self.finds.items()) or "-"
        return (
            f"{self.reader.name:15} {cases:8,} {self.sums['refused']:8,} {self.sums['read']:8,} "
            f"{self.slowest:8.2f} {self.memory >> 20:8,} {found}"
        )

    def _child(self, first: int, last: int) -> int:
        """Run a process from case ``first`` on; return the case to go on with."""
        done, so_far = first, {"read": 0, "refused": 0}
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "tests.fuzz.fuzzing", "--child", self.reader.name]
            command += [str(each) for each in (self.seed, first, last, folder)]
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
            watch = _Watch(process)
            for line in process.stdout:
                watch.seen()
                status = json.loads(line)
                if "find" in status:
                    done = status["find"] + 1
                    self._find(status["find"], status["kind"], status["details"])
                    continue
                done, so_far = status["done"], {key: status[key] for key in so_far}
                self.slowest = max(self.slowest, status["slowest"])
                self.memory = max(self.memory, status["memory"])
            code = process.wait()
            watch.end()
        for key, count in so_far.items():
            self.sums[key] += count
        if code == 0:
            return last
        # Which case it was the files do not tell: find out by running them one at a time.
        if last - done > 1:
            stop = min(last, done + max(1, (last - done) // 2))
            return self._child(done, stop)
        self._find(done, "stuck" if watch.ended else f"crash, code {code}", "")
        return done + 1

    def _find(self, number: int, kind: str, details: str) -> None:
        self.finds[kind] = self.finds.get(kind, 0) + 1
        if self.finds[kind] > _KEPT_PER_KIND:
            return
        folder = self.keep / f"{self.reader.name}-{self.seed}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        files, _ = case_files(self.reader, self.seed, number, self.reader.sound())
        write_case(folder, files)
        (folder / "find.txt").write_text(f"{kind}\n{details}\n", errors="backslashreplace")
        print(f"find: {kind}: {folder}", file=sys.stderr, flush=True)


class _Watch:
    """Ends a process that does not report for too long."""

    def __init__(self, process):
        import threading

        self._process, self._last, self.ended = process, time.monotonic() + 60, False
        self._over = threading.Event()
        threading.Thread(target=self._look, daemon=True).start()

    def seen(self) -> None:
        self._last = time.monotonic()

    def end(self) -> None:
        self._over.set()

    def _look(self) -> None:
        while not self._over.wait(1):
            if time.monotonic() > self._last + STUCK:
                self.ended = True
                self._process.kill()
                return


def main() -> None:
    if sys.argv[1:2] == ["--child"]:
        name, seed, first, last, folder = sys.argv[2:]
        work(name, int(seed), int(first), int(last), Path(folder))
        return
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cases", type=int, default=200_000, help="of all readers together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--reader", choices=list(READERS), action="append", help="only this one")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-finds"), help="folder for finds")
    options = parser.parse_args()
    names = options.reader or list(READERS)
    cases = -(-options.cases // len(names))
    print("reader             cases  refused     read  slowest  peak MB finds", flush=True)
    for name in names:
        tally = Tally(READERS[name], options.seed, options.keep)
        tally.run(cases)
        print(tally.row(cases), flush=True)


if __name__ == "__main__":
    main()
