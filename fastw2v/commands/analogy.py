"""``fastw2v analogy``: A is to B as C is to what?"""

import click

from fastw2v.commands.options import (
    limit_option,
    neighbours_option,
    strict_option,
    vectors_argument,
)
from fastw2v.commands.output import write_json, write_neighbours
from fastw2v.commands.queries import answer_lines, asks_on_terminal, read_lines, separate_answers
from fastw2v.errors import FormatError
from fastw2v.io.encoding import quoted
from fastw2v.vectors.loading import load_vectors

_PROMPT = "Three words, A B C (empty line to end): "


@click.command(name="analogy")
@vectors_argument
@click.argument("words", nargs=-1, metavar="[A B C]")
@neighbours_option
@click.option(
    "--rule", type=click.Choice(["add", "multiply"]), default="add", show_default=True,
    help="Add and subtract the vectors, or multiply and divide their cosines.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each question.")
@limit_option
@strict_option
def command(vectors, words, neighbours, rule, as_json, limit, strict):
    """Answer: A is to B as C is to what? The best words first, with their scores.

    Without A B C: asks for them on a terminal, else reads three words a line from standard input,
    with tabs between words that have blanks in them.

    \b
    --rule add       the nearest to B - A + C (3CosAdd)
    --rule multiply  the nearest to B and C and far from A, by a product (3CosMul)

    \b
    Example:
      fastw2v analogy vectors.bin man king woman
      fastw2v analogy vectors.bin paris france rome -n 3 --rule multiply --json
    """
    if len(words) not in (0, 3):
        raise click.UsageError(f"give three words, A B C, or none; here are {len(words)}")
    # For one answer the vectors are looked at once: to load them first would take longer.
    known = load_vectors(vectors, limit, strict, mapped=True if words else None)
    show = _show_json if as_json else _show_lines
    if words:
        show(words, known.analogy(*words, n=neighbours, rule=rule), True)
        return
    answer_lines(
        read_lines(None, _PROMPT),
        parse=lambda line: _question(line, known),
        answer=lambda questions: known.analogy_many(questions, neighbours, rule),
        show=show,
        count_failures=not asks_on_terminal(None),
    )


def _question(line: str, known) -> list[str]:
    """The three words of a line, all of them known; none of a line without words."""
    words = [word for word in line.split("\t" if "\t" in line else " ") if word]
    if len(words) not in (0, 3):
        raise FormatError(f"{quoted(line)} has {len(words)} words; a question has three, A B C")
    known.sound_rows(words)
    return words


def _show_lines(question, found: list[tuple[str, float]], first: bool) -> None:
    separate_answers(first)
    write_neighbours(found)


def _show_json(question, found: list[tuple[str, float]], first: bool) -> None:
    answers = [{"word": word, "score": round(score, 6)} for word, score in found]
    write_json({"question": list(question), "answers": answers})
