"""Sources of text: files, folders, pipes, compressed."""

import bz2
import gzip
import io
import lzma
import os
import re
import sys
import threading
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from fastw2v.corpus import check_sources, read_corpus, sources
from fastw2v.corpus.blocks import block_bytes
from fastw2v.corpus.pieces import pieces_of
from fastw2v.corpus.reading import Limits
from fastw2v.corpus.sources import total_size
from fastw2v.errors import CorpusError
from fastw2v.io import compression
from fastw2v.progress import Progress, Stage
from tests.support.corpus_parts import bytes_of, parts_of, text_of

TEXT = b"the cat sat on\n the mat \xe2\x80\xa6 the end\n" + b"more of the same\n" * 9
COMPRESS = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}


def refused(paths) -> str:
    with pytest.raises(CorpusError) as caught:
        read_corpus(paths, min_count=1)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("size", [3, 7, 4096])
@pytest.mark.parametrize("kind", COMPRESS)
def test_compressed_files_are_detected_by_content(tmp_path, kind, size):
    path = tmp_path / "corpus.txt"
    path.write_bytes(COMPRESS[kind](TEXT))
    assert text_of(path, size) == TEXT
    # Two members one after another are one text.
    path.write_bytes(COMPRESS[kind](TEXT[:50]) + COMPRESS[kind](TEXT[50:]))
    assert text_of(path, size) == TEXT


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_cut_compressed_file_is_an_error_with_the_place(tmp_path, kind):
    path = tmp_path / "corpus.gz"
    data = COMPRESS[kind](np.random.default_rng(1).bytes(50_000))
    path.write_bytes(data[:-9])
    assert f"corpus.gz: the {kind} data ends early, at byte {len(data) - 9:,}" in refused(path)


