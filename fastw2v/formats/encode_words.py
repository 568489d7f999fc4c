"""Encoding words for a format, which may not be able to express all."""

from collections.abc import Sequence

from fastw2v.errors import OutputError
from fastw2v.io.encoding import quoted, to_bytes


def encode_all(words: Sequence[str], word_problem, path: str) -> list[bytes]:
    """The bytes of all words, each checked by ``word_problem``.

    word_problem: function from a word's bytes to why the format cannot express it, or None.

    Raises OutputError for the first word that the format cannot express.
    """
    encoded = []
    for number, word in enumerate(words, 1):
        try:
            data = to_bytes(word)
        except UnicodeEncodeError:
            problem = "it has characters that UTF-8 cannot express; replace them"
        else:
            problem = word_problem(data)
            encoded.append(data)
        if problem is not None:
            raise OutputError(
                f"cannot write {path}: word number {number} is {quoted(word)}: {problem}"
            )
    return encoded
