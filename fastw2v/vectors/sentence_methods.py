"""The methods of `WordVectors` for sentences."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fastw2v.matrix.arrays import Array
from fastw2v.vectors.core import Vectors
from fastw2v.vectors.items import Item

if TYPE_CHECKING:
    from fastw2v.sentences.rules import Counts


class SentenceMethods(Vectors):
    """Vectors of sentences, from those of their words."""

    def embed(
        self,
        sentences: Iterable[str | bytes | Iterable[Item]],
        method: str = "mean",
        *,
        counts: "Counts | None" = None,
        smoothing: float = 1e-3,
        remove: int = 1,
        unit_words: bool = False,
        normalise: bool = False,
    ) -> Array:
        """(N, D) float32: a vector for each of N sentences.

        sentences: texts, split at spaces, tabs and newlines, or lists of items. Words without a
            vector, and those whose vector has NaN or infinity, are skipped; a sentence without a
            known word gets zeros.
        method: "mean": the mean of the words' vectors. "sif", smooth inverse frequency: the mean of
            the vectors multiplied by ``smoothing`` / (``smoothing`` + p(word)), without the first
            ``remove`` principal components of all sentences (if there are more sentences than
            that). Arora, Liang, Ma 2017, "A simple but tough-to-beat baseline for sentence
            embeddings", algorithm 1.
        counts: word counts for "sif": a `Vocabulary`, a mapping, or the path of a vocabulary file.
            Words that it lacks have count 0. None for ``vectors.counts``.
        unit_words: scale words' vectors to norm 1 first. normalise: scale the result to norm 1.

        Raises CorpusError for what is no sentence, SettingsError, and VocabularyError for counts
        that cannot be used.

            vectors.embed(["the king of spain", ["the", "queen"]])
            vectors.embed(lines, method="sif", counts="vocab.txt")
        """
        from fastw2v.sentences.rules import SentenceRules
        from fastw2v.vectors.embedding import embed_sentences

        rules = SentenceRules(method, smoothing, remove, unit_words, normalise)
        return embed_sentences(self, sentences, rules, counts)
