"""Independent pieces of sources: whatever the files, blocks and threads, the corpus is the same."""

import bz2
import gzip
import os
import struct
import zlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fastw2v.corpus import counting, dispatch, read_corpus, reading
from fastw2v.corpus.id_memory import IdMemory
from fastw2v.corpus.reading import Limits
from fastw2v.errors import CorpusError
from fastw2v.io import compression
from fastw2v.io.members import member_starts
from tests.corpus.test_corpus import agree, split, split_as_c
from tests.support.corpus_parts import pieces

ZSTANDARD = compression._zstandard_module()


def bgzip(text: bytes) -> bytes:
    """A gzip member with its size in the header."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    data = packer.compress(text) + packer.flush()
    size = 18 + len(data) + 8
    header = struct.pack("<4BI2BH2BHH", 31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, size - 1)
    return header + data + struct.pack("<2I", zlib.crc32(text), len(text))


def zstandard(text: bytes) -> bytes:
    if ZSTANDARD is None:
        pytest.skip("no zstandard module")
    if hasattr(ZSTANDARD, "CompressionParameter"):  # Python's own module
        return ZSTANDARD.compress(text, options={ZSTANDARD.CompressionParameter.checksum_flag: 1})
    return ZSTANDARD.ZstdCompressor(write_checksum=True).compress(text)


def pzstd(text: bytes) -> bytes:
    """A frame with a skippable one before it, which holds its size."""
    frame = zstandard(text)
    return struct.pack("<3I", 0x184D2A50, 4, len(frame)) + frame


PACKERS = {
    "plain": bytes,
    "gzip": gzip.compress,
    "bgzip": bgzip,
    "bzip2": bz2.compress,
    "zstandard": zstandard,
    "pzstd": pzstd,
}
INDEPENDENT = ["bgzip", "bzip2", "zstandard", "pzstd"]
words = st.sampled_from(
    [b"the", b"a", b"</s>", b"\xc3\xa9t\xc3\xa9", b"x" * 40, b"end\0less", b"z" * 120, b"\xff"]
)
gaps = st.sampled_from([b" ", b"\n", b"\r\n", b"\t ", b"\n\n", b" \r"])
texts = st.lists(st.tuples(words, gaps), max_size=40).map(
    lambda pairs: b"".join(part for pair in pairs for part in pair)
)
M = b"\xef\xbb\xbf"
marks = st.sampled_from([b"", b"", M, M * 2, M[:2]])
sources = st.lists(
    st.tuples(
        st.tuples(marks, texts).map(b"".join),
        st.sampled_from(sorted(PACKERS)),
        st.lists(st.integers(0, 400), max_size=5),
    ),
    min_size=1,
    max_size=3,
)


def pack(text: bytes, packer: str, cuts: list[int]) -> bytes:
    """The text in members cut at these places."""
    bounds = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return b"".join(PACKERS[packer](text[a:b]) for a, b in pairwise(bounds))


@settings(deadline=None, max_examples=150)
@given(sources, st.booleans(), st.integers(1, 60), st.integers(1, 3), st.booleans())
@example([(b"one tw", "bgzip", [3]), (b"o\n", "bzip2", []), (b"three", "plain", [])], True, 1, 2, 0)
@example([(M, "pzstd", []), (M * 2, "bgzip", []), (M, "pzstd", [1])], False, 1, 1, False)
@example([(b"a", "plain", []), (M, "bgzip", [0, 2]), (M[:2], "bgzip", [0, 1])], False, 1, 2, False)
@example([(M[:1], "bgzip", [0]), (M + b"a", "bgzip", [0, 1]), (M, "pzstd", [])], False, 1, 1, False)
def test_any_split_into_pieces_gives_the_same_corpus(
    tmp_path_factory, sources, with_last, block_bytes, threads, c_rules
):
    folder = tmp_path_factory.mktemp("pieces")
    paths, text = [], b""
    for number, (content, packer, cuts) in enumerate(sources):
        content += b"last" * with_last
        if packer == "plain" and compression.kind_of(content) is not None:
            return
        paths.append(folder / f"{number}")
        paths[-1].write_bytes(pack(content, packer, cuts))
        if not c_rules:
            content = content.removeprefix(b"\xef\xbb\xbf")
        if content:
            text += (b"" if text.endswith(b"\n") or not text else b"\n") + content
    mark = b"" if c_rules else b"\xef\xbb\xbf"  # `split` drops one
    tokens = split_as_c(text) if c_rules else split(mark + text)
    if not set(tokens) - {b"</s>"}:
        return
    limits = Limits(block_bytes, 100)
    corpus = read_corpus(paths, min_count=1, threads=threads, limits=limits, c_rules=c_rules)
    agree(corpus, tokens)


def long_text(kind: str, members: int = 40) -> tuple[bytes, bytes]:
    """A text and its packed bytes, in members that are cut anywhere."""
    random = np.random.default_rng(seed=7)
    numbers = random.zipf(1.3, 60_000) % 5_003
    text = b" ".join(b"w%d" % number for number in numbers)
    cuts = random.integers(0, len(text), members - 1).tolist()
    return text, pack(text, kind, cuts)


@pytest.mark.parametrize("kind", INDEPENDENT)
def test_members_are_pieces(tmp_path, kind):
    text, packed = long_text(kind)
    path = tmp_path / "text"
    path.write_bytes(packed)
    assert 10 < len(list(pieces(path, 2_000))) < 41
    for threads in (1, 3):
        corpus = read_corpus(path, min_count=1, threads=threads, limits=Limits(2_000))
        agree(corpus, split(text))


@pytest.mark.parametrize("place", [0.3, 0.6])
@pytest.mark.parametrize("kind", INDEPENDENT)
def test_a_damaged_piece_is_an_error_of_one_line_with_the_place(tmp_path, kind, place):
    _, packed = long_text(kind)
    path = tmp_path / "text"
    data = bytearray(packed)
    place = int(place * len(data))
    data[place : place + 40] = bytes(40)
    path.write_bytes(data)
    name = kind.replace("bgzip", "gzip").replace("pzstd", "zstandard")
    found = set()
    for threads in (1, 2, 3, 3, 3):
        expected = rf"text: corrupt {name} data before byte [\d,]+: "
        with pytest.raises(CorpusError, match=expected) as caught:
            read_corpus(path, min_count=1, threads=threads, limits=Limits(2_000))
        found.add(str(caught.value))
    (message,) = found
    assert "\n" not in message
    assert int(message.split("byte ")[1].split(":")[0].replace(",", "")) > place


@pytest.mark.parametrize("kind", INDEPENDENT)
def test_a_truncated_last_piece_is_an_error_with_the_place(tmp_path, kind):
    _, packed = long_text(kind)
    path = tmp_path / "text"
    path.write_bytes(packed[:-9])
    for threads in (1, 3):
        with pytest.raises(CorpusError, match=f"data ends early, at byte {len(packed) - 9:,}: "):
            read_corpus(path, min_count=1, threads=threads, limits=Limits(2_000))


def test_the_first_error_in_the_order_of_the_text_is_reported(tmp_path):
    paths = [tmp_path / f"{number}.gz" for number in range(6)]
    for path in paths:
        path.write_bytes(gzip.compress(b"some words " * 20_000))
    for path in paths[3:]:
        path.write_bytes(b"\x1f\x8b\x08broken at once")
    for threads in (1, 2, 4):
        with pytest.raises(CorpusError, match=r"3\.gz: corrupt gzip data"):
            read_corpus(paths, min_count=1, threads=threads, limits=Limits(1_000))


def test_a_system_without_reads_at_a_place_gives_the_same(tmp_path, monkeypatch):
    """As Windows."""
    monkeypatch.delattr(os, "preadv", raising=False)
    paths = [tmp_path / "plain", tmp_path / "packed"]
    text, packed = long_text("bgzip")
    paths[0].write_bytes(text + b"\n")
    paths[1].write_bytes(packed)
    corpus = read_corpus(paths, min_count=1, threads=3, limits=Limits(2_000))
    agree(corpus, split(text + b"\n" + text))


def test_the_memory_for_results_that_wait_is_bounded(tmp_path, monkeypatch):
    """With a small bound, all but one thread wait for the oldest piece, and nothing is lost."""
    monkeypatch.setattr(dispatch, "_LEAST_AHEAD", 2_000)
    paths = [tmp_path / f"{number}.gz" for number in range(4)]
    text, _ = long_text("gzip")
    for path in paths:
        path.write_bytes(gzip.compress(text + b"\n"))
    corpus = read_corpus(paths, min_count=1, threads=3, limits=Limits(1_000, 2_000))
    agree(corpus, split((text + b"\n") * 4))


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 2), (16, 3)])
def test_no_more_threads_read_than_are_of_use(tmp_path, monkeypatch, cores, threads):
    """Each thread takes memory: at most one per core and MiB of text."""
    path = tmp_path / "text"
    path.write_bytes(b"three words here\n" * ((3 << 20) // 17 + 1))
    scanners = []

    def scanner(most: int) -> counting.Scanner:
        scanners.append(counting.Scanner(most))
        return scanners[-1]

    monkeypatch.setattr(reading, "Scanner", scanner)
    monkeypatch.setattr(reading, "usable_cores", lambda: cores)
    corpus = read_corpus(path, threads=200)
    assert corpus.words_read == 3 * corpus.sentences
    assert len(scanners) == threads + 1  # one for the words over the ends of pieces


@pytest.mark.parametrize("cores", [1, 2])
@pytest.mark.parametrize("kind", ["plain", "bgzip"])
def test_a_single_thread_reads_the_same_with_one_that_reads_ahead(
    tmp_path, monkeypatch, kind, cores
):
    monkeypatch.setattr(counting, "usable_cores", lambda: cores)
    text, packed = long_text(kind)
    path = tmp_path / "text"
    path.write_bytes(packed)
    agree(read_corpus(path, min_count=1, limits=Limits(2_000)), split(text))
    path.write_bytes(gzip.compress(text) + gzip.compress(text)[:-9])
    with pytest.raises(CorpusError, match="data ends early"):
        read_corpus(path, min_count=1, limits=Limits(2_000))


def test_memory_for_ids_is_prepared_once():
    memory = IdMemory()
    memory.prepare()
    (page,) = memory._prepared
    memory.prepare()
    assert len(memory._prepared) == 1
    assert memory.room(9) is page
    assert len(memory.room(len(page) + 1)) > len(page)  # a page of its own if one is too small
    counted = IdMemory(reuses=True)
    counted.take(len(counted.room(9)))
    counted.restart()
    counted.prepare()
    assert not counted._prepared


def test_damage_after_a_sound_bzip2_stream_is_an_error(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(bz2.compress(b"one two\n") + bytes(100))
    assert read_corpus(path, min_count=1).words_read == 2
    path.write_bytes(bz2.compress(b"one two\n") + bz2.compress(b"three\n")[1:])
    with pytest.raises(CorpusError, match="corrupt bzip2 data"):
        read_corpus(path, min_count=1)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(INDEPENDENT), st.binary(max_size=60), st.integers(0, 2_000), st.data())
def test_the_search_for_members_survives_any_damage(kind, junk, place, data):
    text = b"some text of no great length " * 9
    packed = b"".join(PACKERS[kind](text[: 50 * n]) for n in range(6))
    damaged = packed[:place] + junk + packed[place + data.draw(st.integers(0, 60)) :]
    name = {"bgzip": "gzip", "pzstd": "zstandard"}.get(kind, kind)
    starts = list(
        member_starts(name, lambda offset, size: damaged[offset : offset + size], len(damaged))
    )
    assert starts == sorted(set(starts))
    assert all(0 < start < len(damaged) for start in starts)
