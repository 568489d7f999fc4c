"""Queries from lines of text: read, answered in batches, and printed in order."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import click

from fastw2v.commands.param_types import InputFile
from fastw2v.errors import FastW2VError, FormatError, UnknownWordError, as_option
from fastw2v.io.encoding import quoted
from fastw2v.io.files import MAX_WORD_BYTES, LongLineError, StrPath, lines_of, open_file
from fastw2v.io.word_lists import read_words
from fastw2v.prompts import END, typed_lines
from fastw2v.standard_streams import DASH, input_errors, input_terminal, tell, write

_AT_ONCE = 1 << 16  # bytes of queries read at once

words_from_option = click.option(
    "--words-from", metavar="FILE", type=InputFile(dash=True),
    help="Read the queries from FILE, one per line; - for standard input.",
)  # fmt: skip


among_option = click.option(
    "--among", metavar="FILE", type=InputFile(dash=True),
    help="Search only the words in FILE, one per line; unknown ones are skipped.",
)  # fmt: skip


def check_input_free(
    vectors: StrPath,
    words: Sequence[str],
    words_from: str | None = None,
    among: str | None = None,
) -> None:
    """Raise UsageError if two of these would be read from standard input: the vectors, the
    queries, the words that are searched."""
    asks = not words and words_from in (None, DASH)
    if os.fspath(vectors) == DASH and asks:
        raise click.UsageError("standard input has the vectors; give the words as arguments")
    if among == DASH and (asks or os.fspath(vectors) == DASH):
        taken = "queries" if asks else "vectors"
        raise click.UsageError(f"standard input has the {taken}; give --among a file")


def read_among(among: str | None, known: Any, strict: bool) -> list[str] | None:
    """The words of a file that have a vector; None without a file. Others are noted on stderr.

    Raises FormatError if there are none, or, if ``strict``, for the first without a vector.
    """
    if among is None:
        return None
    words = list(dict.fromkeys(read_words(among)))
    unknown = [word for word in words if word not in known.index]
    if len(unknown) == len(words):
        raise FormatError(f"{among}: none of its {len(words):,} words is in the vocabulary")
    if unknown and strict:
        raise FormatError(f"{among}: {quoted(unknown[0])} is not in the vocabulary")
    if unknown:
        tell(
            f"{among}: {len(unknown):,} of {len(words):,} words are not in the vocabulary and were "
            f"skipped (the first: {quoted(unknown[0])})"
        )
    return [word for word in words if word in known.index]


def asks_on_terminal(words_from: str | None) -> bool:
    """Whether queries are typed at a terminal."""
    return words_from in (None, DASH) and input_terminal()


def read_lines(words_from: str | None, prompt: str) -> Iterator[list[str]]:
    """Lines of a file or standard input (None, "-"), in batches of those already available.

    A file is read in large batches, but a program that waits for each answer before it sends the
    next query gets it. On a terminal a batch is one line, typed after ``prompt``, which names what
    to type; an empty line ends, as do `END` and Ctrl-D.
    """
    if asks_on_terminal(words_from):
        for line in typed_lines(f"{prompt} ({END} or an empty line to quit): "):
            if not line.strip():
                break
            yield [line]
        return
    path = words_from or DASH
    try:
        with input_errors(path), open_file(path) as file:
            chunks = iter(lambda: file.read1(_AT_ONCE), b"")
            for lines in lines_of(chunks, MAX_WORD_BYTES):
                yield _decoded(lines)
    except LongLineError as error:
        raise FormatError(f"{path}: {error} for a query") from error


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
                tell(f"Error: {error.spelled(as_option)}")
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


def tell_made(known, words: Sequence[str]) -> None:
    """Report on stderr the words of a query whose vectors are made from n-grams.

    known: `WordVectors`. Raises UnknownWordError for a word without a vector.
    """
    for word in known.made_from_ngrams(words):
        tell(f"{quoted(word)} is not in the vocabulary: its vector is made from its n-grams")


def separate_answers(first: bool) -> None:
    """Print an empty line between answers."""
    if not first:
        write("\n")


def _decoded(lines: list[bytes]) -> list[str]:
    return [line.decode("utf-8", "surrogateescape").rstrip("\r\n") for line in lines]
