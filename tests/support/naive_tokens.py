"""The specification of `fastw2v.tokens`: plain Python on the characters of a text."""

# ruff: noqa: RUF001, SIM114, SIM905

import unicodedata

EMOJI = [(0x2300, 0x23FF), (0x2600, 0x27BF), (0x2B00, 0x2BFF), (0x1F000, 0x1FAFF)]
SHORT = """mr mrs ms dr prof rev hon gen col capt lt sgt st mt jr sr vs fig vol cf eds messrs mme
mlle""".split()
WIDE_STOPS = "。！？．｡।॥၊။។៕։።"
STOPS = "!?…‼⁇⁈⁉؟۔"
IGNORED = "\u00ad\u2060\ufeff\ufe0e\ufe0f"


def letter_of(character: str) -> str:  # noqa: C901, a list of cases
    """The class of a character, as a letter."""
    code, category = ord(character), unicodedata.category(character)
    special = {"'": "A", "’": "A", "＇": "A", "-": "H", "‐": "H", "‑": "H", ".": ".", ",": ","}
    if character in special:
        return special[character]
    if character in "\u200c\u200d":
        return "z" if character == "\u200d" else "j"
    if character in IGNORED:
        return "I"
    if character in STOPS or character in WIDE_STOPS:
        return "!" if character in STOPS else "W"
    if character == "\n" or category in ("Zl", "Zp"):
        return "N"
    if category == "Zs" or character.isspace():
        return "S"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "F"
    if 0x1F3FB <= code <= 0x1F3FF or 0xE0020 <= code <= 0xE007F:
        return "T"
    if category == "So":
        return "E" if any(first <= code <= last for first, last in EMOJI) else "O"
    if category == "Ll":
        return "l"
    if category[0] == "L" or category == "Pc":
        return "L"
    if category in ("Pe", "Pf") or character == '"':
        return "C"
    return {"N": "D", "M": "M"}.get(category[0], "O")


def end_of_word(kinds: str, at: int, hyphens: bool) -> int:
    last = ""
    while True:
        kind, following = kinds[at], kinds[at + 1 : at + 2]
        if kind in "LlD":
            last = kind
        elif kind == "A" and last in tuple("Ll") and following in tuple("Ll"):
            last = kind
        elif kind in ".," and last == following == "D":
            last = kind
        elif kind == "H" and hyphens and last in tuple("LlD") and following in tuple("LlD"):
            last = kind
        elif kind not in "MzjI":
            return at
        at += 1


def end_of_emoji(kinds: str, at: int) -> int:
    if kinds[at] == "F":
        if kinds[at + 1] != "F":
            return at + 1
        at += 1
    at += 1
    while True:
        if kinds[at] in "TMI":
            at += 1
        elif kinds[at : at + 2] == "zE":
            at += 2
        else:
            return at


def written(word: str, kinds: str, numbers: str) -> str | None:
    """A word as it is written; None if it is not."""
    same = {"A": "'", "H": "-", "I": ""}
    number = not set(kinds) & set("LlEF")
    if number and numbers == "drop":
        return None
    if number and numbers == "word":
        return "<num>"
    if number and numbers == "zeros":
        same["D"] = "0"
    return "".join(same.get(kind, char) for char, kind in zip(word, kinds, strict=True))


def tokenize(text, lower=False, numbers="keep", hyphens="split", wrapped=False) -> list[list[str]]:
    text = unicodedata.normalize("NFC", text)
    kinds = "".join(map(letter_of, text)) + "N"
    sentences, words = [], []
    at, pending, gap, short, blank = 0, "", False, False, True
    while at < len(text):
        kind = kinds[at]
        if kind in "LlDEF":
            if pending and gap and not (pending == "." and (kind == "l" or short)):
                sentences.append(words)
                words = []
            find = (
                end_of_emoji(kinds, at)
                if kind in "EF"
                else end_of_word(kinds, at, hyphens == "keep")
            )
            word = written(text[at:find], kinds[at:find], numbers)
            words += [] if word is None else [word]
            letters = [c for c, k in zip(text[at:find], kinds[at:find], strict=True) if k in "LlD"]
            plain = "".join(letters) == text[at:find]
            is_word = kind not in "EF" and bool(set(kinds[at:find]) & set("Ll"))
            one = len(letters) == 1 and text[at] not in "iI"
            now_short = is_word and (
                one or (plain and text[at:find].isascii() and text[at:find].lower() in SHORT)
            )
            at, pending, gap, blank = find, "", False, False
            if kinds[at] == "." and at < len(text):
                pending, short, at = ".", now_short, at + 1
            continue
        at += 1
        if kind in "NW" and (kind == "W" or not wrapped or blank):
            sentences.append(words)
            words, pending, gap = [], "", False
        elif kind in "NS":
            gap = bool(pending)
        elif kind in ".!":
            pending = "." if kind == "." and (pending != "!" or gap) else "!"
            gap = short = False
        elif not gap and kind not in "CAMzjIT":
            pending = ""
        blank = kind == "N" or (blank and kind == "S")
    sentences.append(words)
    lines = [" ".join(words) for words in sentences if words]
    lines = [unicodedata.normalize("NFC", line.lower() if lower else line) for line in lines]
    return [line.split(" ") for line in lines]
