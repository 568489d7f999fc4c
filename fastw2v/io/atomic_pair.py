"""Two files that are worth nothing without each other: replaced together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from fastw2v.errors import OutputError
from fastw2v.io.atomic import flush_folder, message, new_beside, replacing, target_of
from fastw2v.io.files import StrPath
from fastw2v.io.temporary import kept_aside, locked_folder
from fastw2v.system.posix import replace


@contextmanager
def replacing_pair(path: StrPath, beside: StrPath) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Context manager: two new files that replace ``path`` and ``beside``, both or neither.

    No system renames two files at once. So the old ``beside`` is moved away first and the new one
    comes last: whatever a crash leaves in between lacks the second file, and readers refuse it. An
    error, unlike a crash, brings both old files back.

    Raises OutputError as `fastw2v.io.atomic.replacing`.
    """
    both = f"{os.fspath(path)} and {os.fspath(beside)}"
    try:
        targets = [target_of(path), target_of(beside)]
        if any(target.exists() and not target.is_file() for target in targets):  # a pipe
            with replacing(path) as first, replacing(beside) as second:
                yield first, second
            return
        with ExitStack() as stack:
            new = [stack.enter_context(new_beside(target)) for target in targets]
            files = [stack.enter_context(file) for _, file in new]
            yield files[0], files[1]
            for file in files:
                file.flush()
                os.fsync(file.fileno())
                file.close()
            _commit([name for name, _ in new], targets)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(message(both, error)) from error


def _commit(new: list[Path], targets: list[Path]) -> None:
    """Rename both new files, or leave both targets as they are. Raises OSError."""
    main, beside = targets
    kept = [kept_aside(target) for target in targets]
    folders = {target.parent for target in targets}
    undo: list[tuple[Path, Path | None]] = []  # a file, and where it belongs; None: nowhere
    with locked_folder(main.parent):  # two writers must not mix their files
        try:
            with suppress(FileNotFoundError):
                replace(beside, kept[1])
                undo.append((kept[1], beside))
            undo.append(_keep(main, kept[0]))
            _flush(folders)
            replace(new[0], main)
            _flush(folders)
            replace(new[1], beside)
        except BaseException:
            _undo(undo)
            raise
        for each in kept:
            with suppress(OSError):
                each.unlink()
    _flush(folders)


def _keep(target: Path, kept: Path) -> tuple[Path, Path | None]:
    """A second name for ``target``, which stays; returns what undoes its replacement."""
    with suppress(OSError):  # left by a crash
        kept.unlink()
    try:
        os.link(target, kept)
    except FileNotFoundError:
        return target, None
    except OSError:  # no links on this file system: the replacement cannot be undone
        return kept, None
    return kept, target


def _undo(undo: list[tuple[Path, Path | None]]) -> None:
    """Bring the old files back, the second file last. Raises OSError for one that stays away."""
    problems = []
    for name, target in reversed(undo):
        if target is None or _are_links(name, target):
            # Two links to one file: it was not replaced, and renaming one would do nothing.
            with suppress(OSError):
                name.unlink()
            continue
        try:
            replace(name, target)
        except OSError as error:
            problems.append(f"{error.strerror}; the old {target} is now {name}")
    if problems:
        raise OSError(0, "; ".join(problems))


def _are_links(name: Path, target: Path) -> bool:
    try:
        return os.path.samefile(name, target)
    except OSError:
        return False


def _flush(folders: set[Path]) -> None:
    for folder in folders:
        flush_folder(folder)
