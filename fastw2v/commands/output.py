"""Output that several commands share: JSON, neighbours, reports."""

import json
import sys

from fastw2v.io.standard_output import write


def write_json(answer) -> None:
    """Print one line of JSON. Bytes that are not UTF-8 are escaped."""
    line = json.dumps(answer, ensure_ascii=False)
    write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def write_neighbours(found: list[tuple[str, float]]) -> None:
    """Print lines ``word<TAB>score``; on a terminal words are padded so that scores align."""
    width = max((len(word) for word, _ in found), default=0) if sys.stdout.isatty() else 0
    write("".join([f"{word:{width}}\t{score:.6f}\n" for word, score in found]))


def write_report(path, report: dict) -> None:
    """Write a report as JSON; an existing file is replaced only when it is complete."""
    from fastw2v.io.atomic import replacing

    with replacing(path, "w") as file:
        json.dump(report, file, indent=2)
        file.write("\n")
