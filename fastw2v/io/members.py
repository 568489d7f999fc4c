"""Where in a compressed file data begins that can be decompressed by itself.

- gzip: members with their size in the header, as bgzip writes them
- zstandard: frames, of which pzstd and ``zstd`` on several files write many
- bzip2: streams, of which pbzip2 and lbzip2 write many

Only headers are read. At damage the search ends; whoever decompresses what is left meets it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_ReadAt = Callable[[int, int], bytes]  # (offset, size) -> bytes, fewer only at the end

_GZIP_WITH_EXTRA = b"\x1f\x8b\x08\x04"
_GZIP_HEADER = 12  # bytes, up to the length of the extra field
_BZIP2_STREAM = re.compile(rb"BZh[1-9]1AY&SY")
_BZIP2_STREAM_BYTES = 10
_WINDOW = 1 << 20  # bytes searched at once
_ZSTANDARD_FRAME = b"\x28\xb5\x2f\xfd"
_ZSTANDARD_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_MOST_FRAME_BYTES = 1 << 26  # larger frames are not measured: that needs a read per block
_RLE, _RESERVED = 1, 3  # types of blocks


def member_starts(kind: str | None, read_at: _ReadAt, size: int) -> Iterator[int]:
    """Offsets after 0 at which independent data begins in a file of ``size`` bytes, ascending."""
    if kind == "gzip":
        return _chain(_gzip_size, read_at, size)
    if kind == "zstandard":
        return _chain(_zstandard_size, read_at, size)
    if kind == "bzip2":
        return _bzip2_starts(read_at, size)
    return iter(())


def _chain(size_of: Callable[[_ReadAt, int], int], read_at: _ReadAt, size: int) -> Iterator[int]:
    """Offsets by the sizes of members; 0 is an unknown size."""
    offset = 0
    while True:
        length = size_of(read_at, offset)
        offset += length
        if not length or offset >= size or not size_of(read_at, offset):
            return
        yield offset


def _gzip_size(read_at: _ReadAt, offset: int) -> int:
    header = read_at(offset, _GZIP_HEADER)
    if len(header) < _GZIP_HEADER or not header.startswith(_GZIP_WITH_EXTRA):
        return 0
    extra = read_at(offset + _GZIP_HEADER, int.from_bytes(header[10:], "little"))
    while len(extra) >= 6:  # fields: two letters, length, content
        length = int.from_bytes(extra[2:4], "little")
        if extra.startswith(b"BC\x02\x00"):
            return int.from_bytes(extra[4:6], "little") + 1
        extra = extra[4 + length :]
    return 0


def _zstandard_size(read_at: _ReadAt, offset: int) -> int:
    header = read_at(offset, 18)
    if _ZSTANDARD_SKIPPABLE.match(header) and len(header) >= 8:
        return 8 + int.from_bytes(header[4:8], "little")
    if not header.startswith(_ZSTANDARD_FRAME) or len(header) < 6:
        return 0
    description = header[4]
    one_segment = description >> 5 & 1
    content_size = (one_segment, 2, 4, 8)[description >> 6]
    dictionary = (0, 1, 2, 4)[description & 3]
    length = 5 + (1 - one_segment) + dictionary + content_size
    last = False
    while not last:
        block = int.from_bytes(read_at(offset + length, 3).ljust(3, b"\xff"), "little")
        last, kind = bool(block & 1), block >> 1 & 3
        if kind == _RESERVED or length > _MOST_FRAME_BYTES:
            return 0
        length += 3 + (1 if kind == _RLE else block >> 3)
    return length + 4 * (description >> 2 & 1)  # a checksum


def _bzip2_starts(read_at: _ReadAt, size: int) -> Iterator[int]:
    for begin in range(1, size, _WINDOW):
        data = read_at(begin, _WINDOW + _BZIP2_STREAM_BYTES - 1)
        for match in _BZIP2_STREAM.finditer(data):
            yield begin + match.start()
