"""Unusual texts through the command: words, lines and bytes of any kind, and very large counts."""

import json

import numpy as np
import pytest

import fastw2v
from fastw2v.corpus.blocks import Block
from fastw2v.corpus.id_memory import IdMemory
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.matrix.mapped_rows import MappedRows
from tests.support.commands import counted, error_line, run_process, succeeded

QUICK = ("--size", 5, "--epochs", 1, "--min-count", 1)


@pytest.fixture
def text(tmp_path):
    """Function: content -> path of a file with it."""

    def make(content: bytes, name: str = "text.txt"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return make


def trained(path, tmp_path, *options) -> tuple[list[str], dict]:
    """Words of the vectors, and the report, of a short training."""
    out, report = tmp_path / "v.bin", tmp_path / "report.json"
    succeeded("train", path, "-o", out, *QUICK, "--report", report, "-q", *options)
    return fastw2v.load(out).words, json.loads(report.read_text())


def test_long_words_stay_whole_and_distinct(text, tmp_path):
    """Words of over 98 bytes are not cut, nor taken for each other; ``--exact`` cuts, as C does."""
    start = "ß" * 49 + "ж" * 30
    first, second = start + "1", start + "2"
    path = text(f"{first} {second} {second} x{'é' * 5000}\n".encode() * 3)
    assert counted(path)[first.encode()] == 3
    assert counted(path)[second.encode()] == 6
    words, _ = trained(path, tmp_path)
    assert words == ["</s>", second, first, "x" + "é" * 5000]
    succeeded("convert", tmp_path / "v.bin", tmp_path / "v.txt")
    assert fastw2v.load(tmp_path / "v.txt").words == words
    words, _ = trained(path, tmp_path, "--exact")
    assert words[1] == "ß" * 49  # both became one


def test_the_last_word_counts_without_a_newline(text, tmp_path):
    """No newline at the end loses no word, except with ``--exact``."""
    path = text(b"a b a b\na last")
    assert counted(path)[b"last"] == 1
    words, report = trained(path, tmp_path)
    assert "last" in words
    assert report["words_read"] == 6
    words, report = trained(path, tmp_path, "--exact")
    assert "last" not in words
    assert report["words_read"] == 5


def test_a_text_of_one_line_is_shared_among_all_threads(text, tmp_path):
    """A corpus on one line is read in blocks and trained by all threads, nothing is lost."""
    from tests.support.corpus_parts import parts_of

    path = text(b" ".join(b"w%d" % (i * i % 97) for i in range(200_000)))
    sizes = [part.block.size for part in parts_of(path, 1 << 15)]
    assert len(sizes) > 16  # blocks end between words: memory does not hang on the line
    assert max(sizes) < 1 << 16
    _, alone = trained(path, tmp_path, "--threads", 1)
    _, together = trained(path, tmp_path, "--threads", 2)
    assert alone["words_read"] == together["words_read"] == 200_000
    assert together["words_raw"] == 200_000
    assert together["sentences"] == 1


@pytest.mark.parametrize("exact", [False, True])
def test_long_lines_are_split_without_losing_words(text, tmp_path, exact):
    """Of a line of 30,000 words, or of a million characters, each word is trained."""
    many = b"one two three " * 10_000
    wide = b" ".join(bytes([97 + i % 26]) * 70 for i in range(15_000))
    path = text(many + b"\n" + wide + b"\n")
    words, report = trained(path, tmp_path, *(["--exact"] if exact else []), "--sample", 0)
    assert report["words_read"] == report["words_raw"] == report["words_kept"] == 45_000
    assert len(words) == 1 + 3 + 26


@pytest.mark.parametrize("blank", [b"\n" * 5000, b" " * 5000, b"\t" * 5000, b" \t\n \r\n" * 900])
def test_empty_lines_and_repeated_separators_add_no_words(text, tmp_path, blank):
    """Any number of spaces, tabs and newlines separates words; alone they are an empty text."""
    path = text(blank + b"a" + blank + b"b a" + blank)
    found = counted(path)
    del found[b"</s>"]
    assert found == {b"a": 2, b"b": 1}
    for options in ((), ("--exact",)):
        words, report = trained(path, tmp_path, *options)
        assert words[1:] == ["a", "b"]
        assert report["words_read"] == 3
    done = run_process("train", text(blank), "-o", tmp_path / "w.bin", timeout=60)
    assert "no words in it" in error_line(done)


@pytest.mark.parametrize("model", ["cbow", "skipgram"])
@pytest.mark.parametrize("options", [(), ("--hs", "--negative", 0), ("--softmax",), ("--exact",)])
def test_tiny_texts_train_or_fail_with_a_reason(text, tmp_path, model, options):
    """One word or two, fewer lines and bytes than threads: never a hang, never a traceback."""
    threads = () if "--exact" in options else ("--threads", 8)
    two = text(b"a b", "two.txt")
    if "--exact" in options:  # loses the last word, and is left with one
        two = text(b"a b\n", "two.txt")
    words, _ = trained(two, tmp_path, "--model", model, *options, *threads)
    assert words == ["</s>", "a", "b"]
    one = text(b"a a a\n", "one.txt")
    arguments = ("train", one, "-o", tmp_path / "w.bin", *QUICK, "--model", model, *options)
    if options[:1] in (("--hs",), ("--softmax",)):
        succeeded(*arguments, *threads)
        assert fastw2v.load(tmp_path / "w.bin").words == ["</s>", "a"]
        return
    done = run_process(*arguments, *threads, timeout=60)
    assert "needs two words or more, but the vocabulary has one" in error_line(done)
    assert not (tmp_path / "w.bin").exists()


def test_short_lines_train_as_long_ones_do(text, tmp_path):
    """Lines of 3 to 8 words are put together into the pieces that threads train.

    Speed is measured by the benchmarks; here: all is read and trained, no word or line is lost.
    """
    rng = np.random.default_rng(8)
    lines = [b" ".join(b"w%d" % i for i in rng.integers(50, size=n)) for n in range(3, 9)] * 2000
    path = text(b"\n".join(lines) + b"\n")
    _, report = trained(path, tmp_path, "--threads", 2)
    assert report["words_read"] == report["words_raw"] == 2000 * (3 + 4 + 5 + 6 + 7 + 8)
    assert report["sentences"] == 12_000


def test_bytes_that_are_not_utf8_are_preserved(text, tmp_path):
    """Latin-1 text is trained, with one warning and a count, and its bytes reach the output."""
    path = text("Köln Wörter über Köln\n".encode("latin-1") * 3)
    for name in ("v.txt", "v.bin"):
        done = run_process("train", path, "-o", tmp_path / name, *QUICK)
        assert done.returncode == 0
        assert done.stderr.count(b"Warning: 3 of 4 words of the vocabulary are not UTF-8") == 1
        shown = run_process("words", tmp_path / name).stdout
        assert shown.split(b"\n")[:2] == [b"</s>", b"K\xf6ln"]
        near = run_process("similar", tmp_path / name, stdin=b"K\xf6ln\n").stdout
        assert b"W\xf6rter\t" in near
    assert b"K\xf6ln 6\n" in run_process("vocab", path, "-o", "-", "--min-count", 1).stdout


@pytest.mark.parametrize(
    "inside", ["\u00a0", "\u3000", "\u2028", "\u2029", "\x85", "\v", "\f", "\x1c", "\0", "\ufeff"]
)
def test_only_space_tab_and_newline_separate_words(text, tmp_path, inside):
    """The same rule for counting and training: all other white space belongs to words."""
    word = f"left{inside}right"
    path = text(f"a {word} b\t{word}\n".encode() * 2)
    assert counted(path) == {b"</s>": 2, word.encode(): 4, b"a": 2, b"b": 2}
    words, report = trained(path, tmp_path)
    assert words == ["</s>", word, "a", "b"]
    assert report["words_read"] == report["words_raw"] == 8


def test_carriage_returns_and_a_byte_order_mark_are_dropped(text, tmp_path):
    """Text from Windows gives the words and the vectors of the same text from elsewhere."""
    plain = text(b"one two\nthree one\n\ntwo one\n", "plain.txt")
    windows = text(b"\xef\xbb\xbfone two\r\nthree one\r\n\r\ntwo one\r\n", "windows.txt")
    assert counted(windows) == counted(plain)
    vectors = []
    for path in (plain, windows):
        trained(path, tmp_path, "--threads", 1)
        vectors.append((tmp_path / "v.bin").read_bytes())
    assert vectors[0] == vectors[1]


def test_a_literal_sentence_end_is_the_sentence_end(text, tmp_path):
    """The token ``</s>`` in the text is the one that a newline gives, and stays the first row."""
    assert counted(text(b"a b </s> a </s>\nb\n")) == {b"</s>": 4, b"a": 2, b"b": 2}
    words, report = trained(text(b"a b </s> a </s> b </s>"), tmp_path)
    assert words == ["</s>", "a", "b"]
    assert report["words_read"] == 4
    assert report["sentences"] == 3


@pytest.mark.parametrize("name", ["v.txt", "v.bin", "v.glove.txt", "v.npy", "v.tsv", "v.txt.gz"])
def test_numbers_are_words(text, tmp_path, name):
    """Walks on a graph: ids as words survive each form of file, bit for bit."""
    ids = [str(i) for i in (7, 12, 3, 0, -5, 10**20)] + ["1.5", "1e3", "nan"]
    path = text(f"{' '.join(ids)}\n".encode() * 4)
    words, _ = trained(path, tmp_path)
    assert words == ["</s>", *ids]
    succeeded("convert", tmp_path / "v.bin", tmp_path / name)
    succeeded("convert", tmp_path / name, tmp_path / "again.bin")
    assert (tmp_path / "again.bin").read_bytes() == (tmp_path / "v.bin").read_bytes()


def test_counts_over_2_to_the_31_are_trained_and_kept(text, tmp_path):
    """Counts as of a text of 2^40 words go from file to training to file unharmed."""
    counts = text(b"</s> 5000000000\na 1099511627776\nb 3000000000\nc 2147483648\n", "vocab")
    path = text(b"a b c a b a\n" * 50)
    out = tmp_path / "saved"
    words, _ = trained(path, tmp_path, "--read-vocab", counts, "--save-vocab", out)
    assert words == ["</s>", "a", "b", "c"]
    assert out.read_bytes() == counts.read_bytes()
    trained(path, tmp_path, "--read-vocab", counts, "--exact")
    assert np.isfinite(fastw2v.load(tmp_path / "v.bin").matrix).all()


def test_positions_and_counts_are_64_bit_while_counting():
    """A block that starts 2^40 bytes into the text, and words already seen 2^33 times."""
    lexicon = Lexicon.of_words(["</s>", "old"], [2**33, 2**33], [0, 5])
    data = np.frombuffer(b"new old new\n".ljust(4096), np.uint8).copy()
    block = Block(data, 12, 2**40, False, 98, False)
    (ids,) = lexicon.scan(block, IdMemory())
    assert ids.tolist() == [2, 1, 2, 0]
    _, _, counts, firsts = lexicon.words()
    assert counts.tolist() == [2**33 + 1, 2**33 + 1, 2]
    assert firsts.tolist() == [0, 5, 2**40]
    other = Lexicon.of_words(["</s>", "old"], [2**33, 2**34], [0, 2**50])
    lexicon.merge(other.words())
    assert lexicon.words().counts.tolist() == [2**34 + 1, 3 * 2**33 + 1, 2]


def test_vectors_beyond_4_gib_in_a_binary_file_are_found(tmp_path):
    """Rows that start past byte 2^32 of a sparse file."""
    import mmap

    row, far = np.array([1.5, -2.5, 3.5], "<f4"), 5 << 30
    with open(tmp_path / "far.bin", "wb+") as file:
        file.seek(far)
        file.write(row.tobytes())
        file.flush()
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        rows = MappedRows(content, np.array([0, far]), 3)
        np.testing.assert_array_equal(rows[:], [[0, 0, 0], row])


def test_a_numpy_matrix_beyond_4_gib_is_mapped(tmp_path):
    """A sparse ``.npy`` of 5 GB, read at its end."""
    rows, dimensions = 5, 1 << 20
    words = tmp_path / "v.words.txt"
    matrix = np.lib.format.open_memmap(
        tmp_path / "v.npy", "w+", np.float32, (rows * 256, dimensions)
    )
    matrix[-1, -1] = 7
    matrix.flush()
    assert (tmp_path / "v.npy").stat().st_size > 1 << 32
    words.write_text("".join(f"w{i}\n" for i in range(rows * 256)))
    from fastw2v.formats import numpy_pair
    from fastw2v.formats.reading import Reading, open_stream

    path = str(tmp_path / "v.npy")
    with open_stream(path) as stream:  # the whole command would look at all of it
        found, mapped = numpy_pair.read(stream, Reading(path, mapped=True))
    assert found[-1] == b"w1279"
    assert mapped[-1, -1] == 7
