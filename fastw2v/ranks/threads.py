"""Ranks that are threads of one process: for tests, for one rank alone, and to try things out.

Nothing has to be installed. Arrays are copied, so that ranks share no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NoReturn, TypeVar

from fastw2v.matrix.arrays import Array
from fastw2v.ranks.collectives import ByteExchange, Collectives
from fastw2v.ranks.together import RankAborted

_Result = TypeVar("_Result")


class _Job:
    """What the threads share.

    sent: by channel, number of the exchange, sender and receiver, until it is received.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.aborted: str | None = None
        self.sent: dict[tuple[int, int, int, int], Array] = {}


class ThreadRanks(Collectives):
    """One rank of a job of threads.

    >>> ThreadRanks.alone().size
    1
    """

    def __init__(self, job: _Job, rank: int, channels: list[int], channel: int = 0):
        """channels: the number of channels this rank has, shared by its duplicates."""
        super().__init__()
        self.rank, self.size = rank, job.size
        self._job, self._channels, self._channel = job, channels, channel
        self._exchanges = 0

    @classmethod
    def alone(cls) -> ThreadRanks:
        """The only rank: for a process that works by itself."""
        return cls(_Job(1), 0, [1])

    def duplicate(self) -> ThreadRanks:
        """See `fastw2v.ranks.protocol.Ranks.duplicate`."""
        self.barrier()
        channel = self._channels[0]  # the same on all ranks, which all call this
        self._channels[0] += 1
        return ThreadRanks(self._job, self.rank, self._channels, channel)

    def abort(self, message: str, code: int = 1) -> NoReturn:
        """See `fastw2v.ranks.protocol.Ranks.abort`; here an error ends the threads of all ranks."""
        if self._job.aborted is None:
            self._job.aborted = f"rank {self.rank}: {message}"
        raise RankAborted(self._job.aborted)

    def _start(self, parts: Sequence[Array]) -> ByteExchange:
        number = self._exchanges  # the same on all ranks
        self._exchanges += 1
        for receiver, part in enumerate(parts):
            self._job.sent[self._channel, number, self.rank, receiver] = part.copy()
        senders = [(self._channel, number, each, self.rank) for each in range(self.size)]
        return _Received(self._job, senders)


class _Received(ByteExchange):
    def __init__(self, job: _Job, senders: list[tuple[int, int, int, int]]) -> None:
        self._job, self._senders = job, senders
        self._parts: dict[int, Array] = {}

    def step(self) -> bool:
        if self._job.aborted is not None:
            raise RankAborted(self._job.aborted)
        before = len(self._parts)
        for sender, key in enumerate(self._senders):
            if key in self._job.sent:
                self._parts[sender] = self._job.sent.pop(key)
        return len(self._parts) > before

    @property
    def ended(self) -> bool:
        return len(self._parts) == len(self._senders)

    def received(self) -> list[Array]:
        return [self._parts[sender] for sender in range(len(self._senders))]


def run_ranks(size: int, work: Callable[[ThreadRanks], _Result]) -> list[_Result]:
    """Call ``work`` with each of ``size`` ranks, each in a thread. Returns the results by rank.

    Raises the error of the rank that failed first; the others end with `RankAborted`.

    >>> run_ranks(3, lambda ranks: ranks.allgather_json(ranks.rank))
    [[0, 1, 2], [0, 1, 2], [0, 1, 2]]
    """
    job = _Job(size)
    errors: list[BaseException] = []

    def run(rank: int) -> _Result:
        try:
            return work(ThreadRanks(job, rank, [1]))
        except BaseException as error:
            errors.append(error)
            if job.aborted is None:
                job.aborted = f"rank {rank}: {error}"
            raise

    with ThreadPoolExecutor(size) as pool:
        futures = [pool.submit(run, rank) for rank in range(size)]
    if errors:
        raise errors[0]
    return [future.result() for future in futures]