@pytest.mark.parametrize("kind", COMPRESS)
def test_a_broken_compressed_file_is_an_error_with_the_place(tmp_path, kind):
    path = tmp_path / "corpus"
    data = bytearray(COMPRESS[kind](TEXT * 100))
    data[len(data) // 2] ^= 0x55
    path.write_bytes(data)
    assert re.search(rf"corpus: corrupt {kind} data before byte [\d,]+: ", refused(path))


def test_other_data_after_a_gzip_member_is_an_error(tmp_path):
    path = tmp_path / "corpus.gz"
    path.write_bytes(gzip.compress(TEXT) + b"\0" * 512)  # padding, as on tapes
    assert text_of(path) == TEXT
    path.write_bytes(gzip.compress(TEXT) + b"plain text")
    assert "corrupt gzip data" in refused(path)


def test_a_zip_archive_is_refused_by_name(tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_bytes(b"PK\x03\x04" + bytes(100))
    assert "a zip archive; unpack it" in refused(path)


def test_zstandard_without_a_module_names_what_to_install(tmp_path, monkeypatch):
    for name in ("compression.zstd", "zstandard"):
        monkeypatch.setitem(sys.modules, name, None)
    for magic in (b"\x28\xb5\x2f\xfd", b"\x50\x2a\x4d\x18"):
        path = tmp_path / "corpus.zst"
        path.write_bytes(magic + bytes(50))
        assert "corpus.zst: compressed with zstandard; to read it, pip install zst" in refused(path)


class FakeZstandard:
    """Stands in for the module: frames are a length byte and so many bytes, upper case."""

    class ZstdError(Exception):
        pass

    class ZstdDecompressor:
        def __init__(self):
            self.eof, self.unused_data, self._left = False, b"", None

        def decompress(self, data):
            if self._left is None:
                self._left, data = data[0], data[1:]
            if b"!" in data:
                raise FakeZstandard.ZstdError("an exclamation mark")
            text, self.unused_data = data[: self._left], data[self._left :]
            self._left -= len(text)
            self.eof = self._left == 0
            return text.lower()


@pytest.mark.parametrize("input_bytes", [1, 3, 4, 100])
def test_zstandard_frames_are_read_one_after_another(monkeypatch, input_bytes):
    monkeypatch.setattr(compression._ZstandardReader, "INPUT_BYTES", input_bytes)

    def read(data):
        reader = compression._ZstandardReader(io.BytesIO(data), FakeZstandard)
        return list(iter(lambda: reader.read(4), b""))

    assert read(b"\x05HELLO\x03BYE") == [b"hell", b"obye"]
    with pytest.raises(EOFError):
        read(b"\x05HELLO\x03BY")
    with pytest.raises(OSError, match="exclamation"):
        read(b"\x05HELLO\x03B!E")


def test_zstandard_itself_where_there_is_a_module(tmp_path):
    module = compression._zstandard_module()
    if module is None:
        with pytest.raises(CorpusError, match="zstandard"):
            compression.check_head(b"\x28\xb5\x2f\xfd", "corpus")
        return
    compress = getattr(module, "compress", None) or module.ZstdCompressor().compress
    path = tmp_path / "corpus"
    path.write_bytes(compress(TEXT) + compress(TEXT))
    assert text_of(path, 7) == TEXT * 2
    path.write_bytes(compress(TEXT)[:-5])
    assert "zstandard data ends early" in refused(path)


def test_several_files_are_one_text_with_newlines_between(tmp_path):
    names = ["no newline", "vide.txt", "mark", "last"]
    contents = [b"\xef\xbb\xbfone", b"", b"\xef\xbb\xbftwo\n", b"three \xef\xbb\xbf"]
    paths = [tmp_path / name for name in names]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    assert text_of(paths) == b"one\ntwo\nthree \xef\xbb\xbf"
    assert text_of(paths[::-1], 3) == b"three \xef\xbb\xbf\ntwo\none"
    assert text_of(paths[2], c_rules=True) == contents[2]
    corpus = read_corpus(map(str, paths), min_count=1)
    assert corpus.vocabulary.words == ["</s>", "one", "two", "three", "\ufeff"]
    assert corpus.ids.tolist() == [1, 0, 2, 0, 3, 4]


def test_a_folder_is_read_file_by_file_in_order(tmp_path):
    folder = tmp_path / "output of Spark, größer"
    (folder / "deeper").mkdir(parents=True)
    names = ["part-00001", "part-00000", "_SUCCESS", ".part-00000.crc", "deeper/part-00002"]
    for name in names:
        (folder / name).write_text(f"word {name}\n")
    (folder / "part-00002.gz").write_bytes(gzip.compress(b"packed\n"))
    found = check_sources([folder])
    assert [Path(source.path).name for source in found] == [
        "part-00000",
        "part-00001",
        "part-00002.gz",
    ]
    assert total_size(found) == sum(os.path.getsize(source.path) for source in found)
    assert text_of(folder) == b"word part-00000\nword part-00001\npacked\n"


def test_unreadable_paths_are_errors_before_anything_is_read(tmp_path):
    good = tmp_path / "good.txt"
    good.write_bytes(TEXT)
    empty = tmp_path / "empty"
    empty.mkdir()
    archive = tmp_path / "archive"
    archive.write_bytes(b"PK\x03\x04")
    for bad, reason in [
        (tmp_path / "missing.txt", "missing.txt: no such file or folder"),
        (empty, "empty: no files in this folder"),
        (archive, "archive: a zip archive"),
        ("nul\0name", "cannot be read: embedded null byte"),
        (good / "below", "cannot be read: Not a directory"),
    ]:
        with pytest.raises(CorpusError, match=re.escape(reason)):
            check_sources([good, bad])
    with pytest.raises(CorpusError, match="give a file"):
        check_sources([])
    with pytest.raises(CorpusError, match="only once"):
        check_sources(["-", good, "-"])


def test_a_file_without_permission_is_an_error(tmp_path, monkeypatch):
    def forbidden(path, mode):  # root may open everything
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.txt"
    path.write_bytes(TEXT)
    monkeypatch.setattr(sources, "open", forbidden, raising=False)
    with pytest.raises(CorpusError, match=r"secret\.txt: cannot be read: Permission denied"):
        check_sources(path)


def test_standard_input_is_read_once_compressed_or_not(monkeypatch):
    for data in (TEXT, gzip.compress(TEXT)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        corpus = read_corpus("-", min_count=2)
        assert corpus.vocabulary.words == ["</s>", "the", "more", "of", "same"]
        assert corpus.ids[:4].tolist() == [1, 0, 1, 1]
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(CorpusError, match="no standard input"):
        check_sources("-")


def test_a_named_pipe_is_read_without_being_opened_twice(tmp_path):
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(b"a b\n" * 100_000,))
    writer.start()
    corpus = read_corpus(path, min_count=1, threads=2)
    writer.join()
    assert corpus.vocabulary.counts.tolist() == [100_000] * 3
    assert total_size(check_sources(path)) is None


@pytest.mark.parametrize("change", ["shrink", "grow", "touch"])
def test_a_file_that_changes_while_it_is_read_is_an_error(tmp_path, change):
    path = tmp_path / "growing.txt"
    path.write_bytes(b"word " * 1000)
    parts = parts_of(path, 100)
    next(parts)
    if change == "shrink":
        os.truncate(path, 1000)
    elif change == "grow":
        with open(path, "ab") as file:
            file.write(b"more")
    else:
        os.utime(path, (1, 1))
    with pytest.raises(CorpusError, match=r"growing\.txt: changed while it was read"):
        list(parts)


def test_a_file_deleted_between_check_and_reading_is_an_error(tmp_path):
    paths = [tmp_path / "here.txt", tmp_path / "gone.txt"]
    for path in paths:
        path.write_bytes(TEXT)
    found = check_sources(paths)
    paths[1].unlink()
    opened = pieces_of(found, 100)
    first = next(opened)
    with pytest.raises(CorpusError, match=r"gone\.txt: cannot be opened: No such file"):
        list(opened)
    first.source.close()


def test_an_error_of_the_disk_names_the_place(monkeypatch):
    class Broken(io.RawIOBase):
        def readinto(self, room):
            raise OSError(5, "Input/output error")

    class Stdin:
        buffer = Broken()

    monkeypatch.setattr(sys, "stdin", Stdin())
    assert "standard input: cannot be read at byte 0: Input/output error" in refused("-")


class Watched(Progress):
    """A progress that records what it is given."""

    def __init__(self):
        self.total, self.reached = 0, []

    @contextmanager
    def stage(self, label, total):
        self.total, watched = total, self

        class Recording(Stage):
            def update(self, done, note=""):
                watched.reached.append(done)

        yield Recording()


@pytest.mark.parametrize("threads", [1, 3])
def test_progress_counts_bytes_on_disk(tmp_path, threads):
    paths = [tmp_path / "plain.txt", tmp_path / "packed.gz"]
    paths[0].write_bytes(TEXT * 100)
    paths[1].write_bytes(gzip.compress(TEXT * 10_000))
    watched = Watched()
    read_corpus(paths, threads=threads, limits=Limits(1000), progress=watched)
    assert watched.reached[0] == 1000
    assert watched.reached == sorted(watched.reached)
    assert watched.total == watched.reached[-1] == sum(path.stat().st_size for path in paths)


def test_blocks_end_between_words_and_are_small_for_small_texts(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"one two\tthree\nfour-and-more five\r")
    parts = [(part.block.base, bytes_of(part.block), part.tail) for part in parts_of(path, 9)]
    assert parts == [
        (1, b"one two\t", b""),
        (9, b"three\n", b""),
        (15, b"four-and-more ", b"five\r"),
    ]
    assert block_bytes(10 << 30, 4) == block_bytes(None, 4)
    assert (10 << 20) // block_bytes(10 << 20, 4) >= 4 * 4
