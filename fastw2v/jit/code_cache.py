"""Compiled functions on disk: one file for each function, signature and processor.

Numba's own cache keeps an index for each function. Two processes that add to it at once may leave
one signature with the code of another, and a torn file or a full disk ends the program. Here the
file's name is a hash of everything the code depends on, and a checksum detects damage. A file that
cannot be read is compiled again; one that cannot be written is not kept.

Reading such a file means running what is in it, so it must be the user's own: the files lie in a
folder to which nobody else may write (see `fastw2v.system.ownership`), and others are not read.
"""

import hashlib
import os
import pickle  # Numba's only form of compiled code; folder and file are the user's own
import sys
from contextlib import suppress
from pathlib import Path

import numba
from numba.core.caching import CompileResultCacheImpl, FunctionCache
from numba.core.serialize import dumps

from fastw2v.io.temporary import temporary_beside
from fastw2v.jit.problems import FOLDER_REMEDY, OTHER_NUMBA, OWN_REMEDY
from fastw2v.system.compile_notice import compiling
from fastw2v.system.ownership import (
    NotOurOwnError,
    check_own_folder,
    make_own_folder,
    read_own_file,
)
from fastw2v.system.posix import replace, set_mode

_DIGEST = 16  # bytes
_FOLDER = "fastw2v"  # within Numba's, which has the permissions that the user's other folders have


class CodeCache(FunctionCache):
    """The compiled code of one function, in a folder within the one where Numba would keep it.

    problem: why compiled code could not be written and what to do, one line; None if no write
        has failed.
    distrusted: why a file was not read although it is there; None if none was.

    Raises RuntimeError if there is no folder that can be written.
    """

    def __init__(self, function):
        self._impl_class = _Home if _has_home() else _NoHome
        super().__init__(function)
        self.problem: str | None = None
        self.distrusted: str | None = None

    def load_overload(self, sig, target_context):
        """The code for this signature; None if there is none, or it is damaged."""
        target_context.refresh()
        code = self._kept_code(sig, target_context)
        if code is None:
            compiling()
        return code

    def _kept_code(self, sig, target_context):
        # Damage is of any kind: Numba raises errors of several types for a file cut short.
        with suppress(Exception):
            key = self._index_key(sig, target_context.codegen())
            try:
                content = read_own_file(os.fspath(self._path(key)))
            except NotOurOwnError as error:
                self.distrusted = str(error)
                return None
            payload = memoryview(content)[_DIGEST:]
            if _digest(payload) == content[:_DIGEST]:
                of, code = pickle.loads(payload)
                if of == key:
                    return _inheritable(self._impl.rebuild(target_context, code))
        return None

    def save_overload(self, sig, data) -> None:
        """Write the code for this signature; `problem` says why if that fails."""
        try:
            if self._impl.check_cachable(data):
                key = self._index_key(sig, data.codegen)
                self._write(self._path(key), dumps((key, self._impl.reduce(data))))
        except NotOurOwnError as error:
            self.problem = f"{error}; {OWN_REMEDY}"
        except OSError as error:
            self.problem = f"{self._folder}: {error.strerror or error}; {FOLDER_REMEDY}"
        except Exception:  # what changed inner classes raise can be of any kind
            self.problem = OTHER_NUMBA

    def _write(self, path: Path, payload: bytes) -> None:
        make_own_folder(os.fspath(path.parent))
        check_own_folder(os.fspath(path.parent))  # nothing that would not be read again
        # Not flushed to disk: there are many files, and the checksum detects a torn one.
        with temporary_beside(path) as (temporary, descriptor):
            with open(descriptor, "wb") as file:
                set_mode(descriptor, 0o600)
                file.write(_digest(payload))
                file.write(payload)
            replace(temporary, path)

    def flush(self) -> None:
        """Delete the code of all signatures."""
        for path in self._folder.glob(f"{self._impl.filename_base}.*.code"):
            with suppress(OSError):
                path.unlink()

    def _path(self, key) -> Path:
        stamp = self._impl.locator.get_source_stamp()
        depends = (numba.__version__, sys.version, stamp, key)
        name = hashlib.blake2b(repr(depends).encode(), digest_size=12).hexdigest()
        return self._folder / f"{self._impl.filename_base}.{name}.code"

    @property
    def _folder(self) -> Path:
        return Path(self.cache_path) / _FOLDER


class _Home(CompileResultCacheImpl):
    """Looks for a folder as Numba does."""


class _NoHome(CompileResultCacheImpl):
    """Does not look in the home folder: without one, Numba would make a folder named ``~``."""

    _locator_classes = tuple(
        each
        for each in CompileResultCacheImpl._locator_classes
        if "UserWideCacheLocator" not in each.__name__  # public since Numba 0.62, before with _
    )


def _inheritable(result):
    """``result`` such that functions that are compiled to call it start the same as it does.

    What a parallel loop needs before it runs, Numba keeps with the code, and callers take it over
    from the library; but it does not give it back to a library that was read. The code of such a
    caller then ended each process that read it before it had started Numba's threads.
    """
    needs = getattr(result.library, "_reload_init", None)  # private to Numba: without it, as before
    if needs is not None:
        needs.update(result.reload_init)
    return result


def _has_home() -> bool:
    return os.path.isabs(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~"))


def _digest(payload) -> bytes:
    return hashlib.blake2b(payload, digest_size=_DIGEST).digest()
