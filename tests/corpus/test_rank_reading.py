"""A text that several ranks read: together what one process reads, whatever the text."""

import bz2
import gzip
import random
from itertools import pairwise

import numpy as np
import pytest

from fastw2v.corpus import build, count_words, rank_corpus, read_corpus
from fastw2v.corpus.rank_reading import count_rank_words, read_rank_corpus, recount_rank_words
from fastw2v.corpus.reading import Limits
from fastw2v.corpus.recounting import recount_words
from fastw2v.corpus.shares import expanded, share_of
from fastw2v.corpus.sources import check_sources
from fastw2v.errors import CorpusError, VocabularyError
from fastw2v.ranks.threads import run_ranks
from fastw2v.ranks.together import SharedError
from tests.support.commands import run_process
from tests.support.rank_jobs import lines_of_ours, run_job

SIZES = [1, 2, 3, 4, 7]


def lines(seed: int, count: int, end: str = "\n") -> bytes:
    """Lines with many ties, words of all lengths, and some that are rare."""
    rng = random.Random(seed)
    words = [chr(0xE9) * rng.randint(1, 25) + str(n) for n in range(60)] + ["\r", "\x00", "</s>"]
    return "".join(
        " ".join(rng.choices(words, k=rng.randint(0, 9))) + rng.choice([end, "\r\n", "\n\n"])
        for _ in range(count)
    ).encode()


def one_long_line(seed: int) -> bytes:
    return b" \t".join(lines(seed, 200, " ").split())


TEXTS = {
    "lines": [lines(1, 300)],
    "open ends": [lines(2, 50) + b"a b", lines(3, 5) + b"c", b"", b"d e f", b"a"],
    "one line": [one_long_line(4)],
    "one word": [b"x" * 50_000],
    "less text than ranks": [b"a b\n"],
    "marks": [b"\xef\xbb\xbf", b"\xef\xbb\xbfa b " * 30, b"\xef", b"\xef\xbb\xbf\n", b"a"],
    "compressed": [gzip.compress(lines(5, 80) + b"u"), bz2.compress(lines(6, 90)), lines(7, 200)],
    "many files": [lines(seed, 3) + b"v" for seed in range(20)],
}


@pytest.fixture(params=list(TEXTS), ids=str)
def text(request, tmp_path):
    folder = tmp_path / "text"
    folder.mkdir()
    for number, content in enumerate(TEXTS[request.param]):
        (folder / f"{number:02}").write_bytes(content)
    return folder


@pytest.mark.parametrize("size", SIZES)
def test_ids_one_after_the_other_and_the_vocabulary_are_those_of_one_process(
    text, size, monkeypatch
):
    for module in (build, rank_corpus):
        monkeypatch.setattr(module, "PIECE", 100)  # so that pieces end within parts
    limits = Limits(block_bytes=200)
    whole = read_corpus(text, min_count=1, limits=limits)

    def work(ranks):
        return read_rank_corpus(ranks, text, min_count=1, limits=limits)

    parts = run_ranks(size, work)
    assert np.array_equal(np.concatenate([part.ids for part in parts]), whole.ids)
    begun = 0
    for part in parts:
        assert part.vocabulary.words == whole.vocabulary.words
        assert np.array_equal(part.vocabulary.counts, whole.vocabulary.counts)
        assert (part.words_read, part.words_known) == (whole.words_read, whole.words_known)
        assert (part.sentences, part.all_ids) == (whole.sentences, len(whole.ids))
        assert part.fingerprint == whole.fingerprint
        assert part.ids_before == begun
        begun += len(part.ids)


def test_text_is_shared_evenly_and_cut_between_sentences(tmp_path):
    path = tmp_path / "text"
    path.write_bytes(lines(1, 2000))
    shares = [share_of(check_sources(path), rank, 5) for rank in range(5)]
    assert [len(share) for share in shares] == [1] * 5
    content = path.read_bytes()
    for [before], [after] in pairwise(shares):
        assert before.stop == after.start
        assert content[after.start - 1 :][:1] == b"\n"
    sizes = [share[0].size for share in shares]
    assert max(sizes) < 1.1 * min(sizes)


@pytest.mark.parametrize("size", SIZES)
def test_words_are_counted_once_for_the_vocabulary_as_one_process_does(text, tmp_path, size):
    for name, rules in {"plain": {}, "few": {"min_count": 1, "max_vocab": 3}}.items():
        expected, error = None, None
        try:
            expected = count_words(text, **rules)
        except CorpusError as raised:
            error = str(raised)

        def work(ranks, rules=rules):
            return count_rank_words(ranks, text, **rules)

        if expected is None:
            with pytest.raises(SharedError) as shared:
                run_ranks(size, work)
            assert str(shared.value) == error
            continue
        expected.save(tmp_path / "expected")
        for vocabulary in run_ranks(size, work):
            vocabulary.save(tmp_path / name)
            assert (tmp_path / name).read_bytes() == (tmp_path / "expected").read_bytes()


