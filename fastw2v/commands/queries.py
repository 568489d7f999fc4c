"""Questions by the line: read, answered many at once, and shown in order."""

import sys
from collections.abc import Callable, Iterator

import click

from fastw2v.errors import FastW2VError, FormatError, UnknownWordError
from fastw2v.io.files import MAX_WORD_BYTES, LongLineError, lines_of
from fastw2v.io.standard_output import write

_AT_ONCE = 1 << 16  # bytes of questions read together

words_from_option = click.option(
    "--words-from", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Read the questions, one a line, from FILE; - is standard input.",
)  # fmt: skip


def asks_on_terminal(words_from: str | None) -> bool:
    """Whether somebody sits there and types."""
    return words_from in (None, "-") and sys.stdin.isatty()


def read_lines(words_from: str | None, prompt: str) -> Iterator[list[str]]:
    """Lines of a file or standard input (None, "-"), as many together as are there already.

    So a file is read in large pieces, and who waits for an answer before asking on gets it. On a
    terminal it is one line after each ``prompt``, up to an empty one.
    """
    if asks_on_terminal(words_from):
        while True:
            click.echo(prompt, err=True, nl=False)
            line = sys.stdin.buffer.readline()
            if not line.strip():
                return
            yield _decoded([line])
    with click.open_file(words_from or "-", "rb") as file:
        try:
            for lines in lines_of(iter(lambda: file.read1(_AT_ONCE), b""), MAX_WORD_BYTES):
                yield _decoded(lines)
        except LongLineError as error:
            raise FormatError(f"{words_from or '-'}: {error} for a question") from error


def answer_lines(
    lines: Iterator[list[str]],
    parse: Callable,
    answer: Callable,
    show: Callable,
    count_failures: bool,
) -> None:
    """Answer what the lines ask, and show it; a question that cannot be answered is told on stderr.

    parse: a line -> the question, or None if it holds none; raises FastW2VError.
    answer: questions -> an answer for each.
    show: a question, its answer, and whether it is the first.
    count_failures: raise UnknownWordError in the end if some questions were not answered.
    """
    failures, first = 0, True
    for batch in lines:
        questions = []
        for line in batch:
            try:
                question = parse(line)
            except FastW2VError as error:
                click.echo(f"Error: {error}", err=True)
                failures += 1
                continue
            if question:
                questions.append(question)
        for question, found in zip(questions, answer(questions), strict=True):
            show(question, found, first)
            first = False
    if failures and count_failures:
        raise UnknownWordError(f"questions left unanswered, as told above: {failures}")


def part_answers(first: bool) -> None:
    """An empty line between the answers."""
    if not first:
        write("\n")


def _decoded(lines: list[bytes]) -> list[str]:
    return [line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in lines]
