"""``fastw2v analogy``: A is to B as C is to what?"""

import click

from fastw2v.commands.options import (
    limit_option,
    neighbours_option,
    strict_option,
    vectors_argument,
)
from fastw2v.commands.output import write_json, write_neighbours
from fastw2v.commands.param_types import Word
from fastw2v.commands.queries import (
    among_option,
    answer_lines,
    asks_on_terminal,
    check_input_free,
    read_among,
    read_lines,
    separate_answers,
    tell_made,
)
from fastw2v.errors import FormatError
from fastw2v.io.encoding import quoted
from fastw2v.vectors.loading import load_vectors

_PROMPT = "Three words, A B C"


@click.command(name="analogy")
@vectors_argument
@click.argument("words", nargs=-1, type=Word(), metavar="[A B C]")
@neighbours_option
@click.option(
    "--rule", type=click.Choice(["add", "multiply"]), default="add", show_default=True,
    help="add: 3CosAdd, on vectors; multiply: 3CosMul, on cosines (see above).",
)  # fmt: skip
@among_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per query.")
@limit_option
@strict_option
def command(vectors, words, neighbours, rule, among, as_json, limit, strict):
    """Solve analogies: A is to B as C is to what? Prints the best answers with their scores.

    With no words, prompts on a terminal or reads one query per line from standard input: three
    words separated by spaces, or by tabs if words contain spaces.

    \b
    --rule add       3CosAdd: highest cosine with B - A + C
    --rule multiply  3CosMul: highest cos(B) * cos(C) / cos(A), cosines shifted to 0..1

    \b
    Example:
      fastw2v analogy vectors.bin man king woman
      fastw2v analogy vectors.bin paris france rome -n 3 --rule multiply --json
    """
    if len(words) not in (0, 3):
        raise click.UsageError(f"expected three words, A B C, or none; got {len(words)}")
    check_input_free(vectors, words, among=among)
    # A single query reads each vector only once: loading the file first would be slower.
    known = load_vectors(vectors, limit, strict, mapped=True if words else None)
    searched = read_among(among, known, strict)
    show = _show_json if as_json else _show_lines
    if words:
        tell_made(known, words)
        show(words, known.analogy(*words, n=neighbours, rule=rule, among=searched), True)
        return
    answer_lines(
        read_lines(None, _PROMPT),
        parse=lambda line: _query(line, known),
        answer=lambda questions: known.analogy_many(questions, neighbours, rule, searched),
        show=show,
        count_failures=not asks_on_terminal(None),
    )


def _query(line: str, known) -> list[str]:
    """The three words of a line, or none; raises if one is not in the vocabulary."""
    words = [word for word in line.split("\t" if "\t" in line else " ") if word]
    if len(words) not in (0, 3):
        raise FormatError(f"{quoted(line)} has {len(words)} words; a query has three, A B C")
    tell_made(known, words)
    return words


def _show_lines(question, found: list[tuple[str, float]], first: bool) -> None:
    separate_answers(first)
    write_neighbours(found)


def _show_json(question, found: list[tuple[str, float]], first: bool) -> None:
    answers = [{"word": word, "score": round(score, 6)} for word, score in found]
    write_json({"question": list(question), "answers": answers})
