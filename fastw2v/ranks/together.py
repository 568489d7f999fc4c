"""Errors of ranks: those that all of them get, and those of one that ends all."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fastw2v.errors import FastW2VError, message_of
from fastw2v.ranks.protocol import Ranks

_Result = TypeVar("_Result")


class SharedError(FastW2VError):
    """An error that all ranks know of, so that each of them ends by itself."""


class RankAborted(FastW2VError):
    """Another rank has failed, and said so. The message names it."""


def together(ranks: Ranks, check: Callable[[], _Result]) -> _Result:
    """``check()``, or SharedError on all ranks if it fails on any.

    For what is quick, such as looking at files: all wait for the slowest. The error names the rank
    unless all have the same one.
    """
    result, own = None, None
    try:
        result = check()
    except FastW2VError as error:
        own = message_of(error)
    errors = ranks.allgather_json(own)
    failed = [rank for rank, message in enumerate(errors) if message is not None]
    if failed:
        first = errors[failed[0]]
        same = errors.count(first) == ranks.size
        raise SharedError(first if same else f"rank {failed[0]}: {first}")
    return result  # type: ignore[return-value] # some check has failed if it is missing
