"""The file of finished rows, by which an interrupted comparison goes on."""

from __future__ import annotations

import json
import math
from typing import Any

from fastw2v.errors import FormatError
from fastw2v.io.files import StrPath
from fastw2v.io.regular import open_regular
from fastw2v.io.reports import write_report

MAGIC = "fastw2v comparison"
VERSION = 1
_NUMBERS = ("seconds", "words_per_second")
_REMEDY = "delete it, or name another file with --state"


class State:
    """Results by the key of what they depend on; each is saved when it is there.

    path: the file; None: nothing is kept. Results of other texts and settings in it are kept.

    Raises FormatError if there is another file at ``path``.
    """

    def __init__(self, path: StrPath | None) -> None:
        self._path = path
        self._results: dict[str, Any] = {} if path is None else _read(path)

    def find(self, key: str) -> dict[str, Any] | None:
        """The result of a finished row."""
        return self._results.get(key)

    def keep(self, key: str, result: dict[str, Any]) -> None:
        """Save the result of a row. Raises OutputError."""
        self._results[key] = result
        if self._path is not None:
            write_report(self._path, {"magic": MAGIC, "version": VERSION, "results": self._results})


def _read(path: StrPath) -> dict[str, Any]:
    try:
        with open_regular(path) as file:
            content = file.read()
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise FormatError(f"{path}: cannot be read: {reason}") from error
    if not content:
        return {}
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or found.get("magic") != MAGIC:
        raise FormatError(f"{path}: not the finished rows of a comparison; {_REMEDY}")
    if found.get("version") != VERSION:
        raise FormatError(
            f"{path}: finished rows of another version of fastw2v ({found.get('version')!r:.20}); "
            f"{_REMEDY}"
        )
    results = found.get("results")
    if not isinstance(results, dict) or not all(map(_is_sound, results.values())):
        raise FormatError(f"{path}: the finished rows are corrupt; {_REMEDY}")
    return results


def _is_sound(result: Any) -> bool:
    """Whether a result has what a table shows of it."""
    if not isinstance(result, dict) or not all(_is_number(result.get(each)) for each in _NUMBERS):
        return False
    analogies, pairs, text = (result.get(name) for name in ("analogies", "pairs", "held_out"))
    parts = ("semantic", "syntactic", "total")
    return (
        (analogies is None or _has(analogies, parts, dict))
        and all(_has(each, ("questions", "seen", "correct"), int)
                for each in (analogies or {}).values())
        and isinstance(pairs, list)
        and all(_has(each, ("pairs", "covered"), int)
                and _is_number(each.get("spearman", 0) or 0) for each in pairs)
        and (text is None or (_has(text, ("tokens", "unknown", "impossible"), int)
                              and _is_number(text.get("perplexity", 0) or 0)))
        and _is_number(result.get("peak_rss_bytes") or 0)
        and isinstance(result.get("date"), str)
        and isinstance(result.get("machine"), str)
    )  # fmt: skip


def _has(found: Any, names: tuple[str, ...], kind: type) -> bool:
    return isinstance(found, dict) and all(type(found.get(name)) is kind for name in names)


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)
