"""The rule by which replicas are merged, against its float64 twin."""

import numpy as np
import pytest

from fastw2v.engines import replica_plan
from fastw2v.engines.replicas import centre_shares, context_words
from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.kernels.curvature import DIRECTIONS, update_curvature
from fastw2v.kernels.layers import registry
from fastw2v.kernels.merging import levels_of, set_factors
from fastw2v.kernels.node_subsampling import share_trained
from fastw2v.kernels.rounds import look_at_part, merge_part
from fastw2v.kernels.state import SELDOM, KernelArgs
from fastw2v.model.subsampling import keep_thresholds
from tests.support import naive_replicas as naive
from tests.support.kernel_cases import LAYERS, set_curvature, small_engine

SHARED_LAYERS = {name: layer for name, layer in LAYERS.items() if name != "softmax"}
CASES = [
    {"model": model, **layer} for model in ("skipgram", "cbow") for layer in SHARED_LAYERS.values()
]
WORKERS, SIZE = 3, 20


@compiled
def merge(part, args):
    merge_part(part, borrow(args))


@compiled
def look(part, args):
    look_at_part(part, borrow(args))


def engine_of(**settings):
    wanted = {"threads": WORKERS, "deterministic": True, "size": SIZE, "sample": 0.01}
    return small_engine(4, **(wanted | settings))


def update(curvature):
    fields = ("directions", "values", "sums", "work", "shares")
    update_curvature(*(getattr(curvature, name) for name in fields), SIZE)


def matrices_of(engine):
    names = ("inputs", "outputs", "nodes")
    found = {name: getattr(engine.shared.replicas, name) for name in names}
    return {name: each for name, each in found.items() if each is not None}


def call(kernel, engine):
    args = KernelArgs(engine.shared, engine.layers)
    for part in range(WORKERS):
        kernel(part, args)


def set_copies(engine, spread):
    rng = np.random.default_rng(7)
    for each in matrices_of(engine).values():
        rows = each.matrix[each.first : each.first + each.copies.shape[1]]
        noise = np.zeros(each.copies.shape, np.float32)
        noise[:, :, :SIZE] = rng.normal(0, spread, (*noise.shape[:2], SIZE)) if spread else 0
        each.copies[:] = rows + noise


@pytest.mark.parametrize("settings", CASES, ids=str)
def test_rows_are_merged_by_the_rule(settings):
    engine, *_ = engine_of(**settings)
    replicas = engine.shared.replicas
    both = {"inputs": replicas.input_curvature, "outputs": replicas.output_curvature}
    known = {
        name: (each, set_curvature(each, seed, SIZE))
        for seed, (name, each) in enumerate(both.items(), 1)
    }
    known["nodes"] = known["outputs"]
    set_copies(engine, 0.3)
    windows, rate = 700.0, 0.03
    expected, damped = {}, 0
    for name, each in matrices_of(engine).items():
        values = known[name][0].values
        set_factors(each.factors, each.levels, WORKERS, values, windows, rate)
        rows = []
        for place, visits in enumerate(each.visits):
            n = windows * naive.level_of_detail(visits) if visits > 0 else 0.0
            base = each.matrix[each.first + place, :SIZE].astype(np.float64)
            copies = each.copies[:, place, :SIZE]
            rows.append(naive.merged_row(base, copies, n, rate, known[name][1]))
            added = base + (copies - base).sum(axis=0)
            damped += np.abs(rows[-1] - added).max() > 0.1
        expected[name] = np.array(rows)
    assert damped > 5, "the rule matters"
    call(merge, engine)
    for name, each in matrices_of(engine).items():
        merged = each.matrix[each.first : each.first + len(expected[name])]
        assert np.allclose(merged[:, :SIZE], expected[name], atol=2e-5), name
        assert not merged[:, SIZE:].any()
        assert all((copies == merged).all() for copies in each.copies)


@pytest.mark.parametrize("settings", CASES, ids=str)
def test_rows_with_few_visits_are_merged_by_themselves(settings, monkeypatch):
    monkeypatch.setattr(replica_plan, "OFTEN_ROWS", 7)
    engine, *_ = engine_of(**settings)
    set_copies(engine, 0.3)
    control = engine.shared.shards.control

    def equal_rows():
        return {
            name: (each.copies == each.copies[0]).all(axis=(0, 2))
            for name, each in matrices_of(engine).items()
        }

    call(merge, engine)
    for name, equal in equal_rows().items():
        hot = slice(-7, None) if name == "nodes" else slice(7)
        assert equal[hot].all()
        assert equal.sum() == 7, name
    control[SELDOM] = 1
    sums = engine.shared.replicas.input_curvature.sums.copy()
    call(merge, engine)
    assert all(equal.all() for equal in equal_rows().values())
    assert (engine.shared.replicas.input_curvature.sums == sums).all()


