"""Messages on a training besides its progress: that code is compiled, what Ctrl-C has lost."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from fastw2v.errors import parameter
from fastw2v.progress import Progress
from fastw2v.system.compile_notice import on_compiling
from fastw2v.system.signals import Interrupted
from fastw2v.training.options import FilePath

COMPILING = (
    "compiling for this processor, which takes up to a minute; the code is kept for later runs"
)


def announce_compiling(progress: Progress) -> AbstractContextManager[None]:
    """Context manager: report, before it happens, that code is compiled: in a first run."""
    return on_compiling(lambda: progress.message(COMPILING))


@contextmanager
def suggesting_checkpoints(path: FilePath | None, progress: Progress) -> Iterator[None]:
    """Context manager: say after Ctrl-C what would have kept the training that is lost now.

    path: of its checkpoint; None: it has none.
    """
    try:
        yield
    except KeyboardInterrupt as stop:
        if path is None:
            remedy = (
                f"nothing was saved. With {parameter('checkpoint', 'train.state')} it would have "
                f"been, and {parameter('resume', 'train.state')} would continue from there"
            )
            if isinstance(stop, Interrupted):  # the command prints it
                stop.remedy = remedy
            else:
                progress.message(f"Interrupted; {remedy}")
        raise
