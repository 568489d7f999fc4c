"""Windows and macOS, as far as Linux can show: see `tests.support.elsewhere`. All commands give the
same files and the same output, byte for byte, as here."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from fastw2v.cli import COMMANDS
from tests.support.commands import FOLDER

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs /proc to see open files")
PLATFORMS = ["linux", "win32", "darwin"]

ONE = ["--threads", "1", "-q"]
LINES = [
    ["tokenize", "text.txt", "-o", "tokens.txt", *ONE],
    ["vocab", "rows.csv", "-o", "column.txt", "--column", "text", "--min-count", "1", *ONE],
    ["vocab", "text.txt", "-o", "vocab.txt", *ONE],
    ["vocab", "text.txt", "-o", "-", *ONE],
    ["plan", "--read-vocab", "vocab.txt", "--rate", "1e5", "--cores", "2", "--json"],
    ["phrases", "text.txt", "-o", "joined.txt.gz", "--list", "list.txt", *ONE],
    [
        *["train", "text.txt", "joined.txt.gz", "-o", "v.bin", "--size", "9", "--epochs", "2"],
        *["--save-every", "1", "--save-vocab", "w.txt", "--report", "report.json"],
        *["--checkpoint", "v.state", *ONE],
    ],
    ["train", "--resume", "v.state", "--epochs", "3", "--force", "-q"],
    ["train", "text.txt", "-o", "u.bin", "--init", "v.bin", "--size", "9", "--epochs", "1", *ONE],
    ["train", "text.txt", "-o", "-", "--size", "9", "--epochs", "1", *ONE],
    ["train", "folder", "-o", "two.txt", "--size", "9", "--threads", "2", "-q"],
    ["convert", "v.bin", "v.npy", "-q"],
    ["convert", "v.npy", "v.npy", "--normalise", "-q"],
    ["convert", "v.bin", "v.txt.gz", "-q"],
    ["convert", "v.bin", "v.bin", "--limit", "20", "-q"],
    ["convert", "v.npy", "v.tsv", "-q"],
    ["convert", "v.state", "-", "-q"],
    ["counts", "text.txt", "-o", "c.bin", "--size", "9", "--save-counts", "counts.npz", *ONE],
    ["counts", "text.txt", "-o", "one-hot.npz", "--one-hot", *ONE],
    ["ngram", "text.txt", "-o", "text.lm", *ONE],
    ["watch", "text.txt", "-o", "page.html", "--max-vocab", "50"],
    ["lm", "text.txt", "-o", "n.bin", "--save-model", "n.lm", "--size", "9", "--epochs", "1", *ONE],
    ["compare", "text.txt", "-o", "t.md", "--pairs", "pairs.tsv", "--only", "unigram", *ONE],
    ["perplexity", "text.lm", "text.txt", "--json", "--sentences", *ONE],
    ["similar", "v.bin", "word3"],
    ["similar", "v.npy", "--words-from", "asked.txt", "--json"],
    ["analogy", "v.state", "word1", "word2", "word3"],
    ["predict", "v.state", "word1", "word2"],
    ["similarity", "v.bin", "word1", "word3"],
    ["embed", "v.bin", "text.txt", "-o", "lines.npy", "-q"],
    ["align", "v.bin", "u.bin", "-o", "aligned.bin", "-q"],
    ["merge", "v.bin", "u.bin", "-o", "merged.txt", "-q"],
    ["evaluate", "v.bin", "--pairs", "pairs.tsv", "--json"],
    ["classes", "v.npy", "-n", "5", "-o", "classes.txt", "-q"],
    ["map", "v.npy", "-o", "map.html", "--projection", "pca", "-n", "30", "-q"],
    ["info", "v.npy"],
    ["info", "v.txt.gz", "--json"],
    ["words", "v.bin", "--norms"],
    ["words", "v.bin", "-o", "words.txt"],
    ["similar", "v.bin", "wrod3"],
    ["train", "--help"],
]
VARY = {"report.json", "two.txt", "t.md", "t.rows.json"}  # times; two threads


def run(platform: str, folder: Path, lines: list) -> list:
    """Exit code, output and errors of each line."""
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-m", "tests.support.elsewhere", platform],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(FOLDER), "NUMBA_THREADING_LAYER": "workqueue"},
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def fill(folder: Path) -> None:
    chance = random.Random(4)
    words = [*(f"word{number}" for number in range(30)), "naïve", "日本"]
    lines = [chance.choices(words, range(32, 0, -1), k=chance.randint(3, 12)) for _ in range(700)]
    text = "\r\n".join(map(" ".join, lines)).encode()
    (folder / "text.txt").write_bytes(text)
    (folder / "folder").mkdir()
    (folder / "folder" / "one.txt").write_bytes(text * 3)
    (folder / "rows.csv").write_bytes("number,text\r\n1,word1 naïve word1\r\n2,日本\r\n".encode())
    (folder / "asked.txt").write_bytes("word1\r\nnaïve\r\n日本\r\n".encode())
    (folder / "pairs.tsv").write_bytes(b"word1\tword2\t3\r\nword3\tword4\t2\r\nword5\tword6\t1\r\n")


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """By platform, the folder and the answers to `LINES`."""
    found = {}
    for platform in PLATFORMS:
        place = tmp_path_factory.mktemp(platform) / "same"
        place.mkdir()
        fill(place)
        found[platform] = place, run(platform, place, LINES)
    return found


def test_the_lines_have_every_command():
    assert {line[0] for line in LINES} | {"c-tools"} == set(COMMANDS)


def test_every_line_does_here_what_it_should(results):
    for line, (code, _, errors) in zip(LINES, results["linux"][1], strict=True):
        if line == ["similar", "v.bin", "wrod3"]:
            assert (code, errors[:6]) == (1, "Error:")
        else:
            assert code == 0, (line, errors)


@pytest.mark.parametrize("platform", PLATFORMS[1:])
def test_output_is_the_same_elsewhere(results, platform):
    for line, here, there in zip(LINES, results["linux"][1], results[platform][1], strict=True):
        if line[-1] == "--help":  # text, not a result
            here[1], there[1] = (each[1].replace("\r\n", "\n") for each in (here, there))
        assert there[:2] == here[:2], (line, there[2])
        assert there[2].replace("\r\n", "\n") == here[2], line


@pytest.mark.parametrize("platform", PLATFORMS[1:])
def test_files_are_the_same_elsewhere(results, platform):
    def content(folder):
        files = (path for path in folder.rglob("*") if path.is_file() and path.name not in VARY)
        return {str(path.relative_to(folder)): path.read_bytes() for path in files}

    here, there = content(results["linux"][0]), content(results[platform][0])
    for folder, found in ((results["linux"][0], here), (results[platform][0], there)):
        # The checkpoint has the paths of the files, and times.
        state = found.pop("v.state")
        assert str(folder).encode() in state
    assert there == here
    assert len(here) > 15


# --- the harness itself -------------------------------------------------------------------------

PROBE = """
import sys, types
from tests.support import elsewhere
elsewhere.pretend(sys.argv[1])
import os, pathlib
def tried(code):
    try:
        exec(code, {"__name__": "fastw2v.probe"})
        return "done"
    except Exception as error:
        return type(error).__name__
