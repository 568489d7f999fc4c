"""From the figures of a run to Markdown: what the suite prints and what the README shows."""

from statistics import median

import asking
import quality
import reading
import scaling
import startup
import throughput
import whole
from common import table

PICTURES = {"throughput": "speed", "whole": "quality", "scaling": "scaling"}  # part -> its name


def markdown(figures: dict) -> str:
    """All parts that were measured, each with a heading and what it shows."""
    sections = [machine_of(figures)]
    for part, make in SECTIONS.items():
        if part in figures:
            sections.append(make(figures[part]))
    return "\n\n".join(sections)


def readme_text(figures: dict, source: str) -> str:
    """What stands in the README: machine, command, throughput, whole command with quality.

    source: the JSON file, as a reader finds it.
    """
    pictures = [
        f"[{name}]({source.removesuffix('.json')}-{name}.svg)"
        for part, name in PICTURES.items()
        if part in figures
    ]
    links = ", ".join([f"[{source}]({source})", *pictures])
    sections = [f"{machine_of(figures)} All figures, and pictures: {links}."]
    for part in ("throughput", "whole", "quality", "reading", "asking", "startup"):
        if part in figures:
            sections.append(SECTIONS[part](figures[part]))
    return "\n\n".join(sections)


def machine_of(figures: dict) -> str:
    """Two sentences: where and how it was measured."""
    about = figures["machine"]
    versions = ", ".join(f"{name} {about[name]}" for name in ("python", "numba", "numpy"))
    turns = "1 turn" if figures["turns"] == 1 else f"{figures['turns']} turns"
    quick = " **A quick run: slices, too short to be quoted.**" if figures["quick"] else ""
    return (
        f"Measured by `{figures['command']}` on {figures['date']}, {turns}, fastw2v "
        f"{about['fastw2v']}: {about['cpu']}, {about['cores']} cores, {versions}.{quick}"
    )


def _throughput(figures: dict) -> str:
    rows = figures["rows"]
    words = f"{figures['words'] / 1e6:.1f} million words"
    return (
        f"**Training, one thread**, the first {words}, 1 epoch. Speeds and ratios are medians over "
        "turns; kept words by the share that ours keeps:\n\n"
        + table(throughput.header_of(rows), throughput.rows_of(rows))
    )


def _whole(figures: dict) -> str:
    rows = table(whole.HEADER, whole.rows_of(figures))
    scored = quality.table_of(figures["rows"])
    epochs = figures["rows"][0]["settings"]["epochs"]
    threads = figures["rows"][0]["settings"]["threads"]
    return (
        f"**The whole command**, text to vector file, {epochs} epochs, {threads} threads:\n\n{rows}"
        f"\n\nWhat those runs learnt:\n\n{scored}"
    )


def _quality(figures: dict) -> str:
    return (
        "**Quality**, the mean of all seeds; one seed against another: about a point in analogies, "
        f".01 in correlations:\n\n{quality.table_of(figures['rows'])}"
    )


def _scaling(figures: dict) -> str:
    return (
        "**Scaling**, skip-gram with negative sampling; the ratio is of all threads together:\n\n"
        + table(scaling.HEADER, scaling.rows_of(figures))
    )


def _reading(figures: dict) -> str:
    text = table(reading.TEXT_HEADER, reading.text_rows(figures["text"]))
    vectors = table(reading.VECTOR_HEADER, reading.vector_rows(figures["vectors"]))
    starts = [start for row in figures["text"] for start in row.get("start_seconds", ())]
    start = f" (starting Numba, {median(starts):.1f} s, is not in it)" if starts else ""
    return f"**Reading text**{start}:\n\n{text}\n\n**Loading vectors**:\n\n{vectors}"


def _asking(figures: dict) -> str:
    return f"**Asking for neighbours**:\n\n{table(asking.HEADER, asking.rows_of(figures))}"


def _startup(figures: dict) -> str:
    return f"**Start-up**:\n\n{table(startup.HEADER, startup.rows_of(figures))}"


SECTIONS = {
    "throughput": _throughput,
    "whole": _whole,
    "quality": _quality,
    "scaling": _scaling,
    "reading": _reading,
    "asking": _asking,
    "startup": _startup,
}
