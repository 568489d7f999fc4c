"""Command lines as in the C program's own demonstrations, run with our programs on the PATH.

What the tools print is compared, line by line, with what the C tools print for the same script and
the same files.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fastw2v.c_tools import PROGRAMS
from tests.support.paths import ROOT

OURS = ROOT / "bin"
# Small and in one thread: the same vectors every time.
TRAIN = "-cbow 1 -size 41 -window 8 -negative 25 -hs 0 -sample 1e-4 -threads 1 -binary 1 -iter 9"


def shell(script, folder, tools, said=b"", **variables):
    """Run lines of sh in ``folder``, with ``tools`` before all else on the PATH."""
    environment = {**os.environ, "PYTHON": sys.executable, **variables}
    environment["PATH"] = f"{tools}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=folder,
        env=environment,
        input=said,
        capture_output=True,
        timeout=300,
    )


def stdout_of(*arguments, **variables) -> bytes:
    done = shell(*arguments, **variables)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def theirs(reference, tmp_path_factory) -> Path:
    """A folder with the C tools under the names that scripts call."""
    folder = tmp_path_factory.mktemp("c")
    for name in PROGRAMS:
        program = name if name.startswith("word2") else f"word2vec-{name}"
        (folder / name).symlink_to(reference.with_name(program))
    return folder


@pytest.fixture(scope="module")
def demo(wiki_slice, tmp_path_factory):
    """A folder with ``text``, its first lines in ``short``, the ``vectors.bin`` that demo-word.sh
    would make of it, and what was said. Scripts run in it and use short names: the C programs copy
    paths into short buffers."""
    folder = tmp_path_factory.mktemp("d")
    shutil.copy(wiki_slice, folder / "text")
    stdout_of("head -n 1500 text > short", folder, OURS)
    said = stdout_of(f"time word2vec -train text -output vectors.bin {TRAIN}", folder, OURS)
    return folder, said


def test_demo_word_trains(demo):
    folder, said = demo
    header, _, _ = (folder / "vectors.bin").read_bytes().partition(b"\n")
    words = int(header.split()[0])
    lines, *progress = said.split(b"\rAlpha: ")
    assert header == b"%d 41" % words
    assert b"Vocab size: %d\n" % words in lines
    assert re.search(rb"Words in train file: \d+\n\Z", lines)
    assert said.startswith(b"Starting training using file text\n")
    assert progress
    for line in progress:
        assert re.fullmatch(
            rb"0\.0\d{5}  Progress: \d+\.\d\d%  Words/thread/sec: \d+\.\d\dk  ", line
        )


def test_first_lines_of_training_are_those_of_the_c_program(demo, theirs):
    folder, said = demo
    script = "word2vec -train text -save-vocab $vocab -debug 1"
    ours = stdout_of(script, folder, OURS, vocab="ours.txt")
    c = stdout_of(script, folder, theirs, vocab="c.txt")
    assert ours == c
    assert ours.endswith(re.search(rb"Words in train file: \d+\n", said)[0])
    assert (folder / "ours.txt").read_bytes() == (folder / "c.txt").read_bytes()


@pytest.mark.parametrize(
    "queries",
    [b"king\nEXIT\n", b"paris\nfrance germany\nEXIT\n", b"of\nzzzz\nthe zzzz\n1 2 3 4 5\nEXIT\n"],
)
def test_demo_word_distance(demo, theirs, queries):
    folder, _ = demo
    ours = stdout_of("distance vectors.bin", folder, OURS, queries)
    assert ours.count(b"\t\t") % 40 == 0 < ours.count(b"\t\t")
    assert ours == stdout_of("distance vectors.bin", folder, theirs, queries)


@pytest.mark.parametrize(
    "queries",
    [
        b"man king woman\nEXIT\n",
        b"paris france\nfrance paris germany\nzzzz of in\nof zzzz in\nEXIT\n",
        b"one two three four five\nEXIT\n",
    ],
)
def test_demo_analogy(demo, theirs, queries):
    folder, _ = demo
    ours = stdout_of("word-analogy vectors.bin", folder, OURS, queries)
    assert ours.count(b"\t\t") % 40 == 0 < ours.count(b"\t\t")
    assert ours == stdout_of("word-analogy vectors.bin", folder, theirs, queries)


@pytest.mark.parametrize("threshold", ["30000", "0", "", "2000"])
def test_demo_word_accuracy(demo, theirs, corpora, threshold):
    folder, _ = demo
    questions = (corpora / "eval" / "questions-words.txt").read_bytes()
    script = f"compute-accuracy vectors.bin {threshold}"
    ours = stdout_of(script, folder, OURS, questions)
    assert ours.count(b"ACCURACY TOP1: ") == 14
    assert ours == stdout_of(script, folder, theirs, questions)


def test_demo_phrases(demo, theirs):
    folder, _ = demo
    once = "word2phrase -train text -output $out -threshold 200 -debug 2"
    said = stdout_of(once, folder, OURS, out="phrase0")
    assert said.startswith(b"Starting training using file text\n")
    lines = re.search(
        rb"\nVocab size \(unigrams \+ bigrams\): \d+\nWords in train file: \d+\n", said
    )
    assert lines[0] in stdout_of(once, folder, theirs, out="c0")
    assert (folder / "phrase0").read_bytes() == (folder / "c0").read_bytes()
    script = f"""
    word2phrase -train phrase0 -output phrase1 -threshold 100 -debug 2
    tr A-Z a-z < phrase1 > norm1
    time word2vec -train norm1 -output vectors-phrase.bin {TRAIN}
    """
    stdout_of(script, folder, OURS)
    answer = stdout_of("distance vectors-phrase.bin", folder, OURS, b"united_states\nEXIT\n")
    assert b"Out of dictionary" not in answer
    assert answer.count(b"\t\t") == 40


def test_demo_classes(demo, theirs):
    folder, _ = demo
    # To the C program -exact is a flag that it does not know, and passes over.
    script = (
        "word2vec -train short -output $out -exact 1 -cbow 1 -size 21 -window 8 -negative 5 -hs 0 "
        "-sample 1e-4 -threads 1 -iter 1 -classes 40\nsort $out -k 2 -n > sorted"
    )
    stdout_of(script, folder, OURS, out="classes.txt")
    ours = (folder / "sorted").read_bytes()
    numbers = [int(line.split()[1]) for line in ours.splitlines()]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 20
    stdout_of(script, folder, theirs, out="c-classes.txt")
    assert (folder / "classes.txt").read_bytes() == (folder / "c-classes.txt").read_bytes()


@pytest.mark.parametrize("flags", ["-binary 0", "-binary 1 -cbow 0 -hs 1 -negative 3"])
def test_exact_files_are_those_of_the_c_program(demo, theirs, flags):
    folder, _ = demo
    script = f"word2vec -train short -output $out -exact 1 -size 17 -threads 1 -iter 1 {flags}"
    stdout_of(script, folder, OURS, out="ours.vec")
    stdout_of(script, folder, theirs, out="c.vec")
    assert (folder / "ours.vec").read_bytes() == (folder / "c.vec").read_bytes()


class TestScripts:
    """The scripts in bin/ themselves."""

    @pytest.fixture
    def clone(self, tmp_path):
        """The scripts in a folder with a blank in its name, without any environment."""
        shutil.copytree(OURS, tmp_path / "a clone" / "bin")
        return tmp_path / "a clone"

    @staticmethod
    def fake_python(path: Path, body: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{body}\n")
        path.chmod(0o755)
        return path

    @pytest.mark.parametrize("name", PROGRAMS)
    def test_each_runs_its_program(self, tmp_path, name):
        done = shell(name, tmp_path, OURS)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(name.encode() + b": ")

    def test_through_links_from_anywhere(self, clone, tmp_path):
        (tmp_path / "link").symlink_to(clone / "bin" / "distance")
        (tmp_path / "other").mkdir()
        (tmp_path / "other" / "nearest").symlink_to("../link")
        done = shell("nearest", tmp_path, tmp_path / "other")
        assert done.stdout.startswith(b"distance: ")
        done = shell("'../a clone/bin/distance'", tmp_path / "other", "/nowhere")
        assert done.stdout.startswith(b"distance: ")

    def test_arguments_with_spaces(self, clone, tmp_path):
        done = shell("distance 'no such file'", tmp_path, clone / "bin")
        assert done.returncode == 1
        assert done.stderr.startswith(b"distance: no such file: ")

    def test_uses_the_environment_of_the_clone(self, clone, tmp_path):
        tells = 'case $1 in -m) shift; echo "demo: $*";; esac'
        self.fake_python(clone / ".venv" / "bin" / "python", tells)
        said = stdout_of("word-analogy 'a b' c", tmp_path, clone / "bin", PYTHON="")
        assert said == b"demo: fastw2v.c_tools word-analogy a b c\n"
        unfit = self.fake_python(tmp_path / "unfit", "exit 1")
        said = stdout_of("distance x", tmp_path, clone / "bin", PYTHON=str(unfit))
        assert said == b"demo: fastw2v.c_tools distance x\n"

    def test_a_missing_python_is_an_error_with_a_remedy(self, clone, tmp_path):
        self.fake_python(clone / "bin" / "python3", "exit 1")
        done = shell("word2vec -train x", tmp_path, clone / "bin", PYTHON="")
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.count(b"\n") == 1
        assert done.stderr.startswith(b"word2vec: no Python here has fastw2v: run ")
        assert os.fsencode(clone / "bin" / "demo") in done.stderr
