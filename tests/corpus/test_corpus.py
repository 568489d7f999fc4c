"""Splitting, counting and encoding, against twins in plain Python."""

import os
import subprocess
import sys
from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fastw2v.corpus import count_words, read_corpus
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.merging import merge_lexicons
from fastw2v.corpus.reading import Limits
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.corpus.words import decode
from fastw2v.errors import CorpusError, VocabularyError
from fastw2v.io.compression import kind_of
from fastw2v.io.encoding import SENTENCE_END, to_bytes, to_word

END = b"</s>"


def split(text: bytes) -> list[bytes]:
    """The tokens of a text by the default rules."""
    text = text.removeprefix(b"\xef\xbb\xbf").replace(b"\r", b"")
    tokens = []
    for number, line in enumerate(text.replace(b"\t", b" ").split(b"\n")):
        tokens += [END] if number else []
        tokens += [word for word in line.split(b" ") if word]
    return tokens


def split_as_c(text: bytes) -> list[bytes]:
    """The tokens that the C program reads, one byte at a time."""
    tokens, word = [], b""
    for byte in text:
        if byte == 13:
            continue
        if byte not in b" \t\n":
            word += bytes([byte])
            continue
        if word:
            tokens.append(word[:98].split(b"\0")[0])  # C strings end at a NUL
        word = b""
        if byte == 10:
            tokens.append(END)
    return tokens


def naive_corpus(tokens, min_count=1, max_vocab=None):
    """``(words, counts, ids)`` of a list of tokens."""
    counts = Counter(tokens)  # remembers the order of first sight, and sorting is stable
    words = sorted(counts, key=lambda word: -counts[word])
    words = [word for word in words if word != END and counts[word] >= min_count]
    words = [END, *words[:max_vocab]]
    ids = {word: word_id for word_id, word in enumerate(words)}
    return words, [counts[word] for word in words], [ids[word] for word in tokens if word in ids]


def agree(corpus, tokens, **options):
    """Assert that a corpus is what the twin makes of these tokens."""
    words, counts, ids = naive_corpus(tokens, **options)
    assert [to_bytes(word) for word in corpus.vocabulary.words] == words
    assert corpus.vocabulary.counts.tolist() == counts
    assert corpus.vocabulary.counts.dtype == np.int64
    assert corpus.ids.tolist() == ids
    assert corpus.ids.dtype == np.int32
    assert corpus.ids.flags.c_contiguous
    assert corpus.words_read == sum(token != END for token in tokens)
    assert corpus.words_known == sum(word_id != 0 for word_id in ids)
    assert corpus.sentences == tokens.count(END) + (tokens[-1:] != [END])


@pytest.fixture(scope="module")
def text_file(tmp_path_factory):
    return tmp_path_factory.mktemp("text") / "text.txt"


pieces = st.one_of(
    st.sampled_from([b" ", b"\t", b"\n", b"\r", b"\r\n", b"\n\n", b"\0", b"</s>", b"\xef\xbb\xbf"]),
    st.sampled_from([b"the", b"of", b"a", b"of\0", b"Caf\xc3\xa9", b"\xff", b"\x0b", b"\xc2\xa0"]),
    st.sampled_from([b"abcdefg", b"abcdefgh", b"abcdefghi", b"x" * 98, b"x" * 99, b"x" * 97]),
    st.binary(max_size=20),
)
# Not what begins as an archive does: hypothesis knows such bytes from the sources it tests.
texts = st.lists(pieces, max_size=60).map(b"".join).filter(lambda text: kind_of(text) is None)
words_to_merge = st.binary(min_size=1, max_size=40).filter(
    lambda word: word != END and not set(word) & set(b" \t\r\n")
)
quick = settings(deadline=None, max_examples=150)


