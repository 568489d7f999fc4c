"""Compiled code for n-grams, which are numbered level by level.

An n-gram of k words is a pair: the id of its first k - 1 words among those of that length, and its
last word. Those with the same beginning have ids in a row, by their last words: ``starts[prefix]``
is the first of them, and ``lasts`` has the last words. The id of a single word is its word_id.

Contexts begin with the words ``first_word``, one for each place of a context, which are never
predicted: n-grams that end with them are known as contexts, with a count of 0.
"""

import math

import numpy as np

from fastw2v.jit.compiled import compiled

_32 = np.uint64(32)
_LOW32 = np.uint64(0xFFFFFFFF)


@compiled
def pad_sentences(ids, begins, padding, first_word, out):
    """Copy ``ids`` to ``out`` with ``padding`` words ``first_word`` before every sentence. begins:
    whether a sentence begins with the first id. Returns the number of words in ``out``."""
    done = 0
    for place in range(ids.size):
        if begins:
            for _ in range(padding):
                out[done] = first_word
                done += 1
        out[done] = ids[place]
        done += 1
        begins = ids[place] == 0
    return done


@compiled
def ngram_keys(words, prefixes, span, first_word, is_last):
    """The keys, ``prefix << 32 | word``, of the n-grams that end within ``span``.

    prefixes: (N,) int32, by place: the id of the n-gram, one word shorter, that ends there, or -1.
    is_last: whether these are no contexts: none of them ends with ``first_word``.
    """
    start, end = span
    keys = np.empty(end - start, np.uint64)
    done = 0
    for place in range(max(start, 1), end):
        word, prefix = words[place], prefixes[place - 1]
        if prefix < 0:
            continue
        if word == first_word and (is_last or words[place - 1] != first_word):
            continue
        keys[done] = (np.uint64(prefix) << _32) | np.uint64(word)
        done += 1
    return keys[:done]


@compiled
def split_keys(keys, starts, lasts):
    """Fill ``starts`` (prefixes + 1,) int64 and ``lasts`` (n,) int32 from sorted keys."""
    starts[:] = 0
    for place in range(keys.size):
        lasts[place] = np.int32(keys[place] & _LOW32)
        starts[np.int64(keys[place] >> _32) + 1] += 1
    for prefix in range(starts.size - 1):
        starts[prefix + 1] += starts[prefix]


@compiled
def find(starts, lasts, prefix, word):
    """The id of the n-gram of ``prefix`` and ``word``; -1 if there is none."""
    low, high = starts[prefix], starts[prefix + 1]
    while low < high:
        middle = (low + high) // 2
        if lasts[middle] < word:
            low = middle + 1
        else:
            high = middle
    return low if low < starts[prefix + 1] and lasts[low] == word else -1


@compiled
def find_all(words, prefixes, span, starts, lasts, suffixes):
    """The ids of the n-grams that end within ``span``, (n,) int32, -1 where there is none.

    suffixes: (n-grams,) int32, receives the id of each one without its first word, or is empty.
    """
    start, end = span
    ids = np.empty(end - start, np.int32)
    for place in range(start, end):
        prefix = prefixes[place - 1] if place > 0 else -1
        found = -1 if prefix < 0 else find(starts, lasts, prefix, words[place])
        ids[place - start] = found
        if found >= 0 and suffixes.size:
            suffixes[found] = prefixes[place]
    return ids


@compiled
def count_continuations(suffixes, counts, continuations):
    """Add to each n-gram how many words come before it: one for every longer n-gram that occurs."""
    for place in range(suffixes.size):
        if counts[place] > 0:
            continuations[suffixes[place]] += 1


@compiled
def context_sums(starts, counts, totals, kinds):
    """For every prefix: the sum of the counts that follow, and how many words follow once, twice,
    and more often. totals: (n,) float64. kinds: (n, 3) float64."""
    for prefix in range(starts.size - 1):
        for place in range(starts[prefix], starts[prefix + 1]):
            count = counts[place]
            totals[prefix] += count
            if count > 0:
                kinds[prefix, min(count, 3) - 1] += 1


@compiled
def _follow(word, order, starts, lasts, before, after):
    """The ids of the n-grams of 1 to ``order`` words that end with ``word``, in ``after``, from
    those that end one word earlier, ``before``; both by number of words, -1 where unknown."""
    after[1] = word
    for size in range(2, order + 1):
        prefix = before[size - 1]
        after[size] = -1
        if prefix >= 0:
            after[size] = find(starts[size - 1], lasts[size - 1], prefix, word)


@compiled
def score_discounted(words, first_word, levels, totals, weights, discounts, out):
    """Log-probabilities of all words but ``first_word``: interpolated Kneser-Ney.

    levels: three tuples of arrays by number of words - 1: starts, lasts, counts. totals, weights:
        tuples as well, by prefix; weights are the shares left for shorter contexts.
    discounts: (order, 3) float64, for counts of 1, 2, and more.
    """
    starts, lasts, counts = levels
    order = len(counts)
    before, after = np.full(order + 1, -1, np.int64), np.full(order + 1, -1, np.int64)
    done = 0
    for place in range(words.size):
        _follow(words[place], order, starts, lasts, before, after)
        if words[place] != first_word:
            probability = counts[0][words[place]] / totals[0][0]
            for size in range(2, order + 1):
                prefix = before[size - 1]
                if prefix < 0 or totals[size - 1][prefix] == 0:
                    break  # unseen, and so is every longer context
                count = np.int64(0)
                if after[size] >= 0:
                    count = counts[size - 1][after[size]]
                seen = 0.0
                if count > 0:
                    discount = discounts[size - 1, min(count, 3) - 1]
                    seen = max(count - discount, 0.0) / totals[size - 1][prefix]
                probability = seen + weights[size - 1][prefix] * probability
            out[done] = math.log(probability) if probability > 0 else -np.inf
            done += 1
        before, after = after, before
    return done


@compiled
def score_added(words, first_word, levels, totals, added, out):
    """As `score_discounted`, but (count + a) / (total of the context + b) of the longest n-grams
    alone; ``added`` is (a, b)."""
    starts, lasts, counts = levels
    order = len(counts)
    before, after = np.full(order + 1, -1, np.int64), np.full(order + 1, -1, np.int64)
    before[0] = 0
    done = 0
    for place in range(words.size):
        _follow(words[place], order, starts, lasts, before, after)
        after[0] = 0
        if words[place] != first_word:
            count = total = 0.0
            if before[order - 1] >= 0:
                total = totals[order - 1][before[order - 1]]
            if after[order] >= 0:
                count = float(counts[order - 1][after[order]])
            above, below = count + added[0], total + added[1]
            out[done] = math.log(above / below) if above > 0 else -np.inf
            done += 1
        before, after = after, before
    return done
