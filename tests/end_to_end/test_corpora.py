"""Unusual corpora through the command: files, folders, archives, vocabularies, outputs.

Pruning, divergence and interruption have further tests of their own.
"""

import bz2
import gzip
import json
import lzma
import os

import numpy as np
import pytest

import fastw2v
from fastw2v.corpus import reading
from fastw2v.corpus.counting import Scanner
from fastw2v.corpus.pieces import pieces_of
from fastw2v.io import compression
from fastw2v.system import cores
from tests.support.commands import counted, error_line, run_command, run_process, succeeded

QUICK = ("--size", 5, "--epochs", 1, "--min-count", 1)
TEXT = b"the cat sat on the mat\nthe end of the cat\n" * 20


@pytest.fixture
def text(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT)
    return path


def compressors():
    found = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}
    module = compression._zstandard_module()
    if module is not None:
        found["zstandard"] = getattr(module, "compress", None) or module.ZstdCompressor().compress
    return found


@pytest.mark.parametrize("command", ["train", "vocab"])
@pytest.mark.parametrize(
    "content", [b"", b"\n \n\t\n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)]
)
def test_a_text_without_words_is_an_error(tmp_path, command, content):
    """An empty file: no hang, no empty vectors, one line that names it."""
    path = tmp_path / "empty.txt"
    path.write_bytes(content)
    line = error_line(run_command(command, path, "-o", tmp_path / "out"))
    assert f"{path}: no words in it" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["train", "vocab"])
def test_a_minimum_count_that_leaves_no_word_is_an_error(text, tmp_path, command):
    """The error reports the words read, the largest count, and the option to lower."""
    done = run_process(command, text, "-o", tmp_path / "out", "--min-count", 81, timeout=60)
    line = error_line(done)
    assert "read 220 words, 7 distinct, none occurs 81 times" in line
    assert "'the', occurs 80 times; lower --min-count to 80 or less" in line
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstandard"])
def test_compressed_texts_are_detected_by_their_first_bytes(text, tmp_path, kind):
    """Whatever the name: the same vectors as of the plain text. Without the module: refused."""
    packed = tmp_path / "corpus.txt"
    if kind not in compressors():
        packed.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(99))
        assert "pip install zstandard" in error_line(run_command("vocab", packed, "-o", "-"))
        return
    packed.write_bytes(compressors()[kind](TEXT))
    assert counted(packed) == counted(text)
    vectors = []
    for path in (text, packed):
        succeeded("train", path, "-o", tmp_path / "v.bin", *QUICK, "--threads", 1, "-q")
        vectors.append((tmp_path / "v.bin").read_bytes())
    assert vectors[0] == vectors[1]


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstandard"])
@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_broken_archive_is_an_error_with_the_place(tmp_path, kind, damage):
    """A truncated text is never trained: the error reports the byte."""
    if kind not in compressors():
        pytest.skip("no zstandard module")
    data = compressors()[kind](np.random.default_rng(9).bytes(30_000).hex(" ").encode())
    if damage == "cut":
        data = data[: len(data) // 2]
    elif kind == "zstandard":  # whose content has no check sum here
        data = data[:4] + b"\xff" * 9 + data[13:]
    else:
        data = data[: len(data) // 2] + b"#######" + data[len(data) // 2 + 7 :]
    path = tmp_path / "corpus"
    path.write_bytes(data)
    line = error_line(run_command("train", path, "-o", tmp_path / "v.bin", *QUICK))
    reason = f"the {kind} data ends early" if damage == "cut" else f"corrupt {kind} data"
    assert reason in line
    assert "byte " in line
    assert not (tmp_path / "v.bin").exists()


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"PK\x03\x04", "a zip archive; unpack it, or use a pipe: unzip -p"),
        (b"PK\x05\x06", "a zip archive; unpack it, or use a pipe: unzip -p"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip data, which is not supported; unpack it, or use a pipe"),
        (b"Rar!\x1a\x07\x01\0", "RAR data, which is not supported"),
        (b"\x04\x22\x4d\x18", "use a pipe: lz4 -dc"),
        (b"LZIP\x01", "use a pipe: lzip -dc"),
        (b"\x1f\x9d\x90", "use a pipe: uncompress -c"),
    ],
)
def test_unsupported_archives_are_refused_with_a_remedy(tmp_path, head, what):
    """What cannot be unpacked here is never taken for text, nor for vectors."""
    path = tmp_path / "corpus.txt"
    path.write_bytes(head + b" a b c" * 99)
    line = error_line(run_command("train", path, "-o", tmp_path / "v.bin", *QUICK))
    assert what in line
    assert "unpack" in error_line(run_command("info", path))
    path.write_bytes(head[:1] + b" a b c" * 99)  # a word, as it stands
    assert head[:1] in counted(path)


