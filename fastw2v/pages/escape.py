"""Words made printable for a web page or an image."""

import unicodedata

_HIDDEN = {"Cc", "Cs", "Zl", "Zp"}  # control characters, lone surrogates, line separators


def escape_unprintable(word: str) -> str:
    r"""The word, with ``\x..`` and ``\u....`` for unprintable characters.

    A byte that is not UTF-8 becomes ``\xff``; a word of spaces only becomes open boxes.
    """
    if not word.strip():
        return "\N{OPEN BOX}" * max(1, len(word))
    return "".join(_shown(character) for character in word)


def _shown(character: str) -> str:
    if "\udc80" <= character <= "\udcff":  # surrogate escape of a byte that is not UTF-8
        return f"\\x{ord(character) - 0xDC00:02x}"
    if unicodedata.category(character) in _HIDDEN or character in "\ufffe\uffff":
        return f"\\u{ord(character):04x}"
    return character
