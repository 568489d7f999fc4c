"""From a text to the table: one row after the other, each in a process of its own.

from fastw2v.comparison import ComparisonSettings, compare

found = compare("corpus.txt", "table.md", questions="questions-words.txt")
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastw2v.comparison import page
from fastw2v.comparison.processes import measure_in_process
from fastw2v.comparison.rows import ROWS, Row
from fastw2v.comparison.settings import ComparisonSettings
from fastw2v.comparison.state import State
from fastw2v.comparison.table import Line, Table, columns_of, markdown, pair_names
from fastw2v.comparison.text import PreparedText, prepared
from fastw2v.corpus import declare_corpus
from fastw2v.counts.reduction import check_available
from fastw2v.errors import FastW2VError, OutputError, SettingsError, message_of, parameter
from fastw2v.evaluation import Pairs, Questions, read_pairs, read_questions
from fastw2v.io.atomic import replacing
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.progress import SILENT, Progress
from fastw2v.standard_streams import DASH
from fastw2v.version import __version__


@dataclass(frozen=True)
class Comparison:
    """A table, the settings, and what was measured.

    results: by the keys of `fastw2v.comparison.rows.ROWS`, in the order of the table, see
        `fastw2v.comparison.measuring.measure`.
    failures: by key, why there is no result.
    """

    settings: ComparisonSettings
    text: PreparedText
    table: Table
    results: dict[str, dict[str, Any]]
    failures: dict[str, str]


@dataclass(frozen=True)
class Files:
    """What is read besides the corpus, and what is written.

    questions: analogies. pairs: word similarities. output: the table, Markdown; None: nowhere.
    html: whether it is also written as a page beside it. state: of the finished rows; None: beside
    the output.
    """

    questions: StrPath | None = None
    pairs: Sequence[StrPath] = ()
    output: StrPath | None = None
    html: bool = False
    state: StrPath | None = None

    @property
    def page(self) -> Path | None:
        """The file of the page."""
        return Path(self.output).with_suffix(".html") if self.html and self.output else None

    @property
    def state_path(self) -> StrPath | None:
        """The file of the finished rows; None if there is none."""
        if self.state is not None or self.output is None or os.fspath(self.output) == DASH:
            return self.state
        return Path(self.output).with_suffix(".rows.json")


def compare(  # noqa: PLR0913, all but two are given by name
    corpus: StrPath | Sequence[StrPath],
    output: StrPath | None = None,
    *,
    questions: StrPath | None = None,
    pairs: StrPath | Sequence[StrPath] = (),
    settings: ComparisonSettings = ComparisonSettings(),  # noqa: B008, immutable
    html: bool = False,
    state: StrPath | None = None,
    column: str | None = None,
    progress: Progress = SILENT,
) -> Comparison:
    """Train the models of the table on one text, evaluate them, and write the table.

    corpus, column: as `fastw2v.train` takes files. The last tenth of the text, or of its first
        ``settings.words``, is held out for perplexity.
    output: a file for the table, in Markdown; ``-`` for standard output.
    questions: a file of analogies. pairs: files of word similarities. One of them is needed.
    html: also write a page with the table, which can be sorted: ``table.html`` for ``table.md``.
    state: the file to save each result to; None: ``table.rows.json`` beside ``table.md``. The next
        call with the same text, settings, questions and pairs resumes with the other rows.

    Rows that fail are left out of the table and named in `Comparison.failures`. Raises CorpusError,
    SettingsError, FormatError for questions, pairs or a state that cannot be used, OutputError.

        >>> only = fastw2v.comparison.ComparisonSettings(min_count=1, only=["unigram"], words=40)
        >>> found = fastw2v.comparison.compare("text.txt", pairs="pairs.tsv", settings=only)
        >>> found.results["unigram"]["held_out"]["tokens"]
        2
    """
    files = Files(questions, [pairs] if isinstance(pairs, (str, os.PathLike)) else pairs, output,
                  html, state)  # fmt: skip
    asked = _check(corpus, column, files, settings)
    kept = State(files.state_path)
    with prepared(corpus, column, settings.words, progress) as text:
        results, failures = _run(text, asked, files, settings, kept, progress)
        table = _table(text, results, files, settings)
    if output is not None:
        with replacing(output) as file:
            file.write(markdown(table).encode("utf-8", "surrogateescape"))
    if files.page is not None:
        with replacing(files.page) as file:
            file.write(page.page(table).encode("utf-8"))
    return Comparison(settings, text, table, results, failures)


def _check(corpus, column: str | None, files: Files, settings: ComparisonSettings) -> str:
    """Report what is wrong before long work; returns a fingerprint of questions and pairs."""
    if files.questions is None and not files.pairs:
        raise SettingsError(
            f"nothing to compare by: give {parameter('questions')} or {parameter('pairs')}"
        )
    if any(row.maker == "reduced_counts" for row in _rows(settings)):
        check_available()
    if files.html and (files.output is None or os.fspath(files.output) == DASH):
        raise SettingsError(
            f"{parameter('html', True)} writes a page beside the table: name a file for "
            f"{parameter('output')}"
        )
    if files.page is not None and files.page == Path(files.output or ""):
        raise OutputError(
            f"cannot write {files.output}: the table is Markdown, and "
            f"{parameter('html', True)} writes a page beside it; use the extension .md"
        )
    uses = FileUses()
    declare_corpus(uses, corpus, column)
    if files.questions is not None and os.path.isdir(files.questions):
        uses.reads_folder(files.questions, parameter("questions"))
    else:
        uses.reads(files.questions, parameter("questions"))
    for path in files.pairs:
        uses.reads(path, parameter("pairs"))
    uses.writes(files.output, parameter("output"))
    uses.writes(files.page, parameter("html", True))
    uses.writes(files.state_path, parameter("state"))
    uses.check()
    digest = hashlib.blake2b(digest_size=16)
    if files.questions is not None:
        _add(digest, read_questions(files.questions))
    for path in files.pairs:
        _add(digest, read_pairs(path))
    return digest.hexdigest()


def _add(digest, asked: Questions | Pairs) -> None:
    """Add what is asked to a hash."""
    arrays = [asked.asked]
    arrays += [asked.scores] if isinstance(asked, Pairs) else [asked.others]
    parts = [each.name for each in asked.parts] if isinstance(asked, Questions) else []
    digest.update(json.dumps([asked.words, parts]).encode())
    for array in arrays:
        digest.update(array.tobytes())


def _rows(settings: ComparisonSettings) -> list[Row]:
    return [row for row in ROWS.values() if not settings.only or row.key in settings.only]


def _run(
    text: PreparedText,
    asked: str,
    files: Files,
    settings: ComparisonSettings,
    kept: State,
    progress: Progress,
) -> tuple[dict[str, dict[str, Any]], dict[str, str]]:
    rows = _rows(settings)
    results: dict[str, dict[str, Any]] = {}
    failures = {}
    shows = progress is not SILENT
    shared = {
        "settings": settings.of_rows(),
        "text": text._asdict(),
        "questions": None if files.questions is None else os.path.abspath(files.questions),
        "pairs": [os.path.abspath(path) for path in files.pairs],
    }
    for number, row in enumerate(rows, 1):
        key = _key(row, text, asked, settings)
        found = kept.find(key)
        name = f"Row {number} of {len(rows)}, {' '.join(filter(None, [row.key]))}"
        if found is not None:
            progress.message(f"{name}: done before")
            results[row.key] = found
            continue
        progress.message(f"{name}: {', '.join(filter(None, [row.model, row.variant]))}")
        try:
            found = measure_in_process({**shared, "row": row.key}, shows)
        except FastW2VError as error:
            failures[row.key] = message_of(error)
            continue
        kept.keep(key, found)
        results[row.key] = found
    if not results:
        raise FastW2VError(f"no row has a result: {next(iter(failures.values()))}")
    return results, failures


def _key(row: Row, text: PreparedText, asked: str, settings: ComparisonSettings) -> str:
    """A hash of all that a result depends on."""
    parts = [__version__, row.key, dict(row.arguments), row.subsampled, text.fingerprint, asked]
    packed = json.dumps([*parts, settings.of_rows()], sort_keys=True)
    return hashlib.blake2b(packed.encode(), digest_size=16).hexdigest()


def _table(
    text: PreparedText, results: dict[str, Any], files: Files, settings: ComparisonSettings
) -> Table:
    names = pair_names([os.fspath(path) for path in files.pairs])
    lines = [Line(ROWS[key], result) for key, result in results.items()]
    title = f"Models of words, trained on {text.words:,} words"
    columns = columns_of(files.questions is not None, names)
    return Table(title, columns, lines, _notes(text, lines, names, settings))


def _notes(
    text: PreparedText, lines: Sequence[Line], names: Sequence[str], settings: ComparisonSettings
) -> list[str]:
    notes = [
        f"Text: {text.words:,} words to train on, {text.held_out_words:,} held out for perplexity. "
        f"Words that occur less than {settings.min_count} times are no part of the vocabulary; to "
        "language models they are one word.",
        f"{settings.size} dimensions (one-hot vectors and counts have as many as words), window "
        f"{settings.window}, {settings.epochs} epochs, {settings.negative} negative samples, "
        f"sub-sampling threshold {settings.sample:g}, seed {settings.seed}.",
    ]
    found = next((line.result for line in lines if line.result["pairs"]), None)
    if found is not None:
        covered = [
            f"{name} {pairs['covered']:,} of {pairs['pairs']:,}"
            for name, pairs in zip(names, found["pairs"], strict=True)
        ]
        notes.append(f"Word similarities: Spearman's rank correlation; covered: {_list(covered)}.")
    found = next((line.result for line in lines if line.result["analogies"]), None)
    if found is not None:
        total = found["analogies"]["total"]
        notes.append(
            "Analogies: the share of answers that are right, among the 30,000 most frequent words; "
            f"{total['seen']:,} of {total['questions']:,} questions have all words among them."
        )
    machines = _list(sorted({line.result["machine"] for line in lines}))
    dates = _list(sorted({line.result["date"] for line in lines}))
    notes.append(
        "Time: from the text to the model, without compiling. Words/s: of all epochs. Memory: the "
        f"peak of a process that trains this model alone. {machines}, {settings.threads} threads, "
        f"{dates}, fastw2v {__version__}."
    )
    return notes


def _list(parts: Sequence[str]) -> str:
    return ", ".join(parts)
