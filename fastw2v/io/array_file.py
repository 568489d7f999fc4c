"""A file of named arrays with a JSON header: the format of checkpoints and of language models.

    magic, 16 bytes      of a `Kind`: b"fastw2v state\\r\\n\\x1a", b"fastw2v model\\r\\n\\x1a"
    version              uint32, of the kind
    length of the header uint32, bytes
    checksum of it       uint32, CRC-32
    reserved             uint32, 0
    header               JSON, UTF-8; its key "arrays" lists name, dtype, shape, offset, crc32
    arrays               each in C order from an offset divisible by 64, little-endian

Nothing in it is ever executed, and nothing is trusted: sizes are checked against the size of the
file, and every byte against a checksum.
"""

from __future__ import annotations

import json
import math
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from typing import Any, NamedTuple

import numpy as np

from fastw2v.errors import CheckpointError, FastW2VError, FormatError
from fastw2v.io.atomic import replacing
from fastw2v.io.regular import open_regular
from fastw2v.matrix.aligned import aligned_zeros

MAGIC = b"fastw2v state\r\n\x1a"
VERSION = 1
_HEAD = struct.Struct("<16sIIII")
_ALIGNMENT = 64
_CHUNK = 1 << 24  # bytes read at once
_KINDS = {"uint8", "bool", "int32", "int64", "uint64", "float32", "float64"}
_MOST_AXES = 3


class Kind(NamedTuple):
    """A kind of files: how they begin, and what messages call them.

    error: the class of errors about such files. again: how to get a file of another version.
    """

    magic: bytes
    version: int
    name: str
    error: type[FastW2VError]
    again: str


CHECKPOINT = Kind(
    MAGIC,
    VERSION,
    "checkpoint",
    CheckpointError,
    "resume with the version of fastw2v that wrote it",
)
LANGUAGE_MODEL = Kind(b"fastw2v model\r\n\x1a", 1, "language model", FormatError, "train it again")


def write_array_file(
    path: str | os.PathLike[str],
    header: dict[str, Any],
    arrays: dict[str, np.ndarray],
    kind: Kind = CHECKPOINT,
) -> int:
    """Write a file, which replaces ``path`` once it is complete. Returns its size in bytes.

    header: anything that JSON can express. Raises OutputError.
    """
    arrays = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    listed, offset = [], 0
    for name, array in arrays.items():
        listed.append(
            {
                "name": name,
                "dtype": array.dtype.name,
                "shape": list(array.shape),
                "offset": offset,  # from the end of the header, itself padded
                "crc32": _checksum(array),
            }
        )
        offset += _padded(array.nbytes)
    packed = json.dumps(header | {"arrays": listed}).encode()
    packed += b" " * (-(_HEAD.size + len(packed)) % _ALIGNMENT)
    with replacing(path) as file:
        head = _HEAD.pack(kind.magic, kind.version, len(packed), zlib.crc32(packed), 0)
        file.write(head + packed)
        for array in arrays.values():
            file.write(_bytes_of(array))
            file.write(b"\0" * (_padded(array.nbytes) - array.nbytes))
    return _HEAD.size + len(packed) + offset


class ArrayFile:
    """An open file of arrays: the header is read at once, arrays on demand.

    Raises the error of its ``kind``, here and in `read`, if the file cannot be read, is of
    another kind or version, is truncated or was altered.
    """

    def __init__(self, path: str | os.PathLike[str], kind: Kind = CHECKPOINT):
        self.path, self._kind = os.fspath(path), kind
        with _reading(self.path, kind) as file:
            self._opened = _identity(file)
            self._size = os.fstat(file.fileno()).st_size
            self.header = self._read_header(file)
        self._arrays = self._listed()

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def read(self, name: str) -> np.ndarray:
        """The array of this name, aligned to cache lines; an error if there is none."""
        if name not in self._arrays:
            raise self._fault(f"has no array {name!r}")
        entry = self._arrays[name]
        array = aligned_zeros(*entry["shape"], kind=np.dtype(entry["dtype"]))
        rest = _bytes_of(array)
        with _reading(self.path, self._kind) as file:
            if _identity(file) != self._opened:  # a training may run that saves to it
                raise self._kind.error(f"{self.path}: was replaced while it was read; try again")
            file.seek(self._begin + entry["offset"])
            while rest.nbytes:
                got = file.readinto(rest[:_CHUNK])
                if not got:
                    raise self._fault(f"ends within {name!r}")
                rest = rest[got:]
        if _checksum(array) != entry["crc32"]:
            raise self._fault(f"was altered: the checksum of {name!r} does not match")
        return array

    def _read_header(self, file: BufferedReader) -> dict[str, Any]:
        head = file.read(_HEAD.size)
        kind = self._kind
        if len(head) < _HEAD.size or not head.startswith(kind.magic):
            raise kind.error(f"{self.path}: not a {kind.name} of fastw2v")
        _, version, length, checksum, _ = _HEAD.unpack(head)
        if version != kind.version:
            raise kind.error(
                f"{self.path}: a {kind.name} of version {version}; this program reads version "
                f"{kind.version}: {kind.again}"
            )
        if length > self._size:
            raise self._fault("ends within its header")
        packed = file.read(length)
        if zlib.crc32(packed) != checksum:
            raise self._fault("was altered or truncated: the checksum of its header does not match")
        self._begin = _HEAD.size + length
        try:
            header = json.loads(packed)
        except (ValueError, RecursionError):
            header = None
        if not isinstance(header, dict):
            raise self._fault("has an invalid header")
        return header

    def _listed(self) -> dict[str, dict[str, Any]]:
        entries = self.header.get("arrays")
        if not isinstance(entries, list) or not all(map(self._is_sound, entries)):
            raise self._fault("lists impossible arrays")
        return {entry["name"]: entry for entry in entries}

    def _is_sound(self, entry: Any) -> bool:
        """Whether an entry is well-formed and its array lies within the file."""
        if not isinstance(entry, dict) or entry.get("dtype") not in _KINDS:
            return False
        shape, offset = entry.get("shape"), entry.get("offset")
        if not isinstance(shape, list) or not 1 <= len(shape) <= _MOST_AXES:
            return False
        numbers = [*shape, offset, entry.get("crc32")]
        if not all(type(number) is int and 0 <= number < 2**62 for number in numbers):
            return False
        size = math.prod(shape) * np.dtype(entry["dtype"]).itemsize
        return isinstance(entry.get("name"), str) and self._begin + offset + size <= self._size

    def _fault(self, what: str) -> FastW2VError:
        return self._kind.error(f"{self.path}: the {self._kind.name} {what}; use another one")


@contextmanager
def _reading(path: str, kind: Kind) -> Iterator[BufferedReader]:
    """Context manager: the open file; whatever the system refuses is an error of ``kind``."""
    try:
        with open_regular(path) as file:
            yield file
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise kind.error(f"{path}: cannot be read: {reason}") from error


def _identity(file: BufferedReader) -> tuple[int, ...]:
    found = os.fstat(file.fileno())
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _bytes_of(array: np.ndarray) -> memoryview:
    return memoryview(array.reshape(-1).view(np.uint8).data)


def _checksum(array: np.ndarray) -> int:
    return zlib.crc32(_bytes_of(array))


def _padded(size: int) -> int:
    return -(-size // _ALIGNMENT) * _ALIGNMENT