@quick
@given(texts, st.integers(1, 40), st.integers(1, 3), st.integers(1, 3))
@example(b"a" + b" " * 40 + b"a\n", 7, 2, 1)
@example(b"\xef\xbb\xbf\xef\xbb\xbf x y x", 1, 1, 1)
@example(b"tie wins tie loses wins loses third", 7, 3, 2)
def test_any_text_in_any_blocks_with_any_threads(text_file, text, block_bytes, threads, min_count):
    text_file.write_bytes(text)
    tokens = split(text)
    limits = Limits(block_bytes)
    if len(naive_corpus(tokens, min_count)[0]) == 1:
        with pytest.raises(CorpusError, match=r"text\.txt: "):
            read_corpus(text_file, min_count=min_count, threads=threads, limits=limits)
        return
    corpus = read_corpus(text_file, min_count=min_count, threads=threads, limits=limits)
    agree(corpus, tokens, min_count=min_count)


@quick
@given(texts, st.integers(1, 40), st.integers(1, 3))
@example(b"lost\n" + b"y" * 98 + b" " + b"y" * 99 + b"\nlast", 7, 1)
@example(b"nul\0one nul\0two \0empty </s>\n", 7, 1)
def test_the_rules_of_the_c_program(text_file, text, block_bytes, threads):
    text_file.write_bytes(text)
    tokens = split_as_c(text)
    if set(tokens) <= {END}:
        return
    limits = Limits(block_bytes)
    corpus = read_corpus(text_file, min_count=1, c_rules=True, threads=threads, limits=limits)
    agree(corpus, tokens)


@quick
@given(
    st.lists(st.binary(min_size=1, max_size=40).map(lambda word: word.translate(None, b" \t\r\n")))
)
def test_a_growing_lexicon_loses_no_word(words):
    """A lexicon that starts with room for nothing, fed word by word from another one."""
    words = list(dict.fromkeys([END, *filter(None, words)]))
    counts = range(3, 3 + len(words))
    firsts = range(100, 100 + len(words))
    full = Lexicon.of_words(list(map(to_word, words)), counts, firsts)
    small = Lexicon(slots=2, records=4)
    ids = small.merge(full.words())
    assert ids.tolist() == list(range(len(words)))
    assert list(map(to_bytes, decode(small.words(), ids))) == words
    assert small.words().counts.tolist() == list(counts)
    assert small.words().firsts.tolist() == [0, *firsts[1:]]
    assert full.merge(small.words(), add=False).tolist() == ids.tolist()
    assert full.words().counts.tolist() == [2 * count for count in counts]


def test_merging_without_adding_ignores_new_words():
    lexicon = Lexicon.of_words(["</s>", "known"], [0, 0], [0, 0])
    other = Lexicon.of_words(["</s>", "new", "known"], [1, 2, 3], [0, 1, 2])
    assert lexicon.merge(other.words(), add=False).tolist() == [0, -1, 1]
    assert len(lexicon) == 2


def test_a_lexicon_without_slots_to_spare_takes_long_words():
    lexicon = Lexicon(slots=2, records=4)
    other = Lexicon.of_words([SENTENCE_END, "x" * 99], [1, 2], [0, 1])
    assert lexicon.merge(other.words()).tolist() == [0, 1]
    assert decode(lexicon.words(), np.array([1])) == ["x" * 99]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.dictionaries(words_to_merge, st.integers(1, 9)), min_size=2, max_size=4))
@example([{b"same": 1, b"x" * 16: 2, b"x" * 17: 3}] * 3)
def test_lexicons_are_merged_in_parts_as_one_after_another(lexicons):
    """The same words, counts, first positions and ids, but for the numbering."""
    made = [
        Lexicon.of_words(
            [SENTENCE_END, *map(to_word, counts)],
            [7, *counts.values()],
            [0, *range(number + 1, 1 + number + 10 * len(counts), 10)],
        )
        for number, counts in enumerate(lexicons)
    ]
    totals, firsts = Counter({END: 7 * len(lexicons)}), {END: 0}
    for number, counts in enumerate(lexicons):
        totals.update(counts)
        for place, word in enumerate(counts):
            first = 10 * place + number + 1
            firsts[word] = min(first, firsts.get(word, first))
    merged, ids = merge_lexicons(list(made))
    spelled = list(map(to_bytes, decode(merged, np.arange(len(merged.counts)))))
    assert spelled[0] == END
    assert dict(zip(spelled, merged.counts.tolist(), strict=True)) == totals
    assert dict(zip(spelled, merged.firsts.tolist(), strict=True)) == firsts
    for counts, own_ids in zip(lexicons, ids, strict=True):
        assert [spelled[i] for i in own_ids] == [END, *counts]


