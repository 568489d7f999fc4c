"""Splitting files of raw text: read, split on all cores, written in the order of the text."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext

import numpy as np

from fastw2v.corpus.sources import check_sources, declare_corpus, describe, total_size
from fastw2v.corpus.whole import chunks_of
from fastw2v.errors import CorpusError, parameter
from fastw2v.formats import compressing
from fastw2v.io.atomic import replacing
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.io.names import check_text_name
from fastw2v.progress import SILENT, Progress, Stage
from fastw2v.system.cores import limit_threads
from fastw2v.tokens.options import TokenOptions
from fastw2v.tokens.scripts import SCRIPTS, advice
from fastw2v.tokens.text import Split, split_text

_BLOCK_BYTES = 1 << 20
_MOST_LINE_BYTES = 1 << 26


def write_tokens(
    corpus,
    output: StrPath,
    options: TokenOptions = TokenOptions(),  # noqa: B008, immutable
    *,
    column: str | None = None,
    threads: int | None = None,
    progress: Progress = SILENT,
) -> tuple[int, int]:
    """Write the words of raw text, separated by spaces, one sentence per line.

    corpus: files, folders or ``-``, one or several, as for `fastw2v.train`, maybe compressed.
    output: a path, compressed if it ends in .gz, .bz2 or .xz, or ``-`` for standard output.
    column: the files are tables, see `fastw2v.tables`, and this column has the text.

    The result does not depend on the number of threads. Memory does not depend on the length of the
    text. Returns the numbers of words and of sentences. Raises CorpusError if the text cannot be
    read, OutputError if ``output`` cannot be written or is one of the files that are read.
    """
    check_text_name(output, compressed=True)
    uses = FileUses()
    declare_corpus(uses, corpus, column)
    uses.writes(output, parameter("output"))
    uses.check()
    sources = check_sources(corpus, column)
    threads = limit_threads(threads, progress)
    started, total = time.monotonic(), total_size(sources)
    words = sentences = replaced = 0
    letters = np.zeros(SCRIPTS, np.int64)
    with (
        nullcontext(Stage()) if total is None else progress.stage("Tokenizing", total) as stage,
        replacing(output) as file,
        compressing(file, os.fspath(output)) as content,
    ):
        blocks = _blocks(chunks_of(sources, stage.update), options.wrapped, describe(sources))
        for found in _splits(blocks, options, threads):
            content.write(found.text)
            words, sentences = words + found.words, sentences + found.sentences
            letters += found.letters
            replaced += found.replaced
    _say(progress, output, words, sentences, time.monotonic() - started)
    if replaced:
        progress.message(
            f"Warning: {replaced:,} places are not UTF-8 and separate words; if the text has "
            f"another encoding, convert it: iconv -f ENCODING -t UTF-8"
        )
    if (needed := advice(letters.tolist())) is not None:
        progress.message(needed)
    return words, sentences


def _say(progress: Progress, output: StrPath, words: int, sentences: int, seconds: float) -> None:
    progress.message(
        f"{os.fspath(output)}: {words:,} words in {sentences:,} sentences, in {seconds:.1f} s"
    )


def _blocks(chunks: Iterator[bytes], wrapped: bool, name: str) -> Iterator[bytes]:
    """The text in blocks that end with a line, or with an empty line if lines are broken."""
    end = b"\n\n" if wrapped else b"\n"
    parts: list[bytes] = []
    held, enough = 0, _BLOCK_BYTES
    for chunk in chunks:
        parts.append(chunk.replace(b"\r", b"") if wrapped else chunk)
        held += len(parts[-1])
        if held < enough:
            continue
        text = b"".join(parts)
        cut = text.rfind(end) + len(end)
        if cut < len(end):  # there is none
            cut, enough = 0, 2 * held
            _check_length(held, wrapped, name)
        else:
            enough = _BLOCK_BYTES
            yield text[:cut]
        parts, held = [text[cut:]], len(text) - cut
    if held:
        yield b"".join(parts)


def _check_length(held: int, wrapped: bool, name: str) -> None:
    if held > _MOST_LINE_BYTES:
        what = "a paragraph" if wrapped else "a line"
        raise CorpusError(
            f"{name}: {what} of more than {_MOST_LINE_BYTES >> 20} MiB; break it, for example: "
            f"fold -s {name} | fastw2v tokenize -"
        )


def _splits(blocks: Iterator[bytes], options: TokenOptions, threads: int) -> Iterator[Split]:
    """What becomes of each block, in order; a few are split ahead."""
    pending: deque[Future[Split]] = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for block in blocks:
            pending.append(pool.submit(split_text, block, options))
            if len(pending) > 2 * threads:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
