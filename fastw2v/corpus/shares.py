"""Which part of a text each of several ranks reads: ranges of plain files, and whole other files.

The shares, one after the other, are the whole text. They are cut by bytes on disk, after a newline
if there is one soon, else after a space, so that no word is cut. Compressed files, and tables, are
read by one rank each: many files of about the same size are shared best.
"""

from __future__ import annotations

import glob
import os
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from fastw2v.corpus.sources import Source
from fastw2v.errors import CorpusError, parameter
from fastw2v.io.compression import HEAD_BYTES, check_head

_SOON = 1 << 20  # bytes, within which a newline is preferred
_READ = 1 << 16


def expanded(paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[str]:
    """``paths``, with patterns such as ``part-*.txt`` replaced by the files that they match here.

    A path that exists is no pattern. Raises CorpusError if nothing matches.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    found: list[str] = []
    for path in map(os.fspath, paths):
        if not glob.has_magic(path) or os.path.exists(path):
            found.append(path)
            continue
        matched = sorted(glob.glob(path))
        if not matched:
            raise CorpusError(f"{path}: no file matches this pattern; check the path")
        found += matched
    return found


def share_of(sources: Sequence[Source], rank: int, ranks: int) -> list[Source]:
    """The share of ``rank``, of so many ``ranks``; may be empty.

    Raises CorpusError for standard input and pipes, which cannot be shared, and if a file cannot be
    read.
    """
    sizes = [_size(source) for source in sources]
    bounds = [sum(sizes) * each // ranks for each in range(ranks + 1)]
    share, begin = [], 0
    for source, size in zip(sources, sizes, strict=True):
        end = begin + size
        crossed = any(begin < bound < end for bound in bounds)
        if not crossed or not _is_plain(source):
            # The last bound is the end of the text, where empty files may be.
            if min(bisect_right(bounds, begin + size // 2), ranks) - 1 == rank:
                share.append(source)
        else:
            start, stop = (_cut(source, bounds[each] - begin) for each in (rank, rank + 1))
            if start < stop:
                share.append(source._replace(size=stop - start, start=start, stop=stop))
        begin = end
    return share


def _size(source: Source) -> int:
    if source.size is None:
        raise CorpusError(
            f"{source.name}: only files can be shared by several processes, no pipe; give files, "
            f"or with {parameter('local')} what only this process reads"
        )
    return source.size


def _is_plain(source: Source) -> bool:
    if source.column is not None:
        return False
    return check_head(_read(source, 0, HEAD_BYTES), source.name) is None


def _cut(source: Source, place: int) -> int:
    """Where a file is cut that should be cut at ``place``: later for later places."""
    size = source.size or 0
    if not 0 < place < size:
        return min(max(place, 0), size)
    separator = None
    for start in range(place, size, _READ):
        text = _read(source, start, _READ)
        newline = text.find(b"\n")
        if newline >= 0 and start + newline < place + _SOON:
            return start + newline + 1
        if separator is None:
            found = [at for at in map(text.find, (b" ", b"\t", b"\n")) if at >= 0]
            separator = start + min(found) + 1 if found else None
        if separator is not None and start + _READ >= place + _SOON:
            break
    return size if separator is None else separator


def _read(source: Source, start: int, size: int) -> bytes:
    try:
        with open(source.path, "rb") as file:
            file.seek(start)
            return file.read(size)
    except OSError as error:
        raise CorpusError(f"{source.name}: cannot be read: {error.strerror}") from error
