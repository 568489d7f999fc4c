"""Huffman codes of the vocabulary for hierarchical softmax, as the C program builds them."""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.settings import Settings

_UNUSED = 2**63 - 1  # a count above all real ones, for inner nodes not made yet


class HuffmanPaths(NamedTuple):
    """For each word the inner nodes from the root down, and the branch taken at each.

    start: (V + 1,) int64; word w owns positions start[w] to start[w + 1] of the other two.
    nodes: int32, inner nodes 0 .. V - 2; the root is V - 2.
    codes: int8, 0 or 1.
    """

    start: np.ndarray
    nodes: np.ndarray
    codes: np.ndarray


def huffman_paths(counts: np.ndarray) -> HuffmanPaths:
    """Paths for words with these counts, (V,) int64, V >= 2, falling but for the first.

    Of two equal counts the inner node is joined before the word; the second of a joined pair
    gets code 1. Source: Huffman 1952; hierarchical softmax: Morin and Bengio 2005.

    Counts 5, 3, 2 give word 0 the code [1], word 1 [0, 1], word 2 [0, 0].
    """
    parents, branches = _join(np.asarray(counts, np.int64))
    start = _path_starts(parents, counts.size)
    nodes = np.empty(start[-1], np.int32)
    codes = np.empty(start[-1], np.int8)
    _walk(parents, branches, start, (nodes, codes))
    return HuffmanPaths(start, nodes, codes)


def paths_of(counts: np.ndarray, settings: Settings) -> HuffmanPaths:
    """The paths that a training with these settings uses.

    Words of count 0 get the paths of words that occur once: by their own count each would be a
    level deeper than the one before it, and a path be as long as there are such words. In the C
    program, which the exact path follows, they are.
    """
    if not settings.exact:
        counts = np.concatenate([counts[:1], np.maximum(counts[1:], 1)])
    return huffman_paths(counts)


@compiled
def _join(counts):
    """Join the two rarest nodes until one is left; returns each node's parent and branch.

    Words are nodes 0 .. V - 1, inner nodes V .. 2V - 2 in the order in which they are made:
    both lists are sorted, so the rarest is at the end of the one or the front of the other.
    """
    words = counts.shape[0]
    weights = np.full(2 * words, _UNUSED, np.int64)
    for word in range(words):  # a slice takes 2 s more to compile: its error says shapes
        weights[word] = counts[word]
    parents = np.zeros(2 * words, np.int64)
    branches = np.zeros(2 * words, np.int8)
    cursor = (words - 1, words)
    for made in range(words, 2 * words - 1):
        first, cursor = _take_rarest(weights, cursor)
        second, cursor = _take_rarest(weights, cursor)
        weights[made] = weights[first] + weights[second]
        parents[first] = parents[second] = made
        branches[second] = 1
    return parents, branches


@compiled
def _take_rarest(weights, cursor):
    """The rarer of the last free word and the first free inner node, and the moved cursor."""
    word, inner = cursor
    if word >= 0 and weights[word] < weights[inner]:
        return word, (word - 1, inner)
    return inner, (word, inner + 1)


@compiled
def _path_starts(parents, words):
    root = 2 * words - 2
    start = np.zeros(words + 1, np.int64)
    for word in range(words):
        node, length = np.int64(word), 0
        while node != root:
            node = parents[node]
            length += 1
        start[word + 1] = start[word] + length
    return start


@compiled
def _walk(parents, branches, start, paths):
    """Fill in nodes and codes from each word up to the root, that is from the end backwards."""
    nodes, codes = paths
    words = start.shape[0] - 1
    for word in range(words):
        node = np.int64(word)
        for place in range(start[word + 1] - 1, start[word] - 1, -1):
            codes[place] = branches[node]
            node = parents[node]
            nodes[place] = node - words
