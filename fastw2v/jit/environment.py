"""The environment variables of Numba that users set, checked before Numba is imported.

Numba itself reports wrong ones with a traceback, at the import or when its threads start.
"""

import os

from fastw2v.errors import SettingsError

_THREADS, _LAYER = "NUMBA_NUM_THREADS", "NUMBA_THREADING_LAYER"
_LAYERS = ("default", "safe", "forksafe", "threadsafe", "omp", "tbb", "workqueue")


def check_environment() -> None:
    """Raise SettingsError for a value that Numba cannot use."""
    threads, layer = os.environ.get(_THREADS), os.environ.get(_LAYER)
    if threads is not None and not (threads.isascii() and threads.isdigit() and int(threads) > 0):
        raise SettingsError(
            f"the environment variable {_THREADS} is {threads!r}; it must be a whole number of 1 "
            "or more: correct or unset it"
        )
    if layer is not None and layer not in _LAYERS:
        raise SettingsError(
            f"the environment variable {_LAYER} is {layer!r}; it must be one of: "
            f"{', '.join(_LAYERS)}: correct or unset it"
        )
