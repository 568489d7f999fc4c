"""The bytes of a piece of a source, decompressed if necessary, with errors that name the place."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from fastw2v.corpus.text_check import HEAD_BYTES as CHECKED_BYTES
from fastw2v.corpus.text_check import check_text
from fastw2v.errors import CorpusError
from fastw2v.io.compression import (
    BROKEN,
    HEAD_BYTES,
    MAX_RATIO,
    check_head,
    decompressor,
    is_bomb,
)
from fastw2v.system.posix import read_at

_FEED_BYTES = 1 << 18  # read from a pipe at once
_READ_AHEAD = 1 << 16  # read from a compressed file at once, of which a little is decompressed
_MOST_FED = 16  # times as many wait for a thread that reads them
_MIN_BOMB_BYTES = 1 << 26  # smaller files may decompress to any size


class Pipe:
    """A file that can only be read from first to last.

    The main thread calls `feed`, since only there can waiting for a pipe be interrupted; another
    thread reads what was fed, and waits for it.

    name: for errors. position: bytes read so far. exhausted: unknown before nothing is left.
    """

    start = 0
    exhausted = False
    feeds_itself = False  # set if the thread that reads is the main thread

    def __init__(self, open_file: Callable[[], BinaryIO], name: str):
        """open_file: called by the first `feed`; opening a pipe waits for its writer."""
        self._open_file, self.name = open_file, name
        self._file: BinaryIO | None = None
        self._fed: deque[memoryview] = deque()
        self._ended = False
        self._error: BaseException | None = None
        self._changed = threading.Condition()
        self.position = 0

    @property
    def hungry(self) -> bool:
        """Whether `feed` should be called."""
        return not self._ended and len(self._fed) < _MOST_FED

    def feed(self) -> None:
        """Read a little more from the file."""
        data = b""
        try:
            if self._file is None:
                self._file = self._open_file()
            with reading_errors(self.name, self.position):
                data = self._file.read(_FEED_BYTES)
        except CorpusError as error:
            self._error = error
        with self._changed:
            self._fed.append(memoryview(data))
            self._ended = not data
            self._changed.notify()

    def close(self) -> None:
        """Let a waiting thread go."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def peek(self, size: int) -> bytes:
        """The first bytes, which the next `read` returns again."""
        head = self.read(size)
        if head:
            self._fed.appendleft(memoryview(head))
        self.position -= len(head)
        return head

    def read(self, size: int) -> bytes:
        room = bytearray(size)
        return bytes(memoryview(room)[: self.readinto(memoryview(room))])

    def readinto(self, room: memoryview) -> int:
        """Fill ``room``; fewer bytes only at the end. Raises CorpusError as `feed` met it."""
        done = 0
        while done < len(room):
            with self._changed:
                while not self._fed and not self._ended:
                    if self.feeds_itself:
                        self.feed()
                    else:
                        self._changed.wait()
                data = self._fed.popleft() if self._fed else memoryview(b"")
            if not len(data):
                if self._error is not None:
                    raise self._error
                break
            count = min(len(data), len(room) - done)
            room[done : done + count] = data[:count]
            if count < len(data):
                self._fed.appendleft(data[count:])
            done += count
            self.position += count
        return done


class Section:
    """Bytes ``start`` to ``stop`` of a file that other threads read at the same time.

    name: for errors. position: place in the file up to which it was read.
    """

    def __init__(self, file, name: str, start: int, stop: int, lock: threading.Lock):
        """lock: one for all sections of ``file``, which is open without a buffer."""
        self._file, self.name, self._lock = file, name, lock
        self.start, self.position, self._stop = start, start, stop
        self._ahead = memoryview(b"")  # bytes read by the system, but not by `read`

    def read(self, size: int) -> bytes:
        """At most ``size`` bytes; up to a multiple of it, so that errors name the same place
        wherever the section starts. None only at the end."""
        size -= self.position % size
        if not self._ahead:
            position = self.position
            room = memoryview(bytearray(min(max(size, _READ_AHEAD), self._stop - position)))
            self._ahead = room[: self.readinto(room)]
            self.position = position
        data, self._ahead = bytes(self._ahead[:size]), self._ahead[size:]
        self.position += len(data)
        return data

    def readinto(self, room: memoryview) -> int:
        """Fill ``room``; fewer bytes only at the end."""
        room = room[: self._stop - self.position]
        done = 0
        while done < len(room):
            with reading_errors(self.name, self.position):
                count = self._read_once(room[done:])
            if not count:
                break
            done += count
            self.position += count
        return done

    @property
    def exhausted(self) -> bool:
        return self.position >= self._stop

    def _read_once(self, room: memoryview) -> int:
        return read_at(self._file, room, self.position, self._lock)


class TextStream:
    """The text of a `Pipe` or `Section`, decompressed if necessary.

    offset: bytes of text read so far.
    """

    def __init__(self, file: Pipe | Section, kind: str | None = None, checked: bool = True):
        """kind: how a section is compressed, None for plain text; pipes are looked at.

        checked: whether content that is no plain text is an error.
        """
        self._file, self._kind, self._checked = file, kind, checked
        self._text = None  # opened by the first read
        self.offset = 0

    @property
    def pipe(self) -> Pipe | None:
        """What must be fed for this stream."""
        return self._file if isinstance(self._file, Pipe) else None

    @property
    def start(self) -> int:
        """Where it begins in the file."""
        return self._file.start

    @property
    def done(self) -> int:
        """Bytes read so far, as on disk: compressed bytes of compressed files."""
        return self._file.position - self._file.start

    @property
    def exhausted(self) -> bool:
        """Whether the end is known to be reached."""
        return self._kind is None and self._file.exhausted

    def readinto(self, room: memoryview) -> int:
        """Fill ``room``; fewer bytes only at the end.

        Raises CorpusError if the file cannot be read or is corrupt.
        """
        if self._text is None:
            if isinstance(self._file, Pipe):
                self._kind = check_head(self._file.peek(HEAD_BYTES), self._file.name)
            plain = self._kind is None
            self._text = self._file if plain else decompressor(self._file, self._kind)
        count = self._text.readinto(room) if self._kind is None else self._decompress(room)
        if self._checked and self.offset == 0 and self._file.start == 0:  # the start of the file
            check_text(bytes(room[: min(count, CHECKED_BYTES)]), self._file.name)
        self.offset += count
        return count

    def _decompress(self, room: memoryview) -> int:
        name, kind = self._file.name, self._kind
        try:
            count = self._text.readinto(room)
        except EOFError as error:
            raise CorpusError(
                f"{name}: the {kind} data ends early, at byte {self._file.position:,}: "
                f"the file is truncated; download or regenerate it"
            ) from error
        except BROKEN as error:
            raise CorpusError(
                f"{name}: corrupt {kind} data before byte {self._file.position:,}: {error}; "
                f"download or regenerate it"
            ) from error
        except MemoryError as error:
            raise CorpusError(
                f"{name}: not enough memory to decompress this {kind} data; decompress it first"
            ) from error
        if is_bomb(self.offset + count, self.done, _MIN_BOMB_BYTES):
            raise CorpusError(
                f"{name}: {kind} data that decompresses to over {MAX_RATIO} times its size, "
                f"unlike any text; if it is valid, decompress it first, or use a pipe"
            )
        return count


@contextmanager
def reading_errors(name: str, position: int) -> Iterator[None]:
    """Raise CorpusError, with the place, for an error of the system."""
    try:
        yield
    except OSError as error:
        place = f"at byte {position:,}"
        raise CorpusError(f"{name}: cannot be read {place}: {error.strerror}") from error
