"""What every language model can do, whatever it is inside: `perplexity` asks for nothing else.

A further kind of model implements `LanguageModel` and adds a line to `files.KINDS`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np

UNKNOWN = "<unk>"
"""The word that takes the place of every word outside the vocabulary, also where it is written in a
text."""


class LanguageModel(Protocol):
    """A model of sentences.

    words: V words by word_id; 0 is the sentence end, which is predicted like a word. Unknown words
        have the id V: one more word, `UNKNOWN`.
    description: for messages, such as ``3-gram model, kneser-ney``.
    """

    @property
    def words(self) -> list[str]: ...

    @property
    def description(self) -> str: ...

    def log_probabilities(self, ids: np.ndarray, start: int, stop: int) -> np.ndarray:
        """Natural logarithms of the probabilities of tokens, given those before them.

        ids: (N,) int32, a whole text; every sentence ends with 0. Returns (stop - start,) float64,
        of the tokens from ``start`` to ``stop``; -inf for what the model holds to be impossible.
        """
        ...
