"""Why compiled code is not kept, and what to do about it: parts of messages."""

import numba

FOLDER_REMEDY = "set NUMBA_CACHE_DIR to a writable folder with free space"
OWN_REMEDY = "set NUMBA_CACHE_DIR to a folder that only you can write to"
OTHER_NUMBA = (
    f"Numba {numba.__version__} stores code differently; install a Numba that fastw2v supports"
)
