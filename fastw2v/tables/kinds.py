"""Which kind of table a file is, by its first bytes; its name decides where these do not."""

from __future__ import annotations

import os
import re

from fastw2v.errors import CorpusError, parameter
from fastw2v.io.compression import kind_of
from fastw2v.io.sniff import MARK, binary_kind

JSON, DELIMITED, PARQUET, ARROW, ARROW_STREAM = "JSON", "CSV", "Parquet", "Arrow", "Arrow stream"
HEAD_BYTES = 1 << 16
NEED_SEEKING = {PARQUET, ARROW, ARROW_STREAM}
"""Kinds that cannot be read from a pipe or from compressed data."""

_MAGIC = {b"PAR1": PARQUET, b"ARROW1\0\0": ARROW, b"\xff\xff\xff\xff": ARROW_STREAM}
_DELIMITERS = {".csv": ",;|\t", ".tsv": "\t", ".tab": "\t"}
_ANY_DELIMITER = "\t,;|"
_COMPRESSED = re.compile(r"\.(gz|bz2|xz|zst|zstd)$", re.IGNORECASE)


def kind_of_table(head: bytes, name: str) -> str:
    """The kind of a table whose content starts with ``head``, `HEAD_BYTES` bytes or all of it.

    Raises CorpusError for what is no table.
    """
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if head.startswith(b"FEA1"):
        raise CorpusError(f"{name}: a Feather file of version 1; write it again as version 2")
    packed = kind_of(head)
    problem = binary_kind(head)
    if packed is not None:
        problem = f"{packed} data within compressed data; unpack it first"
    if problem is not None:
        raise CorpusError(f"{name}: {problem}")
    if _extension(name) in _DELIMITERS:
        return DELIMITED
    start = head.removeprefix(MARK).lstrip()[:1]
    if start == b"[":
        raise CorpusError(
            f"{name}: starts with [, which JSON Lines do not; if it is a list of objects, write "
            f"one per line: jq -c '.[]' {name} | fastw2v ... - {parameter('column')} NAME"
        )
    return JSON if start == b"{" else DELIMITED


def delimiters_of(name: str) -> str:
    """The delimiters that a file of fields may have, the likeliest first."""
    return _DELIMITERS.get(_extension(name), _ANY_DELIMITER)


def _extension(name: str) -> str:
    return os.path.splitext(_COMPRESSED.sub("", name))[1].lower()
