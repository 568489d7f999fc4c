"""What took hours to train is written somewhere: beside its path, or in another folder."""

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from fastw2v.errors import OutputError, message_of
from fastw2v.formats import marked_path
from fastw2v.standard_streams import DASH
from fastw2v.training.options import FilePath

_MOST_NAMES = 1_000


def save_or_rescue(path: FilePath, save: Callable[[FilePath], None]) -> None:
    """``save(path)``; if that fails, save to another path and raise an OutputError that names it.

    save: writes the vectors to the path it is given, in any folder.
    """
    try:
        save(path)
    except BrokenPipeError:  # the reader of the pipe has gone: it wants no more of them
        raise
    except Exception as error:  # whatever it is
        problem = message_of(error)
        if not isinstance(error, OutputError):
            problem = f"cannot write {os.fspath(path)}: {problem}"
        for other in _other_paths(path):
            try:
                save(other)
            except Exception:  # try the next
                continue
            raise OutputError(f"{problem}; the vectors are in {other} instead") from error
        raise OutputError(f"{problem}; nor can they be saved in any other folder") from error


def _other_paths(path: FilePath) -> Iterator[Path]:
    """A new name in the same folder, the current one, the user's, and one for temporary files."""
    is_file = os.fspath(path) != DASH and not _is_device(path)
    name = Path(path).name if is_file else "vectors.bin"
    for folder in (os.path.dirname(os.path.abspath(path)) if is_file else None, *_folders()):
        if folder is not None:
            yield from _unused(Path(folder, name))


def _is_device(path: FilePath) -> bool:
    return os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path)


def _folders() -> Iterator[str]:
    for find in (os.getcwd, lambda: os.path.expanduser("~"), tempfile.mkdtemp):
        try:
            yield find()
        except OSError:  # the folder is gone, or the disk full
            continue


def _unused(path: Path) -> Iterator[Path]:
    """One name that nothing has yet; none if the folder cannot be searched."""
    for number in range(1, _MOST_NAMES):
        found = marked_path(path, "rescued" if number == 1 else f"rescued-{number}")
        try:
            found.lstat()
        except FileNotFoundError:
            yield found
            return
        except OSError:
            return
