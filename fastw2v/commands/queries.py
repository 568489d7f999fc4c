"""Queries from lines of text: read, answered in batches, and printed in order."""

import sys
from collections.abc import Callable, Iterator

import click

from fastw2v.errors import FastW2VError, FormatError, UnknownWordError, as_option
from fastw2v.io.files import MAX_WORD_BYTES, LongLineError, lines_of
from fastw2v.io.standard_output import write

_AT_ONCE = 1 << 16  # bytes of queries read at once

words_from_option = click.option(
    "--words-from", metavar="FILE", type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Read the queries from FILE, one per line; - for standard input.",
)  # fmt: skip


def asks_on_terminal(words_from: str | None) -> bool:
    """Whether queries are typed at a terminal."""
    return words_from in (None, "-") and sys.stdin.isatty()


def read_lines(words_from: str | None, prompt: str) -> Iterator[list[str]]:
    """Lines of a file or standard input (None, "-"), in batches of those already available.

    A file is read in large batches, but a program that waits for each answer before it sends the
    next query gets it. On a terminal a batch is one line after ``prompt``; an empty line ends.
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
            raise FormatError(f"{words_from or '-'}: {error} for a query") from error


def answer_lines(
    lines: Iterator[list[str]],
    parse: Callable,
    answer: Callable,
    show: Callable,
    count_failures: bool,
) -> None:
    """Answer the queries in ``lines`` and print the answers; errors of a query go to stderr.

    parse: a line -> the query, or None if it is empty; raises FastW2VError.
    answer: queries -> an answer for each.
    show: a query, its answer, and whether it is the first.
    count_failures: raise UnknownWordError at the end if any query failed.
    """
    failures, first = 0, True
    for batch in lines:
        queries = []
        for line in batch:
            try:
                query = parse(line)
            except FastW2VError as error:
                click.echo(f"Error: {error.spelled(as_option)}", err=True)
                failures += 1
                continue
            if query:
                queries.append(query)
        for query, found in zip(queries, answer(queries), strict=True):
            show(query, found, first)
            first = False
    if failures and count_failures:
        raise UnknownWordError(
            f"{failures} {'query' if failures == 1 else 'queries'} failed (see above)"
        )


def separate_answers(first: bool) -> None:
    """Print an empty line between answers."""
    if not first:
        write("\n")


def _decoded(lines: list[bytes]) -> list[str]:
    return [line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in lines]
