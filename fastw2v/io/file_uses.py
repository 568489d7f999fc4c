"""All files that a command reads and writes, compared before it begins.

A command declares every path that it will touch: word lists beside matrices, the files of single
epochs and the members of corpus folders included. `FileUses.check` then compares all of them.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Hashable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from fastw2v.errors import OutputError, one_line
from fastw2v.io.atomic import check_writable
from fastw2v.io.files import StrPath, is_member
from fastw2v.standard_streams import DASH

_SHOWN = 5  # files of one list in `FileUses.describe`


@dataclass(frozen=True)
class _Use:
    path: str
    name: str  # what names it: an option, the corpus
    part: str = ""  # of what the option names: "its word list"
    over: frozenset[Hashable] = frozenset()  # inputs that it may replace


class FileUses:
    """The files that one command reads and writes.

    ``name`` is always what the user calls the file: a `fastw2v.errors.parameter` mark, or words
    such as "the corpus". Paths that are None are ignored, and so are devices; ``-`` as input is
    the file that the shell redirects to standard input, if there is one.
    """

    def __init__(self) -> None:
        self._read: list[_Use] = []
        self._folders: list[_Use] = []
        self._written: list[_Use] = []

    def reads(self, path: StrPath | None, name: str, part: str = "") -> None:
        """Declare an input file. part: as for `writes`."""
        if path is not None:
            self._read.append(_Use(os.fspath(path), name, part))

    def reads_folder(self, path: StrPath, name: str) -> None:
        """Declare a folder that is read as a whole. Declare its present files, too."""
        self._folders.append(_Use(os.fspath(path), name))

    def writes(
        self,
        path: StrPath | None,
        name: str,
        part: str = "",
        over: Iterable[StrPath | None] = (),
    ) -> None:
        """Declare an output file.

        part: what it is of that which ``name`` names, if not the file itself: "its word list".
        over: inputs that it may replace.
        """
        if path is None:
            return
        replaced = [_identity(os.fspath(each)) for each in over if each is not None]
        self._written.append(
            _Use(os.fspath(path), name, part, frozenset(each for each in replaced if each))
        )

    def outputs(self) -> list[str]:
        """The paths of all output files."""
        return [use.path for use in self._written]

    def check(self) -> None:
        """Raise OutputError if an output would replace an input or another output, join a corpus
        folder, or cannot be written. Changes no file."""
        read = {_identity(use.path): use for use in self._read}
        folders = {_identity_of_folder(use.path): use for use in self._folders}
        seen: dict[Hashable, _Use] = {}
        for use in self._written:
            identity = DASH if use.path == DASH else _identity(use.path)
            if identity is None:  # a device, or what `check_writable` refuses
                continue
            if identity in seen:
                first = _called(seen[identity])
                raise _problem(use, f"{first} is the same file; use one for each")
            seen[identity] = use
            if identity == DASH:
                continue
            if identity in read:
                _check_over(use, identity, read[identity])
            else:
                parent = os.path.dirname(os.path.realpath(use.path))
                _check_beside(use, folders.get(_identity_of_folder(parent)))
        for use in self._written:
            check_writable(use.path)

    def describe(self) -> str:
        """One line: what is read, what is written."""
        files = [use.path for use in self._read]
        read = [use.path for use in self._folders]
        parents = {os.path.dirname(os.path.abspath(path)) for path in files}
        inside = {os.path.abspath(path) for path in read} & parents
        read += [each for each in files if os.path.dirname(os.path.abspath(each)) not in inside]
        return f"reads {_listed(read)}; writes {_listed(self.outputs())}"


def _listed(paths: list[str]) -> str:
    shown = [one_line(path) for path in dict.fromkeys(paths)]
    if len(shown) > _SHOWN:
        shown[_SHOWN:] = [f"{len(shown) - _SHOWN:,} more"]
    return ", ".join(shown) or "nothing"


def _check_over(use: _Use, identity: Hashable, read: _Use) -> None:
    """Raise OutputError unless an output may replace that input."""
    if identity not in use.over:
        raise _problem(
            use, f"it is an input of this command ({_called(read)}); choose another file"
        )


def _check_beside(use: _Use, folder: _Use | None) -> None:
    """Raise OutputError if a new file would become part of a corpus: a folder, or None."""
    if folder is not None and is_member(os.path.basename(use.path)):
        raise _problem(
            use,
            f"it would become part of {folder.name}, the folder {folder.path}; choose another "
            "folder",
        )


def _called(use: _Use) -> str:
    return f"{use.part} of {use.name}" if use.part else use.name


def _problem(use: _Use, problem: str) -> OutputError:
    return OutputError(f"cannot write {use.path} ({_called(use)}): {problem}")


def _identity(path: str) -> Hashable:
    """Equal for two paths of one directory entry; None if it is no regular file, nor a new one."""
    real = os.path.realpath(path)
    try:
        found = os.fstat(0) if path == DASH else os.stat(real)
    except (OSError, ValueError):  # new, or not possible at all
        return (_identity_of_folder(os.path.dirname(real)), os.path.basename(real))
    if not stat.S_ISREG(found.st_mode):
        return None
    if found.st_nlink <= 1 or path == DASH:
        # Also with case-insensitive names, and below two mount points.
        return (found.st_dev, found.st_ino)
    # Replacing one of several hard links does not touch the others.
    return (_identity_of_folder(os.path.dirname(real)), os.path.basename(real))


def _identity_of_folder(path: str) -> Hashable:
    with suppress(OSError, ValueError):
        found = os.stat(path or os.curdir)
        return (found.st_dev, found.st_ino)
    return os.path.realpath(path)
