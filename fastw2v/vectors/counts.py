"""Counts of words, in a vocabulary file beside the vectors.

Files of vectors hold no counts. A vocabulary file has lines ``word count``: what ``fastw2v vocab``,
``train --save-vocab`` and the C program's ``-save-vocab`` write, and gensim reads by ``fvocab=``.
"""

from pathlib import Path

import numpy as np

from fastw2v.errors import OutputError, SettingsError, VocabularyError, one_line, parameter
from fastw2v.formats import vector_files
from fastw2v.io.encoding import quoted
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.io.names import COMPRESSED
from fastw2v.io.word_lists import write_numbered
from fastw2v.matrix.arrays import Array
from fastw2v.standard_streams import DASH

Place = StrPath | bool | None
"""The path of a vocabulary file; True for that of `beside`; None or False for none."""
_SHOWN = 3  # words without a count in a message


def beside(path: StrPath) -> Path:
    """The vocabulary file of the vectors at ``path``: ``v.vocab.txt`` for ``v.bin``.

    Raises SettingsError for standard input or output, which has no name.
    """
    if str(path) == DASH:
        raise SettingsError(f"{parameter('vocab')} is True, but - has no name; give a path")
    path = Path(path)
    name = path.name
    while Path(name).suffix.lower() in COMPRESSED:
        name = Path(name).stem
    return path.with_name(f"{Path(name).stem}.vocab.txt")


def resolved(path: StrPath, vocab: Place) -> StrPath | None:
    """The path of the vocabulary file that ``vocab`` means for the vectors at ``path``."""
    if vocab is None or vocab is False:
        return None
    return beside(path) if vocab is True else vocab


def read_counts(path: StrPath, words: list[str], strict: bool, notes: list[str]) -> Array:
    """(V,) int64: the counts of ``words`` in a vocabulary file; 0 for words that it lacks.

    notes: gets a line if it lacks some; VocabularyError instead if ``strict``, and always if it
    has none of them.
    """
    from fastw2v.corpus.vocabulary import Vocabulary  # its room imports Numba

    vocabulary = Vocabulary.load(path)
    known = dict(zip(vocabulary.words, vocabulary.counts.tolist(), strict=True))
    missing = [word for word in words if word not in known]
    if missing:
        some = ", ".join(map(quoted, missing[:_SHOWN])) + (", ..." if len(missing) > _SHOWN else "")
        message = f"{path}: no count for {len(missing)} of {len(words)} words: {some}"
        if strict or len(missing) == len(words):
            raise VocabularyError(f"{message}; use the vocabulary of the same text")
        notes.append(one_line(message))
    return np.array([known.get(word, 0) for word in words], np.int64)


def check_writable(path: StrPath, vocab: StrPath, format: str | None) -> None:
    """Raise OutputError if the vocabulary file cannot be written, or would replace the vectors."""
    uses = FileUses()
    uses.writes(path, "the vectors")
    uses.writes(vector_files.words_path(path, format=format), "the vectors", "the word list")
    uses.writes(vocab, parameter("vocab"))
    uses.check()


def write_counts(path: StrPath, words: list[str], counts: Array | None) -> None:
    """Write a vocabulary file. Raises OutputError without counts, or if it cannot be written."""
    write_numbered(
        path, zip(words, needed(counts, path).tolist(), strict=True), "a vocabulary file"
    )


def needed(counts: Array | None, path: StrPath) -> Array:
    """``counts``. Raises OutputError if there are none to write to ``path``."""
    if counts is None:
        raise OutputError(
            f"cannot write {path}: these vectors have no counts; load them with "
            f"{parameter('vocab')}, or set vectors.counts"
        )
    return counts
