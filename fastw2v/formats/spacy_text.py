"""word2vec text for ``spacy init vectors LANGUAGE FILE FOLDER``.

spaCy reads word2vec text with a header, plain or as ``.gz``, and splits a row from its end, so that
words may contain spaces (though spaCy's tokens do not). It requires UTF-8 in every word, takes a
carriage return for the end of a row, and rejects an empty word.
"""

from fastw2v.formats import word2vec_text
from fastw2v.formats.word2vec_text import write

__all__ = ["word_problem", "write"]


def word_problem(word: bytes) -> str | None:
    """Why spaCy could not read ``word``, or None."""
    if not word:
        return "spaCy rejects an empty word; remove it"
    if b"\r" in word:
        return "spaCy takes a carriage return for the end of the row; replace it"
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return "spaCy reads UTF-8 only, and the word is not UTF-8; remove it"
    return word2vec_text.word_problem(word)
