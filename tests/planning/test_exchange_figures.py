"""How many rows are moved, how often ranks exchange, what is sent: against plain twins."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from fastw2v.engines.rank_plan import NEVER, RankPlan, plan_ranks
from fastw2v.engines.replicas import centre_shares
from fastw2v.model.noise import noise_shares
from fastw2v.model.subsampling import keep_thresholds
from fastw2v.planning.exchanges import Intervals, exchanges_of, intervals
from fastw2v.planning.frequencies import of_counts, of_numbers
from fastw2v.planning.visits import CLUMP, MOST_LISTED, kept_share, visits_of
from fastw2v.settings import Settings


def counts_of(words: int) -> np.ndarray:
    counts = 5 + 300_000 // np.arange(1, words)
    return np.concatenate([[1_000], counts]).astype(np.int64)


def settings_of(**more) -> Settings:
    return Settings(size=20, threads=1, **more)


@pytest.mark.parametrize("sample", [0, 1e-3, 1e-5])
@pytest.mark.parametrize("layer", [{"negative": 7, "noise_exponent": 0.6}, {"nce": True}])
def test_rows_visited_are_those_of_all_words_one_by_one(sample, layer):
    counts = counts_of(3_000)
    settings = settings_of(sample=sample, **layer)
    found = visits_of(of_counts(counts), settings)
    centres = centre_shares(counts, sample) / CLUMP
    noise = settings.negative * noise_shares(counts, settings.noise_exponent)
    for windows in (1, 100, 10_000, 10**7):
        inputs = (1 - np.exp(-centres * windows)).sum()
        outputs = (1 - np.exp(-(centres + noise) * windows)).sum()
        assert found["inputs"].visited(windows) == pytest.approx(inputs, rel=1e-3)
        assert found["outputs"].visited(windows) == pytest.approx(outputs, rel=1e-3)
    kept = (counts * (keep_thresholds(counts, sample) / 2.0**32))[1:].sum() / counts[1:].sum()
    assert kept_share(of_counts(counts), settings) == pytest.approx(kept, rel=1e-3)


def test_nodes_of_a_large_vocabulary_all_count():
    settings = settings_of(hs=True, negative=0)
    found = visits_of(of_numbers(10**9, 2 * MOST_LISTED, 5), settings)
    assert found["nodes"].visited(1) == 2 * MOST_LISTED + 1
    small = visits_of(of_counts(counts_of(500)), settings)
    assert 0 < small["nodes"].visited(10) < small["nodes"].visited(1_000) < 500


def test_the_full_softmax_moves_all_output_rows():
    found = visits_of(of_counts(counts_of(300)), settings_of(softmax=True))
    assert found["outputs"].visited(100) == pytest.approx(300, rel=1e-6)


def plain_intervals(plan: RankPlan, kept: int, epochs: int) -> Intervals:
    """One exchange after the other, each a list of its words and of whether it overlaps."""
    found = []
    for _ in range(epochs):
        left, of_epoch = kept, []
        while left > 0:
            # What is known is how much was trained before the last exchange that has ended.
            ended = found + of_epoch[:-1] if of_epoch and of_epoch[-1][1] else found + of_epoch
            interval = plan.next_interval(sum(words for words, _ in ended))
            in_a_row = [overlaps for _, overlaps in of_epoch][::-1]
            before = in_a_row.index(False) if False in in_a_row else len(in_a_row)
            words = min(left, interval.words)
            of_epoch.append((words, plan.may_overlap(interval, before, left)))
            left -= words
        found += of_epoch
    return Intervals(*(Counter(n for n, late in found if late == which) for which in (0, 1)))


@pytest.mark.parametrize("epochs", [1, 2, 7])
@pytest.mark.parametrize("kept", [0, 1, 1_999, 100_000, 1_234_567])
@pytest.mark.parametrize("interval", [1, 2_000, 70_001, 10**7])
@pytest.mark.parametrize("settled", [2_500, NEVER])
def test_intervals_are_those_of_a_training(settled, interval, kept, epochs):
    if interval == 1 and kept > 2_000:
        kept = 500
    plan = RankPlan(2, interval, 1.0, settled=settled)
    found = plain_intervals(plan, kept, epochs)
    assert found.overlapped or kept < 4 * min(interval, settled)
    assert intervals(plan, kept, epochs) == found


def test_intervals_of_a_long_training_are_found_at_once():
    found = intervals(RankPlan(64, 1_000, 1.0), 10**14 + 7, 5)
    lengths = found.waited + found.overlapped
    assert sum(words * times for words, times in lengths.items()) == 5 * (10**14 + 7)


@pytest.mark.parametrize("form", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("ranks", [2, 3, 8])
def test_bytes_are_those_of_ranks_that_send_row_by_row(ranks, form):
    """The twin draws what each rank moves, and counts every row that is sent."""
    counts = counts_of(6_000)
    settings = settings_of(sample=0, negative=2)
    windows, size = 9_000, settings.size
    matrices = visits_of(of_counts(counts), settings)
    rng = np.random.default_rng(5)
    of_row = 4 + {"float32": 4 * size, "bfloat16": 2 * size, "int8": 4 + size}[form]
    sent = 0
    turns = 20
    for _ in range(turns):
        for each in matrices.values():
            visits = np.repeat(each.visits, each.repeats.astype(int))
            owners = np.arange(len(visits)) % ranks
            moved = rng.random((ranks, len(visits))) < 1 - np.exp(-visits * windows / ranks)
            sent += of_row * (moved[0] & (owners != 0)).sum()
            sent += of_row * (moved.any(axis=0) & (owners == 0)).sum() * (ranks - 1)
    plan = RankPlan(ranks, windows, 1.0)
    found = exchanges_of(
        plan, Intervals(Counter([windows]), Counter()), matrices, len(counts), settings, form
    )
    nothing = Intervals(Counter([0]), Counter())
    none = exchanges_of(plan, nothing, matrices, len(counts), settings, form)
    assert found.count == 1
    assert found.compared_rows == 2 * len(counts)
    assert found.bytes_sent - none.bytes_sent == pytest.approx(sent / turns, rel=0.03)


def test_bytes_are_those_that_ranks_send():
    """Of an engine of three ranks that train a text drawn by chance, without clumps."""
    from fastw2v.corpus import Corpus
    from fastw2v.corpus.vocabulary import Vocabulary
    from fastw2v.engines.ranks import RanksEngine
    from fastw2v.model.matrices import new_model
    from fastw2v.ranks.job import RankJob
    from fastw2v.ranks.threads import run_ranks

    counts = counts_of(600)
    settings = settings_of(model="skipgram", epochs=1, sample=0, negative=3)
    rng = np.random.default_rng(2)
    drawn = rng.choice(600, 60_000, p=counts / counts.sum()).astype(np.int32)
    counts = np.bincount(drawn, minlength=600)
    words = Vocabulary(["</s>", *map(str, range(1, 600))], counts)
    ranks = 3

    def work(own):
        part = np.array_split(drawn, ranks)[own.rank]
        text = Corpus(part, words, len(part), len(part), 0, 0.0, 0.0)
        engine = RanksEngine(text, new_model(600, settings), settings, RankJob(own))
        before = own.bytes_sent
        with engine.turn():
            engine.prepare()
            engine.train()
        return engine.exchanges, own.bytes_sent - before, engine.arrangement()

    count, _, arrangement = run_ranks(ranks, work)[0]
    frequencies = of_counts(np.concatenate([counts[:1], np.sort(counts[1:])[::-1]]))
    visits = visits_of(frequencies, settings)
    unclumped = {
        name: replace(each, visits=each.visits * (CLUMP if name == "inputs" else 1))
        for name, each in visits.items()
    }
    plan = plan_ranks(600, frequencies.tokens, ranks, ranks, settings)
    found = exchanges_of(
        plan, intervals(plan, frequencies.tokens, 1), unclumped, 600, settings, "int8"
    )
    assert abs(found.count - count) <= 1
    assert found.bytes_sent == pytest.approx(max(arrangement["bytes_sent"]), rel=0.1)
