"""No command writes over what it reads, or twice to one file: all pairs of paths are tried."""

import os
from itertools import combinations

import click
import numpy as np
import pytest

from fastw2v.cli import COMMANDS, cli
from fastw2v.errors import OutputError
from fastw2v.io.file_uses import FileUses
from tests.support.commands import error_line, run_command, succeeded
from tests.support.file_cases import CASES, ELSEWHERE, IN_PLACE, ONLY_READ, SHARED, TEXT, VECTORS

PAIRS = [
    (command, read, write)
    for command, (_, reads, writes) in CASES.items()
    for read in reads
    for write in writes
]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "texts").mkdir()
    for name in ("text.txt", "text.words.txt"):
        (tmp_path / "texts" / name).write_bytes(TEXT)
    (tmp_path / "v.txt").write_bytes(VECTORS)
    (tmp_path / "pairs.txt").write_bytes(b"a b 1\nb c 2\n")
    (tmp_path / "counts.txt").write_bytes(b"a 30\n")
    (tmp_path / "link").symlink_to(tmp_path / "texts" / "text.txt")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(folder, command) -> str:
    before = contents(folder)
    line = error_line(run_command(*command.split()))
    assert "cannot write" in line, line
    assert contents(folder) == before
    return line


@pytest.mark.parametrize(
    ("command", "read", "write"),
    PAIRS,
    ids=[f"{command} {read.option} {write.path}" for command, read, write in PAIRS],
)
def test_no_output_replaces_an_input(folder, command, read, write):
    (folder / write.path).write_bytes(read.content)
    always = CASES[command][0]
    line = f"{command} {read.arguments.format(write.path)} {write.arguments} {always}"
    if (command, read.option, write.option) in IN_PLACE and write.path in write.arguments:
        succeeded(*line.split())
        return
    assert "it is an input of this command" in refused(folder, line)


@pytest.mark.parametrize(
    ("command", "first", "second"),
    [
        (command, *pair)
        for command in ("train", "phrases", "lm")
        for pair in combinations(CASES[command][2], 2)
        if pair[0].option != pair[1].option and pair[1].path == SHARED  # can have any name
    ],
)
def test_no_two_outputs_are_one_file(folder, command, first, second):
    *_, flag, _ = second.arguments.split()
    line = f"{command} texts {first.arguments} {flag} {first.path} {CASES[command][0]}"
    assert "is the same file; use one for each" in refused(folder, line)


def test_every_option_that_names_a_file_is_in_a_pair():
    for name in COMMANDS:
        tried = {each.option for part in CASES.get(name, ((), (), ()))[1:] for each in part}
        for param in cli.get_command(click.Context(cli), name).params:
            is_path = isinstance(param.type, click.Path) or param.type.name == "Path"
            is_path = is_path or param.metavar == "FILE" or param.name in ("corpus", "folder")
            if is_path and name not in ONLY_READ and (name, param.name) not in ELSEWHERE:
                assert param.name in tried, f"{name} {param.name}"


@pytest.mark.parametrize(
    "command",
    [
        "train texts -o texts/text.txt",
        "train texts/text.txt -o ./texts/../texts/text.txt",
        "train texts -o link",
        "train link -o texts/text.txt",
        "train texts/text.txt texts/text.words.txt -o texts/text.npy",
        "vocab texts/text.txt texts/text.words.txt -o link",
        "map v.txt -o v.txt --projection pca",
    ],
)
def test_the_same_file_under_other_names(folder, command):
    assert "it is an input of this command" in refused(folder, command)


@pytest.mark.parametrize(
    "command",
    [
        "train texts -o texts/new.bin",
        "train texts/../texts -o v.bin --checkpoint texts/state",
        "train texts -o v.bin --save-vocab texts/vocab.txt",
        "vocab texts -o texts/vocab.txt",
        "phrases texts -o texts/joined.txt",
    ],
)
def test_no_output_joins_the_folder_that_is_the_corpus(folder, command):
    line = refused(folder, command)
    assert "it would become part of the corpus, the folder texts" in line
    succeeded("vocab", "texts", "-o", "texts/_vocab", "-q")  # such names are not read


@pytest.mark.parametrize(
    "command",
    [
        "classes {} -o {} -n 2",
        "words {} -o {}",
        "train texts -o new.bin --size 2 --min-count 1 --init {} --report {}",
    ],
)
def test_word_lists_beside_inputs_are_inputs(folder, command):
    np.save("y.npy", np.ones((3, 2), np.float32))
    (folder / "y.words.txt").write_bytes(b"a\nb\nc\n")
    line = refused(folder, command.format("y.npy", "y.words.txt"))
    assert "the word list" in line


def test_in_place_use(folder):
    succeeded("phrases", "texts", "-o", "texts/text.txt", "-q")
    assert (folder / "texts" / "text.txt").read_bytes().startswith(b" a")
    succeeded("convert", "v.txt", "v.npy", "-q")
    succeeded("convert", "v.npy", "v.npy", "--normalise", "-q")
    train = ("train", "texts", "-o", "n.txt", "--min-count", 1, "--epochs", 1, "-q")
    succeeded(*train, "--checkpoint", "state")
    succeeded("train", "--resume", "state", "--checkpoint", "state", "--epochs", 2, "-q")


def test_epoch_files_are_tried_before_the_training(folder):
    (folder / "n.epoch-2.txt").mkdir()
    train = "train texts -o n.txt --min-count 1 --epochs 2 --save-every 1"
    assert "n.epoch-2.txt: it is a folder" in refused(folder, train)


def test_devices_and_standard_streams_are_not_compared(folder):
    uses = FileUses()
    for path in ("-", os.devnull, "new", None):
        uses.reads(path, "the input")
    for path in ("-", os.devnull, os.devnull, None, "other"):
        uses.writes(path, "the output")
    uses.check()
    uses.writes("new", "the output")
    with pytest.raises(OutputError, match="cannot write new"):
        uses.check()


def test_standard_input_from_a_file_is_that_file(folder, monkeypatch):
    descriptor = os.open("v.txt", os.O_RDONLY)
    saved = os.dup(0)
    try:
        os.dup2(descriptor, 0)
        uses = FileUses()
        uses.reads("-", "the corpus")
        uses.writes("v.txt", "the output")
        with pytest.raises(OutputError, match="it is an input"):
            uses.check()
    finally:
        os.dup2(saved, 0)
        os.close(saved)
        os.close(descriptor)


def test_what_is_read_and_written_is_described(folder):
    uses = FileUses()
    uses.reads("v.txt", "the input")
    uses.reads("texts/text.txt", "the corpus")
    uses.reads_folder("texts", "the corpus")
    for number in range(7):
        uses.writes(f"n{number}\x1b[2J", "the output")
    shown = uses.describe()
    assert shown.startswith("reads texts, v.txt; writes n0\\x1b[2J, ")
    assert shown.endswith(", n4\\x1b[2J, 2 more")
