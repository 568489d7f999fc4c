"""``-`` is standard input or output for every command, and ``/dev/stdout`` what it stands for."""

import json
import os
from contextlib import contextmanager

import pytest

from fastw2v import formats
from tests.support.forks import APPENDED
from tests.support.stream_cases import write_files


def result(forks, line, **streams):
    done = forks.run("fastw2v", line.split(), **streams)
    assert done.code == 0, done.stderr.decode()
    return done.stdout


@contextmanager
def pipe_with(content: bytes):
    """The path of a pipe that has ``content``, and no writer any more."""
    read, write = os.pipe()
    os.write(write, content)
    os.close(write)
    yield f"/proc/{os.getpid()}/fd/{read}"
    os.close(read)


def refusal(forks, line, **streams) -> str:
    done = forks.run("fastw2v", line.split(), **streams)
    assert done.code != 0
    assert done.stdout == b""
    return done.stderr.decode().splitlines()[-1]


@pytest.mark.parametrize(
    "line",
    [
        "similar {} w1 w2",
        "similar {} --words-from queries.txt --json",
        "analogy {} w1 w2 w3",
        "evaluate {} --analogies sections.txt",
        "classes {} -n 3 -q",
        "words {} --norms",
        "convert {} - --words queries.txt",
        "convert {} - --format binary",
        "convert {} - --format glove",
        "map {} -o {out} --projection pca",
    ],
)
def test_vectors_from_standard_input_are_those_of_the_file(forks, folder, line):
    """Of a file, of a pipe, compressed."""
    out = folder / "map.html"
    expected = result(forks, line.format("v.txt", out=out))
    written = out.read_bytes() if out.exists() else None
    formats.save(folder / "packed.txt.gz", *formats.load(folder / "v.txt"))
    with pipe_with((folder / "v.txt").read_bytes()) as pipe:
        for stdin in (str(folder / "v.txt"), str(folder / "packed.txt.gz"), pipe):
            found = result(forks, line.format("-", out=out), stdin=stdin)
            assert found == expected, stdin
            assert (out.read_bytes() if out.exists() else None) == written
    out.unlink(missing_ok=True)


def test_info_of_standard_input(forks, folder):
    for name in ("v.txt", "vocab.txt"):
        expected = json.loads(result(forks, f"info {name} --json"))
        found = json.loads(result(forks, "info - --json", stdin=str(folder / name)))
        assert found == expected | {"path": "-", "file_bytes": None}
        assert b"size  " not in result(forks, "info -", stdin=str(folder / name))


def test_info_of_a_pipe_reads_it_once(forks, folder):
    with pipe_with((folder / "vocab.txt").read_bytes()) as pipe:
        found = result(forks, "info /dev/stdin --json", stdin=pipe)
    assert json.loads(found)["words"] == 3


def test_training_to_standard_output_writes_what_it_writes_to_a_file(forks, folder):
    text = str(folder / "c.txt")
    options = "--size 4 --min-count 1 --epochs 1 --threads 1 -q"
    for format, name in (("text", "o.txt"), ("binary", "o.bin")):
        result(forks, f"train c.txt -o {name} {options}")
        found = result(forks, f"train - -o - --format {format} {options}", stdin=text)
        assert found == (folder / name).read_bytes()
    again = result(forks, f"train c.txt -o /dev/stdout --format binary {options}")
    assert again == found


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("train c.txt -o - --save-every 1", "--save-every needs a file"),
        ("train c.txt -o /dev/stdout --save-every 1", "--save-every needs a file"),
        ("train c.txt -o - --format npy", "must end in .npy"),
        ("train c.txt -o - --save-vocab -", "same file"),
        ("convert v.txt - --format projector", "must end in .tsv"),
        ("similar -", "standard input has the vectors"),
        ("similar - --words-from -", "standard input has the vectors"),
        ("analogy -", "standard input has the vectors"),
        ("map - -o m.html --words-from -", "standard input has the vectors"),
    ],
)
def test_what_cannot_be_is_refused_before_any_work(forks, line, message):
    assert message in refusal(forks, line)


def test_files_that_need_to_be_mapped_are_refused_from_standard_input(forks, folder):
    formats.save(folder / "m.npy", *formats.load(folder / "v.txt"))
    assert "a .npy that is not a regular file" in refusal(
        forks, "info -", stdin=str(folder / "m.npy")
    )


@pytest.mark.parametrize(
    "command", ["convert v.txt", "vocab c.txt -q --threads 1 -o", "words v.txt -o"]
)
@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1", "-"])
def test_what_stood_in_a_file_that_is_appended_to_stays(forks, folder, command, path):
    expected = result(forks, f"{command} -")
    log = folder / "log"
    log.write_bytes(b"before\n")
    result(forks, f"{command} {path}", stdout=f"{APPENDED}{log}")
    assert log.read_bytes() == b"before\n" + expected


def test_names_that_link_to_standard_output_are_followed(forks, folder):
    link, outer = folder / "link", folder / "outer"
    link.symlink_to("/dev/stdout")
    outer.symlink_to("link")
    log = folder / "log"
    log.write_bytes(b"before\n")
    result(forks, "words v.txt -o outer", stdout=f"{APPENDED}{log}")
    assert log.read_bytes() == b"before\n" + result(forks, "words v.txt")
    assert link.is_symlink()
    assert outer.is_symlink()
    link.unlink()
    outer.unlink()


def test_a_report_to_standard_output(forks):
    line = "phrases c.txt -o o.txt --min-count 1 --threads 1 --report -"
    assert json.loads(result(forks, line))["words_read"] > 0


def test_standard_output_closed_is_told_before_the_training(forks):
    done = forks.run("fastw2v", ["train", "c.txt", "-o", "-"], stdout="closed")
    assert done.code == 1
    assert done.stderr.count(b"\n") == 1
    assert b"cannot write to standard output: it is closed" in done.stderr


def test_files_named_dash_are_reached_by_their_path(tmp_path, monkeypatch):
    write_files(tmp_path)
    monkeypatch.chdir(tmp_path)
    words, matrix = formats.load("v.txt")
    formats.save("./-", words, matrix)
    assert (tmp_path / "-").exists()
    assert formats.load("./-")[0] == words