def test_many_words_and_blocks_with_threads(tmp_path):
    """Enough words for tables to grow in the middle of blocks, in every thread."""
    random = np.random.default_rng(seed=102)
    numbers = random.zipf(1.2, size=300_000) % 200_003
    spelled = [b"w%d" % number for number in numbers]
    text = b" ".join(spelled[:250_000]) + b"\n" + b"\n".join(spelled[250_000:])
    path = tmp_path / "long.txt"
    path.write_bytes(text)
    tokens = split(text)
    for threads in (1, 3):
        corpus = read_corpus(path, min_count=3, threads=threads, limits=Limits(50_000))
        agree(corpus, tokens, min_count=3)


def test_long_words_stay_whole_and_distinct(tmp_path):
    first, second = ("é" * 500 + letter for letter in "ab")
    path = tmp_path / "long.txt"
    path.write_text(f"{first} {second} {first} " + "z" * 3_000_000 + " end", "utf-8")
    corpus = read_corpus(path, min_count=1)
    assert corpus.vocabulary.words[1:3] == [first, second]
    assert len(corpus.vocabulary.words[3]) == 3_000_000
    assert corpus.ids.tolist() == [1, 2, 1, 3, 4]


def test_a_text_without_separators_is_refused_in_bounded_memory(tmp_path):
    path = tmp_path / "binary.dat"
    path.write_bytes(b"ok words " + b"\0" * (18 << 20))
    with pytest.raises(CorpusError, match=r"binary\.dat: a word of more than 16 MiB up to byte"):
        read_corpus(path, min_count=1)


def test_the_c_rules_cut_a_text_without_separators(tmp_path):
    path = tmp_path / "one.txt"
    path.write_bytes(b"first " + (b"\r" * 3 + b"abcde") * (3 << 20) + b" last ")
    corpus = read_corpus(path, min_count=1, c_rules=True)
    assert corpus.vocabulary.words == ["</s>", "first", ("abcde" * 20)[:98], "last"]
    assert corpus.ids.tolist() == [1, 2, 3]


def test_max_vocab_keeps_the_most_frequent_words_and_the_sentence_end(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"b a a c\nc d b")
    corpus = read_corpus(path, min_count=1, max_vocab=2)
    assert corpus.vocabulary.words == ["</s>", "b", "a"]
    agree(corpus, split(b"b a a c\nc d b"), max_vocab=2)


def test_a_given_vocabulary_is_used_as_it_is(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"new a b\na a new long-word-of-many-bytes\n")
    words = ["</s>", "b", "not there", "long-word-of-many-bytes", "a"]
    given_one = Vocabulary(words, np.array([7, 6, 5, 4, 0]))
    for threads in (1, 2):
        limits = Limits(5)
        corpus = read_corpus(path, vocabulary=given_one, threads=threads, limits=limits)
        assert corpus.vocabulary is given_one
        assert corpus.ids.tolist() == [4, 1, 0, 4, 4, 3, 0]
        assert (corpus.words_read, corpus.words_known, corpus.sentences) == (7, 5, 2)


def test_a_given_vocabulary_without_matching_words_is_an_error(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"one two\n")
    other = Vocabulary(["</s>", "un", "deux"], np.array([1, 1, 1]))
    with pytest.raises(CorpusError, match="2 distinct, none of which is in the given voc"):
        read_corpus(path, vocabulary=other)
    twice = Vocabulary(["</s>", "one", "one"], np.array([1, 1, 1]))
    with pytest.raises(VocabularyError, match="twice"):
        read_corpus(path, vocabulary=twice)


