"""Huffman codes: prefix-free, as short as can be, ties as in the C program."""

import heapq

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.model.huffman import huffman_paths


def codes_of(paths):
    pairs = zip(paths.start[:-1], paths.start[1:], strict=True)
    return ["".join(map(str, paths.codes[begin:end])) for begin, end in pairs]


def shortest_total(counts):
    """Sum over all words of count times code length in the best code there is."""
    heap = list(counts)
    heapq.heapify(heap)
    total = 0
    while len(heap) > 1:
        joined = heapq.heappop(heap) + heapq.heappop(heap)
        total += joined
        heapq.heappush(heap, joined)
    return total


def test_example_of_the_docstring():
    paths = huffman_paths(np.array([5, 3, 2]))
    assert codes_of(paths) == ["1", "01", "00"]
    assert paths.nodes.tolist() == [1, 1, 0, 1, 0]


def test_of_two_equal_counts_the_inner_node_goes_first():
    # 1 + 1 make an inner node of 2, which is joined before the word with count 2.
    paths = huffman_paths(np.array([3, 2, 1, 1]))
    assert [len(code) for code in codes_of(paths)] == [1, 2, 3, 3]
    assert codes_of(paths)[1] == "11"


def test_counts_beyond_every_corpus():
    # The C program's tree never ends with counts of 1e15 and more.
    paths = huffman_paths(np.array([2**60, 2**60, 2**59, 1]))
    assert codes_of(paths) == ["0", "11", "101", "100"]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 50), min_size=2, max_size=60))
def test_codes_are_prefix_free_and_shortest(counts):
    counts = np.array(counts[:1] + sorted(counts[1:], reverse=True), np.int64)
    paths = huffman_paths(np.sort(counts)[::-1])
    counts = np.sort(counts)[::-1]
    codes = codes_of(paths)
    assert sum(2.0 ** -len(code) for code in codes) == pytest.approx(1)
    for i, code in enumerate(codes):
        assert not any(other.startswith(code) for j, other in enumerate(codes) if i != j)
    assert sum(c * len(code) for c, code in zip(counts, codes, strict=True)) == shortest_total(
        counts.tolist()
    )
    assert paths.nodes.min() >= 0
    assert paths.nodes.max() == len(counts) - 2
    assert (paths.nodes[paths.start[:-1]] == len(counts) - 2).all()
