"""Kill or stop trainings at random moments, resume, and compare with an uninterrupted one.

Example:
  python -m tests.fuzz.killing --kills 50
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

AIMS = ("any", "checkpoint", "vectors", "interrupt")
PLACES = (
    "interrupted",
    "before a checkpoint",
    "elsewhere",
    "writing a checkpoint",
    "writing the vectors",
    "finished",
)
SETTINGS = "--threads 1 --size 60 --epochs 12 --min-count 1 --quiet"


def make_text(path: Path, sentences: int = 40_000) -> None:
    """Random words, the common ones far more often."""
    rng = np.random.default_rng(5)
    words = np.array([f"word{number}" for number in range(3_000)])
    with open(path, "w") as file:
        for length in rng.integers(1, 30, sentences):
            file.write(" ".join(words[rng.zipf(1.3, length) % len(words)]) + "\n")


def command(*arguments) -> list[str]:
    return [sys.executable, "-m", "fastw2v", "train", *map(str, arguments)]


class Killing:
    """One training in a folder of its own, killed and resumed."""

    def __init__(self, folder: Path, text: Path, options: list[str], seed: int = 1):
        self.chance = random.Random(seed)
        self.state, self.output = folder / "saved" / "state", folder / "written" / "vectors.txt"
        for path in (self.state, self.output):
            path.parent.mkdir()
        start = self.command(text, "-o", self.output, "--checkpoint", self.state)
        self.start = [*start, "--checkpoint-every", "0.05s", *options]
        subprocess.run([*self.start, "--epochs", "1"], check=True)  # kernels are cached from now on
        self.forget()
        started = time.monotonic()
        assert subprocess.run(self.start).returncode == 0
        self.seconds = time.monotonic() - started
        self.wanted = self.output.read_bytes()
        self.forget()

    def command(self, *arguments) -> list[str]:
        """A command line that trains."""
        return command(*arguments)

    def forget(self) -> None:
        self.state.unlink()
        self.output.unlink()

    def next_command(self) -> list[str]:
        if not self.state.exists():
            return self.start
        return self.command("--resume", self.state, "--quiet")

    def kill(self, aim: str) -> str:
        """Kill the next run. Returns its state, one of `PLACES`."""
        number = signal.SIGINT if aim == "interrupt" else signal.SIGKILL
        process = subprocess.Popen(self.next_command(), preexec_fn=default_sigint)
        self._await(process, aim)
        process.send_signal(number)
        code = process.wait()
        assert code in (0, -number, 128 + number), f"resuming ended with {code}"
        assert not self.output.exists() or self.output.read_bytes() == self.wanted
        if code == 0:
            assert self.output.exists()
            self.forget()
            return "finished"
        if code == 128 + number:
            assert not unfinished(self.state)
            assert not unfinished(self.output)
            return "interrupted"
        if unfinished(self.state):
            return "writing a checkpoint"
        if unfinished(self.output):
            return "writing the vectors"
        return "elsewhere" if self.state.exists() else "before a checkpoint"

    def _await(self, process: subprocess.Popen, aim: str) -> None:
        """Wait for a random moment, or until the target file is being written."""
        if aim == "vectors":
            target = self.output
        else:
            time.sleep(self.chance.uniform(0.3, 1.1) * self.seconds)
            target = self.state
        if aim in ("checkpoint", "vectors"):
            while process.poll() is None and not unfinished(target):
                pass
            time.sleep(self.chance.uniform(0, 0.001))

    def finish(self) -> None:
        """Resume to the end, and check the files that remain."""
        assert subprocess.run(self.next_command()).returncode == 0
        assert self.output.read_bytes() == self.wanted
        for path in (self.state, self.output):
            left = [each.name for each in path.parent.iterdir()]
            assert left == [path.name], left


def default_sigint() -> None:
    """Restore the default action: children of a shell's background job ignore Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def unfinished(target: Path) -> bool:
    """Whether a temporary file beside the target has content.

    Empty ones are created at the start, to check that the target can be written.
    """
    try:
        with os.scandir(target.parent) as entries:
            return any(each.name != target.name and each.stat().st_size for each in entries)
    except FileNotFoundError:  # renamed since
        return False


def kill_and_resume(
    folder: Path, text: Path, kills: int, options: list[str], seed: int = 1
) -> dict:
    """Train in ``folder``, kill ``kills`` times, resume each time, to the end.

    Kills happen at random moments, while a checkpoint is written, or while the vectors are; some
    are SIGINT, as by Ctrl-C, instead of SIGKILL.

    Raises AssertionError if resuming fails. Returns the number of kills at each of `PLACES`.
    """
    killing = Killing(folder, text, options, seed)
    found = dict.fromkeys(PLACES, 0)
    for _ in range(kills):
        found[killing.kill(killing.chance.choice(AIMS))] += 1
    killing.finish()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options, more = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as name:
        text, folder = Path(name) / "text.txt", Path(name) / "work"
        folder.mkdir()
        make_text(text)
        wanted = [*SETTINGS.split(), *more]
        found = kill_and_resume(folder, text, options.kills, wanted, options.seed)
    print(f"{options.kills} kills: {found}", file=sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
