"""Kill trainings at random moments, go on with them, and compare the end with one left alone.

Example:
  python tests/killing.py --kills 50
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

SETTINGS = "--threads 1 --size 60 --epochs 4 --min-count 1 --quiet"


def make_text(path: Path, sentences: int = 40_000) -> None:
    """Random words, the common ones far more often."""
    rng = np.random.default_rng(5)
    words = np.array([f"word{number}" for number in range(3_000)])
    with open(path, "w") as file:
        for length in rng.integers(1, 30, sentences):
            file.write(" ".join(words[rng.zipf(1.3, length) % len(words)]) + "\n")


def command(*arguments) -> list[str]:
    return [sys.executable, "-m", "fastw2v", "train", *map(str, arguments)]


def kill_and_go_on(folder: Path, text: Path, kills: int, options: list[str], seed: int = 1) -> dict:
    """Train in ``folder``, kill at ``kills`` random moments, go on each time, to the end.

    Raises AssertionError where going on fails. Returns seconds of an undisturbed run, and how
    many kills came before there was anything to go on with, in training, and in the end's writing.
    """
    chance = random.Random(seed)
    state, output = folder / "state", folder / "vectors.bin"
    start = command(text, "-o", output, "--checkpoint", state, "--checkpoint-every", "0.05s")
    start += options
    subprocess.run([*start, "--epochs", "1"], check=True)  # kernels are in the cache from now on
    state.unlink()
    started = time.monotonic()
    assert subprocess.run(start).returncode == 0
    whole = time.monotonic() - started
    wanted = output.read_bytes()
    found = {"seconds": whole, "before": 0, "within": 0, "finished": 0}
    output.unlink()
    state.unlink()
    for _ in range(kills):
        going_on = state.exists()
        process = subprocess.Popen(command("--resume", state, "--quiet") if going_on else start)
        time.sleep(chance.uniform(0.15, 1.1) * whole)
        process.send_signal(signal.SIGKILL)
        code = process.wait()
        assert code in (0, -signal.SIGKILL), f"going on ended with {code}"
        found["within" if state.exists() else "before"] += 1
        if code == 0:
            assert output.read_bytes() == wanted
            found["finished"] += 1
            output.unlink()
            state.unlink()
    rest = command("--resume", state, "--quiet") if state.exists() else start
    assert subprocess.run(rest).returncode == 0
    assert output.read_bytes() == wanted
    left = sorted(each.name for each in folder.iterdir())
    assert left == ["state", "vectors.bin"], left
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
        found = kill_and_go_on(folder, text, options.kills, wanted, options.seed)
    print(f"{options.kills} kills: {found}", file=sys.stdout)


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main()
