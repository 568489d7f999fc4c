"""One exchange between ranks, against a plain twin: ranks are threads here."""

from functools import partial

import numpy as np
import pytest

from fastw2v.engines.exchange import ModelExchange
from fastw2v.engines.matrix_exchange import Trained
from fastw2v.model.matrices import new_model
from fastw2v.ranks.threads import run_ranks
from fastw2v.settings import Settings
from tests.support import naive_replicas as naive
from tests.support.kernel_cases import set_curvature, small_corpus

RANKS, SIZE = 3, 20
TOLERANCES = {"float32": 2e-5, "bfloat16": 0.02, "int8": 0.02}
CASES = [
    {"model": "skipgram", "negative": 4},
    {"model": "cbow", "negative": 3, "hs": True},
]


@pytest.mark.parametrize("form", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("settings", CASES, ids=str)
def test_changes_are_merged_by_the_rule(settings, form):
    settings = Settings(threads=1, size=SIZE, **settings)
    counts = small_corpus(4).vocabulary.counts
    words, rate = 700.0, 0.03

    def work(ranks):
        model = new_model(len(counts), settings)
        of_model = ModelExchange(counts, model, settings, ranks, form)
        known = [set_curvature(each, seed, SIZE) for seed, each in enumerate(of_model.curvatures)]
        of_model._look = of_model._update_curvatures = lambda: None
        rng = np.random.default_rng(ranks.rank)
        befores = {}
        for name, each in of_model.matrices.items():
            base = each.matrix[:, :SIZE].copy()
            # Some rows are moved by nobody, most by some ranks only.
            moved = rng.random(len(base)) < 0.7
            moved[:2] = False
            each.matrix[moved, :SIZE] += rng.normal(0, 0.3, (moved.sum(), SIZE))
            befores[name] = base, each.matrix[:, :SIZE].copy()
        of_model.exchange(Trained(words, rate, RANKS))
        found = {}
        for name, each in of_model.matrices.items():
            assert (each.base == each.matrix).all()
            assert not each.matrix[:, SIZE:].any()
            found[name] = *befores[name], each.matrix[:, :SIZE].copy(), each.visits
        return found, known

    of_ranks = run_ranks(RANKS, work)
    damped = 0
    for name, (base, _, merged, visits) in of_ranks[0][0].items():
        copies = np.array([found[name][1] for found, _ in of_ranks])
        curvature = of_ranks[0][1][name != "inputs"]
        for row, often in enumerate(visits):
            n = words * naive.level_of_detail(often) if often > 0 else 0.0
            wanted = naive.merged_row(
                base[row].astype(np.float64), copies[:, row], n, rate, curvature
            )
            added = base[row] + (copies[:, row] - base[row]).sum(axis=0)
            damped += np.abs(wanted - added).max() > 0.1
            assert np.allclose(merged[row], wanted, atol=TOLERANCES[form]), (name, row)
        assert (merged[:2] == base[:2]).all()
        assert all((found[name][2] == merged).all() for found, _ in of_ranks), name
    assert damped > 5, "the rule matters"


@pytest.mark.parametrize("form", ["float32", "int8"])
def test_threads_of_a_rank_share_an_exchange_and_give_the_same_bytes(form):
    counts = small_corpus(4).vocabulary.counts

    def work(ranks, threads):
        settings = Settings(threads=threads, size=SIZE, hs=True)
        of_model = ModelExchange(counts, new_model(len(counts), settings), settings, ranks, form)
        rng = np.random.default_rng(ranks.rank)
        for _ in range(2):
            for each in of_model.matrices.values():
                moved = rng.random(len(each.matrix)) < 0.5
                each.matrix[moved, :SIZE] += rng.normal(0, 0.3, (moved.sum(), SIZE))
            of_model.exchange(Trained(700.0, 0.03, RANKS))
        return [each.matrix.tobytes() for each in of_model.matrices.values()]

    of_one = run_ranks(RANKS, lambda ranks: work(ranks, 1))
    assert of_one[0] == of_one[1]
    assert run_ranks(RANKS, lambda ranks: work(ranks, 5)) == of_one


@pytest.mark.parametrize("form", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_what_diverges_on_one_rank_does_on_all(form, number):
    settings = Settings(threads=1, size=SIZE)
    counts = small_corpus(4).vocabulary.counts

    def work(ranks):
        of_model = ModelExchange(counts, new_model(len(counts), settings), settings, ranks, form)
        inputs = of_model.matrices["inputs"]
        if ranks.rank == 1:
            inputs.matrix[3, 2] = number
            inputs.matrix[4, 2] = number
        with np.errstate(invalid="ignore"):
            of_model.exchange(Trained(700.0, 0.03, RANKS))
        return np.isfinite(inputs.base[3:5, :SIZE]).all(axis=1)

    for finite in run_ranks(RANKS, work):
        assert not finite.any()


def test_only_rows_that_were_moved_are_sent():
    settings = Settings(threads=1, size=SIZE)
    counts = small_corpus(4).vocabulary.counts

    def work(ranks):
        of_model = ModelExchange(counts, new_model(len(counts), settings), settings, ranks)
        each = of_model.matrices["inputs"]
        of_model._look = of_model._update_curvatures = lambda: None
        sent = []
        for rows in ([], [1, 2, 3, 4, 5, 6]):
            each.matrix[rows, 0] += 1
            before = ranks.bytes_sent
            of_model.exchange(Trained(100.0, 0.02, RANKS))
            sent.append(ranks.bytes_sent - before)
        return sent

    row = 4 * (1 + SIZE)  # of float32
    for none, some in run_ranks(RANKS, work):
        assert none == 0
        # Four rows to their owners, and the two of its own to two others.
        assert some == (4 + 2 * 2) * row


@pytest.mark.parametrize("form", ["float32", "bfloat16", "int8"])
def test_what_was_trained_beside_an_exchange_is_kept(form):
    """A late end moves the base as an end at once does, and the matrix as far as it, less what was
    sent."""
    counts = small_corpus(4).vocabulary.counts

    def work(ranks, late):
        settings = Settings(threads=2, size=SIZE)
        of_model = ModelExchange(counts, new_model(len(counts), settings), settings, ranks, form)
        rng = np.random.default_rng(ranks.rank)

        def train():
            for each in of_model.matrices.values():
                moved = rng.random(len(each.matrix)) < 0.6
                each.matrix[moved, :SIZE] += rng.normal(0, 0.3, (moved.sum(), SIZE))

        train()
        before = {name: each.matrix.copy() for name, each in of_model.matrices.items()}
        of_model.begin()
        if late:
            train()
        of_model.carry_out(lambda: Trained(700.0, 0.03, RANKS))
        trained = {name: each.matrix - before[name] for name, each in of_model.matrices.items()}
        of_model.end(late)
        return [
            (each.base.copy(), each.matrix - each.base, trained[name])
            for name, each in of_model.matrices.items()
        ]

    at_once = run_ranks(RANKS, partial(work, late=False))
    ended_late = run_ranks(RANKS, partial(work, late=True))
    for ours, theirs in zip(at_once, ended_late, strict=True):
        for (base, none, _), (other, ahead, trained) in zip(ours, theirs, strict=True):
            assert (base == other).all()
            assert not none.any()
            assert trained.any()
            np.testing.assert_allclose(ahead, trained, atol=TOLERANCES[form])
            assert not ahead[:, SIZE:].any()
