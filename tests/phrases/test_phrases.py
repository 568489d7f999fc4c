"""Phrases: against plain twins and gensim; settings and files."""

import bz2
import gzip
import lzma
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fastw2v.corpus import read_corpus
from fastw2v.corpus.reading import Limits
from fastw2v.errors import CorpusError, OutputError, SettingsError
from fastw2v.io.encoding import to_bytes
from fastw2v.phrases import PhraseSettings, write_phrases
from fastw2v.phrases.counting import count_pairs
from fastw2v.phrases.joining import join, phrase_spellings
from fastw2v.phrases.scoring import npmi, original, select_phrases
from fastw2v.phrases.spellings import merge_counts
from fastw2v.phrases.table import split_keys
from fastw2v.phrases.text import Text
from tests.support import naive_phrases
from tests.support.phrase_cases import COLLIDING, colliding_text, joined

# --- the twins --------------------------------------------------------------------------------

separators = st.sampled_from([b" ", b" ", b" ", b"\n", b"  ", b"\t", b"\r\n", b"\n\n"])
texts = st.lists(st.tuples(st.sampled_from(COLLIDING), separators), min_size=1, max_size=70).map(
    lambda pieces: b"".join(word + separator for word, separator in pieces)
)
quick = settings(deadline=None, max_examples=120)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


@quick
@given(texts, st.integers(1, 3), st.sampled_from([0, 0.5, 1, 2.5, 8]), st.integers(1, 3))
@example(b"a b\nc a b\nc a_b c", 1, 0.5, 2)
@example(b"a b c a b c a b c", 1, 0, 1)
def test_any_text_equals_the_naive_reference(scratch, text, min_count, threshold, threads):
    options = {"min_count": min_count, "threshold": threshold}
    assert joined(text, scratch, threads=threads, **options) == naive_phrases.original(
        text, **options
    )


@pytest.mark.parametrize("seed", range(6))
def test_words_that_look_like_phrases(tmp_path, seed):
    """Their counts are shared, which decides here what is joined."""
    text = colliding_text(seed)
    options = {"min_count": 2 + 5 * seed, "threshold": 0.7 + 0.1 * seed}
    expected = naive_phrases.original(text, **options)
    assert text.count(b"_") + 100 < expected.count(b"_")
    assert joined(text, tmp_path, **options) == expected


@quick
@given(texts, st.integers(1, 3), st.sampled_from([-1, -0.2, 0, 0.3]))
def test_any_text_with_npmi_equals_the_naive_reference(scratch, text, min_count, threshold):
    options = {"min_count": min_count, "threshold": threshold}
    assert joined(text, scratch, scoring="npmi", **options) == naive_phrases.npmi(text, **options)


@quick
@given(texts, st.lists(st.sampled_from([0, 0.5, 2.5]), min_size=1, max_size=3), st.booleans())
def test_any_passes_equal_the_naive_reference(scratch, text, thresholds, exact):
    """Also those whose words grow longer than the C program keeps."""
    text = text.replace(b"c", b"c" * 30)
    expected = text
    for threshold in thresholds:
        expected = naive_phrases.original(expected, 2, threshold, exact)
    options = {"min_count": 2, "threshold": thresholds, "exact": exact}
    assert joined(text, scratch, **options) == expected


def test_each_exact_pass_loses_a_last_word_without_separator(tmp_path):
    path, out = tmp_path / "t", tmp_path / "o"
    path.write_bytes(b"x y z")
    for passes, expected in ((1, b" x y"), (2, b" x"), (3, b""), (4, b"")):
        report = write_phrases(path, out, passes=passes, exact=True)
        assert out.read_bytes() == expected
        assert report["words_written"] == len(expected) // 2
        assert joined(b"x y z", tmp_path, passes=passes) == b" x y z"


@quick
@given(st.lists(st.integers(0, 40), max_size=300), st.integers(1, 4), st.booleans(), st.booleans())
def test_pairs_are_counted_once_and_together(ids, threads, across, large):
    ids = [word_id * 50_000_017 if large else word_id for word_id in ids]
    previous, expected = 0, {}
    for word_id in ids:
        if previous and word_id:
            expected[previous, word_id] = expected.get((previous, word_id), 0) + 1
        previous = word_id if word_id or not across else previous
    pairs = count_pairs(np.array(ids, np.int32), threads, across)
    firsts, seconds = split_keys(pairs.keys)
    keys = list(zip(firsts.tolist(), seconds.tolist(), strict=True))
    assert len(set(keys)) == len(keys)
    assert dict(zip(keys, pairs.counts.tolist(), strict=True)) == expected


def test_tables_grow_while_they_are_filled():
    random_ids = np.random.default_rng(7).integers(0, 3001, 400_003).astype(np.int32)
    pairs = count_pairs(random_ids, 2, across=False)
    both = (random_ids[1:] > 0) & (random_ids[:-1] > 0)
    keys = (random_ids[:-1].astype(np.uint64) << np.uint64(32)) | random_ids[1:].astype(np.uint64)
    keys, counts = np.unique(keys[both], return_counts=True)
    order = np.argsort(pairs.keys)
    assert len(keys) > 200_000
    np.testing.assert_array_equal(pairs.keys[order], keys)
    np.testing.assert_array_equal(pairs.counts[order], counts)


