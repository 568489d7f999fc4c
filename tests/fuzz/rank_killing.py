"""Kill random ranks of a training under mpirun, resume, and compare with an uninterrupted one.

Example:
  python -m tests.fuzz.rank_killing --kills 20 --ranks 3
"""

import argparse
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.fuzz.killing import SETTINGS, Killing, make_text
from tests.support.rank_jobs import environment, mpirun

RANK_VARIABLES = ("OMPI_COMM_WORLD_RANK", "PMI_RANK")
SECONDS = 20  # within which a job ends when one of its ranks is killed


class RankKilling(Killing):
    """One training on several ranks, of which one is killed, and all are resumed."""

    def __init__(self, folder: Path, text: Path, options: list[str], seed: int, ranks: int):
        self.ranks = ranks
        super().__init__(folder, text, options, seed)

    def command(self, *arguments) -> list[str]:
        """See `Killing.command`."""
        return [*mpirun(), "-n", str(self.ranks), *super().command(*arguments), "--ranks"]

    def kill_rank(self) -> str:
        """Kill one rank of the next run at a random moment. Returns what came of it."""
        job = subprocess.Popen(self.next_command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(self.chance.uniform(0.3, 1.0) * self.seconds)
        rank = self.chance.randrange(self.ranks)
        pid = pid_of(job.pid, rank)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)
        began = time.monotonic()
        _, stderr = job.communicate(timeout=SECONDS)
        if job.returncode == 0:
            assert self.output.read_bytes() == self.wanted
            self.forget()
            return "finished"
        assert pid is not None, f"ended with {job.returncode}: {stderr.decode()}"
        assert b"Traceback" not in stderr, stderr.decode()
        assert not self.output.exists() or self.output.read_bytes() == self.wanted
        print(f"rank {rank} killed, all ended after {time.monotonic() - began:.1f} s", flush=True)
        return "killed" if self.state.exists() else "killed before a checkpoint"


def pid_of(job: int, rank: int) -> int | None:
    """The process of a rank that a process of mpirun has started; None if there is none."""
    parents, found = {job}, []
    for stat in sorted(Path("/proc").glob("[0-9]*/stat"), key=lambda path: int(path.parent.name)):
        try:
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            if parent not in parents:
                continue
            parents.add(int(stat.parent.name))
            variables = (stat.parent / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if any(f"{name}={rank}".encode() in variables for name in RANK_VARIABLES):
            found.append(int(stat.parent.name))
    return found[0] if found else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--ranks", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options, more = parser.parse_known_args()
    os.environ.update(environment())
    with tempfile.TemporaryDirectory() as name:
        text, folder = Path(name) / "text.txt", Path(name) / "work"
        folder.mkdir()
        make_text(text)
        wanted = [*SETTINGS.split(), *more]
        killing = RankKilling(folder, text, wanted, options.seed, options.ranks)
        found: dict[str, int] = {}
        for _ in range(options.kills):
            what = killing.kill_rank()
            found[what] = found.get(what, 0) + 1
        killing.finish()
    print(f"{options.kills} kills: {found}; the same bytes each time")


if __name__ == "__main__":
    main()
