"""What a notebook shows for word vectors: a map of the most frequent words."""

from html import escape

import numpy as np

from fastw2v.io.encoding import SENTENCE_END
from fastw2v.mapping.layout import lay_out
from fastw2v.mapping.page import page
from fastw2v.vectors.word_vectors import WordVectors

WORDS = 500
"""The number of words on the map."""
_HEIGHT = 560  # pixels
_FEWEST = 2  # words of a map


def notebook_html(vectors: WordVectors) -> str:
    """HTML with the map of the 500 most frequent words, or a line of text for fewer than two.

    Principal components, which need no other package and take a fraction of a second; see
    `fastw2v.mapping.draw_map` for other maps. The page is in a frame of its own, without network
    access, so that its style and script do not touch the notebook's.

        display(vectors)  # in Jupyter the last line of a cell does the same
    """
    rows = _most_frequent(vectors)
    title = escape(repr(vectors))
    if len(rows) < _FEWEST:
        return f"<code>{title}</code>"
    shown = page(lay_out(vectors, rows, "pca", seed=1))
    return (
        f'<iframe title="{title}" srcdoc="{escape(shown)}" sandbox="allow-scripts" '
        f'width="100%" height="{_HEIGHT}" style="border: 0"></iframe>'
        f"<p><code>{title}</code></p>"
    )


def _most_frequent(vectors: WordVectors) -> list[int]:
    """Up to `WORDS` rows of words with finite vectors: by count if known, otherwise the first.

    The sentence end, which is no word, is left out. Only rows that may be shown are read: the file
    may be larger than memory.
    """
    order = np.arange(len(vectors))
    if vectors.counts is not None:
        order = np.argsort(-vectors.counts, kind="stable")
    rows = order[: WORDS + 1]
    rows = rows[np.isfinite(vectors.matrix[rows]).all(axis=1)]
    return [row for row in rows.tolist() if vectors.words[row] != SENTENCE_END][:WORDS]
