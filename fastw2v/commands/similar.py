"""``fastw2v similar``: the nearest neighbours of words."""

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
    words_from_option,
)
from fastw2v.vectors.loading import load_vectors

_PROMPT = "Words"


@click.command(name="similar")
@vectors_argument
@click.argument("words", nargs=-1, type=Word(), metavar="[WORD]...")
@neighbours_option
@words_from_option
@among_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per query.")
@limit_option
@strict_option
def command(vectors, words, neighbours, words_from, among, as_json, limit, strict):
    """Show the nearest neighbours of WORDs, by the cosine of their vectors.

    Several WORDs are one query: the neighbours of the mean of their vectors. With no WORD,
    prompts on a terminal or reads one query per line from standard input. Many queries in one
    run are much faster than one run for each.

    VECTORS: word2vec binary or text, GloVe text, .npy, a checkpoint or a fastText model, which has
    vectors of unknown words, too; optionally compressed. - is standard input; the words must then
    be given as WORDs or in a file.

    \b
    Example:
      fastw2v similar vectors.bin king
      fastw2v similar vectors.bin paris berlin -n 5 --json
      fastw2v similar vectors.bin --words-from words.txt
      fastw2v similar vectors.bin king --among titles.txt
    """
    if words and words_from:
        raise click.UsageError("use either WORDs or --words-from, not both")
    check_input_free(vectors, words, words_from, among)
    # A single query reads each vector only once: loading the file first would be slower.
    known = load_vectors(vectors, limit, strict, mapped=True if words else None)
    searched = read_among(among, known, strict)
    show = _show_json if as_json else _show_lines
    if words:
        tell_made(known, words)
        show(list(words), known.similar(words, neighbours, searched), True)
        return
    answer_lines(
        read_lines(words_from, _PROMPT),
        parse=lambda line: _query(line, known),
        answer=lambda queries: known.similar_many(queries, neighbours, searched),
        show=show,
        count_failures=not asks_on_terminal(words_from),
    )


def _query(line: str, known) -> list[str]:
    """The words of a line; raises if one is not in the vocabulary."""
    # A word may contain spaces: a line that is itself a known word is one word.
    words = [line] if line in known else line.replace("\t", " ").split(" ")
    words = [word for word in words if word]
    tell_made(known, words)
    return words


def _show_lines(query: list[str], found: list[tuple[str, float]], first: bool) -> None:
    separate_answers(first)
    write_neighbours(found)


def _show_json(query: list[str], found: list[tuple[str, float]], first: bool) -> None:
    neighbours = [{"word": word, "cosine": round(cosine, 6)} for word, cosine in found]
    write_json({"query": query, "neighbours": neighbours})
