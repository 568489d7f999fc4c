"""The table at the top of the README: the whole command compared with other programs."""

from common import table

NAMES = {
    "skipgram-ns": "skip-gram",
    "cbow-ns": "CBOW",
    "c-Ofast": "C program (`-Ofast`)",
}


def headline(figures: dict) -> str | None:
    """A few lines of Markdown; None if the whole command was not measured."""
    if "whole" not in figures:
        return None
    rows = figures["whole"]["rows"]
    cells = {(row["peer"], row["model"]): _cell(row) for row in rows}
    peers, models = (list(dict.fromkeys(each[place] for each in cells)) for place in (0, 1))
    header = ["", *(NAMES.get(model, model) for model in models)]
    body = [
        [NAMES.get(peer, peer), *(cells.get((peer, model), "-") for model in models)]
        for peer in peers
    ]
    settings, cpu = rows[0]["settings"], figures["machine"]["cpu"]
    return (
        f"Time to train vectors on {figures['corpus']['words'] / 1e6:.0f} million words with "
        f"negative sampling ({settings['epochs']} epochs, {settings['threads']} threads, {cpu}),\n"
        "and the accuracy of the vectors on Google's analogies:\n\n"
        f"{table(header, body)}\n\n"
        "More figures are in `benchmarks/results/README.md`."
    )


def _cell(row: dict) -> str:
    seconds = f"{row['wall_seconds']:.0f} s"
    if row["ratio"] != 1:
        seconds += f" ({row['ratio']:.1f} x)"
    return f"{seconds}, {row['scores']['analogies']:.1%}"
