"""Pipes without a program at the other end, and what cannot be a pipe at all."""

import os
import socket
import threading

import pytest

from fastw2v.errors import CheckpointError, CorpusError, OutputError
from fastw2v.io.array_file import ArrayFile
from fastw2v.io.atomic import replacing
from fastw2v.io.regular import check_regular, open_regular
from tests.support.commands import error_line, run_command

TRAIN = ("-o", "v.txt", "--size", 4, "--epochs", 1, "--threads", 1)


@pytest.fixture
def pipe(tmp_path, monkeypatch):
    """A pipe named ``pipe`` in the current folder."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe")
    return tmp_path / "pipe"


def test_writing_to_a_pipe_without_a_reader_ends(pipe):
    with pytest.raises(OutputError, match="pipe: a pipe without a reader"), replacing(pipe):
        pass


def test_writing_to_a_pipe_with_a_reader(pipe):
    """More than fits in it at once."""
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with replacing(pipe) as file:
        file.write(bytes(1 << 20))
    reader.join()
    assert len(read[0]) == 1 << 20


def test_regular_files_only(tmp_path, pipe):
    (tmp_path / "file").write_bytes(b"x")
    (tmp_path / "link").symlink_to("file")
    for name in ("file", "link"):
        with open_regular(name) as file:
            assert file.read() == b"x"
    check_regular("missing")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        kinds = {"pipe": "a pipe", ".": "a folder", "socket": "a socket", "/dev/zero": "a device"}
        for path, what in kinds.items():
            for function in (open_regular, check_regular):
                with pytest.raises(OSError, match=f"it is {what}; use a regular file"):
                    function(path)


@pytest.mark.parametrize(
    "arguments",
    [
        ("train", "TEXT", *TRAIN, "--checkpoint", "pipe"),
        ("train", "TEXT", *TRAIN, "--checkpoint", "pipe", "--force"),
        ("train", "TEXT", *TRAIN, "--checkpoint", "/dev/zero", "--force"),
        ("train", "--resume", "pipe"),
        ("train", "--resume", "/dev/zero"),
    ],
)
def test_checkpoints_are_regular_files(pipe, tiny_corpus, arguments):
    arguments = [tiny_corpus if each == "TEXT" else each for each in arguments]
    line = error_line(run_command(*arguments))
    assert "it is a " in line
    assert "use a regular file" in line


def test_an_array_file_is_a_regular_file(pipe):
    with pytest.raises(CheckpointError, match="it is a pipe"):
        ArrayFile(pipe)


@pytest.mark.parametrize("command", [("train",), ("vocab",), ("phrases",)])
def test_a_corpus_from_a_pipe_without_a_writer_ends(pipe, command):
    line = error_line(run_command(*command, "pipe", "-o", "out"))
    assert "pipe: cannot be opened: a pipe without a writer" in line


def test_a_corpus_from_a_pipe(pipe, tiny_corpus):
    from fastw2v.corpus import count_words

    writer = threading.Thread(target=pipe.write_bytes, args=(tiny_corpus.read_bytes(),))
    writer.start()
    assert count_words(pipe).words == count_words(tiny_corpus).words
    writer.join()
    with pytest.raises(CorpusError, match="a pipe without a writer"):
        count_words(pipe)
