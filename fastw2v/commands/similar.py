"""``fastw2v similar``: the nearest neighbours of words."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from fastw2v.errors import UnknownWordError

_PROMPT = "Word or words (empty line to end): "


@click.command(name="similar")
@click.argument("vectors", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option(
    "-n", "--neighbours", default=10, show_default=True, type=click.IntRange(1), metavar="N",
    help="How many neighbours to show.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each query.")
@click.option("--limit", type=click.IntRange(1), metavar="N", help="Read only the first N words.")
@click.option("--strict", is_flag=True, help="Fail at the first fault of the file.")
def command(vectors, words, neighbours, as_json, limit, strict):
    """Show the nearest neighbours of WORDs, by the cosine of their vectors.

    Of several words: the neighbours of their mean. Without a WORD: asks for them on a terminal,
    else reads one query a line from standard input.

    VECTORS may be word2vec binary or text, GloVe text or .npy, compressed or not.

    \b
    Example:
      fastw2v similar vectors.bin king
      fastw2v similar vectors.bin paris berlin -n 5 --json
    """
    from fastw2v.vectors import WordVectors

    known = WordVectors.load(vectors, limit=limit, strict=strict)
    for note in known.notes:
        click.echo(note, err=True)
    show = _show_json if as_json else _show_lines
    if words:
        show(list(words), known.similar(words, neighbours))
        return
    asking = sys.stdin.isatty()
    unknown = 0
    for number, query in enumerate(_queries(asking, known)):
        try:
            found = known.similar(query, neighbours)
        except UnknownWordError as error:
            click.echo(f"Error: {error}", err=True)
            unknown += 1
            continue
        if number > unknown and not as_json:
            _write("\n")  # parts the answers
        show(query, found)
    if unknown and not asking:
        raise UnknownWordError(f"queries with unknown words, left unanswered: {unknown}")


def _queries(asking: bool, known) -> Iterator[list[str]]:
    """One list of words for each line of standard input that has any."""
    while True:
        if asking:
            click.echo(_PROMPT, err=True, nl=False)
        line = sys.stdin.buffer.readline()
        if not line or (asking and not line.strip()):
            return
        text = line.decode("utf-8", "surrogateescape").rstrip("\r\n")
        # A line that is a word as it stands may have blanks in it, or a no-break space.
        words = [text] if text in known else text.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words:
            yield words


def _show_lines(query: list[str], found: list[tuple[str, float]]) -> None:
    """Lines ``word<TAB>cosine``; on a terminal the words are padded so that cosines align."""
    width = max((len(word) for word, _ in found), default=0) if sys.stdout.isatty() else 0
    _write("".join([f"{word:{width}}\t{cosine:.6f}\n" for word, cosine in found]))


def _show_json(query: list[str], found: list[tuple[str, float]]) -> None:
    neighbours = [{"word": word, "cosine": round(cosine, 6)} for word, cosine in found]
    answer = json.dumps({"query": query, "neighbours": neighbours}, ensure_ascii=False)
    # Bytes that are not UTF-8 become the escapes of JSON: the line is valid, nothing is lost.
    _write(answer.encode("utf-8", "backslashreplace").decode("utf-8") + "\n")


def _write(text: str) -> None:
    """Write to standard output as UTF-8, whatever the terminal's encoding; odd bytes as read."""
    click.echo(text.encode("utf-8", "surrogateescape"), nl=False)