def test_dropping_rare_words_while_counting_is_reported(tmp_path, monkeypatch):
    """With too many distinct words memory stays bounded; the loss is reported."""
    path = tmp_path / "text.txt"
    path.write_text("".join(f"the cat sat on word{number}\n" for number in range(9_000)))
    monkeypatch.setattr(reading, "Scanner", lambda most: Scanner(500))
    monkeypatch.setattr(reading, "block_bytes", lambda total, threads: 4_000)
    report = tmp_path / "report.json"
    done = run_command("train", path, "-o", tmp_path / "v.bin", "--report", report, *QUICK)
    assert done.exit_code == 0, done.output
    assert "rare ones were dropped while counting" in done.output
    result = json.loads(report.read_text())
    assert result["words_read"] == result["words_raw"] + result["words_rare"]
    assert result["words_read"] % 45_000 == 0


@pytest.mark.parametrize("change", ["cut", "grown"])
def test_a_text_that_changes_while_it_is_read_is_an_error(tmp_path, monkeypatch, change):
    """Read once for counting and training; a change meanwhile is an error, not a wrong count."""
    path = tmp_path / "text.txt"
    path.write_bytes(TEXT * 3000)

    def disturbed(*arguments):
        pieces = pieces_of(*arguments)
        yield next(pieces)
        if change == "cut":
            os.truncate(path, 1 << 20)
        else:
            with open(path, "ab") as file:
                file.write(TEXT)
        yield from pieces

    monkeypatch.setattr(reading, "pieces_of", disturbed)
    line = error_line(run_command("train", path, "-o", tmp_path / "v.bin", *QUICK))
    assert "text.txt: changed while it was read" in line
    assert not (tmp_path / "v.bin").exists()


def test_long_paths_with_spaces_and_other_letters_work(tmp_path):
    """Over 300 characters, blanks, Chinese, an emoji, bytes that are no UTF-8: files like any."""
    folder = tmp_path
    for name in ("mit Leerzeichen und Ümläuten " * 4, "语料库" * 25, "🦜" * 40):
        folder = folder / name.strip()
    odd = os.fsdecode(b"latin-1 \xe9 ' \" $HOME ; *")
    folder = folder / odd
    folder.mkdir(parents=True)
    path = folder / "text file.txt"
    path.write_bytes(TEXT)
    assert len(os.fsencode(path)) > 500
    names = [folder / name for name in ("v 1.bin", "vocab é.txt", "report.json")]
    files = ("-o", names[0], "--save-vocab", names[1], "--report", names[2])
    done = run_process("train", path, *files, *QUICK, "--threads", 1)
    assert done.returncode == 0, done.stderr
    assert run_process("similar", names[0], "cat").stdout.count(b"\n") == 7
    assert sorted(os.listdir(folder)) == sorted([path.name, *(name.name for name in names)])
    missing = error_line(run_command("train", folder / "missing", "-o", names[0]))
    assert "missing: no such file" in missing


def test_a_missing_output_folder_is_reported_before_training(text, tmp_path):
    """Nothing is read first, for whatever output the folder is missing."""
    where = tmp_path / "missing" / "file"
    for option in ("-o", "--save-vocab", "--report"):
        others = () if option == "-o" else ("-o", tmp_path / "v.bin")
        result = run_command("train", text, option, where, *others, *QUICK)
        assert "the folder" in error_line(result)
        assert "missing does not exist; create it first" in error_line(result)
        assert result.stderr.count("\n") == 1
    assert os.listdir(tmp_path) == ["text.txt"]


