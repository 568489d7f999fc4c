"""Perplexity: how well a language model predicts a text.

PP = exp(-sum of log P / tokens): a model that always had to choose among PP equally likely words
would be as uncertain. Sentence ends are tokens. Unknown words are ``<unk>``, and by ``unknown``
either scored as such or left out of the sum and the number of tokens.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from fastw2v.errors import SettingsError, parameter
from fastw2v.language_models.protocol import LanguageModel
from fastw2v.progress import SILENT, Progress

RULES = ("score", "skip")
_CHUNK = 1 << 19  # tokens


class Score(NamedTuple):
    """What a model makes of a text, or of one sentence.

    tokens: scored, sentence ends included. unknown: words outside the vocabulary. impossible:
    scored tokens without any probability. log_probability: natural logarithm, -inf if there are
    such tokens.
    """

    tokens: int
    sentences: int
    unknown: int
    impossible: int
    log_probability: float

    @property
    def perplexity(self) -> float:
        """NaN without tokens, infinity if one is impossible."""
        if not self.tokens:
            return math.nan
        rate = -self.log_probability / self.tokens
        return math.exp(rate) if rate < 700 else math.inf


def score_sentences(
    model: LanguageModel,
    ids: np.ndarray,
    *,
    unknown: str = "score",
    progress: Progress = SILENT,
) -> Iterator[Score]:
    """Yield the score of each sentence.

    ids: (N,) int32, as `fastw2v.language_models.text.read_text` returns them. unknown: "score":
        like any word; "skip": left out. Raises SettingsError.
    """
    if unknown not in RULES:
        raise SettingsError(
            f"{parameter('unknown')} is {unknown!r}; it must be one of: {', '.join(RULES)}"
        )
    open_sentence: list[Score] = []  # its first parts
    with progress.stage("Scoring", len(ids)) as stage:
        for start in range(0, len(ids), _CHUNK):
            stop = min(start + _CHUNK, len(ids))
            logs = model.log_probabilities(ids, start, stop)
            part, scored = ids[start:stop], np.ones(stop - start, bool)
            is_unknown = part == len(model.words)
            if unknown == "skip":
                scored = ~is_unknown
            ends = np.flatnonzero(part == 0) + 1
            bounds = [0, *ends.tolist()]
            if bounds[-1] != len(part):
                bounds.append(len(part))
            for first, last in pairwise(bounds):
                chosen = logs[first:last][scored[first:last]]
                open_sentence.append(
                    Score(
                        len(chosen),
                        int(part[last - 1] == 0),
                        int(is_unknown[first:last].sum()),
                        int(np.isneginf(chosen).sum()),
                        math.fsum(chosen),
                    )
                )
                if part[last - 1] == 0:
                    yield total(open_sentence)
                    open_sentence = []
            stage.update(stop)


def total(scores) -> Score:
    """The sum of several scores."""
    columns = list(zip(*scores, strict=True)) or [()] * len(Score._fields)
    *counts, logs = columns
    return Score(*map(sum, counts), math.fsum(logs))
