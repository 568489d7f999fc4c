"""gensim's `load_word2vec_format` and `save_word2vec_format`, with the readers and writers here."""

from typing import Any, TypeVar

import numpy as np

from fastw2v import formats
from fastw2v.errors import FormatError, SettingsError, parameter
from fastw2v.io.encoding import quoted, to_bytes
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.vectors import counts as count_files
from fastw2v.vectors.vector_io import FileMethods

S = TypeVar("S", bound="Word2VecFileMethods")


class Word2VecFileMethods(FileMethods):
    """Files in the formats of the C program."""

    @classmethod
    def load_word2vec_format(
        cls: type[S],
        fname: StrPath,
        fvocab: StrPath | None = None,
        binary: bool = False,
        encoding: str = "utf8",
        unicode_errors: str = "strict",
        limit: int | None = None,
        datatype: Any = np.float32,
        no_header: bool = False,
    ) -> S:
        """Read a file as `load` does: binary or text, with or without header, by its content.

        fvocab: read counts from this file. Without it there are none, while gensim makes them up.
        encoding, unicode_errors: of the words, as for ``bytes.decode``. Bytes that are not UTF-8
            are kept unless another encoding or way is given.
        limit: read only the first ``limit`` rows; None or 0 for all.
        binary, no_header: have no effect. datatype: must be float32.

        Raises FormatError or VocabularyError that says what is wrong where.

            WordVectors.load_word2vec_format("GoogleNews.bin.gz", binary=True, limit=100_000)
        """
        if np.dtype(datatype) != np.float32:
            raise SettingsError(f"{parameter('datatype')} is {datatype!r}; vectors are float32")
        vectors = cls.load(fname, limit=limit or None, vocab=fvocab)
        if unicode_errors == "strict" and encoding.lower().replace("-", "") == "utf8":
            return vectors
        words = [_decoded(word, encoding, unicode_errors, fname) for word in vectors.words]
        rows = np.sort(np.unique(words, return_index=True)[1]) if words else np.empty(0, np.int64)
        counts = None if vectors.counts is None else vectors.counts[rows]
        return cls([words[row] for row in rows.tolist()], vectors.matrix[rows], counts=counts)

    def save_word2vec_format(
        self,
        fname: StrPath,
        fvocab: StrPath | None = None,
        binary: bool = False,
        total_vec: int | None = None,
        write_header: bool = True,
        prefix: str = "",
        append: bool = False,
        sort_attr: str = "count",
    ) -> None:
        """Write word2vec text, or ``binary``; without ``write_header`` GloVe text.

        The most frequent words come first if there are counts, or those of the highest
        ``sort_attr``. prefix: written before each word. fvocab: also write lines ``word count``.
        total_vec, append: not possible here, as files are written at once; combine vectors by
        `add_vectors` instead.

        Raises OutputError if a file cannot be written.

            vectors.save_word2vec_format("vectors.bin", fvocab="vocab.txt", binary=True)
        """
        if append or total_vec not in (None, len(self)):
            raise SettingsError(
                "files are written at once: combine vectors by add_vectors instead of "
                f"{parameter('append')} and {parameter('total_vec')}"
            )
        if binary and not write_header:
            raise SettingsError(
                f"no program reads binary vectors without a header: drop {parameter('binary')}"
            )
        form = "binary" if binary else ("text" if write_header else "glove")
        values = self.expandos.get(sort_attr)
        if fvocab is not None:
            values = count_files.needed(values, fvocab)
            count_files.check_writable(fname, fvocab, form)
        order = self._descending(values)
        words = [prefix + self.words[row] for row in order.tolist()]
        formats.save(
            fname, words, self.matrix if values is None else self.matrix[order], format=form
        )
        if fvocab is not None and values is not None:
            count_files.write_counts(fvocab, words, values[order])

    def _descending(self, values: Array | None) -> Array:
        """(V,) int64: the rows by decreasing values, ties by row; all in order without values."""
        if values is None:
            return np.arange(len(self))
        return np.argsort(-values, kind="stable")


def _decoded(word: str, encoding: str, errors: str, path: StrPath) -> str:
    try:
        return to_bytes(word).decode(encoding, errors)
    except UnicodeDecodeError:
        raise FormatError(
            f"{path}: the word {quoted(word)} is not {encoding}; use another "
            f"{parameter('encoding')}, or {parameter('unicode_errors', 'replace')}"
        ) from None
    except LookupError as error:
        raise SettingsError(f"{parameter('encoding')}: {error}") from None
