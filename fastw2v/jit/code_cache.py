"""Compiled functions on disk: one file for each function, signature and processor.

Numba's own cache keeps an index for each function. Two processes that add to it at once may leave
one signature with the code of another, and a torn file or a full disk ends the program. Here the
file's name is a hash of everything the code depends on, and a checksum detects damage. A file that
cannot be read is compiled again; one that cannot be written is not kept.
"""

import hashlib
import os
import pickle  # Numba's only form of compiled code; the folder is the user's own
import sys
from contextlib import suppress
from pathlib import Path

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.serialize import dumps

from fastw2v.io.temporary import temporary_beside
from fastw2v.jit.problems import FOLDER_REMEDY, OTHER_NUMBA

_DIGEST = 16  # bytes


class CodeCache(FunctionCache):
    """The compiled code of one function, in the folder where Numba would keep it.

    problem: why compiled code could not be written and what to do, one line; None if no write
        has failed.

    Raises RuntimeError if there is no folder that can be written.
    """

    def __init__(self, function):
        self._impl_class = _Home if _has_home() else _NoHome
        super().__init__(function)
        self.problem: str | None = None

    def load_overload(self, sig, target_context):
        """The code for this signature; None if there is none, or it is damaged."""
        target_context.refresh()
        # Damage is of any kind: Numba raises errors of several types for a file cut short.
        with suppress(Exception):
            key = self._index_key(sig, target_context.codegen())
            content = self._path(key).read_bytes()
            payload = memoryview(content)[_DIGEST:]
            if _digest(payload) == content[:_DIGEST]:
                of, code = pickle.loads(payload)
                if of == key:
                    return self._impl.rebuild(target_context, code)
        return None

    def save_overload(self, sig, data) -> None:
        """Write the code for this signature; `problem` says why if that fails."""
        try:
            if self._impl.check_cachable(data):
                key = self._index_key(sig, data.codegen)
                self._write(self._path(key), dumps((key, self._impl.reduce(data))))
        except OSError as error:
            self.problem = f"{self.cache_path}: {error.strerror or error}; {FOLDER_REMEDY}"
        except Exception:  # what changed inner classes raise can be of any kind
            self.problem = OTHER_NUMBA

    def _write(self, path: Path, payload: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Not flushed to disk: there are many files, and the checksum detects a torn one.
        with temporary_beside(path) as (temporary, descriptor):
            with open(descriptor, "wb") as file:
                file.write(_digest(payload))
                file.write(payload)
            os.replace(temporary, path)

    def flush(self) -> None:
        """Delete the code of all signatures."""
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
    """Does not look in the home folder: without one, Numba would make a folder named ``~``."""

    _locator_classes = tuple(
        each
        for each in CompileResultCacheImpl._locator_classes
        if "UserWideCacheLocator" not in each.__name__  # public since Numba 0.62, before with _
    )


def _has_home() -> bool:
    return os.path.isabs(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~"))


def _digest(payload) -> bytes:
    return hashlib.blake2b(payload, digest_size=_DIGEST).digest()
