"""The figures of a run as Markdown: what the suite prints, and the page of results."""

from statistics import median

import asking
import axes
import quality
import reading
import startup
import throughput
import whole
from common import table

PICTURES = {"throughput": "speed", "whole": "quality", "scaling": "scaling"}  # part -> its name


def markdown(figures: dict) -> str:
    """All parts that were measured, each with a heading."""
    sections = [machine_of(figures)]
    for part, make in SECTIONS.items():
        if part in figures:
            sections.append(make(figures[part]))
    return "\n\n".join(sections)


def results_text(figures: dict, source: str) -> str:
    """The page of results: machine, command, and a section for each part, with its picture.

    source: the JSON file of the figures, in the folder of the page.
    """
    sections = [f"{machine_of(figures)} The figures of every turn: [{source}]({source})."]
    for part, make in SECTIONS.items():
        if part in figures:
            sections.append(make(figures[part]))
            if part in PICTURES:
                name = PICTURES[part]
                sections.append(f"![{name}]({source.removesuffix('.json')}-{name}.svg)")
    return "\n\n".join(sections)


def machine_of(figures: dict) -> str:
    """One or two sentences: where and how the figures were measured."""
    about = figures["machine"]
    versions = ", ".join(f"{name} {about[name]}" for name in ("python", "numba", "numpy"))
    turns = "1 turn" if figures["turns"] == 1 else f"{figures['turns']} turns"
    quick = " **A quick run on short samples: not for comparison.**" if figures["quick"] else ""
    return (
        f"Measured by `{figures['command']}` on {figures['date']}, {turns}, fastw2v "
        f"{about['fastw2v']}: {about['cpu']}, {about['cores']} cores, {versions}.{quick}"
    )


def _throughput(figures: dict) -> str:
    rows = figures["rows"]
    words = f"{figures['words'] / 1e6:.1f} million words"
    return (
        f"**Training, one thread**, the first {words}, 1 epoch. Speeds and ratios are medians over "
        "turns; kept words are estimated from the share that fastw2v keeps:\n\n"
        + table(throughput.header_of(rows), throughput.rows_of(rows))
    )


def _whole(figures: dict) -> str:
    rows = table(whole.HEADER, whole.rows_of(figures))
    scored = quality.table_of(figures["rows"])
    epochs = figures["rows"][0]["settings"]["epochs"]
    threads = figures["rows"][0]["settings"]["threads"]
    return (
        f"**The whole command**, text to vector file, {epochs} epochs, {threads} threads:\n\n{rows}"
        f"\n\nQuality of the resulting vectors:\n\n{scored}"
    )


def _quality(figures: dict) -> str:
    return (
        "**Quality**, mean over all seeds. Seeds differ by about a point in analogies and 0.01 in "
        f"correlations:\n\n{quality.table_of(figures['rows'])}"
    )


def _scaling(figures: dict) -> str:
    return (
        "**Scaling**, skip-gram with negative sampling; ratios are for all threads together:\n\n"
        + table(axes.HEADER, axes.rows_of(figures))
    )


def _reading(figures: dict) -> str:
    text = table(reading.TEXT_HEADER, reading.text_rows(figures["text"]))
    vectors = table(reading.VECTOR_HEADER, reading.vector_rows(figures["vectors"]))
    starts = [start for row in figures["text"] for start in row.get("start_seconds", ())]
    start = f" (without {median(starts):.1f} s for starting Numba)" if starts else ""
    return f"**Reading text**{start}:\n\n{text}\n\n**Loading vectors**:\n\n{vectors}"


def _asking(figures: dict) -> str:
    return f"**Nearest neighbours**:\n\n{table(asking.HEADER, asking.rows_of(figures))}"


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
