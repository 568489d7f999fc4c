"""Inputs that users reported: what is no text is refused in one line and nothing is written; what
is printed with ``>>`` keeps what the file has.

Each input is made here; where the collection of reported files is beside the project, those are
tried too.
"""

import csv
import io
import json
import os
import pickle
import shutil
import subprocess
import sys
import tarfile

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import OutputError
from tests.support.commands import FOLDER, error_line, run_command
from tests.support.paths import ROOT

REPORTED = ROOT.parent / "shared" / "reports" / "inputs"
SENTENCES = ["river stone cloud lamp", "lamp cloud river"] * 40


def in_tar(mode: str) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name in ("one.txt", "two.txt"):
            text = "\n".join(SENTENCES).encode()
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    return file.getvalue()


def array() -> bytes:
    file = io.BytesIO()
    np.save(file, np.array([line.split()[:3] for line in SENTENCES]))
    return file.getvalue()


def rows() -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerows([["id", "text"], *enumerate(SENTENCES)])
    return file.getvalue().encode()


def vectors() -> bytes:
    matrix = np.random.default_rng(3).normal(size=(10, 20)).astype("<f4")
    rows = [b"w%d " % number + row.tobytes() + b"\n" for number, row in enumerate(matrix)]
    return b"10 20\n" + b"".join(rows)


INPUTS = {
    "corpus-utf16-with-mark.txt": (
        lambda: "\n".join(SENTENCES).encode("utf-16"),
        "text in UTF-16; save it as UTF-8",
    ),
    "corpus-in-tar.tar": (lambda: in_tar("w"), "a tar archive; unpack it, or use a pipe: tar xOf"),
    "corpus-in-tar.tar.gz": (lambda: in_tar("w:gz"), "a tar archive; unpack it, or use a pipe"),
    "corpus-is-parquet.parquet": (
        lambda: b"PAR1" + bytes(range(200)) + b"PAR1",
        "a Parquet file; ",
    ),
    "corpus-is-pickle.pkl": (lambda: pickle.dumps(SENTENCES), "a Python pickle"),
    "corpus-is-numpy-array.npy": (array, "a NumPy array"),
    "vectors-taken-for-a-corpus.bin": (vectors, "word vectors in binary form, not text"),
    "corpus-is-jsonl.jsonl": (
        lambda: "".join(
            json.dumps({"id": number, "text": line}) + "\n" for number, line in enumerate(SENTENCES)
        ).encode(),
        "JSON, not plain text; ",
    ),
    "corpus-is-csv-with-header.csv": (rows, "CSV, fields separated by ','"),
}


def files_of(name: str, folder) -> list:
    """The input made here, and the one that was reported if it is here."""
    made = folder / "made" / name
    made.parent.mkdir()
    made.write_bytes(INPUTS[name][0]())
    return [made, *[path for path in [REPORTED / name] if path.exists()]]


@pytest.mark.parametrize("name", INPUTS)
def test_what_is_no_text_is_refused_with_the_way_out(name, tmp_path):
    for path in files_of(name, tmp_path):
        for command in ("train", "vocab", "phrases"):
            output = tmp_path / f"{command}.txt"
            result = run_command(command, path, "-o", output, "--min-count", 1)
            line = error_line(result)
            assert line.startswith(f"Error: {path}: ")
            assert INPUTS[name][1] in line
            assert ";" in line
            assert result.stderr.count("\n") == 1
            assert not output.exists()


@pytest.mark.parametrize("name", [name for name in INPUTS if "vectors" not in name])
def test_info_names_it_too(name, tmp_path):
    for path in files_of(name, tmp_path):
        assert error_line(run_command("info", path)).startswith(f"Error: {path}: ")


def test_words_with_a_carriage_return_are_refused_in_word_lists(tmp_path):
    found = fastw2v.WordVectors(["a", "x\ry", "b"], np.eye(3, dtype="f4"))
    for name in ("cr.npy", "cr.tsv"):
        with pytest.raises(OutputError, match=r"'x\\ry': a .*line end ends the word"):
            found.save(tmp_path / name)
    assert os.listdir(tmp_path) == []
    if (REPORTED / "words-with-carriage-return.py").exists():
        done = script("words-with-carriage-return.py", tmp_path)
        assert done.returncode
        assert done.stderr.splitlines()[-1].startswith("fastw2v.errors.OutputError: ")
        assert os.listdir(tmp_path) == []


def script(name: str, folder) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, REPORTED / name],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        timeout=120,
    )


APPEND = """
echo "a line that was there" > appended.txt
fastw2v convert v.txt /dev/stdout -q >> appended.txt
cat appended.txt
fastw2v convert v.txt /dev/stdout -q | head -1
"""


@pytest.mark.skipif(shutil.which("sh") is None, reason="no POSIX shell")
def test_nothing_is_lost_by_appending_to_a_file(tmp_path):
    (tmp_path / "v.txt").write_text("2 2\na 1 2\nb 2 3\n")
    starter = tmp_path / "bin" / "fastw2v"
    starter.parent.mkdir()
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fastw2v "$@"\n')
    starter.chmod(0o755)
    variables = {
        "PATH": f"{starter.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(FOLDER),
    }
    scripts = [["-c", APPEND]]
    if (REPORTED / "stdout_appended.sh").exists():
        scripts.append([str(REPORTED / "stdout_appended.sh"), "v.txt"])
    for arguments in scripts:
        done = subprocess.run(
            ["sh", *arguments],
            cwd=tmp_path,
            env=os.environ | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.stderr == ""
        written = (tmp_path / "appended.txt").read_text()
        assert written.splitlines()[:2] == ["a line that was there", "2 2"]
        assert len(written.splitlines()) == 4
        assert done.stdout.splitlines()[0] == "a line that was there"
        assert done.stdout.splitlines()[-1] == "2 2"