def test_ids_in_a_file_are_joined_there(tmp_path):
    """As those of a text too long for the memory are."""
    path = tmp_path / "text"
    path.write_bytes(colliding_text(6))
    texts = []
    for limit in (0, 1 << 30):
        corpus = read_corpus(path, min_count=1, limits=Limits(memory_bytes=limit))
        spellings = list(map(to_bytes, corpus.vocabulary.words))
        text = Text(corpus.ids, spellings, corpus.vocabulary.counts)
        pairs = count_pairs(text.ids, 2, across=True)
        phrases = select_phrases(pairs, merge_counts(text, pairs), text.words, "original", 5, 0.9)
        assert join(text, phrases, phrase_spellings(text, phrases)) > 100
        assert np.bincount(text.ids, minlength=len(text.counts)).tolist() == text.counts.tolist()
        texts.append([text.spellings[word_id] for word_id in text.ids])
    assert texts[0] == texts[1]


# --- gensim -----------------------------------------------------------------------------------


def counts_to_score():
    """Counts of pairs, first words and second words: (3, 500) int64."""
    chance = np.random.default_rng(102)
    pairs = chance.integers(1, 60, 500)
    return pairs, pairs + chance.integers(0, 900, 500), pairs + chance.integers(0, 90, 500)


def test_scores_are_those_of_gensim():
    phrases = pytest.importorskip("gensim.models.phrases")
    words = 100_003
    counts = counts_to_score()
    for ours, theirs, tolerance in (
        (npmi, phrases.npmi_scorer, 1e-13),
        (original, phrases.original_scorer, 1e-6),
    ):
        scores = ours(*counts, words, 7)
        expected = [
            theirs(
                worda_count=first,
                wordb_count=second,
                bigram_count=pair,
                len_vocab=words,  # gensim multiplies by another number than the C program
                min_count=7,
                corpus_word_count=words,
            )
            for pair, first, second in zip(*(count.tolist() for count in counts), strict=True)
        ]
        if ours is original:  # where gensim's fall below 0
            expected = np.maximum(expected, 0)
        np.testing.assert_allclose(scores, expected, rtol=tolerance)


def test_npmi_joins_what_gensim_joins(tiny_corpus, tmp_path):
    phrases = pytest.importorskip("gensim.models.phrases")
    lines = [line.split() for line in tiny_corpus.read_text().splitlines()]
    model = phrases.Phrases(lines, min_count=5, threshold=0.2, scoring="npmi")
    expected = "".join(" " + " ".join(model[line]) + "\n" for line in lines)
    assert expected.count("_") > 300
    out = tmp_path / "out.txt"
    write_phrases(tiny_corpus, out, min_count=5, threshold=0.2, scoring="npmi")
    assert out.read_text() == expected


def test_scores_by_hand():
    """20 of 1,000 pairs, words seen 40 and 50 times: ten times as often as by chance."""
    counts = [np.array([count, 4]) for count in (20, 40, 50)]
    assert original(*counts, 1000, 5).tolist() == [7.5, 0]
    np.testing.assert_allclose(npmi(*counts, 1000, 5), [np.log(10) / np.log(50), -np.inf])


# --- files ------------------------------------------------------------------------------------

NEW_YORK = b"new york is new york\nold york is not\nnew york and\n" * 3
JOINED = b" new_york is new_york\n old york is not\n new_york and\n" * 3


def test_report_and_list(tmp_path):
    path, out, listed = tmp_path / "t", tmp_path / "o", tmp_path / "l"
    path.write_bytes(NEW_YORK)
    report = write_phrases(path, out, list_to=listed, min_count=5, threshold=0.4, threads=1)
    assert out.read_bytes() == JOINED.replace(b"york is not", b"york_is not")
    assert report["words_read"] == 36
    assert report["words_written"] == 24
    assert report["settings"] == {
        "min_count": 5,
        "threshold": (0.4,),
        "scoring": "original",
        "passes": 1,
        "threads": 1,
        "exact": False,
    }
    # Pairs: new york, york is, is new, old york, is not, york and; across line ends york old, not
    # new, and new.
    assert report["passes"] == [
        {
            "threshold": 0.4,
            "words": 36,
            "distinct_words": 6,
            "distinct_bigrams": 9,
            "entries": 15,
            "entries_kept": 5,  # york, new, is; new york, york is
            "phrases": 2,
            "joined": 12,
        }
    ]
    assert (report["phrases"], report["joined"]) == (2, 12)
    score = np.float32(4) / np.float32(9) / np.float32(12) * np.float32(36)
    lines = [b"new_york\t%.6g\t9\t1" % score, b"york_is\t0.5\t6\t1"]
    assert listed.read_bytes().splitlines() == lines
    for name in ("read_seconds", "join_seconds", "write_seconds"):
        assert report[name] >= 0


