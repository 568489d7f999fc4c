"""Names of outputs that promise another kind of file than would be written."""

import os
import re

from fastw2v.errors import OutputError

COMPRESSED = (".gz", ".bz2", ".xz")
"""Endings for which some outputs are compressed."""
_OTHER_KINDS = (
    *(".zst", ".zip", ".7z", ".rar", ".lz4", ".tar", ".tgz"),
    *(".npy", ".npz", ".h5", ".hdf5", ".parquet", ".feather", ".arrow", ".db", ".sqlite"),
    *(".pkl", ".pickle", ".model", ".pt", ".safetensors", ".gguf"),
)
_VERSION = re.compile(r"\.(epoch-)?[0-9]+")  # no kind of file, as in vectors-1.2


def check_text_name(path: str | os.PathLike[str], compressed: bool = False) -> None:
    """Raise OutputError if plain text should not be written under this name.

    compressed: whether the text is compressed for the endings `COMPRESSED`.
    """
    ending = ending_of(path)
    if ending in _OTHER_KINDS or (ending in COMPRESSED and not compressed):
        remedy = f"{', '.join(COMPRESSED)} to compress it, or " if compressed else ""
        raise OutputError(
            f"cannot write {os.fspath(path)}: what is written is plain text, which {ending} is "
            f"not; use {remedy}another name, for example with .txt"
        )


def ending_of(path: str | os.PathLike[str]) -> str:
    """The extension in lower case, with the dot; "" for none, and for a number."""
    ending = os.path.splitext(os.path.basename(os.fspath(path)))[1].lower()
    return "" if _VERSION.fullmatch(ending) else ending