def test_rare_rows_are_added_and_hot_rows_averaged():
    assert naive.factor(1e-7, 3) == pytest.approx(1, abs=1e-5)
    assert naive.factor(1e4, 3) == pytest.approx(1 / 3)


@pytest.mark.parametrize("visits", [1e-7, 0.001, 1.0, 30.0])
def test_levels_know_visits_to_an_eighth_of_an_octave(visits):
    level = float(levels_of(np.array([visits]))[0])
    assert 2.0 ** (6 - level / 8) == pytest.approx(naive.level_of_detail(visits))
    assert naive.level_of_detail(visits) == pytest.approx(visits, rel=0.05)


def naive_curvatures(engine, settings, counts):
    shares = centre_shares(counts, settings.sample)
    context, inverse = context_words(counts, settings)
    rows = matrices_of(engine)
    outputs = [name for name in rows if name != "inputs"]
    trained = [registry.visits(name, shares, counts, settings) for name in outputs]
    matrices = [rows[name].matrix[:, :SIZE] for name in outputs]
    cbow = settings.model == "cbow"
    of_inputs = naive.input_curvature(matrices, trained) * (inverse if cbow else 1)
    of_outputs = naive.output_curvature(
        rows["inputs"].matrix[:, :SIZE], shares, context, inverse, cbow
    )
    return of_inputs, of_outputs


@pytest.mark.parametrize("kernel", [merge, look], ids=["merging", "looking"])
@pytest.mark.parametrize("settings", CASES, ids=str)
def test_the_curvature_is_that_of_all_rows(settings, kernel):
    engine, _, corpus, wanted = engine_of(**settings)
    set_copies(engine, 0)
    replicas = engine.shared.replicas
    for _ in range(300):  # until the directions are found
        call(kernel, engine)
        for each in (replicas.input_curvature, replicas.output_curvature):
            update(each)
    expected = naive_curvatures(engine, wanted, corpus.vocabulary.counts)
    for found, matrix in zip(
        (replicas.input_curvature, replicas.output_curvature), expected, strict=True
    ):
        largest = np.linalg.eigvalsh(matrix)[::-1]
        assert np.allclose(found.values[:DIRECTIONS], largest[:DIRECTIONS], rtol=0.01)
        assert found.values[DIRECTIONS] == pytest.approx(largest[DIRECTIONS:].mean(), rel=0.02)
        unit = found.directions[:, :SIZE]
        assert np.allclose(unit @ unit.T, np.eye(DIRECTIONS), atol=1e-5)


@pytest.mark.parametrize("size", [1, 3, 6, 7])
def test_few_dimensions(size):
    engine, model, *_ = small_engine(4, tokens=3_000, threads=2, deterministic=True, size=size)
    engine.train()
    values = engine.shared.replicas.input_curvature.values
    assert np.isfinite(model.inputs).all()
    assert not model.inputs[:, size:].any()
    assert (values[:size] > 0).all()
    assert not values[size:DIRECTIONS].any()


@pytest.mark.parametrize("levels", range(11))
def test_share_of_visits_in_which_a_node_is_trained(levels):
    depths = np.arange(15)
    expected = [naive.trained_share(depth, levels) for depth in depths]
    assert share_trained(depths, levels) == pytest.approx(expected)


@pytest.mark.parametrize("mode", ["shrink", "fixed"])
@pytest.mark.parametrize("length", [2, 5, 60])
def test_context_words_of_sentences(length, mode):
    _, _, _, settings = small_engine(4, window=4, window_mode=mode, sample=0.0)
    widths = range(1, 5) if mode == "shrink" else [4]
    found = [
        sum(abs(other - centre) <= width for other in range(length) if other != centre)
        for width in widths
        for centre in range(length)
    ]
    counts = np.array([100, 60 * length, 40 * length])
    mean, inverse = context_words(counts, settings)
    assert mean == pytest.approx(np.mean(found))
    assert inverse == pytest.approx(np.mean(1 / np.array(found)), rel=0.12)


def test_shares_of_centre_words_are_those_kept():
    counts = np.array([7, 500, 100, 20, 3])
    shares = centre_shares(counts, 1e-2)
    kept = counts * (keep_thresholds(counts, 1e-2) / 2.0**32)
    assert shares[0] == 0
    assert shares[1:] == pytest.approx(kept[1:] / kept[1:].sum())
    assert centre_shares(np.zeros(4), 1e-3) == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3])
