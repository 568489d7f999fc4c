"""What commands print: results as UTF-8 on stdout, notes on stderr."""

import json
import sys

import click


def write(text: str) -> None:
    """Write to standard output as UTF-8, whatever the terminal's encoding; odd bytes as read."""
    click.echo(text.encode("utf-8", "surrogateescape"), nl=False)


def write_json(answer) -> None:
    """Write one line of JSON. Bytes that are not UTF-8 become the escapes of JSON."""
    line = json.dumps(answer, ensure_ascii=False)
    write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def write_neighbours(found: list[tuple[str, float]]) -> None:
    """Lines ``word<TAB>score``; on a terminal the words are padded so that scores align."""
    width = max((len(word) for word, _ in found), default=0) if sys.stdout.isatty() else 0
    write("".join([f"{word:{width}}\t{score:.6f}\n" for word, score in found]))


def write_report(path, report: dict) -> None:
    """Write a report as JSON; what stood there stays until it is complete."""
    from fastw2v.io.atomic import replacing

    with replacing(path, "w") as file:
        json.dump(report, file, indent=2)
        file.write("\n")


def load_vectors(path, limit: int | None = None, strict: bool = False, mapped: bool | None = None):
    """`WordVectors` from a file; what was wrong with the file is told on stderr."""
    from fastw2v.vectors.word_vectors import WordVectors

    known = WordVectors.load(path, limit=limit, strict=strict, mapped=mapped)
    for note in known.notes:
        click.echo(note, err=True)
    return known
