"""Let the allocations of a command fail in turn, one alone or all from one on.

    python -m tests.fuzz.allocations                        the whole campaign
    python -m tests.fuzz.allocations --only train --sample 5

After each failure: the command has succeeded, with the same output as ever, or it has ended with
one line, and every old file is whole and no other is left.
"""

import argparse
import io
import os
import random
import shutil
import signal
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fastw2v import formats
from fastw2v.cli import main as command_line
from tests.support import allocations
from tests.support.preload import build, environment

_LOADED = "FASTW2V_ALLOCATIONS"  # set in the process that has the library
_SMALL = "--size 40 --epochs 2 --min-count 1 --threads 1 --quiet"
COMMANDS = {
    "train": f"train text.txt -o v.npy {_SMALL}",
    "train, checkpoints": f"train text.txt -o v.txt --checkpoint state {_SMALL}",
    "train, two threads": f"train text.txt -o v.bin.gz {_SMALL} --threads 2 --deterministic",
    "train, exact": f"train text.txt -o v.bin {_SMALL} --exact",
    "resume": "train --resume begun --epochs 2 -o v.bin --checkpoint state --quiet",
    "vocab": "vocab text.txt -o counts.txt -q",
    "phrases": "phrases text.txt -o joined.txt -q",
    "counts": "counts text.txt -o v.npy --size 4 -q",
    "ngram": "ngram text.txt -o text.lm -q",
    "lm": "lm text.txt -o v.npy --size 4 --epochs 1 -q",
    "convert from text": "convert in.txt v.npy -q",
    "convert from binary": "convert in.bin v.tsv -q",
    "convert from NumPy": "convert in.npy v.txt.gz -q",
    "embed": "embed in.bin text.txt -o rows.npy -q",
    "align": "align in.bin in.txt -o turned.bin -q",
    "merge": "merge in.bin in.txt -o merged.bin --rule concatenate -q",
    "similar": "similar in.bin w7 w9",
    "similar, from text": "similar in.txt w7",
    "evaluate": "evaluate in.bin --pairs pairs.txt",
    "classes": "classes in.bin -n 5 -o c.txt -q",
    "map": "map in.bin -n 20 -o m.html -q",
    "info": "info in.npy",
}
OLD = ("v.npy", "v.words.txt", "v.txt", "v.bin", "v.bin.gz", "v.txt.gz", "counts.txt")


class Ended(NamedTuple):
    """A command that has ended: exit code (negative: by a signal), output, errors, and how many
    allocations were counted."""

    code: int
    output: bytes
    errors: str
    allocations: int


