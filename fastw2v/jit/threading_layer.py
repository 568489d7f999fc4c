"""Numba's threads: one set for the whole process, which may be asked for from two sides."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import numba

from fastw2v.errors import TrainingError


class NumbaThreads:
    """Whose turn it is to run kernels on Numba's threads, of which there are several kinds.

    "workqueue" is taken where no library for another is found. Used by two threads of ours at
    once it ends the process: there each waits for its turn.

    "omp" does not live on in a forked process, and GNU's ends a process that tries: there an error
    is raised instead.
    """

    def __init__(self):
        self._turn = Lock()
        self._started_in: int | None = None  # process number

    @contextmanager
    def ours(self) -> Iterator[None]:
        """Within, kernels may run. Raises TrainingError where they cannot."""
        numba.get_num_threads()  # starts them: before that, Numba does not tell their kind
        kind = numba.threading_layer()
        if self._started_in is None:
            self._started_in = os.getpid()
        if kind == "omp" and self._started_in != os.getpid() and _of_gnu():
            raise TrainingError(
                "this process was forked from one that had trained, and OpenMP's threads do not "
                "outlive that: start processes with multiprocessing's spawn, or set "
                "NUMBA_THREADING_LAYER=workqueue"
            )
        if kind != "workqueue":
            yield
            return
        with self._turn:
            yield


def _of_gnu() -> bool:
    from numba.np.ufunc import omppool

    return getattr(omppool, "openmp_vendor", "GNU") == "GNU"


NUMBA_THREADS = NumbaThreads()  # one for the process, as the threads are
