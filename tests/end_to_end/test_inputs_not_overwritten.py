"""No command overwrites its inputs, except where in-place use is supported."""

import os

import pytest

from fastw2v.errors import OutputError
from fastw2v.io.atomic import check_not_input
from tests.support.commands import error_line, run_command, succeeded

TEXT = b"a b c\n" * 30
VECTORS = b"3 2\na 1 2\nb 2 1\nc 1 1\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "texts").mkdir()
    for name in ("text.txt", "text.words.txt"):
        (tmp_path / "texts" / name).write_bytes(TEXT)
    (tmp_path / "v.txt").write_bytes(VECTORS)
    (tmp_path / "pairs.txt").write_bytes(b"a b 1\nb c 2\n")
    (tmp_path / "link").symlink_to(tmp_path / "texts" / "text.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "command",
    [
        "train texts -o texts/text.txt",
        "train texts/text.txt -o ./texts/../texts/text.txt",
        "train texts -o link",
        "train link -o texts/text.txt",
        "train texts -o texts/text.npy",
        "train texts -o new.bin --save-vocab texts/text.txt",
        "train texts -o new.bin --report texts/text.txt",
        "train texts -o new.bin --checkpoint texts/text.words.txt --force",
        "train texts -o pairs.txt --eval-pairs pairs.txt",
        "vocab texts -o texts/text.txt",
        "vocab texts/text.txt texts/text.words.txt -o link",
        "phrases texts -o new.txt --list texts/text.txt",
        "phrases texts -o new.txt --report texts/text.txt",
        "classes v.txt -n 2 -o v.txt",
        "words v.txt -o v.txt",
        "map v.txt -o v.txt --projection pca",
    ],
)
def test_writing_over_an_input_is_refused(folder, command):
    before = contents(folder)
    line = error_line(run_command(*command.split()))
    assert "it is an input of this command; choose another file" in line
    assert contents(folder) == before


def test_phrases_may_be_joined_in_place(folder):
    succeeded("phrases", "texts/text.txt", "-o", "texts/text.txt", "-q")
    assert (folder / "texts" / "text.txt").read_bytes().startswith(b" a")


def test_vectors_may_be_converted_and_checkpoints_resumed_in_place(folder):
    succeeded("convert", "v.txt", "v.txt", "--normalise")
    start = ("--init", "v.txt", "--size", 2, "--epochs", 1, "--min-count", 1, "-q")
    succeeded("train", "texts", "-o", "v.txt", *start)


def test_devices_and_standard_streams_are_not_checked(folder):
    check_not_input(
        [None, "-", os.devnull, "texts", "new"], ["-", os.devnull, "texts", "new", None]
    )
    with pytest.raises(OutputError, match="cannot write link: it is an input"):
        check_not_input(["new", "link"], ["pairs.txt", "texts/text.txt"])
