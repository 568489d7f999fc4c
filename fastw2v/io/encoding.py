"""Words as str and as bytes: any bytes survive the round trip."""

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
