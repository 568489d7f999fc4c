"""Ranks that exchange bytes by MPI, through mpi4py.

Only point-to-point messages are used, all of them without blocking: whoever waits asks again and
again, so that Ctrl-C and SIGTERM are seen, and threads of one process share MPI by a lock.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from fastw2v.matrix.arrays import Array
from fastw2v.ranks.collectives import ByteExchange, Collectives
from fastw2v.ranks.together import RankAborted
from fastw2v.standard_streams import tell
from fastw2v.system.signals import interrupt_self

# A message is at most this long: MPI counts bytes in an int. It is shorter if there are not too
# many of them, since only the end of one shows that data still flows.
LONGEST_MESSAGE = 1 << 30
_SHORT_MESSAGE = 1 << 22
_MESSAGES = 256
_TAG_SIZE, _TAG_END, _TAG_INTERRUPTED, _FIRST_TAG = range(4)
_LARGEST_TAG = 32_767  # that every MPI has
_LINE_SECONDS = 0.2  # for a line and a notice to get through before mpirun ends the job
_NOTICE = np.zeros(1, np.uint8)


class MpiRanks(Collectives):
    """The ranks of an MPI communicator. See `fastw2v.ranks.opening` for how to get one."""

    def __init__(self, mpi: Any, communicator: Any, lock: Any = None):
        """mpi: the module ``mpi4py.MPI``, initialized. lock: held while MPI is called."""
        super().__init__()
        self._mpi, self._communicator = mpi, communicator
        self._lock = lock or threading.Lock()
        self._exchanges = 0
        self._world = mpi.COMM_WORLD  # for notices of the end, which any thread may get
        self.rank, self.size = communicator.Get_rank(), communicator.Get_size()

    def duplicate(self) -> MpiRanks:
        """See `fastw2v.ranks.protocol.Ranks.duplicate`."""
        self.barrier()  # waits so that it can be interrupted: the next call returns at once
        with self._lock:
            return MpiRanks(self._mpi, self._communicator.Dup(), self._lock)

    def abort(self, message: str, code: int = 1) -> NoReturn:
        """See `fastw2v.ranks.protocol.Ranks.abort`."""
        tell(f"Error: rank {self.rank} of {self.size}, on {socket.gethostname()}: {message}")
        self.end_job(code)

    def end_job(self, code: int) -> NoReturn:
        """End the processes of all ranks, without a line."""
        # Another thread may hold the lock, and never return it: this is the end.
        self._lock.acquire(timeout=_LINE_SECONDS)
        others = [each for each in range(self.size) if each != self.rank]
        notices = [self._world.Isend([_NOTICE, self._mpi.BYTE], each, _TAG_END) for each in others]
        until = time.monotonic() + _LINE_SECONDS
        while time.monotonic() < until:
            self._mpi.Request.Testall(notices)
            time.sleep(_LINE_SECONDS / 20)
        self._world.Abort(code)
        os._exit(code)

    def aborted_by(self) -> int | None:
        """The rank that is about to end the job, if one is."""
        status = self._mpi.Status()
        if self._world.Iprobe(self._mpi.ANY_SOURCE, _TAG_END, status):
            return int(status.Get_source())
        return None

    def pass_interrupt_on(self) -> None:
        """Interrupt rank 0, too, as soon as it waits for others."""
        with self._lock:
            self._passed_on = self._world.Isend([_NOTICE, self._mpi.BYTE], 0, _TAG_INTERRUPTED)

    def note_interrupts(self) -> None:
        """See `pass_interrupt_on`."""
        if self.rank == 0 and self._world.Iprobe(self._mpi.ANY_SOURCE, _TAG_INTERRUPTED):
            notice = [np.empty_like(_NOTICE), self._mpi.BYTE]
            self._world.Recv(notice, self._mpi.ANY_SOURCE, _TAG_INTERRUPTED)
            interrupt_self()

    def of_mpi(self) -> tuple[Any, Any, Any]:
        """The module of MPI, the communicator, and the lock to hold while calling either."""
        return self._mpi, self._communicator, self._lock

    def _start(self, parts: Sequence[Array]) -> ByteExchange:
        self._exchanges += 1  # the same on all ranks
        tag = _FIRST_TAG + self._exchanges % (_LARGEST_TAG - _FIRST_TAG)
        return _Messages(self, parts, tag)


class _Messages(ByteExchange):
    """The messages of one exchange: to each other rank the number of bytes, and then the bytes.

    Several exchanges may be under way, and end in any order: MPI keeps the order of the numbers,
    which all are asked for at the beginning, and the bytes have a tag for each exchange.
    """

    def __init__(self, ranks: MpiRanks, parts: Sequence[Array], tag: int):
        self._ranks, self._tag = ranks, tag
        self._mpi, self._communicator, self._lock = ranks.of_mpi()
        mpi, communicator, rank = self._mpi, self._communicator, ranks.rank
        self._sent = parts  # kept until they are sent
        self._sizes = [np.zeros(1, np.int64) for _ in parts]
        self._to_send = [np.array([len(part)], np.int64) for part in parts]
        self._received: list[Array | None] = [None] * len(parts)
        self._received[rank] = parts[rank].copy()
        others = [each for each in range(len(parts)) if each != rank]
        with self._lock:
            self._size_requests = [
                communicator.Irecv([self._sizes[each], mpi.BYTE], each, _TAG_SIZE)
                for each in others
            ]
            self._waiting = dict(zip(others, self._size_requests, strict=True))
            self._requests: list[Any] = []
            for each in others:
                self._requests.append(
                    communicator.Isend([self._to_send[each], mpi.BYTE], each, _TAG_SIZE)
                )
                self._requests += [
                    communicator.Isend([message, mpi.BYTE], each, tag)
                    for message in _messages(parts[each])
                ]

    def step(self) -> bool:
        """See `ByteExchange.step`; raises RankAborted if another rank ends the job."""
        with self._lock:
            ending = self._ranks.aborted_by()
            if ending is not None:
                raise RankAborted(f"rank {ending} has failed")
            self._ranks.note_interrupts()
            known = [each for each, request in self._waiting.items() if request.Test()]
            for each in known:
                del self._waiting[each]
                part = np.empty(int(self._sizes[each][0]), np.uint8)
                self._received[each] = part
                self._requests += [
                    self._communicator.Irecv([message, self._mpi.BYTE], each, self._tag)
                    for message in _messages(part)
                ]
            ended = self._mpi.Request.Testsome(self._requests) if self._requests else None
        if ended:
            gone = set(ended)
            self._requests = [r for n, r in enumerate(self._requests) if n not in gone]
        return bool(known or ended)

    @property
    def ended(self) -> bool:
        """See `ByteExchange.ended`."""
        return not self._waiting and not self._requests

    def received(self) -> list[Array]:
        """See `ByteExchange.received`."""
        return [part for part in self._received if part is not None]


def _messages(part: Array) -> list[Array]:
    """The bytes of a part, (n,) uint8, message by message: the same on both sides."""
    length = min(max(len(part) // _MESSAGES, _SHORT_MESSAGE), LONGEST_MESSAGE)
    return [part[start : start + length] for start in range(0, len(part), length)]
