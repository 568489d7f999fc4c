"""The page ``results/gpu.md`` from the figures of `bin/bench --device cuda`."""

from collections import defaultdict
from statistics import fmean

from common import table

SHOWN = ("analogies", "WordSim-353", "SimLex-999")
WARM = 1.0  # seconds for compiling or loading: commands that took longer compiled


def gpu_text(figures: dict, source: str) -> str:
    """Markdown. source: name of the file with the figures."""
    card, about = figures["devices"][0], figures["machine"]
    parts = [
        f"Measured by `{' '.join(figures['command'])}` on {figures['date']}: {card['name']}, "
        f"compute capability {card['compute_capability']}; {about['cpu']}, "
        f"{about['cores']} cores, python {about['python']}, numba {about['numba']}, "
        f"numpy {about['numpy']}. Window 5, 5 negative samples. All figures: [{source}]({source}).",
        "**Speed**: raw words per second, median of all epochs but the first. At work: only the "
        "seconds in which kernels ran count.",
        _speed_table(figures["gpu"]),
        "**The CPU of the same machine**, and the C program on it:",
        _cpu_table(figures),
        "**Quality and the whole command**, text to vector file, 5 epochs, 100 dimensions; means "
        "over seeds. Seconds are those of commands that found their kernels compiled:",
        _quality_table(figures["gpu_quality"]),
        "**In one process**, seconds: " + ", ".join(
            f"{name} {seconds:.2f}" for name, seconds in figures["road"][0].items()
        ) + ".",
    ]  # fmt: skip
    return "\n\n".join(parts)


def _speed_table(rows: list[dict]) -> str:
    header = ["model", "D", "M words/s", "M words/s, at work", "warps"]
    found = [
        [
            row["model"], str(row["size"]), f"{row['words_per_second'] / 1e6:.0f}",
            f"{row['busy_words_per_second'] / 1e6:.0f}", f"{row['warps']:,}",
        ]
        for row in sorted(rows, key=lambda row: (row["model"], row["size"]))
    ]  # fmt: skip
    return table(header, found)


def _cpu_table(figures: dict) -> str:
    ours = [("fastw2v", row) for row in figures["speed"]]
    others = [(row["peer"], row | {"size": 100}) for row in figures["peers"]]
    rows = [
        [
            name, row["model"], str(row["size"]), str(row["threads"]),
            f"{row['words_per_second'] / 1e6:.1f}",
        ]
        for name, row in [*ours, *others]
    ]  # fmt: skip
    return table(["program", "model", "D", "threads", "M words/s"], rows)


def _quality_table(rows: list[dict]) -> str:
    cases = defaultdict(list)
    for row in rows:
        cases[row["model"], row["variant"]].append(row)
    found = []
    for (model, device), each in cases.items():
        means = [fmean(row["scores"][name] for row in each) for name in SHOWN]
        seconds = [row["wall_seconds"] for row in each if row["parts"]["compiling"] < WARM]
        threads = f", {each[0]['settings']['threads']} threads" if device == "cpu" else ""
        found.append([
            model, f"{device}{threads}", f"{means[0]:.1%}", *(f"{mean:.3f}" for mean in means[1:]),
            f"{min(seconds):.1f}-{max(seconds):.1f}" if seconds else "-", str(len(each)),
        ])  # fmt: skip
    return table(["model", "device", *SHOWN, "seconds", "seeds"], found)


def gpu_headline(figures: dict) -> str:
    """A few lines for the README."""
    card = figures["devices"][0]["name"]
    of_card = [row for row in figures["gpu_quality"] if row["variant"] != "cpu"]
    parts = []
    for model, name in (("skipgram-ns", "skip-gram"), ("cbow-ns", "CBOW")):
        rows = [row for row in of_card if row["model"] == model]
        warm = [row["wall_seconds"] for row in rows if row["parts"]["compiling"] < WARM]
        speed = next(
            row["words_per_second"] for row in figures["gpu"]
            if (row["model"], row["size"]) == (model, 100)
        )  # fmt: skip
        accuracy = fmean(row["scores"]["analogies"] for row in rows)
        parts.append(
            f"- {name}: {min(warm):.1f} to {max(warm):.1f} s, {accuracy:.1%}; training alone at "
            f"{speed / 1e6:.0f} million words per second"
        )
    return (
        f"The same trainings on a GPU (`--device cuda`, {card}); all figures are in\n"
        "`benchmarks/results/gpu.md`:\n\n" + "\n".join(parts)
    )
