"""The two files of TensorBoard's embedding projector: numbers, and beside them the words.

``NAME.tsv`` has a row of D numbers separated by tabs for each word; ``NAME.metadata.tsv`` has the
words, one per line in the same order, without a heading since there is one column. ``vectors`` or
``tensor`` in NAME is replaced by ``metadata``, as in the projector's examples: ``vectors.tsv`` and
``metadata.tsv``.

The projector skips empty lines, takes a first field that is not a finite number for a label, and
shows vectors of two dimensions or more.
"""

import re
from pathlib import Path

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.decimals import row_texts
from fastw2v.formats.lines import first_lines, line_blocks, write_lines
from fastw2v.formats.parsing import parse_rows
from fastw2v.formats.reading import MAX_DIMENSIONS, Reading, RowBuffer, Stream, read_list
from fastw2v.io.encoding import to_word
from fastw2v.io.sniff import MARK
from fastw2v.matrix.norms import blocks

_SAMPLE_LINES = 20  # checked to detect the format
_NAME = re.compile(r"(.*?)(\.tsv)?(\.(gz|bz2|xz|zst))?", re.IGNORECASE | re.DOTALL)
_WHOLE = re.compile(rb"[0-9]+")
_WORD_COLUMNS = (b"word", b"label", b"token", b"name")


def words_path(path) -> Path:
    """The path of the words of the vectors at ``path``."""
    path = Path(path)
    name = _NAME.fullmatch(path.name)[1]
    for part in ("vectors", "tensors", "tensor"):
        before, found, after = name.rpartition(part)
        if found:
            return path.with_name(f"{before}metadata{after}.tsv")
    return path.with_name(f"{name}.metadata.tsv")


def word_problem(word: bytes) -> str | None:
    """Why the projector cannot show ``word``, or None."""
    if b"\t" in word or b"\n" in word or b"\r" in word:
        return "a tab or line end ends the word in the metadata file; replace it"
    if not to_word(word).replace("\ufeff", " ").strip():
        return "the projector skips words of spaces only; remove it"
    return None


def first_word_problem(word: bytes) -> str | None:
    """Why ``word`` cannot be the first word of the list, or None."""
    if word.startswith(MARK):
        return "a byte order mark at the start of a file is dropped; move or replace the word"
    return None


def matrix_problem(matrix: np.ndarray) -> str | None:
    """Why the projector cannot show ``matrix``, (V, D) float32, or None."""
    if len(matrix) == 0 or matrix.shape[1] < 2:
        return "the projector needs at least one vector, of two dimensions or more"
    for start, stop in blocks(*matrix.shape):
        not_finite = np.flatnonzero(~np.isfinite(matrix[start:stop]).all(axis=1))
        if len(not_finite):
            return (
                f"the vector of word number {start + not_finite[0] + 1} has NaN or infinity, "
                "which the projector does not accept; remove that word"
            )
    return None


def write(matrix_file, words_file, words: list[bytes], matrix: np.ndarray) -> None:
    """Write both files. matrix: (V, D) float32; its numbers are read back bit for bit."""
    write_lines(words_file, words)
    write_lines(matrix_file, (row[1:] for row in row_texts(matrix, b"\t")))


def matches(stream: Stream, path: str) -> bool:
    """Whether the content is rows of numbers separated by tabs, without words.

    If all rows start with integers, which may be words, the extension ``.tsv`` decides.
    """
    head = stream.head.removeprefix(MARK)
    lines = first_lines(head, _SAMPLE_LINES, stream.head_is_all)
    lines = [line.rstrip(b"\t\r") for line in lines if line.strip()]
    if not lines or b"\t" not in lines[0] or any(b" " in line for line in lines):
        return False
    if _numbers(lines, lines[0].count(b"\t") + 1) is None:
        return False
    named_so = _NAME.fullmatch(Path(path).name)[2] is not None
    return named_so or not all(_WHOLE.fullmatch(line.split(b"\t", 1)[0]) for line in lines)


def read(stream: Stream, reading: Reading) -> tuple[list[bytes], np.ndarray]:
    """Words and (V, D) float32 matrix, V rows, or as many as ``reading.limit``.

    Raises FormatError, with the line of an invalid row, or for a word list of another length.
    """
    words = _read_words(reading.path)
    expected = min(len(words), reading.limit or len(words))
    rows, number = None, 1
    start = len(MARK) if stream.head.startswith(MARK) else 0
    for lines in line_blocks(stream, start, MAX_DIMENSIONS):
        held = [(i, line.rstrip(b"\t\r")) for i, line in enumerate(lines, number) if line.strip()]
        number += len(lines)
        if not held:
            continue
        if rows is None:
            dimensions = held[0][1].count(b"\t") + 1
            most = None if stream.size is None else stream.size // (2 * dimensions) + 1
            rows = RowBuffer(dimensions, expected, most)
        if reading.limit is not None:
            held = held[: reading.limit - rows.count]
        rows.extend(_parse(held, dimensions, rows.count, reading))
        if not reading.wants_more(rows.count):
            break
    fits = rows.count == len(words) if reading.wants_more(rows.count) else rows.count <= len(words)
    if not fits:
        raise FormatError(
            f"{reading.path}: {rows.count} rows, but {len(words)} words in "
            f"{words_path(reading.path)}; the two files must be saved together"
        )
    return words[: rows.count], rows.finish()


def _parse(held: list[tuple[int, bytes]], dimensions: int, before: int, reading: Reading):
    """(n, D) float32 of numbered lines. Raises FormatError for an invalid one."""
    block = _numbers([line for _, line in held], dimensions)
    if block is not None:
        return block
    row = next(i for i, (_, line) in enumerate(held) if _numbers([line], dimensions) is None)
    number, line = held[row]
    fields = line.count(b"\t") + 1
    raise reading.damage_error(
        f"line {number} (word number {before + row + 1})",
        before + row,
        f"expected {dimensions} numbers separated by tabs, found {fields} fields",
    )


def _numbers(lines: list[bytes], dimensions: int) -> np.ndarray | None:
    """(n, D) float32, or None if a line is not D numbers separated by tabs."""
    return parse_rows([line.replace(b"\t", b" ") for line in lines], dimensions)


def _read_words(path: str) -> list[bytes]:
    """The words of the list beside ``path``; of several columns the one named as such."""
    what = "numbers without words, as for TensorBoard's projector; the word list"
    lines = [line.removesuffix(b"\r") for line in read_list(path, words_path(path), what)]
    lines[:1] = [line.removeprefix(MARK) for line in lines[:1]]
    lines = [line for line in lines if line.strip()]
    if not lines or b"\t" not in lines[0]:
        return lines
    names = lines[0].lower().split(b"\t")  # a heading, since there are several columns
    column = next((names.index(name) for name in _WORD_COLUMNS if name in names), 0)
    return [(line.split(b"\t") + [b""] * column)[column] for line in lines[1:]]
