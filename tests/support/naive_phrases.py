"""Phrases in plain Python: the specification of `fastw2v.phrases`, from bytes to bytes."""

from collections import Counter
from itertools import pairwise
from math import log

import numpy as np

END = b"</s>"
MAX_WORD_BYTES, LONGEST_PAIR = 58, 59  # bytes, with `exact`


def split(text: bytes, exact: bool = False) -> list[bytes]:
    """Tokens; with `exact` words are cut, and a last one with nothing behind it is lost."""
    tokens, word = [], b""
    for byte in text.replace(b"\r", b""):
        if byte not in b" \t\n":
            word += bytes([byte])
            continue
        if word:
            tokens.append(word)
        word = b""
        if byte == ord("\n"):
            tokens.append(END)
    if exact:
        return [token[:MAX_WORD_BYTES] for token in tokens]
    return [*tokens, word] if word else tokens


def original(text: bytes, min_count: int, threshold: float, exact: bool = False) -> bytes:
    """What word2phrase writes."""
    longest = LONGEST_PAIR if exact else None
    tokens = split(text, exact)
    words = [token for token in tokens if token != END]
    counts = Counter(words)
    counts.update((a + b"_" + b)[:longest] for a, b in pairwise(words))  # also across line ends

    def score(first, second):
        rest = [counts[word] for word in (first, second)]
        pair = counts[(first + b"_" + second)[:longest]]
        if min(pair, *rest) < min_count:
            return np.float32(0)
        value = np.float32(pair - min_count)
        for count in rest:
            value = value / np.float32(count)
        return value * np.float32(len(words))

    return _joined(tokens, lambda first, second: score(first, second) > np.float32(threshold))


def npmi(text: bytes, min_count: int, threshold: float) -> bytes:
    """The same with gensim's other score, which counts pairs within lines only."""
    tokens = split(text)
    counts = Counter(token for token in tokens if token != END)
    words = counts.total()
    counts.update(a + b"_" + b for a, b in pairwise(tokens) if END not in (a, b))

    def score(first, second):
        pair = counts[first + b"_" + second]
        if pair < min_count or pair == words:  # all of the text: its information is 0
            return -np.inf
        first_share, second_share = counts[first] / words, counts[second] / words
        return log(pair / words / (first_share * second_share)) / -log(pair / words)

    return _joined(tokens, lambda first, second: score(first, second) > threshold)


def _joined(tokens: list[bytes], is_phrase) -> bytes:
    out = []
    previous = None  # what a phrase may begin with
    for token in tokens:
        if token == END:
            out.append(b"\n")
            previous = None
        elif previous is not None and is_phrase(previous, token):
            out.append(b"_" + token)
            previous = None
        else:
            out.append(b" " + token)
            previous = token
    return b"".join(out)
