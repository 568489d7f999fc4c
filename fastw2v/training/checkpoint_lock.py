"""One training at a time saves to a checkpoint."""

import os

from fastw2v.errors import CheckpointError
from fastw2v.io.regular import check_regular
from fastw2v.system.locks import FileLock, LockedError
from fastw2v.training.options import FilePath


def lock_checkpoint(path: FilePath) -> FileLock:
    """Lock a checkpoint to save to.

    Raises CheckpointError if another training does so, and names its process, or if there is
    something at the path that is not a regular file.
    """
    try:
        check_regular(path)
        return FileLock(path)
    except LockedError as error:
        who = f"process {error.process}"
        if error.process == os.getpid():
            who = "this process"
        elif error.process is None:
            who = "another process"
        raise CheckpointError(
            f"{os.fspath(path)}: another training ({who}) saves to this checkpoint: wait for it, "
            "stop it, or use another file"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise CheckpointError(f"{os.fspath(path)}: cannot hold a checkpoint: {reason}") from error
