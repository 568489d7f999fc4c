"""N-gram models as simple functions: specifications of `fastw2v.language_models`."""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

FIRST = "<s>"
END = "</s>"


def padded(sentences, order):
    """Each sentence with what comes before and after it."""
    return [[*[FIRST] * (order - 1), *sentence, END] for sentence in sentences]


def ngrams(sentences, order, size):
    """All n-grams of ``size`` words that end with a word that is predicted."""
    return [
        tuple(text[place - size + 1 : place + 1])
        for text in padded(sentences, order)
        for place in range(order - 1, len(text))
    ]


def with_unknown(sentences, min_count):
    """``(vocabulary, sentences)``: words with fewer occurrences become <unk>."""
    counts = Counter(word for sentence in sentences for word in sentence)
    known = {word for word, count in counts.items() if count >= min_count} - {"<unk>"}
    return known, [[w if w in known else "<unk>" for w in sentence] for sentence in sentences]


class Twin:
    """P(word | context), where context is a tuple of order - 1 words."""

    def __init__(self, known, sentences, order, smoothing, discounts=None):
        self.order, self.smoothing, self.discounts = order, smoothing, discounts
        self.predictable = len(known) + 2  # the sentence end, the unknown word
        self.counts = {
            size: Counter(ngrams(sentences, order, size)) for size in range(1, order + 1)
        }
        if smoothing == "kneser-ney":
            for longer in range(order, 1, -1):
                distinct = Counter(gram[1:] for gram in {*ngrams(sentences, order, longer)})
                self.counts[longer - 1] = distinct

    def probability(self, word, context):
        if self.smoothing == "kneser-ney":
            return self._discounted(word, context)
        found = self.counts[self.order]
        above = found[(*context, word)]
        below = sum(count for gram, count in found.items() if gram[:-1] == context)
        if self.smoothing == "laplace":
            return Fraction(above + 1, below + self.predictable)
        return Fraction(above, below) if below else Fraction(0)

    def _discounted(self, word, context):
        found = self.counts[len(context) + 1]
        following = {gram: count for gram, count in found.items() if gram[:-1] == context}
        whole = sum(following.values())
        if not context:
            return Fraction(found[(word,)], whole)
        shorter = self._discounted(word, context[1:])
        if not whole:
            return shorter
        discounts = [Fraction(each) for each in self.discounts[len(context)]]
        count = found[(*context, word)]
        taken = {gram: discounts[min(each, 3) - 1] for gram, each in following.items()}
        seen = max(count - taken.get((*context, word), 0), 0) / whole if count else 0
        return seen + Fraction(sum(taken.values())) / whole * shorter

    def text(self, sentences):
        """The probabilities of all tokens of a text."""
        return [
            self.probability(text[place], tuple(text[place - self.order + 1 : place]))
            for text in padded(sentences, self.order)
            for place in range(self.order - 1, len(text))
        ]


def modified_discounts(counts):
    """Discounts of the counts 1, 2 and 3 or more (Chen and Goodman 1999)."""
    n = [sum(count == wanted for count in counts) for wanted in range(1, 5)]
    if not (n[0] and n[1]):
        return [0.5] * 3
    share = n[0] / (n[0] + 2 * n[1])
    if not n[2]:
        return [share] * 3
    found = [
        number - (number + 1) * share * after / before
        for number, (before, after) in enumerate(pairwise(n), 1)
    ]
    return found if all(0 <= d <= k for k, d in enumerate(found, 1)) else [share] * 3
