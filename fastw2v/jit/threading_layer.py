"""Numba's threads: one set for the whole process, which several trainings may want at once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numba

from fastw2v.errors import TrainingError
from fastw2v.system.posix import call_after_fork

WAIT_POLICY = "OMP_WAIT_POLICY"


class NumbaThreads:
    """Access to Numba's threads, according to their kind (Numba's "threading layer").

    "workqueue" is used if Numba finds no library for another. It aborts the process if two threads
    use it at once, so each waits for its turn. A forked child has threads of its own, and does not
    wait for those of its parent, which it has not.

    "omp" does not survive a fork, and GNU's aborts a process that tries: an error is raised
    instead.
    """

    def __init__(self):
        self._turn = Lock()
        self._started_in: int | None = None  # process number
        call_after_fork(self._begin_turns)

    def _begin_turns(self) -> None:
        self._turn = Lock()

    @contextmanager
    def ours(self) -> Iterator[None]:
        """Within, kernels may run. Raises TrainingError if they cannot."""
        try:
            with _sleeping_waiters():
                numba.get_num_threads()  # starts the threads: before that, their kind is unknown
        except ValueError as error:  # the library for the layer that was asked for is missing
            raise TrainingError(
                f"Numba cannot start its threads ({' '.join(str(error).split())}): unset "
                "NUMBA_THREADING_LAYER, or install the library for it"
            ) from error
        kind = numba.threading_layer()
        if self._started_in is None:
            self._started_in = os.getpid()
        if kind == "omp" and self._started_in != os.getpid() and _of_gnu():
            raise TrainingError(
                "this process was forked from one that had trained, and OpenMP's threads do not "
                "survive a fork: start processes with multiprocessing's spawn, or set "
                "NUMBA_THREADING_LAYER=workqueue"
            )
        if kind != "workqueue":
            yield
            return
        with self._turn:
            yield


@contextmanager
def _sleeping_waiters() -> Iterator[None]:
    """Within, an OpenMP library that is loaded lets threads without work sleep, unless the user
    says otherwise.

    By default they spin for milliseconds: on a machine with other work they take the time of those
    they wait for, and each start of a parallel loop took 8 to 24 ms instead of 70 microseconds.
    The library reads the variable once, when it is loaded; others that the process loads later
    keep their own.
    """
    if WAIT_POLICY in os.environ:
        yield
        return
    os.environ[WAIT_POLICY] = "PASSIVE"
    try:
        yield
    finally:
        del os.environ[WAIT_POLICY]


def _of_gnu() -> bool:
    try:
        from numba.np.ufunc import omppool
    except ImportError:  # moved: assume the one that aborts
        return True
    return getattr(omppool, "openmp_vendor", "GNU") == "GNU"


NUMBA_THREADS = NumbaThreads()  # one for the process, like the threads
