"""Pictures beside the figures, where looking beats reading; needs matplotlib."""

from pathlib import Path
from statistics import median

from report import PICTURES

INK, OURS, OTHERS = "#333333", "#1b6ca8", "#b0b7bd"


def draw(figures: dict, beside: Path) -> list[Path]:
    """Write the pictures for the parts that were measured beside the JSON file ``beside``.

    Returns their paths: NAME-speed.svg, NAME-quality.svg, NAME-scaling.svg.
    """
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "fastw2v"  # the same figures, the same bytes
    written = []
    makers = {"throughput": _speed, "whole": _quality, "scaling": _scaling}
    for part, name in PICTURES.items():
        if part in figures:
            path = beside.with_name(f"{beside.stem}-{name}.svg")
            drawing = makers[part](figures[part])
            drawing.savefig(path, metadata={"Date": None}, bbox_inches="tight")
            written.append(path)
    return written


def _new(columns: int, width: float, height: float):
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(width, height), layout="constrained")
    axes = drawing.subplots(1, columns, squeeze=False)[0]
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
    return drawing, axes


def _color(peer: str) -> str:
    return OURS if peer == "fastw2v" else OTHERS


def _speed(figures: dict):
    """Bars: how many times the base, one group for each model and size."""
    rows = [row for row in figures["rows"] if row["peer"] != row["base"]]
    drawing, (axes,) = _new(1, 7, 0.9 + 0.28 * len(rows))
    labels = [f"{row['model']}, D={row.get('size', 100)}, {row['peer']}" for row in rows]
    ratios = [median(row["ratios"]) for row in rows]
    bars = axes.barh(range(len(rows)), ratios, color=[_color(row["peer"]) for row in rows])
    axes.bar_label(bars, [f"{ratio:.1f}" for ratio in ratios], padding=3, color=INK)
    axes.set_yticks(range(len(rows)), labels)
    axes.invert_yaxis()
    axes.axvline(1, color=INK, linewidth=0.8)
    axes.set_xlabel(f"times {rows[0]['base'] if rows else 'itself'}, one thread")
    return drawing


def _quality(figures: dict):
    """Points: seconds of the whole command against analogies, one field for each model."""
    models = list(dict.fromkeys(row["model"] for row in figures["rows"]))
    drawing, fields = _new(len(models), 4.5 * len(models), 3.4)
    for axes, model in zip(fields, models, strict=True):
        for row in figures["rows"]:
            if row["model"] == model and "analogies" in row["scores"]:
                place = row["wall_seconds"], 100 * row["scores"]["analogies"]
                axes.plot(*place, "o", color=_color(row["peer"]))
                axes.annotate(row["peer"], place, (6, 4), textcoords="offset points", color=INK)
        axes.set_xlim(0, 1.3 * axes.dataLim.x1)
        axes.set_ylim(0, max(1, 1.2 * axes.dataLim.y1))
        axes.set(title=model, xlabel="seconds of the whole command", ylabel="analogies, %")
    return drawing


def _scaling(figures: dict):
    """Lines: raw words a second of all threads together, one field for each axis."""
    drawing, fields = _new(len(figures), 3 * len(figures), 3)
    for axes, (axis, rows) in zip(fields, figures.items(), strict=True):
        for peer in dict.fromkeys(row["peer"] for row in rows):
            mine = [row for row in rows if row["peer"] == peer]
            speeds = [median(row["words_per_second_in_all"]) / 1e6 for row in mine]
            axes.plot(range(len(mine)), speeds, "o-", color=_color(peer), label=peer)
        values = [row["value"] for row in mine]
        axes.set_xticks(range(len(mine)), [_short(value) for value in values])
        axes.margins(x=0.1)
        axes.set_ylim(0, 1.1 * axes.dataLim.y1)
        axes.set_xlabel(axis)
    fields[0].set_ylabel("million raw words a second")
    fields[0].legend(frameon=False)
    return drawing


def _short(value) -> str:
    if isinstance(value, str) or value < 1000:
        return str(value)
    return f"{value / 1e6:.3g} M" if value >= 1e6 else f"{value / 1e3:.3g} k"
