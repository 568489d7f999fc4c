"""Compressed text: told by its first bytes, whatever the file is called, and decompressed."""

from __future__ import annotations

import bz2
import gzip
import importlib
import lzma
import re
import zlib

from fastw2v.errors import CorpusError

HEAD_BYTES = 10
_KINDS = {
    "gzip": re.compile(rb"\x1f\x8b\x08"),
    "bzip2": re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)"),
    "xz": re.compile(rb"\xfd7zXZ\x00"),
    "zstandard": re.compile(rb"\x28\xb5\x2f\xfd|[\x50-\x5f]\x2a\x4d\x18"),
    "zip": re.compile(rb"PK(\x03\x04|\x05\x06)"),
}

# What decompressors raise on broken data; EOFError on data that ends too early.
BROKEN = (EOFError, OSError, zlib.error, lzma.LZMAError)


MOST_RATIO = 500  # of what is unpacked to what was packed; that of text is 3 to 10


def is_bomb(unpacked: int, packed: int, least: int) -> bool:
    """Whether so many bytes were unpacked from so many packed ones as no sound file has.

    least: up to so many unpacked bytes there is no harm.
    """
    return unpacked > least and unpacked > MOST_RATIO * packed


def kind_of(head: bytes) -> str | None:
    """The kind of compression of a file that starts with ``head`` (`HEAD_BYTES`), or None."""
    return next((kind for kind, magic in _KINDS.items() if magic.match(head)), None)


def check_head(head: bytes, name: str) -> str | None:
    """As `kind_of`, but raises CorpusError for a kind that cannot be read here."""
    kind = kind_of(head)
    if kind == "zip":
        raise CorpusError(
            f"{name}: a zip archive; unpack it, or pipe it in: unzip -p {name} | fastw2v ... -"
        )
    if kind == "zstandard" and _zstandard_module() is None:
        raise CorpusError(
            f"{name}: compressed with zstandard; to read it: pip install zstandard, "
            f"or pipe it in: zstd -dc {name} | fastw2v ... -"
        )
    return kind


def decompressor(file, kind: str):
    """A file of the text within ``file``, which must have ``read(size)``.

    Its ``read(size)`` gives ``size`` bytes unless the text ends. Files of several members are
    read through. Raises one of `BROKEN` on data that is not sound.
    """
    if kind == "gzip":
        return gzip.GzipFile(fileobj=file, mode="rb")
    if kind == "bzip2":
        return bz2.BZ2File(file)
    if kind == "xz":
        return lzma.LZMAFile(file)
    return _ZstandardReader(file, _zstandard_module())


def _zstandard_module():
    """Python's own (3.14 and later) or the package of that name; None if there is neither."""
    for name in ("compression.zstd", "zstandard"):
        try:
            return importlib.import_module(name)
        except ImportError:
            continue
    return None


class _ZstandardReader:
    """Reads zstandard frames one after another; the same for both modules."""

    INPUT_BYTES = 1 << 10  # so little, since up to 32,768 times as much may come out of it

    def __init__(self, file, module):
        self._file = file
        self._error = module.ZstdError
        self._new = module.ZstdDecompressor
        if hasattr(module.ZstdDecompressor, "decompressobj"):  # the package, not Python's own
            self._new = module.ZstdDecompressor().decompressobj
        self._frame = None  # the decompressor of the frame that was begun
        self._text = bytearray()

    def read(self, size: int) -> bytes:
        while len(self._text) < size and self._decompress_more():
            pass
        text = bytes(self._text[:size])
        del self._text[:size]
        return text

    def _decompress_more(self) -> bool:
        """Take in a little more of the file; False at its end."""
        data = self._file.read(self.INPUT_BYTES)
        if not data:
            if self._frame is not None:
                raise EOFError("the last frame is not complete")
            return False
        while data:
            if self._frame is None:
                self._frame = self._new()
            try:
                self._text += self._frame.decompress(data)
            except self._error as error:
                raise OSError(str(error)) from error
            if not self._frame.eof:
                break
            data = self._frame.unused_data
            self._frame = None
        return True
