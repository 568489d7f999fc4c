"""Which words a format can express."""

from fastw2v.errors import OutputError
from fastw2v.io.encoding import quoted, to_bytes


def encode_all(words: list[str], word_problem, path: str) -> list[bytes]:
    """The bytes of all words, once each was found fit for the format.

    word_problem: function from the word's bytes to what is wrong with it, or None.

    Raises OutputError that names the first word that the format cannot express.
    """
    encoded = []
    for number, word in enumerate(words, 1):
        try:
            data = to_bytes(word)
        except UnicodeEncodeError:
            problem = "it has characters that UTF-8 cannot hold; replace them"
        else:
            problem = word_problem(data)
            encoded.append(data)
        if problem is not None:
            raise OutputError(
                f"cannot write {path}: word number {number} is {quoted(word)}: {problem}"
            )
    return encoded