def test_an_unwritable_output_is_reported_before_training(text, tmp_path, monkeypatch):
    """A folder, a file below a file, a protected file: refused, and nothing is read first."""
    protected = tmp_path / "protected.bin"
    protected.write_bytes(b"old")
    access = os.access  # root may write all
    monkeypatch.setattr(
        os, "access", lambda path, mode: str(path) != str(protected) and access(path, mode)
    )
    for path, reason in (
        (tmp_path, "it is a folder; give a file name"),
        (text / "v.bin", "Not a directory"),
        (protected, "it is write-protected"),
    ):
        result = run_command("train", text, "-o", path, *QUICK)
        assert f"cannot write {path}: {reason}" in error_line(result)
        assert result.stderr.count("\n") == 1
    assert protected.read_bytes() == b"old"


@pytest.mark.parametrize("name", ["v.bin", "v.txt.gz", "v.npy"])
def test_a_full_disk_leaves_the_old_file_unchanged(text, tmp_path, name):
    """The existing file is unchanged, and no temporary file remains."""
    out = tmp_path / name
    out.write_bytes(b"the old vectors")
    wide = ("--size", 3000, "--epochs", 1, "--min-count", 1, "--threads", 1)
    done = run_process("train", text, "-o", out, *wide, "-q", file_size=20_000)
    line = error_line(done)
    assert line.startswith(f"Error: cannot write {out}")
    assert ": File too large; nor can they be saved in any other folder" in line
    assert out.read_bytes() == b"the old vectors"
    assert sorted(os.listdir(tmp_path)) == sorted(["text.txt", name])


def test_a_full_device_is_an_error(text, tmp_path, monkeypatch):
    """The system's own full disk. The vectors go to another file."""
    monkeypatch.chdir(tmp_path)
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full")
    result = run_command("train", text, "-o", "/dev/full", *QUICK)
    assert "cannot write /dev/full: No space left on device" in error_line(result)
    assert (tmp_path / "vectors.rescued.bin").exists()


@pytest.mark.parametrize("options", [(), ("--exact",), ("--hs", "--negative", 0)])
@pytest.mark.parametrize(
    "content",
    [
        b"the 0\ncat 0\nmat 0\n",
        b"mat 3\n</s> 0\nthe 80\ncat 40\n",
        b"\xef\xbb\xbfthe 40\r\ncat 40\r\nmat 3\r\nthe 40\r\n",
        b"the 80\n\ncat\t40\nmat 2\nunseen 5\nmat 1\n",
    ],
    ids=["zeros", "unsorted", "windows, twice", "tabs, unseen"],
)
def test_unusual_vocabulary_files_are_accepted(text, tmp_path, content, options):
    """Counts of zero, no ``</s>``, unsorted, repeated words: trained, with finite vectors."""
    vocab = tmp_path / "vocab"
    vocab.write_bytes(content)
    out, saved = tmp_path / "v.bin", tmp_path / "saved"
    how = ("--size", 5, "--epochs", 1, "--min-count", 0, *options, "-q")
    succeeded("train", text, "-o", out, "--read-vocab", vocab, "--save-vocab", saved, *how)
    found = fastw2v.load(out)
    assert found.words[0] == "</s>"
    assert set(found.words) - {"unseen"} == {"</s>", "the", "cat", "mat"}
    assert np.isfinite(found.matrix).all()
    counts = dict(line.rsplit(b" ", 1) for line in saved.read_bytes().split(b"\n")[:-1])
    if b" 0\ncat" not in content:
        assert found.words[1:3] == ["the", "cat"]
        assert (counts[b"the"], counts[b"mat"]) == (b"80", b"3")


@pytest.mark.parametrize("how", [(), ("--hs",), ("--hs", "--negative", 0, "--exact")], ids=str)
def test_counts_beyond_every_corpus_are_accepted(text, tmp_path, how):
    """From counts of 1e15 on the C program's Huffman tree never ends."""
    vocab, out = tmp_path / "vocab", tmp_path / "v.bin"
    vocab.write_bytes(b"</s> 9\nthe 4000000000000000000\ncat 400000000000000000\nmat 1\n")
    options = ("--size", 5, "--epochs", 1, "--min-count", 0, *how, "-q")
    succeeded("train", text, "-o", out, "--read-vocab", vocab, *options)
    assert np.isfinite(fastw2v.load(out).matrix).all()