def test_words_of_a_given_vocabulary_and_further_ones_are_counted_over_all_ranks(tmp_path):
    path, given = tmp_path / "text", tmp_path / "given"
    path.write_bytes(b"a b\nb c\nd d d\nb a\nrare\n" * 3)
    given.write_text("</s> 9\nb 9\nz 9\nd 2\n")
    expected = recount_words(path, given, min_count=0)
    for got in run_ranks(3, lambda ranks: recount_rank_words(ranks, path, given, min_count=0)):
        assert (got.words, got.counts.tolist()) == (expected.words, expected.counts.tolist())
    rules = {"min_count": 4, "also": ["new", "rare", "b"]}
    whole = read_corpus(path, **rules)
    for part in run_ranks(4, lambda ranks: read_rank_corpus(ranks, path, **rules)):
        assert part.vocabulary.words == whole.vocabulary.words
        assert part.vocabulary.counts.tolist() == whole.vocabulary.counts.tolist()
    given.write_text("no count\n")
    with pytest.raises(SharedError, match="line 1: expected a word"):
        run_ranks(2, lambda ranks: recount_rank_words(ranks, path, given))
    with pytest.raises(VocabularyError):
        recount_words(path, given)


def test_no_rank_has_all_distinct_words(tmp_path, monkeypatch):
    """Of words that occur once each rank has its part of the text, and the part that it owns."""
    from fastw2v.corpus import owners

    path = tmp_path / "text"
    path.write_bytes(b"".join(b"w%d%s\n" % (n, b" common" * 3) for n in range(20_000)))
    owned, original = [], owners._owned

    def remember(*arguments):
        lexicon = original(*arguments)
        owned.append(len(lexicon))
        return lexicon

    monkeypatch.setattr(owners, "_owned", remember)
    vocabularies = run_ranks(4, lambda ranks: count_rank_words(ranks, path))
    assert vocabularies[0].words == ["</s>", "common"]
    assert sum(owned) == 20_001 + 4  # the sentence end is in each lexicon
    assert max(owned) < 5_500


def test_local_texts_are_of_each_rank_alone(tmp_path):
    for rank in range(3):
        (tmp_path / str(rank)).mkdir()
        (tmp_path / str(rank) / "part-0.txt").write_bytes(lines(rank, 20) + b"end")
    files = [tmp_path / str(rank) / "part-0.txt" for rank in range(3)]
    whole = read_corpus(files, min_count=1)

    def work(ranks):
        pattern = tmp_path / str(ranks.rank) / "part-*.txt"
        return read_rank_corpus(ranks, pattern, local=True, min_count=1)

    parts = run_ranks(3, work)
    assert np.array_equal(np.concatenate([part.ids for part in parts]), whole.ids)
    assert parts[1].vocabulary.words == whole.vocabulary.words


def test_what_cannot_be_shared_is_refused(tmp_path):
    def read(paths):
        return run_ranks(2, lambda ranks: read_rank_corpus(ranks, paths(ranks.rank), min_count=1))

    files = [tmp_path / "a", tmp_path / "b"]
    for file in files:
        file.write_bytes(b"a a a\n")
    with pytest.raises(SharedError, match=r"^rank 1 sees other files in the corpus than rank 0"):
        read(lambda rank: files[rank])
    with pytest.raises(SharedError, match=r"^rank 1: .*c: no such file"):
        read(lambda rank: tmp_path / "c" if rank else files[0])
    with pytest.raises(SharedError, match=r"^standard input: only files can be shared"):
        read(lambda rank: "-")
    with pytest.raises(CorpusError, match="no file matches this pattern"):
        expanded(tmp_path / "x*.txt")
    (tmp_path / "[x]").write_bytes(b"a\n")
    assert expanded([tmp_path / "[x]", tmp_path / "?"]) == [str(tmp_path / "[x]"), *map(str, files)]


def test_mpirun_writes_the_vocabulary_that_one_process_writes(tmp_path):
    (tmp_path / "text").write_bytes(lines(8, 500) + b"end")
    arguments = ["vocab", "text", "--min-count", "1"]
    assert run_process(*arguments, "-o", "one", cwd=tmp_path).returncode == 0
    done = run_job(4, *arguments, "-o", "several", "--ranks", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, b"")
    [line] = lines_of_ours(done.stderr)  # rank 0 alone speaks
    assert line.startswith("Read ")
    assert (tmp_path / "several").read_bytes() == (tmp_path / "one").read_bytes()


def test_an_error_of_all_ranks_is_said_once_and_nothing_is_lost(tmp_path):
    (tmp_path / "out").write_text("kept")
    done = run_job(2, "vocab", "missing.txt", "-o", "out", "--ranks", cwd=tmp_path)
    assert done.returncode == 1
    expected = "Error: missing.txt: no such file or folder; check the path"
    assert lines_of_ours(done.stderr) == [expected]
    assert (tmp_path / "out").read_text() == "kept"