for code in sys.argv[2:]:
    with open("file", "wb") as file:
        file.write(b"x" * 10_000)
    print(tried(code))
"""


TAKEN_AWAY = [
    ("import os; os.fork", "AttributeError", "done"),
    ("import os; os.sched_getaffinity(0)", "AttributeError", "AttributeError"),
    ("from os import O_NOFOLLOW", "ImportError", "done"),
    ("from os import path; import os.path; path.join", "done", "done"),
    ("import fcntl", "ModuleNotFoundError", "done"),
    ("import signal; signal.SIGHUP", "AttributeError", "done"),
    ("import mmap; mmap.mmap(-1, 9, flags=34)", "TypeError", "done"),
    ("import mmap; mmap.MAP_PRIVATE", "AttributeError", "done"),
    ("import mmap; mmap.mmap(-1, 9).madvise(0)", "AttributeError", "done"),
    ("import os; os.open('.', 0)", "PermissionError", "done"),
    ("import os; f = open('file', 'rb'); os.replace('file', 'g')", "PermissionError", "done"),
    (
        "import mmap; f = open('file', 'rb'); m = mmap.mmap(f.fileno(), 0, access=1); f.close()\n"
        "import pathlib; pathlib.Path('file').unlink()",
        "PermissionError",
        "done",
    ),
    ("open('file').close()", "EncodingWarning", "EncodingWarning"),
    ("import pathlib; pathlib.Path('/proc/self/stat').read_text('utf-8')",
     "FileNotFoundError", "FileNotFoundError"),
    ("import sys; assert sys.platform in ('win32', 'darwin')", "done", "done"),
    ("import sys; sys.stdout = sys.stdout", "done", "done"),
]  # fmt: skip
"""Code of fastw2v, and what comes of it on Windows and on macOS."""


@pytest.mark.parametrize(("platform", "column"), [("win32", 1), ("darwin", 2)])
def test_what_the_harness_takes_away(platform, column, tmp_path):
    done = subprocess.run(
        [
            *[sys.executable, "-X", "warn_default_encoding", "-c", PROBE, platform],
            *[row[0] for row in TAKEN_AWAY],
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    found = dict(zip([row[0] for row in TAKEN_AWAY], done.stdout.split(), strict=True))
    assert found == {row[0]: row[column] for row in TAKEN_AWAY}
