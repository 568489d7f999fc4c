"""``fastw2v similarity``: the cosine of pairs of words."""

import click

from fastw2v.commands.options import limit_option, strict_option, vectors_argument
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import Word
from fastw2v.commands.queries import (
    answer_lines,
    asks_on_terminal,
    check_input_free,
    read_lines,
    words_from_option,
)
from fastw2v.errors import FormatError, escaped
from fastw2v.io.encoding import quoted
from fastw2v.standard_streams import on_terminal, write
from fastw2v.vectors.loading import load_vectors

_PROMPT = "Two words"


@click.command(name="similarity")
@vectors_argument
@click.argument("words", nargs=-1, type=Word(), metavar="[A B]")
@words_from_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per pair.")
@limit_option
@strict_option
def command(vectors, words, words_from, as_json, limit, strict):
    """Show how similar two words are: the cosine of their vectors, from -1 to 1.

    Prints the number alone for A and B. With no words, prompts on a terminal or reads one pair per
    line from standard input: two words separated by spaces, or by a tab if words contain spaces;
    prints lines "A B cosine", separated by tabs. A zero vector has cosine 0 to everything.

    \b
    Example:
      fastw2v similarity vectors.bin king queen
      fastw2v similarity vectors.bin < pairs.txt
      fastw2v similarity vectors.bin --words-from pairs.txt --json
    """
    if len(words) not in (0, 2):
        raise click.UsageError(f"expected two words, A B, or none; got {len(words)}")
    if words and words_from:
        raise click.UsageError("use either A B or --words-from, not both")
    check_input_free(vectors, words, words_from)
    # A single pair needs two vectors: loading the file first would be slower.
    known = load_vectors(vectors, limit, strict, mapped=True if words else None)
    if words:
        cosine = known.cosines([words])[0]
        if as_json:
            _show_json(words, cosine, True)
        else:
            write(f"{cosine:.6f}\n")
        return
    answer_lines(
        read_lines(words_from, _PROMPT),
        parse=lambda line: _pair(line, known),
        answer=known.cosines,
        show=_show_json if as_json else _show_line,
        count_failures=not asks_on_terminal(words_from),
    )


def _pair(line: str, known) -> list[str]:
    """The two words of a line, or none; raises if one is not in the vocabulary."""
    words = [word for word in line.split("\t" if "\t" in line else " ") if word]
    if len(words) not in (0, 2):
        raise FormatError(f"{quoted(line)} has {len(words)} words; a pair has two, A B")
    known.finite_rows(words)
    return words


def _show_line(pair, cosine: float, first: bool) -> None:
    shown = [escaped(word) for word in pair] if on_terminal() else pair
    write("\t".join([*shown, f"{cosine:.6f}"]) + "\n")


def _show_json(pair, cosine: float, first: bool) -> None:
    write_json({"words": list(pair), "cosine": round(cosine, 6)})
