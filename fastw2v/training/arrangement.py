"""Lines for the user on how the work of a training is spread: replicas, ranks, a GPU."""

from typing import Any


def describe(arrangement: dict[str, Any], threads: int) -> str | None:
    """What an engine's arrangement says before the training; None if all threads share one
    model."""
    growth = arrangement.get("learning_rate_growth", 1)
    times = "" if growth == 1 else f"; learning rate times {growth:.2f}"
    if "ranks" in arrangement:
        return _describe_ranks(arrangement, threads) + times
    if "gpu" in arrangement:
        return f"{arrangement['warps']:,} warps train on {arrangement['gpu']}"
    if arrangement["replicas"] == 1:
        return None
    line = (
        f"{threads} threads train {arrangement['replicas']} replicas of "
        f"{arrangement['replicated_rows']:,} words, merged every "
        f"{arrangement['words_between_mergings']:,} words"
    )
    return line + times


def _describe_ranks(arrangement: dict[str, Any], threads: int) -> str:
    each = f"{threads} thread{'s' if threads > 1 else ''}"
    if "gpu" in arrangement:
        each = f"one GPU, {arrangement['gpu']},"
    line = (
        f"{arrangement['ranks']} ranks of {each} exchange their changes every "
        f"{arrangement['words_between_exchanges']:,} words, and less often the more is trained"
    )
    turns = arrangement["words_in_turns"]
    if turns is None:
        return f"{line}; they train in turns until that takes longer than an exchange"
    return f"{line}; they train {turns:,} words in turns before" if turns else line


def describe_exchanges(arrangement: dict[str, Any]) -> str | None:
    """What ranks have exchanged, after the training; None if there are no ranks."""
    if "ranks" not in arrangement:
        return None
    turns = arrangement["words_in_turns"]
    first = f"the first {turns:,} words in turns, then " if turns else ""
    return (
        f"{arrangement['exchanges']:,} exchanges: {first}every "
        f"{arrangement['words_between_exchanges']:,} words of a rank at most; "
        f"{max(arrangement['exchange_seconds']):.1f} s"
    )
