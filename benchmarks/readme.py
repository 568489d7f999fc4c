"""Write the figures of `results/reference.json` into the README, between its markers.

Example:
  .venv-bench/bin/python benchmarks/readme.py
"""

import argparse
import json
import sys

from peers import ROOT, PeerError
from report import readme_text

SOURCE = "benchmarks/results/reference.json"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


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
    before, begin, rest = readme.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise PeerError(f"README.md has no {BEGIN} or no {END}")
    text = NOT_MEASURED if figures is None else readme_text(figures, SOURCE)
    return f"{before}{BEGIN}\n{text}\n{END}{after}"


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
