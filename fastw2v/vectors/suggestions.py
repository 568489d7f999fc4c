"""Words spelt nearly like one that is not there."""

import difflib
import heapq

_CANDIDATES = 300  # words worth the slow comparison


def nearest_spellings(word: str, words: list[str], n: int = 3) -> list[str]:
    """Up to ``n`` of ``words`` spelt most like ``word``, best first; case does not count.

    Of words equally near, those that stand first in ``words`` come first. A quick look at length
    and shared pairs of letters picks a few hundred words, only those are compared in earnest.
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
