"""The lines of the README on many cores, from the figures of `scaling.py`."""

from datetime import date
from statistics import median
from textwrap import fill

_COLUMNS = 100
NAMES = {"skipgram-ns": "skip-gram", "cbow-ns": "CBOW"}


def many_cores_text(figures: dict) -> str:
    """One paragraph: a training with as many threads as were used, against one thread, and against
    the C program with as many."""
    about, speed, peers = figures["machine"], figures["speed"], figures["peers"]
    threads = max(row["threads"] for row in speed)
    ratios, beside = _listed(_times_one(speed, threads)), _listed(_times_c(peers))
    rows = _whole(figures["quality"])
    seconds = _listed({model: f"{row['wall_seconds']:.1f} s" for model, row in rows.items()})
    right = _listed({model: f"{row['scores']['analogies']:.1%}" for model, row in rows.items()})
    epochs, words = max(row["settings"]["epochs"] for row in rows.values()), peers[0]["words"]
    day = date.fromisoformat(figures["date"])
    return fill(
        f"On {threads} virtual cores ({about['cpu']}, {day:%d %B %Y}, `benchmarks/scaling.py`), "
        f"{threads} threads train {ratios} times as many words per second as one, over "
        f"{figures['epochs']} epochs, and {beside} times as many as the C program with {threads}. "
        f"{epochs} epochs on {words / 1e6:.0f} million words, reading and writing included, take "
        f"{seconds}, and reach {right} of the analogies.",
        _COLUMNS,
        break_on_hyphens=False,
    )


def _listed(found: dict[str, str]) -> str:
    return " and ".join(f"{text} ({NAMES[model]})" for model, text in found.items())


def _times_one(rows: list[dict], threads: int) -> dict[str, str]:
    def speed(model: str, number: int) -> float:
        return median(
            row["words_per_second"] for row in rows
            if (row["model"], row["size"], row["threads"]) == (model, 100, number)
            and not row["deterministic"]
        )  # fmt: skip

    return {model: f"{speed(model, threads) / speed(model, 1):.1f}" for model in NAMES}


def _times_c(rows: list[dict]) -> dict[str, str]:
    return {row["model"]: f"{row['ratio']:.1f}" for row in rows if row["peer"] == "c-Ofast"}


def _whole(rows: list[dict]) -> dict[str, dict]:
    return {row["model"]: row for row in rows if row["peer"] == "fastw2v" and row["variant"] == ""}
