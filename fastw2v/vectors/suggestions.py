"""Suggestions for misspelt words."""

import difflib
import heapq

_CANDIDATES = 300  # words compared exactly


def nearest_spellings(word: str, words: list[str], n: int = 3) -> list[str]:
    """Up to ``n`` of ``words`` with the spelling most similar to ``word``, ignoring case.

    Best first; ties in the order of ``words``. A few hundred candidates are selected by length and
    shared letter pairs, and compared by ``difflib``.
    """
    wanted = word.casefold()
    slack = 1 + len(wanted) // 4
    pairs = {wanted[i : i + 2] for i in range(len(wanted) - 1)} or {wanted}
    shortest, longest = len(wanted) - slack, len(wanted) + slack

    likely = []
    for rank, known in enumerate(words):
        if shortest <= len(known) <= longest:
            folded = known.casefold()
            shared = sum([pair in folded for pair in pairs])
            if shared:
                likely.append((shared - abs(len(known) - len(wanted)), -rank, folded))
    best = heapq.nlargest(_CANDIDATES, likely)
    by_spelling: dict[str, list[str]] = {}
    for _, rank, folded in best:
        by_spelling.setdefault(folded, []).append(words[-rank])
    close = difflib.get_close_matches(wanted, list(by_spelling), n)
    return [known for folded in close for known in by_spelling[folded]][:n]
