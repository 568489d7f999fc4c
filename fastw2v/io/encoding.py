"""Words between Python and files: any bytes survive the way there and back."""

SENTENCE_END = "</s>"
"""The token at the end of every sentence: word_id 0, first row of all vectors."""


_LONGEST_QUOTED = 60  # characters


def quoted(word: str) -> str:
    """The word for a message: in quotes, odd characters as escapes, cut where it is long."""
    if len(word) <= _LONGEST_QUOTED:
        return repr(word)
    return f"{word[:_LONGEST_QUOTED]!r}..."


def to_bytes(word: str) -> bytes:
    """The bytes of a word as they stood in the text, UTF-8 or not."""
    return word.encode("utf-8", "surrogateescape")


def to_word(spelled: bytes) -> str:
    """The word with these bytes; `to_bytes` gives the same bytes back."""
    return spelled.decode("utf-8", "surrogateescape")
