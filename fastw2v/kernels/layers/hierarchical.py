"""Hierarchical softmax (Morin and Bengio 2005) over the Huffman tree of the words: the inner
nodes on the centre word's path against the branches it takes."""

import math
from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.prefetch import LINE_BYTES
from fastw2v.kernels.layers.exact_hierarchical import train_path_exactly
from fastw2v.kernels.layers.interface import OutputLayer
from fastw2v.kernels.logistic import train_targets
from fastw2v.kernels.loss import targets_loss
from fastw2v.kernels.node_subsampling import nodes_skipped, share_trained
from fastw2v.kernels.prefetch import fetch_row
from fastw2v.kernels.replicas import address_for
from fastw2v.kernels.rows import element_address, prefetch_bytes
from fastw2v.kernels.targets import close_targets, put_target
from fastw2v.model.huffman import paths_of
from fastw2v.model.matrices import Model
from fastw2v.model.subsampling import subsampled_levels
from fastw2v.settings import Settings

_LIMIT = np.float32(6)  # scores beyond it train nothing, as in the C program
_FETCHED_BYTES = 2 * LINE_BYTES  # of a word's path in ``steps``: 32 nodes
_CACHED_NODES = 6  # from the root on: every window visits them, so they stay in the cache
_PATH_BYTES = 100  # for a word: its path, and what making it takes


class Hierarchical(NamedTuple):
    outputs: np.ndarray  # (V, P) float32, one row for each inner node; the last is unused
    start: np.ndarray  # (V + 1,) int64; the path of a word is steps[start[word]:start[word + 1]]
    steps: np.ndarray  # (total path length,) int32, from the root down: 2 * node + code bit
    # levels from the root on that are sub-sampled (see `fastw2v.kernels.node_subsampling`)
    subsampled_levels: int


def _build(counts: np.ndarray, model: Model, settings: Settings) -> Hierarchical:
    start, nodes, codes = paths_of(counts, settings)
    levels = subsampled_levels(settings.sample)
    return Hierarchical(model.nodes, start, 2 * nodes + codes, levels)


def _longest(hierarchical: Hierarchical) -> int:
    return int(np.diff(hierarchical.start).max())


@compiled(inline=True)
def _prefetch(hierarchical, position, words, own):
    """The nodes on the centre word's path; and the path of the word after it, from which the next
    call reads its nodes."""
    if position + 1 < words:
        start = hierarchical.start[own.sentence[position + 1]]
        prefetch_bytes(element_address(hierarchical.steps, start), _FETCHED_BYTES)
    if position < words:
        centre = own.sentence[position]
        first = hierarchical.start[centre] + _CACHED_NODES
        for step in range(first, hierarchical.start[centre + 1]):
            node = hierarchical.steps[step] >> 1
            fetch_row(own.node_rows, hierarchical.outputs, node, own)


@compiled(inline=True)
def _train(hierarchical, window, shared, own):
    skipped = nodes_skipped(own.random, hierarchical.subsampled_levels)
    targets = _put_path(hierarchical, window.centre, skipped, own)
    train_targets(window, own, targets, _LIMIT)


@compiled(inline=True)
def _loss(hierarchical, window, shared, own):
    targets = _put_path(hierarchical, window.centre, 0, own)
    return targets_loss(window, shared, own, hierarchical.outputs, targets)


@compiled(inline=True)
def _put_path(hierarchical, centre, skipped, own):
    """Put the inner nodes from the root to the centre word, without the first so many, but the
    last at least; returns how many targets."""
    end = hierarchical.start[centre + 1]
    start = min(hierarchical.start[centre] + skipped, end - 1)
    targets = np.int64(end - start)
    for target in range(targets):
        step = np.int64(hierarchical.steps[start + target])
        node, label = step >> 1, np.float32(1 - (step & 1))
        put_target(own, target, node, address_for(own.node_rows, hierarchical.outputs, node), label)
    close_targets(own, targets)
    return targets


def _visits(shares: np.ndarray, counts: np.ndarray, settings: Settings) -> np.ndarray:
    start, nodes, _ = paths_of(counts, settings)
    depths = np.arange(len(nodes)) - np.repeat(start[:-1], np.diff(start))
    trained = share_trained(depths, subsampled_levels(settings.sample))
    trained[start[1:] - 1] = 1  # the last node of a path always is
    weights = np.repeat(shares, np.diff(start)) * trained
    return np.bincount(nodes, weights, minlength=len(counts))


LAYER = OutputLayer(
    name="hierarchical",
    wanted=lambda settings: settings.hs,
    matrix="nodes",
    build=_build,
    most_targets=_longest,
    visits=_visits,
    table_bytes=lambda words, settings: words * _PATH_BYTES,
    untrained_loss=lambda hierarchical: _longest(hierarchical) * math.log(2),
    prefetch=_prefetch,
    train=_train,
    loss=_loss,
    train_exactly=train_path_exactly,
)
