"""Loading and saving `WordVectors`, with counts in a vocabulary file beside them."""

from typing import TypeVar

from fastw2v import formats
from fastw2v.io.files import StrPath
from fastw2v.vectors import counts as count_files
from fastw2v.vectors.core import Vectors

S = TypeVar("S", bound="FileMethods")


class FileMethods(Vectors):
    """Files of any format of `fastw2v.formats`."""

    @classmethod
    def load(
        cls: type[S],
        path: StrPath,
        limit: int | None = None,
        strict: bool = False,
        mapped: bool | None = None,
        vocab: count_files.Place = None,
    ) -> S:
        """Read a file of any known format; see `fastw2v.formats.read`.

        limit: read only the first ``limit`` rows. strict: fail at faults that lose no vector.
        mapped: keep vectors in their file and read them on demand, which word2vec binary and
            ``.npy`` allow; None: if they would take more than half of the free memory. The program
            ends if such a file is then truncated in its place.
        vocab: read ``counts`` from this vocabulary file, with a line ``word count`` for each word;
            True for the file beside the vectors: ``v.vocab.txt`` for ``v.bin``.

        Raises FormatError or VocabularyError that says what is wrong where.

            vectors = WordVectors.load("vectors.bin", vocab="vocab.txt")
        """
        notes: list[str] = []
        contents = formats.read(path, limit=limit, strict=strict, notes=notes, mapped=mapped)
        vectors = cls(contents.words, contents.matrix, lookup=contents.lookup)
        vectors._norms = contents.norms
        vectors.subwords = contents.subwords
        vectors.notes = notes
        vectors._source = path
        place = count_files.resolved(path, vocab)
        if place is not None:
            vectors.counts = count_files.read_counts(place, vectors.words, strict, notes)
        return vectors

    def save(
        self, path: StrPath, *, format: str | None = None, vocab: count_files.Place = None
    ) -> None:
        """Write to ``path``, whose extension selects the format; see `fastw2v.formats.save`.

        ``outputs``, if there are any, are written beside it: ``vectors.out.bin``.

        vocab: also write ``counts`` to this vocabulary file; True for ``v.vocab.txt`` beside
            ``v.bin``.

        Raises OutputError if one of them cannot be written, before the first is.

            vectors.save("vectors.bin", vocab=True)
        """
        place = count_files.resolved(path, vocab)
        if place is not None:
            count_files.needed(self.counts, place)
            count_files.check_writable(path, place, format)
        formats.save(path, self.words, self.matrix, format=format)
        if self.outputs is not None:
            form = formats.format_of_name(path) if format is None else format
            formats.save(formats.outputs_path(path), self.words, self.outputs, format=form)
        if place is not None:
            count_files.write_counts(place, self.words, self.counts)
