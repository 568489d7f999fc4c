"""Shards' own copies of the tree's nodes near the root."""

import numpy as np

from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.kernels import state
from fastw2v.kernels.default_path import train_shard
from fastw2v.kernels.hot_rows import HOT_NODES, WINDOWS, merge_hot_rows, take_hot_rows
from tests.support.kernel_cases import small_engine

TREE = {"hs": True, "negative": 0, "model": "skipgram", "size": 20}


@compiled
def take(shard, hierarchical):
    take_hot_rows(shard, borrow(hierarchical))


@compiled
def merge(shard, hierarchical):
    merge_hot_rows(shard, borrow(hierarchical))


@compiled
def train(shard, task):
    train_shard(shard, borrow(task))


def test_changes_of_all_shards_add_up():
    engine, model, _, _ = small_engine(4, threads=3, **TREE)
    tree, before = engine.layers.hierarchical, model.nodes.copy()
    rows = tree.copies.shape[1]
    assert 0 < rows < HOT_NODES
    changes = np.random.default_rng(5).normal(size=tree.copies.shape).astype(np.float32)
    for shard in range(3):
        take(shard, tree)
        tree.copies[shard] += changes[shard]
    for shard in (2, 0, 1):
        merge(shard, tree)
    expected = before[-1 - rows : -1] + changes.sum(axis=0)
    np.testing.assert_allclose(model.nodes[-1 - rows : -1], expected, atol=1e-5)
    np.testing.assert_array_equal(tree.copies[1], model.nodes[-1 - rows : -1])
    np.testing.assert_array_equal(model.nodes[-1], before[-1])
    merge(1, tree)
    np.testing.assert_allclose(model.nodes[-1 - rows : -1], expected, atol=1e-5)


def test_training_copies_is_training_the_nodes():
    trained = []
    for threads in (1, 2):
        engine, model, corpus, _ = small_engine(6, tokens=20_000, threads=threads, **TREE)
        counters = engine.shared.shards.counters
        counters.end[0] = len(corpus.ids)  # shard 0 does it all
        task = state.KernelArgs(engine.shared, engine.layers)
        train(0, task)
        assert counters.kept[0] > 2 * WINDOWS
        trained.append(model)
    for one, other in zip(*((model.inputs, model.nodes) for model in trained), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)
