"""Write the figures of `results/reference.json` into the README, between its markers.

Example:
  .venv-bench/bin/python benchmarks/readme.py
"""

import argparse
import json
import sys

from headline import headline
from peers import ROOT, PeerError
from report import readme_text

SOURCE = "benchmarks/results/reference.json"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
HEADLINE = "<!-- headline: begin -->", "<!-- headline: end -->"

NOT_MEASURED = f"""\
Not yet measured for this version: `bin/bench --json {SOURCE}` measures,
`.venv-bench/bin/python benchmarks/readme.py` writes the figures here."""


def reference() -> dict | None:
    """The committed figures, None where there are none."""
    source = ROOT / SOURCE
    return json.loads(source.read_text()) if source.is_file() else None


def refreshed(readme: str, figures: dict | None) -> str:
    """``readme`` with the figures between its markers, or word that there are none.

    Raises `PeerError` where there are no markers.
    """
    short, whole = NOT_MEASURED, NOT_MEASURED
    if figures is not None:
        short, whole = headline(figures) or short, readme_text(figures, SOURCE)
    return _between(_between(readme, HEADLINE, short), (BEGIN, END), whole)


def _between(readme: str, markers: tuple[str, str], text: str) -> str:
    before, begin, rest = readme.partition(markers[0])
    _, end, after = rest.partition(markers[1])
    if not begin or not end:
        raise PeerError(f"README.md has no {markers[0]} or no {markers[1]}")
    return f"{before}{begin}\n{text}\n{end}{after}"


def main() -> None:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    readme = ROOT / "README.md"
    readme.write_text(refreshed(readme.read_text("utf-8"), reference()), "utf-8")


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/readme.py: {error}")