class Campaign:
    """Runs commands, each in a process of its own that is forked from this one."""

    def __init__(self, folder: Path):
        self.work, self._logs = folder / "work", folder / "logs"
        self._logs.mkdir()
        self.work.mkdir()
        self._inputs: dict[str, bytes] = {}
        self._make_inputs()
        self.new: dict[str, bytes] = {}
        self._output = b""

    def _make_inputs(self) -> None:
        rng = np.random.default_rng(3)
        words = np.array([f"w{number}" for number in range(4_000)])
        lines = [" ".join(words[rng.zipf(1.3, 12) % 4_000]) for _ in range(6_000)]
        (self.work / "text.txt").write_text("\n".join(lines))
        pairs = [f"w{one}\tw{other}\t{one % 7}\n" for one, other in rng.integers(0, 99, (30, 2))]
        (self.work / "pairs.txt").write_text("".join(pairs))
        matrix = rng.normal(size=(4_000, 40)).astype(np.float32)
        for name in ("in.txt", "in.bin", "in.npy"):
            formats.save(self.work / name, words.tolist(), matrix)
        os.chdir(self.work)
        begun = f"train text.txt -o v.bin --checkpoint begun {_SMALL} --epochs 1"
        assert _call(begun.split()) == 0
        os.remove("v.bin")
        for name in OLD:
            (self.work / name).write_bytes(b"old " + name.encode())
        self._inputs = self.files()

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.work.iterdir()}

    def fresh(self) -> None:
        """Make the folder as it is before a command."""
        for name, content in self.files().items():
            if self._inputs.get(name) != content:
                (self.work / name).unlink()
        for name, content in self._inputs.items():
            if not (self.work / name).exists():
                (self.work / name).write_bytes(content)

    def run(self, command: str, first: int, last: int) -> Ended:
        """Run a command in the folder; its allocations ``first`` to ``last`` fail."""
        paths = [self._logs / name for name in ("output", "errors", "counted")]
        child = os.fork()
        if not child:
            try:
                for number, path in zip((1, 2, 9), paths, strict=True):
                    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
                arguments = command.split()
                allocations.arm(first, last)
                code = _call(arguments)
                os.write(9, b"%d" % allocations.disarm())
                os._exit(code)
            finally:
                os._exit(70)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        counted = int(paths[2].read_bytes() or 0)
        return Ended(code, paths[0].read_bytes(), paths[1].read_text("utf-8", "replace"), counted)

    def prepare(self, command: str) -> int:
        """Run a command without failures; returns how many allocations it makes."""
        self.fresh()
        with redirect_stdout(io.TextIOWrapper(io.BytesIO())):
            assert _call(command.split()) == 0, command  # those that are forked have its kernels
        self.fresh()
        done = self.run(command, allocations.NEVER, allocations.NEVER)
        assert done.code == 0, (command, done.errors)
        self.new, self._output = self.files(), done.output
        return done.allocations

    def check(self, done: Ended) -> str:
        """Raise AssertionError if a promise is broken. Returns how the command ended."""
        found = self.files()
        if done.code == 0:
            different = [name for name in self.new if found.get(name) != self.new[name]]
            assert different in ([], ["state"]), f"success with other files: {different}"
            assert done.output == self._output, "success with another answer"
            return "not needed"
        assert done.code == 1, f"exit code {done.code}: {done.errors}"
        *_, line = done.errors.splitlines() or [""]
        assert line.startswith("Error: "), done.errors
        assert "Traceback" not in done.errors, done.errors
        for name, content in found.items():
            meant = name.replace(".rescued", "")  # complete vectors, saved elsewhere
            allowed = (self._inputs.get(name), self.new.get(meant))
            assert content in allowed or name == "state", f"{name}: neither old nor new"
        gone = self._inputs.keys() - found.keys()
        assert not gone, f"gone: {gone}"
        return "one line"


def _call(arguments: list[str]) -> int:
    """Run the command as its own process would; returns the exit code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["fastw2v", *arguments]
    try:
        command_line()
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc(limit=-9)
        return 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def fail_in_turn(
    name: str, campaign: Campaign, chance: random.Random, sample: int | None
) -> Counter:
    """Let every allocation of a command fail, or a sample. Prints and counts what breaks."""
    command = COMMANDS[name]
    count = campaign.prepare(command)
    spans = [(at, last) for at in range(1, count + 1) for last in (at, allocations.NEVER)]
    if sample is not None and sample < len(spans):
        spans = chance.sample(spans, sample)
    found: Counter = Counter()
    for first, last in spans:
        campaign.fresh()
        done = campaign.run(command, first, last)
        try:
            found[campaign.check(done)] += 1
        except AssertionError as error:
            found["broken"] += 1
            which = f"allocation {first}" + (" and all later ones" if last > first else "")
            print(f"BROKEN {name}: {which} of {count}: {error}", flush=True)
    print(f"{name}: {count} allocations: {dict(found)}", flush=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--only", nargs="+", default=[""], help="commands whose names begin so")
    parser.add_argument("--sample", type=int, help="so many failures of each command, at random")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if _LOADED not in os.environ:
        folder = tempfile.mkdtemp()
        loaded = environment(build("allocations", Path(folder))) | {_LOADED: folder}
        loaded |= {"NUMBA_THREADING_LAYER": "workqueue"}  # whose threads survive a fork
        arguments = [sys.executable, "-m", "tests.fuzz.allocations", *sys.argv[1:]]
        os.execve(sys.executable, arguments, loaded)
    folder = Path(os.environ[_LOADED])
    total: Counter = Counter()
    try:
        campaign = Campaign(folder)
        for name in COMMANDS:
            if name.startswith(tuple(options.only)):
                chance = random.Random(f"{options.seed} {name}")
                total += fail_in_turn(name, campaign, chance, options.sample)
    finally:
        os.chdir("/")
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{total.total()} failures: {dict(total)}")
    sys.exit(1 if total["broken"] else 0)


if __name__ == "__main__":
    main()
