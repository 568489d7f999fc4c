"""Word vectors with their queries: nearest neighbours, analogies, and gensim's methods."""

from typing import TYPE_CHECKING, Any

from fastw2v.io.files import StrPath
from fastw2v.vectors.changing import ChangeMethods
from fastw2v.vectors.counts import Place
from fastw2v.vectors.from_above import MethodsFromAbove
from fastw2v.vectors.gensim_compare import CompareMethods
from fastw2v.vectors.gensim_files import Word2VecFileMethods
from fastw2v.vectors.gensim_names import LEFT_OUT
from fastw2v.vectors.gensim_search import SearchMethods
from fastw2v.vectors.prediction import PredictionMethods
from fastw2v.vectors.queries import QueryMethods
from fastw2v.vectors.sentence_methods import SentenceMethods


def load(
    path: StrPath,
    *,
    limit: int | None = None,
    strict: bool = False,
    mapped: bool | None = None,
    vocab: Place = None,
) -> "WordVectors":
    """The word vectors in a file of any known format; see `WordVectors.load`.

    >>> fastw2v.load("vectors.bin").words[:3]
    ['</s>', 'man', 'woman']
    """
    return WordVectors.load(path, limit=limit, strict=strict, mapped=mapped, vocab=vocab)


class WordVectors(
    QueryMethods,
    SentenceMethods,
    SearchMethods,
    CompareMethods,
    ChangeMethods,
    PredictionMethods,
    Word2VecFileMethods,
    MethodsFromAbove,
):
    """V words and their vectors of D dimensions.

    words: list of V distinct str.
    matrix: (V, D) float32, C-contiguous; row i is the vector of ``words[i]``. `MappedRows`, which
        returns copies of rows, if the vectors stay in their file.
    counts: (V,) int64, how often each word occurs in the text; None if that is not known.
    outputs: (V, D) float32, output vectors, of a training with ``vectors="both"``; else None.
    report: how the vectors were trained (dict); None if they were read from a file.
    notes: lines on faults of the file they were read from.
    subwords: makes vectors of words that are not in the vocabulary from their n-grams, for those
        of a fastText model; else None.
    expandos: for gensim's attributes of words, an array of V values by name; "count" for counts.

    ``vectors[item]``, ``item in vectors`` and all queries take items: a word as str or bytes, or an
    integer, which means the word of its decimal digits, never for a row. Iteration gives the
    words, ``len`` their number. In a notebook the vectors show a map of their most frequent words.
    The methods of gensim's ``KeyedVectors`` are available, with the exceptions in
    ``docs/coming-from-gensim.md``.

        >>> vectors = fastw2v.WordVectors(["king", "queen", "river"], [[1, 2], [1, 1], [-2, 1]])
        >>> [(word, round(cosine, 3)) for word, cosine in vectors.similar("king", n=1)]
        [('queen', 0.949)]
        >>> vectors["king"].tolist(), "river" in vectors, len(vectors)
        ([1.0, 2.0], True, 3)
    """

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self)} words, {self.matrix.shape[1]} dimensions>"

    if not TYPE_CHECKING:  # type checkers know the names that exist

        def __getattr__(self, name: str) -> Any:
            """Raise AttributeError, for a name of gensim's that says what to use instead."""
            hint = f": {LEFT_OUT[name]}" if name in LEFT_OUT else ""
            raise AttributeError(f"WordVectors has no {name!r}{hint}")
