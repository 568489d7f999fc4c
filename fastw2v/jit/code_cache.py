"""Compiled functions on disk: one file for each function, signature and processor.

Numba's own cache does not fit. It keeps an index for each function, and two processes that add to
it at once may leave one signature with the code of another; a torn file stops it, and so does a
disk that is full. Here the file's name says all that the code depends on, a checksum tells whether
it is whole, and whatever cannot be read is compiled and whatever cannot be written is not kept.
"""

import hashlib
import os
import pickle  # Numba knows no other form of its code; the folder is the user's own
import sys
from contextlib import suppress
from pathlib import Path

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache, UserWideCacheLocator
from numba.core.serialize import dumps

from fastw2v.io.temporary import temporary_beside

_DIGEST = 16  # bytes


class CodeCache(FunctionCache):
    """The compiled code of one function, in the folder where Numba would keep it.

    problem: why compiled code could not be written, one line; None while nothing is known of it.

    Raises RuntimeError where there is no folder that can be written.
    """

    def __init__(self, function):
        self._impl_class = _Home if _has_home() else _NoHome
        super().__init__(function)
        self.problem: str | None = None

    def load_overload(self, sig, target_context):
        """The code for this signature; None where there is none, or it is damaged."""
        target_context.refresh()
        key = self._index_key(sig, target_context.codegen())
        # Damage is of any kind: what Numba raises for a file cut short is not one sort of error.
        with suppress(Exception):
            content = self._path(key).read_bytes()
            payload = memoryview(content)[_DIGEST:]
            if _digest(payload) == content[:_DIGEST]:
                of, code = pickle.loads(payload)
                if of == key:
                    return self._impl.rebuild(target_context, code)
        return None

    def save_overload(self, sig, data) -> None:
        """Keep the code for this signature, if the system lets us."""
        if not self._impl.check_cachable(data):
            return
        key = self._index_key(sig, data.codegen)
        payload = dumps((key, self._impl.reduce(data)))
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Not flushed to disk, for there are many: the checksum tells what a power cut tore.
            with temporary_beside(path) as (temporary, descriptor):
                with open(descriptor, "wb") as file:
                    file.write(_digest(payload))
                    file.write(payload)
                os.replace(temporary, path)
        except OSError as error:
            self.problem = f"{path.parent}: {error.strerror or error}"

    def flush(self) -> None:
        """Forget all signatures."""
        for path in Path(self.cache_path).glob(f"{self._impl.filename_base}.*.code"):
            with suppress(OSError):
                path.unlink()

    def _path(self, key) -> Path:
        stamp = self._impl.locator.get_source_stamp()
        depends = (numba.__version__, sys.version, stamp, key)
        name = hashlib.blake2b(repr(depends).encode(), digest_size=12).hexdigest()
        return Path(self.cache_path) / f"{self._impl.filename_base}.{name}.code"


class _Home(CompileResultCacheImpl):
    """Looks for a folder as Numba does."""


class _NoHome(CompileResultCacheImpl):
    """Looks for none in the home folder; Numba would make one that is called ``~``."""

    _locator_classes = tuple(
        each for each in CompileResultCacheImpl._locator_classes if each is not UserWideCacheLocator
    )


def _has_home() -> bool:
    return os.path.isabs(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~"))


def _digest(payload) -> bytes:
    return hashlib.blake2b(payload, digest_size=_DIGEST).digest()
