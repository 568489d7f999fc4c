"""Co-occurrence counts and weights against simple twins."""

import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.corpus import read_sentences
from fastw2v.counts import runs
from fastw2v.counts.cooccurrence import Limits, count_cooccurrences, distance_weights
from fastw2v.counts.runs import Column, SortedRuns
from fastw2v.counts.weighting import weigh
from fastw2v.errors import CorpusError, OutputError, SettingsError

SMALL = Limits(table_bytes=1, memory_bytes=2000, chunk=7)


def twin_counts(sentences, window, weighting):
    share = {
        "none": lambda d: 1,
        "harmonic": lambda d: 1 / d,
        "dynamic": lambda d: (window - d + 1) / window,
    }[weighting]
    found = defaultdict(float)
    for words in sentences:
        for left in range(len(words)):
            for right in range(len(words)):
                if 0 < abs(left - right) <= window:
                    found[words[left], words[right]] += share(abs(left - right))
    return dict(found)


def twin_ppmi(counts, shift, smoothing):
    rows = Counter()
    for (word, _), count in counts.items():
        rows[word] += count
    smoothed = {word: count**smoothing for word, count in rows.items()}
    whole = sum(rows.values())
    found = {}
    for (word, context), count in counts.items():
        chance = rows[word] / whole * smoothed[context] / sum(smoothed.values())
        value = math.log(count / whole / chance) - math.log(shift)
        if value > 1e-7:  # beyond rounding
            found[word, context] = value
    return found


def as_dict(words, matrix, values):
    return {
        (words[row], words[matrix.columns[place]]): values[place]
        for row in range(len(words))
        for place in range(matrix.starts[row], matrix.starts[row + 1])
    }


def counted(sentences, **options):
    return count_cooccurrences(read_sentences(sentences, min_count=1), **options)


texts = st.lists(
    st.lists(st.sampled_from("abcdéf"), min_size=1, max_size=12), min_size=1, max_size=9
)


@settings(max_examples=60, deadline=None)
@given(
    texts,
    st.integers(1, 14),
    st.sampled_from(["none", "harmonic", "dynamic"]),
    st.integers(1, 3),
    st.booleans(),
)
def test_counts_are_those_of_the_twin(sentences, window, weighting, threads, small):
    expected = twin_counts(sentences, window, weighting)
    options = {"window": window, "distance_weighting": weighting, "threads": threads}
    options["limits"] = SMALL if small else Limits()
    if not expected:
        with pytest.raises(CorpusError, match="no two words"):
            counted(sentences, **options)
        return
    found = counted(sentences, **options)
    got = as_dict(found.words, found, found.counts())
    assert got.keys() == expected.keys()
    assert all(got[pair] == pytest.approx(expected[pair], rel=1e-9) for pair in got)
    places = [found.columns[a:b] for a, b in zip(found.starts, found.starts[1:], strict=False)]
    assert all((np.diff(columns) > 0).all() for columns in places)


def zipf_sentences(count=400):
    chance = np.random.default_rng(5)
    lines = [chance.zipf(1.4, size=chance.integers(2, 30)) for _ in range(count)]
    return [[f"w{word % 500}" for word in line] for line in lines]


@pytest.mark.parametrize("sample", [0.0, 1e-2])
def test_the_result_depends_on_neither_threads_nor_buffers(sample):
    sentences = zipf_sentences()
    whole = counted(sentences, sample=sample, seed=3)
    parts = counted(sentences, sample=sample, seed=3, threads=3, limits=SMALL)
    assert whole.runs_on_disk == 0
    assert parts.runs_on_disk > 1
    for name in ("starts", "columns", "values"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parts, name))


def test_subsampling_skips_frequent_words_before_windows_are_formed():
    # "the" is nearly always skipped, so that its neighbours become each other's.
    sentences = [["a", "the", "b", "the"]] * 400 + [["x", "y"]] * 4
    found = counted(sentences, window=1, sample=1e-4, seed=2)
    pairs = as_dict(found.words, found, found.counts())
    assert pairs["x", "y"] > 0
    assert ("a", "b") in pairs
    assert sum(pairs.values()) < 0.1 * sum(twin_counts(sentences, 1, "none").values())
    other = counted(sentences, window=1, sample=1e-4, seed=3)
    assert as_dict(other.words, other, other.counts()) != pairs


def test_weights_by_distance():
    assert [distance_weights(3, name)[0].tolist() for name in ("none", "dynamic", "harmonic")] == [
        [1, 1, 1],
        [3, 2, 1],
        [6, 3, 2],
    ]
    weights, unit = distance_weights(1000, "harmonic")
    np.testing.assert_allclose(weights / unit, 1 / np.arange(1, 1001), rtol=1e-5)


@pytest.mark.parametrize("shift", [1.0, 2.5])
@pytest.mark.parametrize("smoothing", [0.0, 0.75, 1.0])
def test_ppmi_is_that_of_the_twin(shift, smoothing):
    sentences = zipf_sentences(60)
    found = counted(sentences, distance_weighting="harmonic")
    matrix = weigh(found, "ppmi", shift, smoothing)
    expected = twin_ppmi(twin_counts(sentences, 5, "harmonic"), shift, smoothing)
    got = {pair: v for pair, v in as_dict(found.words, matrix, matrix.values).items() if v > 1e-7}
    assert got.keys() == expected.keys()
    assert all(got[pair] == pytest.approx(expected[pair], abs=1e-5) for pair in got)


def test_raw_and_log():
    found = counted([["a", "b", "a"]], window=2)
    assert weigh(found, "raw").values.tolist() == [2, 2, 2]
    np.testing.assert_allclose(weigh(found, "log").values, np.log([3, 3, 3]), rtol=1e-6)


def test_a_shift_that_leaves_nothing_is_an_error():
    with pytest.raises(SettingsError, match="lower shift"):
        weigh(counted([["a", "b"]]), "ppmi", 1e6)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.dictionaries(st.integers(0, 2**64 - 1), st.integers(0, 99)), max_size=6),
    st.integers(0, 300),
)
def test_runs_are_merged(dictionaries, memory):
    merged, expected = SortedRuns(memory), Counter()
    for each in dictionaries:
        keys = sorted(each)
        values = np.array([each[key] for key in keys], np.int64)
        merged.add(np.array(keys, np.uint64), values)
        for key in keys:
            expected[key] += each[key]
    keys, sums = merged.collected(limit=memory)
    assert dict(zip(keys.tolist(), sums.tolist(), strict=True)) == dict(expected)
    assert keys.tolist() == sorted(expected)


def test_blocks_of_a_merge_are_bounded(monkeypatch):
    monkeypatch.setattr(runs, "BLOCK", 64)
    merged, chance = SortedRuns(100), np.random.default_rng(2)
    for _ in range(20):
        keys = np.unique(chance.integers(0, 5000, 90).astype(np.uint64))
        merged.add(keys, np.ones(len(keys), np.int64))
    blocks = [keys for keys, _ in merged.merged()]
    assert len(blocks) > 5
    assert max(map(len, blocks)) < 4 * 64
    assert (np.diff(np.concatenate(blocks).astype(np.int64)) > 0).all()


def test_a_full_temporary_folder_is_one_line(monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(OutputError, match="set TMPDIR to a folder with more space"):
        Column(9, np.int32, limit=0)
