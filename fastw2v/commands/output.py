"""Output that several commands share: JSON, neighbours, reports."""

import json

from fastw2v.errors import as_json_escapes, escaped
from fastw2v.standard_streams import on_terminal, write


def write_json(answer) -> None:
    """Print one line of JSON. Bytes that are not UTF-8 are escaped."""
    line = json.dumps(answer, ensure_ascii=False)
    if on_terminal():  # which obeys more characters than JSON escapes
        line = as_json_escapes(line)
    write(line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def write_neighbours(found: list[tuple[str, float]]) -> None:
    """Print lines ``word<TAB>score``; on a terminal words are padded so that scores align."""
    width = 0
    if on_terminal():
        found = [(escaped(word), score) for word, score in found]
        width = max((len(word) for word, _ in found), default=0)
    write("".join([f"{word:{width}}\t{score:.6f}\n" for word, score in found]))
