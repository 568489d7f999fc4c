"""What commands print on a terminal cannot steer it; pipes and files get every byte."""

import os
import re
import threading
from contextlib import contextmanager

import pytest

from tests.support.stream_cases import CASES

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
PRINTING = [
    case for case in CASES if not case.output or case.program in ("word2vec", "word2phrase")
]


@contextmanager
def terminal():
    """``(path, list)`` of a terminal; after the block the list has what was printed."""
    ours, theirs = os.openpty()
    printed = []

    def drain():
        try:
            while data := os.read(ours, 1 << 16):
                printed.append(data)
        except OSError:  # the other end is closed
            pass

    reader = threading.Thread(target=drain)
    reader.start()
    try:
        yield os.ttyname(theirs), printed
    finally:
        os.close(theirs)
        reader.join()
        os.close(ours)


def on_terminal(forks, case):
    with terminal() as (path, printed):
        stdin = str(forks.folder / case.stdin) if case.stdin else os.devnull
        done = forks.run(case.program, case.line, stdout=path, stdin=stdin)
    return done, b"".join(printed).replace(b"\r\n", b"\n")


@pytest.mark.parametrize("case", PRINTING, ids=[case.name for case in PRINTING])
def test_escape_sequences_of_words_are_not_printed(forks, case):
    done, printed = on_terminal(forks, case)
    assert done.code == 0, done.stderr.decode()
    shown = printed.decode("utf-8")  # no bytes that are not UTF-8
    if case.program in ("word2vec", "word2phrase"):
        shown = shown.replace("\r", "")  # the C programs' progress
    assert not _CONTROL.search(shown), shown
    assert not _CONTROL.search(done.stderr.decode().replace("\n", ""))


@pytest.mark.parametrize(
    "name",
    [
        "words",
        "convert to -",
        "convert to /dev/stdout",
        "vocab",
        "phrases",
        "classes",
        "train to -",
    ],
)
def test_words_are_escaped_on_a_terminal_and_raw_elsewhere(forks, folder, name):
    case = next(each for each in CASES if each.name == name)
    stdin = {"stdin": str(folder / case.stdin)} if case.stdin else {}
    raw = forks.run(case.program, case.line, **stdin).stdout
    _, printed = on_terminal(forks, case)
    assert b"bad\x1b[31m" in raw
    assert b"bad\\x1b[31m" in printed
    if b"\xff" in raw:
        assert b"na\xffve" in raw
        assert b"na\\xffve" in printed
        assert b"turn\\u202eed" in printed
    assert printed.count(b"\n") == raw.count(b"\n")


def test_answers_are_escaped_too(forks, folder):
    for program, line in (("fastw2v", "similar v.txt -n 44"), ("distance", "v.txt")):
        with terminal() as (path, printed):
            forks.run(program, line.split(), stdout=path, stdin=str(folder / "queries.txt"))
        shown = b"".join(printed)
        assert b"bad\\x1b[31m\\x9b" in shown
        assert b"\x1b" not in shown


def test_binary_data_is_not_printed_on_a_terminal(forks):
    for line in ("convert v.txt - --format binary", "train c.txt -o - --format binary"):
        with terminal() as (path, printed):
            done = forks.run("fastw2v", line.split(), stdout=path)
        assert done.code == 1
        assert b"".join(printed) == b""
        assert b"binary data is not written to a terminal" in done.stderr


def test_file_names_and_arguments_in_messages_are_escaped(forks, folder):
    name = "x\x1b[2Jy.txt"
    (folder / name).write_bytes((folder / "v.txt").read_bytes())
    for program, arguments in (
        ("fastw2v", ["convert", name, f"out-{name}"]),
        ("fastw2v", ["words", name, "--limit", "nonsense\x1b["]),
        ("fastw2v", ["similar", name, "unknown\x1b[2J"]),
        ("fastw2v", ["info", f"missing-{name}"]),
        ("fastw2v", ["\x1b[2J"]),
        ("word2vec", ["-train", name, "-output", f"out-{name}", "-nonsense\x1b[2J"]),
        ("\x1b[2J", []),
    ):
        done = forks.run(program, arguments)
        assert b"\x1b" not in done.stderr, arguments
    with terminal() as (path, printed):
        forks.run("fastw2v", ["info", name], stdout=path)
    assert b"x\\x1b[2Jy.txt" in b"".join(printed)
