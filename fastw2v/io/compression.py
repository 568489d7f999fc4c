"""Compressed data: detected by the first bytes, whatever the file is called, and decompressed."""

from __future__ import annotations

import bz2
import importlib
import lzma
import re
import zlib

from fastw2v.errors import CorpusError

HEAD_BYTES = 10
_UNSUPPORTED = {  # kind -> first bytes, and the command that decompresses it to standard output
    "7-Zip": (b"7z\xbc\xaf\x27\x1c", "7z x -so"),
    "RAR": (b"Rar!\x1a\x07", "unrar p -inul"),
    "LZ4": (b"\x04\x22\x4d\x18", "lz4 -dc"),
    "lzip": (b"LZIP\x01", "lzip -dc"),
    "compress": (b"\x1f\x9d", "uncompress -c"),
}
_KINDS = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "bzip2": re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zstandard": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
    "zip": re.compile(rb"PK(\x03\x04|\x05\x06)"),
    **{kind: re.compile(re.escape(magic)) for kind, (magic, _) in _UNSUPPORTED.items()},
}

# What decompressors raise on corrupt data; EOFError on truncated data.
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError)


MAX_RATIO = 500  # decompressed to compressed size; 3 to 10 for text


def is_bomb(unpacked: int, packed: int, least: int) -> bool:
    """Whether ``unpacked`` bytes from ``packed`` compressed ones exceed `MAX_RATIO`.

    least: up to this many decompressed bytes any ratio is accepted.
    """
    return unpacked > least and unpacked > MAX_RATIO * packed


def kind_of(head: bytes) -> str | None:
    """The compression of a file that starts with ``head`` (`HEAD_BYTES` bytes), or None."""
    return next((kind for kind, magic in _KINDS.items() if magic.match(head)), None)


def check_head(head: bytes, name: str) -> str | None:
    """As `kind_of`; raises CorpusError for a kind that is not supported."""
    kind = kind_of(head)
    if kind == "zip":
        raise CorpusError(
            f"{name}: a zip archive; unpack it, or use a pipe: unzip -p {name} | fastw2v ... -"
        )
    if kind in _UNSUPPORTED:
        raise CorpusError(
            f"{name}: {kind} data, which is not supported; unpack it, or use a pipe: "
            f"{_UNSUPPORTED[kind][1]} {name} | fastw2v ... -"
        )
    if kind == "zstandard" and _zstandard_module() is None:
        raise CorpusError(
            f"{name}: compressed with zstandard; to read it, pip install zstandard, "
            f"or use a pipe: zstd -dc {name} | fastw2v ... -"
        )
    return kind


def decompressor(file, kind: str):
    """A reader of the decompressed content of ``file``, which must have ``read(size)``.

    Its ``read(size)`` returns ``size`` bytes, fewer only at the end, and ``readinto`` fills a
    buffer likewise. Files of several members are read to the end of the last. Raises one of
    `BROKEN` on corrupt data.
    """
    if kind == "gzip":
        return _GzipReader(file)
    if kind == "bzip2":
        return _Bzip2Reader(file)
    if kind == "xz":
        return lzma.LZMAFile(file)
    return _ZstandardReader(file, _zstandard_module())


def _zstandard_module():
    """The module of Python 3.14 and later, or the package ``zstandard``; None without either."""
    for name in ("compression.zstd", "zstandard"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


class _MemberReader:
    """Decompresses the members of a file one after another, in small pieces."""

    INPUT_BYTES = 1 << 14  # read at once: all that they decompress to is held in memory

    def __init__(self, file, new_member, errors=(), padding: bytes = b""):
        """new_member: function that returns the decompressor of a member.

        errors: what that raises besides `BROKEN`. padding: bytes allowed after a member.
        """
        self._file, self._new_member = file, new_member
        self._errors, self._padding = errors, padding
        self._member = None  # the decompressor of the current member
        self._members = 0  # completed
        self._text = bytearray()

    def read(self, size: int) -> bytes:
        text = bytearray(size)
        return bytes(text[: self.readinto(memoryview(text))])

    def readinto(self, room: memoryview) -> int:
        while len(self._text) < len(room) and self._decompress_more():
            pass
        count = min(len(self._text), len(room))
        with memoryview(self._text) as text:
            room[:count] = text[:count]
        del self._text[:count]
        return count

    def _decompress_more(self) -> bool:
        """Read and decompress a small piece of the file; False at its end."""
        pending = not getattr(self._member, "needs_input", True)  # more text without more data
        data = b"" if pending else self._file.read(self.INPUT_BYTES)
        if not data and not pending:
            if self._member is not None:
                raise EOFError("the last member is not complete")
            return False
        while data or pending:
            pending = False
            if self._member is None:
                data = data.lstrip(self._padding) if self._padding and self._members else data
                if not data:
                    break
                self._member = self._new_member()
            try:
                self._text += self._decompress(data)
            except self._errors as error:
                raise OSError(str(error)) from error
            if not self._member.eof:
                break
            data = self._member.unused_data
            self._member = None
            self._members += 1
        return True

    def _decompress(self, data: bytes) -> bytes:
        return self._member.decompress(data)


class _GzipReader(_MemberReader):
    """gzip by zlib: Python's ``GzipFile`` reads a name in the header byte by byte, which may take
    minutes on a hostile file.

    Zeros are allowed after a member, as on tapes.
    """

    def __init__(self, file):
        gzip_only = 16 + zlib.MAX_WBITS
        super().__init__(file, lambda: zlib.decompressobj(gzip_only), padding=b"\0")


class _Bzip2Reader(_MemberReader):
    """bzip2, without Python's ``BZ2File``: to that a damaged stream after a sound one is the end of
    the data.

    Zeros are allowed after a stream, as for gzip.
    """

    INPUT_BYTES = 1 << 13  # may decompress to 300,000 times as much, so the text is limited, too
    TEXT_BYTES = 1 << 20

    def __init__(self, file):
        super().__init__(file, bz2.BZ2Decompressor, padding=b"\0")

    def _decompress(self, data: bytes) -> bytes:
        return self._member.decompress(data, self.TEXT_BYTES)


class _ZstandardReader(_MemberReader):
    """zstandard, with either module."""

    INPUT_BYTES = 1 << 10  # may decompress to 32,768 times as much

    def __init__(self, file, module):
        new_member = module.ZstdDecompressor
        if hasattr(new_member, "decompressobj"):  # the package, not Python's own
            new_member = module.ZstdDecompressor().decompressobj
        super().__init__(file, new_member, module.ZstdError)
