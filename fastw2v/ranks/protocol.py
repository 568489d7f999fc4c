"""The protocol between work that is shared by several processes and what carries their messages.

A *rank* is one of the processes, numbered from 0. `fastw2v.ranks.mpi` carries messages by MPI,
`fastw2v.ranks.threads` between threads of one process, for tests, and for one rank alone. All
results are the same bytes whatever carries them: numbers are combined in the order of the ranks.

Every rank calls the same methods in the same order. No method blocks in a way that Ctrl-C cannot
interrupt: waiting is done by asking again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NoReturn, Protocol

from fastw2v.matrix.arrays import Array

Operation = Literal["sum", "min", "max"]


class Exchange(Protocol):
    """An exchange under way. The arrays that were given to it must not change before its end."""

    def done(self) -> bool:
        """Whether everything has been sent and received. Never waits; also drives the exchange."""

    def wait(self) -> list[Array]:
        """Wait for the end. Returns what each rank sent to this one, by rank."""


class Ranks(Protocol):
    """All ranks of one job as one of them sees them.

    Not for two threads at once: a second thread uses a `duplicate` of its own.
    """

    @property
    def rank(self) -> int:
        """This rank, from 0."""

    @property
    def size(self) -> int:
        """How many ranks there are."""

    @property
    def bytes_sent(self) -> int:
        """Bytes that this rank has sent to others so far; what it keeps for itself is not sent."""

    @property
    def seconds_waited(self) -> float:
        """Seconds this rank has spent in the methods below so far."""

    def start_alltoallv(self, parts: Sequence[Array]) -> Exchange:
        """Begin to send ``parts[r]`` to rank r, for all ranks r.

        parts: ``size`` arrays of shape (n_r, ...); n_r may be 0 and differ, everything else, also
            the dtype, is the same on all ranks. Each may have more than 2**31 bytes.
        """

    def alltoallv(self, parts: Sequence[Array]) -> list[Array]:
        """`start_alltoallv`, and wait. Returns what each rank sent to this one, by rank: ``size``
        arrays of shape (m_r, ...)."""

    def allgather(self, array: Array) -> list[Array]:
        """The arrays of all ranks, by rank: shapes (n_r, ...), of one dtype."""

    def gather(self, array: Array, root: int = 0) -> list[Array] | None:
        """As `allgather`, on rank ``root``; None on the others."""

    def bcast(self, array: Array | None, root: int = 0) -> Array:
        """The array of rank ``root``, of any shape and dtype; the others give None."""

    def allreduce(self, array: Array, operation: Operation = "sum") -> Array:
        """All arrays combined element by element: of one shape and dtype.

        Floats are added in the order of the ranks, so that all get the same bits with any MPI.
        """

    def allgather_json(self, value: Any) -> list[Any]:
        """The values of all ranks, by rank: what JSON can express, without NaN."""

    def bcast_json(self, value: Any, root: int = 0) -> Any:
        """The value of rank ``root``: what JSON can express."""

    def barrier(self) -> None:
        """Wait until all ranks have called this."""

    def duplicate(self) -> Ranks:
        """The same ranks with messages of their own, for another thread. All ranks call this."""

    def abort(self, message: str, code: int = 1) -> NoReturn:
        """End the processes of all ranks, at once, with a line on stderr that names this rank."""
