"""Words as str and as bytes: any bytes survive the round trip."""

from numbers import Integral

SENTENCE_END = "</s>"
"""The token at the end of every sentence: word_id 0, first row of all vectors."""


_LONGEST_QUOTED = 60  # characters


def quoted(word: str) -> str:
    """The word for a message: quoted, unprintable characters escaped, shortened if long."""
    if len(word) <= _LONGEST_QUOTED:
        return repr(word)
    return f"{word[:_LONGEST_QUOTED]!r}..."


def to_bytes(word: str) -> bytes:
    """The bytes of a word as in the text, UTF-8 or not."""
    return word.encode("utf-8", "surrogateescape")


def to_word(spelled: bytes) -> str:
    """The word with these bytes; the inverse of `to_bytes`."""
    return spelled.decode("utf-8", "surrogateescape")


def word_of(item: object) -> str | None:
    """The word of an item: a str, the bytes of one, or an integer's decimal digits.

    None for anything else. Training and lookup agree: ``word_of(97) == "97"``.
    """
    if isinstance(item, str):
        return str(item)
    if isinstance(item, bytes):
        return to_word(item)
    if isinstance(item, Integral) and not isinstance(item, bool):
        return str(int(item))
    return None
