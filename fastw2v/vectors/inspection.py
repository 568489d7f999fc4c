"""Summaries of files of word vectors and vocabularies: content and faults."""

import os
import re
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from fastw2v import formats
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import FormatError
from fastw2v.formats import checkpoint, word2vec_text
from fastw2v.formats.lines import first_lines
from fastw2v.formats.reading import Reading, Stream, open_stream, parse_header
from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.io.files import StrPath
from fastw2v.io.streams import is_stream
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.matrix.norms import row_norms
from fastw2v.vectors.word_vectors import WordVectors

FIRST_WORDS = 10
_SAMPLE_LINES = 100  # checked to distinguish a vocabulary from vectors of one dimension
_COUNT = re.compile(rb".*[ \t][0-9]+\r?")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # a byte of a word that is not UTF-8


@dataclass(frozen=True)
class VectorFile:
    """A file of word vectors.

    format: a name of `fastw2v.formats.READABLE`; "text" has a header, "glove" none.
    header: words and dimensions declared in the first line, if there is a header.
    newline_after_vector: for word2vec binary; the C program writes it, gensim does not.
    words_file: the word list, if the format has one.
    training: progress of a checkpoint, see `fastw2v.formats.checkpoint.progress`.
    file_bytes: of both files; None for standard input and pipes.
    memory_bytes: of the vectors as float32.
    min_norm, ..., max_norm: of all finite vectors; None if there are none.
    non_finite_vectors: vectors with NaN or infinity.
    repeated_words: rows that repeat a word. spaced_words: words with a space or tab, or empty.
    faults: other faults, a line each.
    """

    path: str
    format: str
    compression: str | None
    header: tuple[int, int] | None
    newline_after_vector: bool | None
    words_file: str | None
    training: dict[str, Any] | None
    file_bytes: int | None
    memory_bytes: int
    words: int
    dimensions: int
    first_words: list[str]
    min_norm: float | None
    median_norm: float | None
    mean_norm: float | None
    max_norm: float | None
    zero_vectors: int
    non_finite_vectors: int
    repeated_words: int
    not_utf8_words: int
    spaced_words: int
    faults: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": "vectors", **asdict(self)}


@dataclass(frozen=True)
class VocabularyFile:
    """A file of words and their counts.

    file_bytes: None for standard input and pipes.
    words: including the sentence end ``</s>``. tokens: the sum of the counts.
    least_count, largest_count: of words other than the sentence end.
    """

    path: str
    file_bytes: int | None
    words: int
    tokens: int
    least_count: int
    largest_count: int
    first_words: list[str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"kind": "vocabulary", **asdict(self)}


def inspect(path: StrPath, limit: int | None = None) -> VectorFile | VocabularyFile:
    """Summarise a file of word vectors, or a vocabulary.

    limit: read only the first ``limit`` vectors; None for all.

    Raises FormatError that says what else the file is, or where it is damaged.

        >>> fastw2v.vectors.inspection.inspect("vectors.bin").as_dict()["words"]
        6
    """
    path = os.fspath(path)
    reading = Reading(path, limit, mapped=None)
    with open_stream(path) as stream:
        form = formats.detect_format(stream, path)
        format = _kind_of_text(stream, reading) if form == "text" else form
        if format == "vocabulary":
            return _vocabulary(path, stream)
        spelled, matrix = formats.READABLE[form].read(stream, reading)
        words = [word if isinstance(word, str) else to_word(word) for word in spelled]
        seen = {"format": format, "compression": stream.kind, **_details(stream, format, words)}
    return VectorFile(
        path=path,
        training=checkpoint.progress(path) if form == "checkpoint" else None,
        **seen, **_sizes(path, format, matrix), **_norms(matrix), **_word_statistics(words),
        faults=[note.removeprefix(f"{path}: ") for note in reading.notes],
    )  # fmt: skip


def word_list(vectors: WordVectors, *, norms: bool = False) -> str:
    """The words of `WordVectors`, one per line in the order of the rows.

    norms: add a tab and the norm of the vector after each word.
    """
    if not norms:
        return "".join([f"{word}\n" for word in vectors.words])
    pairs = zip(vectors.words, row_norms(vectors.matrix).tolist(), strict=True)
    return "".join([f"{word}\t{length:.6f}\n" for word, length in pairs])


def _kind_of_text(stream: Stream, reading: Reading) -> str:
    """ "text", "glove", or "vocabulary", which looks like "glove" of one dimension."""
    layout = word2vec_text.detect_layout(stream, reading)
    if layout.declared_words is not None:
        return "text"
    lines = first_lines(stream.head, _SAMPLE_LINES, stream.head_is_all)
    counted = all(_COUNT.fullmatch(line) for line in lines if line)
    return "vocabulary" if layout.dimensions == 1 and counted else "glove"


def _vocabulary(path: str, stream: Stream) -> VocabularyFile:
    if stream.kind is not None:
        raise FormatError(
            f"{path}: a vocabulary compressed with {stream.kind}; decompress it first"
        )
    vocabulary = Vocabulary.read(stream.chunks(), path, min_count=0)
    counts = vocabulary.counts[1:]
    return VocabularyFile(
        path=path,
        file_bytes=stream.size,
        words=len(vocabulary),
        tokens=vocabulary.total,
        least_count=int(counts.min()),
        largest_count=int(counts.max()),
        first_words=vocabulary.words[:FIRST_WORDS],
    )


def _details(stream: Stream, format: str, words: list[str]) -> dict[str, Any]:
    """Fields found in the bytes at the start."""
    if format not in ("binary", "text"):
        return {"header": None, "newline_after_vector": None}
    header = parse_header(stream.head)
    assert header is not None  # both formats are recognised by it
    newline = None
    if format == "binary" and words:
        end = header.length + len(to_bytes(words[0])) + 1 + 4 * header.dimensions
        newline = stream.head[end : end + 1] == b"\n"
    return {"header": (header.words, header.dimensions), "newline_after_vector": newline}


def _sizes(path: str, format: str, matrix: Matrix) -> dict[str, Any]:
    form = formats.READABLE[format]
    beside = form.words_path(path) if hasattr(form, "words_path") else None
    paths = [path] if beside is None else [path, beside]
    return {
        "words_file": None if beside is None else os.fspath(beside),
        "file_bytes": None if is_stream(path) else sum(map(os.path.getsize, paths)),
        "memory_bytes": 4 * matrix.shape[0] * matrix.shape[1],
        "words": matrix.shape[0],
        "dimensions": matrix.shape[1],
    }


def _norms(matrix: Matrix) -> dict[str, Any]:
    norms = row_norms(matrix)
    finite = norms[~np.isnan(norms)]
    names = ("min_norm", "median_norm", "mean_norm", "max_norm")
    measures = (np.min, np.median, np.mean, np.max)
    found = [float(measure(finite)) if len(finite) else None for measure in measures]
    return {
        **dict(zip(names, found, strict=True)),
        "zero_vectors": int((finite == 0).sum()),
        "non_finite_vectors": len(norms) - len(finite),
    }


def _word_statistics(words: list[str]) -> dict[str, Any]:
    return {
        "first_words": words[:FIRST_WORDS],
        "repeated_words": len(words) - len(set(words)),
        "not_utf8_words": sum(1 for word in words if _NOT_UTF8.search(word)),
        "spaced_words": sum(1 for word in words if not word or " " in word or "\t" in word),
    }