def test_a_vocabulary_is_recounted_on_request(text, tmp_path):
    """``vocab --read-vocab``: these words and no others, with their counts in this text."""
    vocab, again = tmp_path / "vocab", tmp_path / "again"
    vocab.write_bytes(b"unseen 0\nmat 0\ncat 9\nthe 0\n")
    options = ("--read-vocab", vocab, "--min-count", 0)
    result = succeeded("vocab", text, "-o", again, *options)
    assert again.read_bytes() == b"</s> 40\nthe 80\ncat 40\nmat 20\nunseen 0\n"
    assert "4 of its 4 words kept" in result.stderr
    shown = succeeded("vocab", text, "-o", "-", *options[:2], "--min-count", 40, "-q")
    assert shown.stdout_bytes == b"</s> 40\nthe 80\ncat 40\n"
    none = run_command("vocab", text, "-o", "-", *options[:2], "--min-count", 81)
    assert "none of its 4 words occurs 81 times in the text, at most 80 times" in error_line(none)


def test_no_output_layer_is_refused_and_both_are_trained(text, tmp_path):
    """As in C: hierarchical softmax and negative sampling at once; without either no training."""
    result = run_command("train", text, "-o", tmp_path / "v.bin", "--negative", 0)
    assert "no output layer to train: --negative is 0 and --hs is off" in error_line(result)
    files = {}
    for name, options in {
        "negative": (),
        "hs": ("--hs", "--negative", 0),
        "both": ("--hs",),
    }.items():
        succeeded("train", text, "-o", tmp_path / name, *QUICK, "--threads", 1, "-q", *options)
        files[name] = (tmp_path / name).read_bytes()
    assert len(set(files.values())) == 3


def test_more_threads_than_cores_are_reduced_with_a_message(text, tmp_path, monkeypatch):
    """So is a container's limit, which is less than the cores that it sees."""
    report = tmp_path / "report.json"
    files = ("-o", tmp_path / "v.bin", "--report", report)
    monkeypatch.setattr(cores, "_container_quota", lambda: 1.0)
    result = succeeded("train", text, *files, *QUICK, "--threads", 64)
    assert "64 threads requested, but this process may use only 1: using 1" in result.stderr
    assert json.loads(report.read_text())["threads"] == 1
    succeeded("train", text, *files, *QUICK)
    assert json.loads(report.read_text())["threads"] == 1


def test_files_folders_and_spark_parts_are_read_in_order(tmp_path):
    """Several files, or a folder of ``part-*`` without its bookkeeping, are one text."""
    parts = tmp_path / "out.txt"
    parts.mkdir()
    for number, word in enumerate(("first", "second", "third")):
        (parts / f"part-0000{number}").write_bytes(f"{word} same\n".encode())
    (parts / "part-00003.gz").write_bytes(gzip.compress(b"packed same"))
    for name in ("_SUCCESS", ".part-00000.crc"):
        (parts / name).write_bytes(b"bookkeeping")
    (tmp_path / "last.txt").write_bytes(b"last same")
    order = [b"</s>", b"same", b"first", b"second", b"third", b"packed", b"last"]
    shown = succeeded("vocab", parts, tmp_path / "last.txt", "-o", "-", "--min-count", 1, "-q")
    words = [line.split(b" ")[0] for line in shown.stdout_bytes.splitlines()]
    assert words == order  # equal counts stand in the order in which they were read
    succeeded("train", parts, tmp_path / "last.txt", "-o", tmp_path / "v.bin", *QUICK)
    assert fastw2v.load(tmp_path / "v.bin").words == [word.decode() for word in order]


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_is_read_once_for_all_epochs(text, tmp_path, pack):
    """A pipe cannot be read again: three epochs of piped text give what the file gives."""
    options = ("--size", 5, "--epochs", 3, "--min-count", 1, "--threads", 1, "-q")
    succeeded("train", text, "-o", tmp_path / "file.bin", *options)
    done = run_process("train", "-", "-o", tmp_path / "pipe.bin", *options, stdin=pack(TEXT))
    assert (done.returncode, done.stderr) == (0, b"")
    assert (tmp_path / "pipe.bin").read_bytes() == (tmp_path / "file.bin").read_bytes()
