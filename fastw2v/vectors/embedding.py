"""Sentences as vectors: those in memory, and the lines of a text."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from fastw2v.errors import CorpusError, parameter
from fastw2v.formats import declare_read
from fastw2v.io.encoding import to_bytes, to_word, word_of
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import to_unit
from fastw2v.progress import SILENT, Progress, Stage
from fastw2v.sentences.components import principal_directions, without
from fastw2v.sentences.rows import needs_count, rows_format, write_rows
from fastw2v.sentences.rules import Counts, SentenceRules, word_weights
from fastw2v.sentences.spool import RowSpool
from fastw2v.sentences.sums import END, UNKNOWN, Batch, SentenceSums
from fastw2v.sentences.text import ids_of_lines
from fastw2v.vectors.core import Vectors
from fastw2v.vectors.items import Item

Sentence = str | bytes | Iterable[Item]
_AT_ONCE = 1 << 14  # words of sentences in memory that are added at once


@dataclass
class EmbedReport:
    """What `embed_file` has read and written.

    sentences: lines. empty: those without a word. unknown: those with words, of which none has a
        vector. words, words_known: all words of the text, and those with a vector. removed: how
        many principal components were removed.
    """

    dimensions: int
    sentences: int = 0
    empty: int = 0
    unknown: int = 0
    words: int = 0
    words_known: int = 0
    removed: int = 0

    def add(self, batch: Batch) -> None:
        """Count the sentences of a batch."""
        self.sentences += len(batch.words)
        self.empty += int(np.count_nonzero(batch.words == 0))
        self.unknown += int(np.count_nonzero((batch.known == 0) & (batch.words > 0)))
        self.words += int(batch.words.sum())
        self.words_known += int(batch.known.sum())

    @property
    def filled(self) -> int:
        """Sentences with a known word."""
        return self.sentences - self.empty - self.unknown

    def removable(self, count: int, progress: Progress = SILENT) -> int:
        """``count`` components to remove, or 0, with a message, if nothing would be left."""
        if not count or self.filled > count:
            return count
        if self.filled:
            progress.message(
                f"{self.filled:,} sentences with known words: nothing would be left without the "
                f"first {count:,} principal components, so that none was removed; give more "
                "sentences"
            )
        return 0


def embed_sentences(
    vectors: Vectors,
    sentences: Iterable[Sentence],
    rules: SentenceRules,
    counts: Counts | None = None,
) -> Array:
    """(N, D) float32: the vector of each sentence; see `SentenceMethods.embed`."""
    sums, report = _sums(vectors, rules, counts), EmbedReport(vectors.matrix.shape[1])
    parts = [np.empty((0, report.dimensions), np.float32)]
    for ids in _ids_of(sentences, vectors):
        batch = sums.add(ids)
        report.add(batch)
        parts.append(batch.means.astype(np.float32))
    directions = None
    if removed := report.removable(rules.removed):
        directions = principal_directions(parts, report.dimensions, removed)
    return np.concatenate([_finished(part, directions, rules) for part in parts])


def embed_file(
    vectors: Vectors,
    text: StrPath,
    output: StrPath,
    rules: SentenceRules,
    *,
    counts: Counts | None = None,
    format: str | None = None,
    progress: Progress = SILENT,
) -> EmbedReport:
    """Write the vector of each line of a text: row i of ``output`` is that of line i.

    text: a file, compressed or not, or ``-``. output: a file or ``-``. counts: for "sif".
    format: one of `fastw2v.sentences.rows.FORMATS`; None for that of the name of ``output``.

    Memory does not depend on the length of the text; what is read twice is kept in a temporary
    file. Raises CorpusError for a text that cannot be read, OutputError, SettingsError and
    VocabularyError.
    """
    chosen = rows_format(output, format)
    sums, report = _sums(vectors, rules, counts), EmbedReport(vectors.matrix.shape[1])
    with ExitStack() as stack:
        blocks = _means(text, sums, report, vectors, _stage(stack, text, progress))
        directions, count = None, None
        if rules.removed or needs_count(output, chosen):
            spool = stack.enter_context(RowSpool(report.dimensions))
            for block in blocks:
                spool.append(block)
            if removed := report.removable(rules.removed, progress):
                directions = principal_directions(spool.blocks(), report.dimensions, removed)
                report.removed = len(directions)
            blocks, count = spool.blocks(), spool.rows
        finished = (_finished(block, directions, rules) for block in blocks)
        write_rows(output, chosen, report.dimensions, finished, count)
    return report


def declare_embedding(
    vectors: StrPath, text: StrPath, output: StrPath, counts: StrPath | None
) -> FileUses:
    """The files of `embed_file`, and of the vectors."""
    uses = FileUses()
    declare_read(uses, vectors, "the vectors")
    uses.reads(text, "the text")
    uses.reads(counts, parameter("counts"))
    uses.writes(output, parameter("output"))
    return uses


def _sums(vectors: Vectors, rules: SentenceRules, counts: Counts | None) -> SentenceSums:
    if counts is None and rules.method == "sif" and vectors.counts is not None:
        counts = dict(zip(vectors.words, vectors.counts.tolist(), strict=True))
    weights = word_weights(rules, vectors.words, vectors.matrix, counts)
    return SentenceSums(vectors.matrix, weights)


def _finished(block: Array, directions: Array | None, rules: SentenceRules) -> Array:
    """(n, D) float32: rows without the components, and of norm 1 if so ruled."""
    rows = block if directions is None else without(block, directions)
    return to_unit(rows) if rules.normalise else rows.astype(np.float32, copy=False)


def _means(
    text: StrPath, sums: SentenceSums, report: EmbedReport, vectors: Vectors, stage: Stage
) -> Iterator[Array]:
    """(n, D) float32: the vectors of the lines as they are read, counted in ``report``."""
    finite = vectors.finite.tolist()
    rows = {to_bytes(word): row for row, word in enumerate(vectors.words) if finite[row]}
    done = 0
    for size, ids in ids_of_lines(text, rows):
        batch = sums.add(ids)
        report.add(batch)
        done += size
        stage.update(done, f"{report.sentences:,} lines")
        yield batch.means.astype(np.float32)


def _stage(stack: ExitStack, text: StrPath, progress: Progress) -> Stage:
    """Progress over the bytes of a regular file that is not compressed."""
    path = os.fspath(text)
    if not os.path.isfile(path):
        return Stage()
    return stack.enter_context(progress.stage("Embedding", os.path.getsize(path)))


def _ids_of(sentences: Iterable[Sentence], vectors: Vectors) -> Iterator[Array]:
    """Ids of the words of sentences, several at once."""
    if isinstance(sentences, (str, bytes, Mapping)) or not isinstance(sentences, Iterable):
        kind = type(sentences).__name__
        raise CorpusError(f"expected a list of sentences, not {kind}; put one sentence in a list")
    index, finite = vectors.index, vectors.finite
    ids: list[int] = []
    for number, sentence in enumerate(sentences, start=1):
        ids += [index.get(word, UNKNOWN) for word in _words(sentence, number)]
        ids.append(END)
        if len(ids) >= _AT_ONCE:
            yield _finite(ids, finite)
            ids = []
    yield _finite(ids, finite)


def _finite(ids: list[int], finite: Array) -> Array:
    """Ids, those of rows with NaN or infinity as unknown words."""
    found = np.array(ids, np.int64)
    found[(found >= 0) & ~finite[np.maximum(found, 0)]] = UNKNOWN
    return found


def _words(sentence: Sentence, number: int) -> list[str]:
    """The words of a sentence: a text is split as the lines of a corpus are."""
    if isinstance(sentence, bytes):
        sentence = to_word(sentence)
    if isinstance(sentence, str):
        spaced = sentence.replace("\r", "").replace("\t", " ").replace("\n", " ")
        return [word for word in spaced.split(" ") if word]
    if isinstance(sentence, Mapping) or not isinstance(sentence, Iterable):
        raise CorpusError(
            f"sentence {number:,}: expected a str or a list of tokens, not {sentence!r:.60}"
        )
    return [token if type(token) is str else _word(token, number) for token in sentence]


def _word(token: object, number: int) -> str:
    word = word_of(token)
    if word is None:
        raise CorpusError(
            f"sentence {number:,}: a token must be str, bytes or int, not {token!r:.60}"
        )
    return word
