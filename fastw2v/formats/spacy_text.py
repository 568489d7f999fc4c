"""word2vec text fit for ``spacy init vectors LANGUAGE FILE FOLDER``.

spaCy reads word2vec text with its header, plain or in ``.gz``, and splits a row from its end, so
that blanks within a word do no harm (though no token of spaCy's has any). It demands UTF-8 in
every word, takes a carriage return for the end of a row, and knows no empty word.
"""

from fastw2v.formats import word2vec_text
from fastw2v.formats.word2vec_text import write

__all__ = ["word_problem", "write"]


def word_problem(word: bytes) -> str | None:
    """Why spaCy could not read ``word``, or None."""
    if not word:
        return "spaCy has no empty word; leave it out"
    if b"\r" in word:
        return "spaCy takes a carriage return for the end of the row; replace it"
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return "spaCy reads UTF-8 only, and its bytes are not; leave it out"
    return word2vec_text.word_problem(word)
