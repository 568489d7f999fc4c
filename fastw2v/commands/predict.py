"""``fastw2v predict``: the words that fit a context."""

import click

from fastw2v.commands.options import neighbours_option, strict_option
from fastw2v.commands.output import write_json, write_neighbours
from fastw2v.commands.param_types import InputFile, Word
from fastw2v.commands.queries import (
    answer_lines,
    asks_on_terminal,
    read_lines,
    separate_answers,
    words_from_option,
)
from fastw2v.errors import one_line
from fastw2v.standard_streams import tell

_PROMPT = "Context words (empty line to quit): "
_SHOWN = 5  # unknown words that are named


@click.command(name="predict")
@click.argument("model", type=InputFile())
@click.argument("words", nargs=-1, type=Word(), metavar="[WORD]...")
@neighbours_option
@words_from_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per context.")
@strict_option
def command(model, words, neighbours, words_from, as_json, strict):
    """Predict the word at the centre of a context of WORDs, with probabilities.

    WORDs are the words around it, in any order; unknown ones are left out. With no WORD, prompts
    on a terminal or reads one context per line from standard input.

    MODEL: a checkpoint (`fastw2v train --checkpoint`), or the file of input vectors of a training
    with `--vectors both`, which has the output vectors beside it.

    \b
    Example:
      fastw2v predict train.state the cat on the
      fastw2v predict vectors.bin -n 3 --json < contexts.txt
    """
    if words and words_from:
        raise click.UsageError("use either WORDs or --words-from, not both")
    from fastw2v.vectors.prediction import Predictor

    notes: list[str] = []
    predictor = Predictor.load(model, strict=strict, notes=notes)
    for note in notes:
        tell(note)
    show = _show_json if as_json else _show_lines
    if words:
        _check(predictor, list(words))
        show(list(words), predictor.predict(list(words), neighbours), True)
        return
    answer_lines(
        read_lines(words_from, _PROMPT),
        parse=lambda line: _check(predictor, line.replace("\t", " ").split(" ")),
        answer=lambda contexts: predictor.predict_many(contexts, neighbours),
        show=show,
        count_failures=not asks_on_terminal(words_from),
    )


def _check(predictor, words: list[str]) -> list[str]:
    """The words of a context, of which unknown ones are reported; raises if none is known."""
    words = [word for word in words if word]
    if words:
        _, unknown = predictor.rows_of(words)
        if unknown:
            more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
            listed = one_line(", ".join(unknown[:_SHOWN]))
            tell(f"not in the vocabulary, left out: {listed}{more}")
    return words


def _show_lines(context: list[str], found: list[tuple[str, float]], first: bool) -> None:
    separate_answers(first)
    write_neighbours(found)


def _show_json(context: list[str], found: list[tuple[str, float]], first: bool) -> None:
    predictions = [{"word": word, "probability": float(f"{p:.6g}")} for word, p in found]
    write_json({"context": context, "predictions": predictions})
