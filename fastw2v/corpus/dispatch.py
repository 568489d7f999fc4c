"""Dispatching: parts of the text to threads, and their results back in the order of the text."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastw2v.corpus.blocks import Part, PieceText, TextMemory
from fastw2v.corpus.pieces import OpenSource, Piece
from fastw2v.corpus.streams import Pipe

_LEAST_AHEAD = 1 << 26  # bytes of results
_POLL = 0.05  # seconds


@dataclass(eq=False)
class Task:
    """A part of a piece for a thread, and later the result.

    done: bytes on disk that were read for it. size: bytes of the result.
    """

    opened: OpenPiece
    part: Part | None = None
    done: int = 0
    result: Any = None
    size: int = 0
    error: BaseException | None = None
    finished: bool = False


@dataclass(eq=False)
class OpenPiece:
    """A piece that is being read, or has results that were not yet collected."""

    number: int
    piece: Piece | None  # None: it could not be opened
    text: PieceText | None
    busy: bool = False  # whether a thread reads it
    ended: bool = False
    tasks: deque[Task] = field(default_factory=deque)  # not yet collected

    @property
    def is_pipe(self) -> bool:
        return self.piece is not None and self.piece.stream.pipe is not None


class Dispatcher:
    """Hands out the parts of all pieces.

    A thread gets the next part of the oldest piece that no other thread reads at that moment, but
    never goes back to an earlier piece: what it sees first comes first in the text. If results that
    wait for earlier ones take more than ``ahead`` bytes, only the oldest piece is read on, and so
    are pipes, and what follows them, only once they are the oldest.
    """

    def __init__(self, pieces: Iterator[Piece], c_rules: bool, ahead: int):
        self._pieces, self._c_rules = pieces, c_rules
        self._most_ahead = max(ahead, _LEAST_AHEAD)
        self._ahead = 0
        self._open: deque[OpenPiece] = deque()
        self._opened = 0  # number of pieces
        self._sources: list[OpenSource] = []  # that are not completely read
        self._more = True  # whether there are pieces that are not yet open
        self._stopped = False
        lock = threading.Lock()
        self._readable = threading.Condition(lock)  # for threads that wait for a piece
        self._collectable = threading.Condition(lock)  # for the one that collects

    def take(self, memory: TextMemory, previous: Task | None) -> Task | None:
        """Read the next part into ``memory``; None at the end of the text.

        previous: the last task of this thread.
        """
        while True:
            with self._readable:
                opened = self._next_piece(previous.opened.number if previous else 0)
                if opened is None:
                    self._collectable.notify()
                    return None
                opened.busy = True
                task = Task(opened)
                opened.tasks.append(task)
            try:
                before = opened.piece.stream.done
                task.part = opened.text.read(memory)
                task.done = opened.piece.stream.done - before
            except BaseException as error:
                task.error = error
            with self._readable:
                opened.busy = False
                opened.ended = opened.ended or task.error is not None or task.part.ended
                self._readable.notify_all()
                if opened.is_pipe:
                    self._collectable.notify()  # it may be hungry
            if task.error is None:
                return task
            self.give(task)
            previous = task

    def give(self, task: Task) -> None:
        """Give back a task with its result, or the error of working on it."""
        with self._readable:
            self._ahead += task.size
            task.finished = True
            if task.error is not None:
                self._end_after(task.opened)
            if task.error is not None or self._ahead > self._most_ahead:
                self._collectable.notify()

    def results(self) -> Iterator[Task]:
        """The finished tasks in the order of the text; feeds pipes. Raises what tasks met, and
        CorpusError if a source has changed while it was read."""
        while True:
            with self._collectable:
                finished = self._finished_tasks()
                if not self._open and not self._more and not finished:
                    return
                pipe = self._hungry_pipe()
                if not finished and pipe is None:
                    self._collectable.wait(_POLL)
            for task in finished:
                if task.error is not None:
                    raise task.error
                yield task
                piece = task.opened.piece
                if task.part.ended and piece.last:
                    piece.source.finish()
                    self._sources.remove(piece.source)
            if pipe is not None:
                pipe.feed()

    def stop(self) -> None:
        """Hand out nothing more."""
        with self._readable:
            self._stopped = True
            self._readable.notify_all()
            for opened in self._open:
                if opened.is_pipe:
                    opened.piece.stream.pipe.close()

    def close(self) -> None:
        """Close all files; no thread may be reading."""
        for source in self._sources:
            source.close()

    def _next_piece(self, first: int) -> OpenPiece | None:
        """The piece to read on, from number ``first``, once there is one; None at the end."""
        while not self._stopped:
            held_up = self._ahead > self._most_ahead
            for opened in self._open:
                oldest = opened is self._open[0]
                if not oldest and (held_up or opened.is_pipe):
                    self._readable.wait()
                    break
                if opened.number >= first and not opened.ended and not opened.busy:
                    return opened
            else:
                if self._more:
                    self._open_next()
                elif all(opened.ended or opened.number < first for opened in self._open):
                    return None
                else:
                    self._readable.wait()
        return None

    def _open_next(self) -> None:
        try:
            piece = next(self._pieces, None)
            if piece is None:
                self._more = False
            else:
                if piece.first:
                    self._sources.append(piece.source)
                text = PieceText(piece, self._c_rules)
                self._open.append(OpenPiece(self._opened, piece, text))
                self._opened += 1
        except BaseException as error:
            failed = OpenPiece(self._opened, None, None, ended=True)
            failed.tasks.append(Task(failed, error=error, finished=True))
            self._open.append(failed)
            self._more = False

    def _end_after(self, failed: OpenPiece) -> None:
        """Read nothing beyond a piece that failed."""
        self._more = False
        for opened in reversed(self._open):
            opened.ended = True
            if opened is failed:
                break
        self._readable.notify_all()

    def _finished_tasks(self) -> list[Task]:
        """Remove all tasks that come next and are finished."""
        tasks = []
        while self._open:
            opened = self._open[0]
            while opened.tasks and opened.tasks[0].finished:
                tasks.append(opened.tasks.popleft())
            if opened.tasks or not opened.ended:
                break
            self._open.popleft()
        if tasks:
            self._ahead -= sum(task.size for task in tasks)
            self._readable.notify_all()
        return tasks

    def _hungry_pipe(self) -> Pipe | None:
        """The pipe to be fed, which is the oldest piece."""
        if not self._open or not self._open[0].is_pipe:
            return None
        pipe = self._open[0].piece.stream.pipe
        return pipe if pipe.hungry else None
