"""All that ranks do together, made of one exchange of bytes: all that a transport provides.

Sums are made by the rank that owns a slice of the array, in the order of the ranks, and then handed
to all (Rabenseifner, "Optimization of collective reduction operations", ICCS 2004): each number is
sent twice, however many ranks there are, and no MPI decides about the order of additions.
"""

from __future__ import annotations

import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import numpy as np

from fastw2v.matrix.arrays import Array
from fastw2v.ranks.protocol import Exchange, Operation, Ranks

_COMBINE: dict[Operation, Callable[..., Any]] = {
    "sum": np.add,
    "min": np.minimum,
    "max": np.maximum,
}
_LONGEST_SLEEP = 1e-3  # seconds; while data flows, the exchange is asked again sooner
_FIRST_SLEEP = 2e-5


class ByteExchange(ABC):
    """An exchange of bytes under way, in one transport."""

    @abstractmethod
    def step(self) -> bool:
        """Do what can be done without waiting. Return whether anything was done."""

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether everything was sent and received."""

    @abstractmethod
    def received(self) -> list[Array]:
        """(n,) uint8 of each rank, once the exchange has ended."""


class Collectives(ABC):
    """The protocol `fastw2v.ranks.protocol.Ranks`, for a transport that moves bytes."""

    rank: int
    size: int

    def __init__(self) -> None:
        self.bytes_sent = 0
        self.seconds_waited = 0.0

    @abstractmethod
    def _start(self, parts: Sequence[Array]) -> ByteExchange:
        """Begin to send ``parts[r]``, (n,) uint8, to rank r."""

    @abstractmethod
    def duplicate(self) -> Ranks:
        """See `Ranks.duplicate`."""

    @abstractmethod
    def abort(self, message: str, code: int = 1) -> NoReturn:
        """See `Ranks.abort`."""

    def start_alltoallv(self, parts: Sequence[Array]) -> Exchange:
        """See `Ranks.start_alltoallv`."""
        if len(parts) != self.size:
            raise ValueError(f"{len(parts)} parts for {self.size} ranks")
        began = time.monotonic()
        like = parts[self.rank]
        contiguous = [np.ascontiguousarray(part, like.dtype) for part in parts]
        flat = [part.reshape(-1).view(np.uint8) for part in contiguous]
        self.bytes_sent += sum(len(part) for part in flat) - len(flat[self.rank])
        exchange = _Typed(self, self._start(flat), like.dtype, like.shape[1:])
        self.seconds_waited += time.monotonic() - began
        return exchange

    def alltoallv(self, parts: Sequence[Array]) -> list[Array]:
        """See `Ranks.alltoallv`."""
        return self.start_alltoallv(parts).wait()

    def allgather(self, array: Array) -> list[Array]:
        """See `Ranks.allgather`."""
        return self.alltoallv([array] * self.size)

    def gather(self, array: Array, root: int = 0) -> list[Array] | None:
        """See `Ranks.gather`."""
        parts = [array if rank == root else array[:0] for rank in range(self.size)]
        gathered = self.alltoallv(parts)
        return gathered if self.rank == root else None

    def bcast(self, array: Array | None, root: int = 0) -> Array:
        """See `Ranks.bcast`."""
        form = None
        if self.rank == root:
            if array is None:
                raise ValueError(f"rank {root} has no array to hand to all")
            form = [array.dtype.str, list(array.shape)]
        dtype, shape = self.bcast_json(form, root)
        flat = np.empty(0, dtype)
        if self.rank == root and array is not None:
            flat = np.ascontiguousarray(array).reshape(-1)
        parts = np.array_split(flat, self.size)  # a slice each, which all then hand to all
        slices = self.allgather(self.alltoallv(parts)[root])
        whole: Array = np.concatenate(slices).reshape(shape)
        return whole

    def allreduce(self, array: Array, operation: Operation = "sum") -> Array:
        """See `Ranks.allreduce`."""
        combine = _COMBINE[operation]
        array = np.asarray(array)
        of_all = self.alltoallv(np.array_split(array.reshape(-1), self.size))
        total = of_all[0]
        for part in of_all[1:]:
            total = combine(total, part)
        return np.concatenate(self.allgather(total)).reshape(array.shape)

    def allgather_json(self, value: Any) -> list[Any]:
        """See `Ranks.allgather_json`."""
        return [json.loads(text.tobytes()) for text in self.allgather(_json(value))]

    def bcast_json(self, value: Any, root: int = 0) -> Any:
        """See `Ranks.bcast_json`."""
        text = _json(value) if self.rank == root else np.empty(0, np.uint8)
        parts = [text if self.rank == root else text[:0]] * self.size
        return json.loads(self.alltoallv(parts)[root].tobytes())

    def barrier(self) -> None:
        """See `Ranks.barrier`."""
        self.allgather(np.empty(0, np.uint8))


class _Typed:
    """An exchange of arrays of one dtype and trailing shape."""

    def __init__(
        self, ranks: Collectives, exchange: ByteExchange, dtype: Any, shape: tuple[int, ...]
    ):
        self._ranks, self._exchange = ranks, exchange
        self._dtype, self._shape = dtype, shape

    def done(self) -> bool:
        """See `Exchange.done`."""
        began = time.monotonic()
        while not self._exchange.ended and self._exchange.step():
            pass
        self._ranks.seconds_waited += time.monotonic() - began
        return self._exchange.ended

    def wait(self) -> list[Array]:
        """See `Exchange.wait`."""
        began, sleep = time.monotonic(), _FIRST_SLEEP
        while not self._exchange.ended:
            if self._exchange.step():
                sleep = _FIRST_SLEEP
            else:
                time.sleep(sleep)
                sleep = min(2 * sleep, _LONGEST_SLEEP)
        self._ranks.seconds_waited += time.monotonic() - began
        rows = (-1, *self._shape)
        empty = 0 in self._shape  # of which the number of rows is unknown
        return [
            np.empty((0, *self._shape), self._dtype)
            if empty
            else own.view(self._dtype).reshape(rows)
            for own in self._exchange.received()
        ]


def _json(value: Any) -> Array:
    text = json.dumps(value, allow_nan=False)  # ASCII, so that lone surrogates pass
    return np.frombuffer(text.encode(), np.uint8)