def test_each_spelling_is_one_entry(tmp_path):
    """The word a_b is the pair a b; a_b c is a b_c."""
    path = tmp_path / "t"
    path.write_bytes(b"a b\nc x a_b\nc y a b_c")
    stats = write_phrases(path, tmp_path / "o", threshold=1e9, min_count=2)["passes"][0]
    words = {"a", "b", "c", "x", "a_b", "y", "b_c"}
    pairs = ["a_b", "b_c", "c_x", "x_a_b", "a_b_c", "c_y", "y_a", "a_b_c"]
    assert stats["distinct_words"] == len(words)
    assert stats["distinct_bigrams"] == len(pairs)
    assert stats["entries"] == len(words.union(pairs))
    assert stats["entries_kept"] == 5  # a, c, a_b, b_c, a_b_c


@pytest.mark.parametrize(
    ("ending", "unpack"),
    [(".gz", gzip.decompress), (".BZ2", bz2.decompress), (".xz", lzma.decompress)],
)
def test_the_output_is_compressed_by_its_name(tmp_path, ending, unpack):
    (tmp_path / "t").write_bytes(NEW_YORK)
    out, listed = tmp_path / f"out{ending}", tmp_path / f"list{ending}"
    write_phrases(tmp_path / "t", out, list_to=listed, threshold=0.6)
    assert unpack(out.read_bytes()) == JOINED
    assert unpack(listed.read_bytes()).startswith(b"new_york\t")


def test_several_files_are_one_text_and_one_may_be_the_output(tmp_path):
    first, second = tmp_path / "1", tmp_path / "2"
    first.write_bytes(NEW_YORK[:-1])
    second.write_bytes(b"\xef\xbb\xbf" + NEW_YORK)
    write_phrases([first, second], second, threshold=2)
    assert second.read_bytes() == JOINED * 2
    assert first.read_bytes() == NEW_YORK[:-1]


def test_any_bytes_survive(tmp_path):
    line = b" caf\xc3\xa9 \xff\xfe\x0b \xc2\xa0 nul\0nul caf\xc3\xa9 \xff\xfe\x0b\n"
    expected = line.replace(b"\xa9 \xff", b"\xa9_\xff") * 5
    assert joined(line * 5, tmp_path, threshold=0.1) == expected


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"scoring": "npmi", "threshold": 1.5}, "threshold is 1.5; for npmi scoring it must be"),
        ({"scoring": "npmi", "threshold": [0.5, -2]}, "threshold is -2; .* from -1 to 1"),
        ({"threshold": -1}, "threshold is -1; .* from 0 to"),
        ({"threshold": float("nan")}, "threshold is nan"),
        ({"threshold": "100"}, "threshold is '100'"),
        (
            {"threshold": [3, 2, 1], "passes": 2},
            "passes is 2, but threshold has 3 values; set passes=3",
        ),
        ({"min_count": 0}, "min_count is 0; it must be a whole number from 1"),
        ({"passes": 0}, "passes is 0"),
        ({"threads": 0}, "threads is 0"),
        ({"scoring": "pmi"}, "scoring is 'pmi'; it must be original or npmi"),
        (
            {"scoring": "npmi", "exact": True},
            "exact reproduces the C program, which has no scoring='npmi'",
        ),
    ],
)
def test_settings_are_checked(options, message):
    with pytest.raises(SettingsError, match=message):
        PhraseSettings(**options)


def test_thresholds_are_assigned_to_passes():
    assert PhraseSettings().threshold == (100.0,)
    assert PhraseSettings(scoring="npmi", threshold=()).threshold == (0.5,)
    assert PhraseSettings(threshold=[200, 100]).passes == 2
    assert PhraseSettings(threshold=(200, 100), passes=4).threshold == (200, 100, 100, 100)


def test_old_files_stay_after_a_failure(tmp_path):
    path, out = tmp_path / "empty", tmp_path / "out"
    path.write_bytes(b" \n\n\t")
    out.write_bytes(b"old")
    with pytest.raises(CorpusError, match="no words in it"):
        write_phrases(path, out)
    assert out.read_bytes() == b"old"
    path.write_bytes(NEW_YORK)
    for options in ({"output": tmp_path / "no" / "out"}, {"list_to": tmp_path / "no" / "list"}):
        with pytest.raises(OutputError, match="does not exist"):
            write_phrases(**{"corpus": path, "output": out} | options)
    assert out.read_bytes() == b"old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["empty", "out"]


def test_without_the_compiler(tmp_path):
    text = colliding_text(8, words=300) + b"z" * 60
    options = {"threshold": [1.5, 0.5], "min_count": 2, "exact": True, "threads": 2}
    expected = joined(text, tmp_path, **options)
    script = "import sys; from fastw2v.phrases import write_phrases; "
    script += f"write_phrases(sys.argv[1], '-', **{options})"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(tmp_path / "text.txt")],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        check=True,
        capture_output=True,
        timeout=300,
    )
    assert done.stdout == expected
    assert expected.count(b"_") > text.count(b"_")
