"""The rows of the table: which models are compared. A further one is one entry of `ROWS`.

Nothing slow is imported here: the command lists the rows in its help.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

WORDS = 5_000_000
"""Words of the text that are used, if nothing else is asked for."""

QUICK_WORDS = 500_000
"""Words of the text with ``--quick``."""


class Row(NamedTuple):
    """A model, as one line of the table.

    key: its name on the command line. model, variant: what the table calls it.
    maker: of `fastw2v.comparison.models.MAKERS`, the function that trains it.
    arguments: of that function, for JSON. subsampled: whether frequent words are skipped at random;
    None where that is no question.
    """

    key: str
    model: str
    variant: str
    maker: str
    arguments: Mapping[str, Any] = {}
    subsampled: bool | None = None


_BEFORE = (
    Row("one-hot", "one-hot", "", "one_hot"),
    Row("counts", "counts", "raw", "counts", {"weighting": "raw"}),
    Row("log-counts", "counts", "logarithm", "counts", {"weighting": "log"}),
    Row("ppmi", "counts", "PPMI", "counts", {"weighting": "ppmi"}),
    Row("ppmi-svd", "counts", "PPMI, SVD", "reduced_counts", {"weighting": "ppmi"}),
    Row("unigram", "1-gram", "Laplace", "ngrams", {"order": 1, "smoothing": "laplace"}),
    Row("trigram-laplace", "3-gram", "Laplace", "ngrams", {"order": 3, "smoothing": "laplace"}),
    Row("trigram", "3-gram", "Kneser-Ney", "ngrams", {"order": 3, "smoothing": "kneser-ney"}),
    *(
        # The full softmax of some thousand words would take longer than all other rows together.
        Row(key, shown, "hierarchical softmax", "neural", {"model": key, "hs": True})
        for key, shown in (
            ("feedforward", "feed-forward network"),
            ("recurrent", "recurrent network"),
        )
    ),
)

_ARCHITECTURES = {"cbow": "CBOW", "skipgram": "skip-gram"}


def _word2vec() -> Iterator[Row]:
    """Mikolov et al. 2013, "Distributed representations", table 1: both output layers, with and
    without sub-sampling; for both architectures of "Efficient estimation"."""
    for model, shown in _ARCHITECTURES.items():
        for key, layer in (("hs", "hierarchical softmax"), ("negative", "negative sampling")):
            for subsampled in (False, True):
                yield Row(
                    f"{model}-{key}{'-sampled' if subsampled else ''}",
                    shown,
                    layer,
                    "word2vec",
                    {"model": model, "hs": key == "hs"},
                    subsampled,
                )


ROWS = {row.key: row for row in (*_BEFORE, *_word2vec())}
"""Key -> row, in the order of the table."""