@pytest.mark.parametrize("text", [b"", b" \t\n\n \r\n", b"</s>\n", b"\xef\xbb\xbf"])
def test_a_text_without_words_is_an_error(tmp_path, text):
    path = tmp_path / "empty.txt"
    path.write_bytes(text)
    for read in (read_corpus, count_words):
        with pytest.raises(CorpusError, match=r"empty\.txt: no words in it"):
            read(path, min_count=1)


def test_rare_words_only_is_an_error_with_what_was_read(tmp_path):
    path = tmp_path / "rare.txt"
    path.write_bytes(b"one two three two\n\n\n\n\n\n\n")
    with pytest.raises(CorpusError) as caught:
        read_corpus(path, min_count=5)
    assert str(caught.value) == (
        f"{path}: read 4 words, 3 distinct, none occurs 5 times; the most frequent, 'two', "
        f"occurs 2 times; lower min_count to 2 or less"
    )


class Said:
    """A progress that records its messages."""

    def __init__(self):
        from fastw2v.progress import Progress

        self.lines = []
        self.progress = Progress()
        self.progress.message = self.lines.append


def test_bytes_that_are_not_utf8_are_kept_with_one_warning(tmp_path):
    path = tmp_path / "latin1.txt"
    path.write_bytes(b"caf\xe9 na\xefve caf\xc3\xa9 caf\xe9\n")
    said = Said()
    corpus = read_corpus(path, min_count=1, progress=said.progress)
    spelled = [to_bytes(word) for word in corpus.vocabulary.words]
    assert spelled == [END, b"caf\xe9", b"na\xefve", b"caf\xc3\xa9"]
    assert len(said.lines) == 1
    assert "2 of 4 words of the vocabulary are not UTF-8" in said.lines[0]


def test_count_words_counts_as_read_corpus_does(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"b a a c\nc d b a")
    said = Said()
    counted = count_words(path, min_count=2, max_vocab=2, threads=2, progress=said.progress)
    read = read_corpus(path, min_count=2, max_vocab=2).vocabulary
    assert counted.words == read.words == ["</s>", "a", "b"]
    assert counted.counts.tolist() == read.counts.tolist() == [1, 3, 2]
    assert said.lines == [
        "Read 8 words, 4 distinct; kept 2 of these, which make 62.5% of the text."
    ]


PROGRAM = """
import sys
from fastw2v.corpus import id_buffer, read_corpus, scanning, table, table_parts
from fastw2v.corpus.reading import Limits
corpus = read_corpus(sys.argv[1], min_count=1, threads=2, limits=Limits(30))
functions = [scanning.scan, table.merge, table.summary, id_buffer._encode]
functions += [id_buffer._encode_before]
functions += [table_parts.count_parts, table_parts.merge_part, table_parts.unpack_ids]
missed = [f.__name__ for f in functions if hasattr(f, "stats") and f.stats.cache_misses]
print(corpus.ids.tolist(), corpus.vocabulary.words, missed, file=open(sys.argv[2], "w"))
"""


@pytest.mark.parametrize("disable_jit", ["0", "1"])
def test_a_new_process_compiles_nothing_and_python_alone_agrees(tmp_path, disable_jit):
    text, out = tmp_path / "text.txt", tmp_path / "out.txt"
    text.write_bytes(b"some words and longer-words-than-eight and\nsome more words\n" * 3)
    corpus = read_corpus(text, min_count=1, threads=2, limits=Limits(30))
    environment = {**os.environ, "NUMBA_DISABLE_JIT": disable_jit}
    subprocess.run(
        [sys.executable, "-W", "error", "-c", PROGRAM, text, out], env=environment, check=True
    )
    assert out.read_text() == f"{corpus.ids.tolist()} {corpus.vocabulary.words} []\n"
