"""Phrases: the bytes of the C program, by us and by the plain twin."""

import random
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.support import naive_phrases
from tests.support.phrase_cases import colliding_text, joined


@pytest.fixture(scope="session")
def word2phrase(reference) -> Path:
    program = reference.with_name("word2phrase")
    if not program.is_file():
        pytest.skip("word2phrase is not beside the C program")
    return program


def run_c(program: Path, text: bytes, min_count: int, threshold: float) -> bytes:
    """What the C program writes for a text."""
    # It copies paths into buffers of 60 bytes: hence short names, in a folder of its own.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "text").write_bytes(text)
        command = [str(program), "-train", "text", "-output", "out", "-debug", "0"]
        command += ["-min-count", str(min_count), "-threshold", repr(threshold)]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
        return (folder / "out").read_bytes()


@pytest.mark.parametrize(("seed", "min_count", "threshold"), [(3, 5, 0.9), (4, 2, 1.3)])
def test_the_naive_reference_equals_the_c_program(word2phrase, seed, min_count, threshold):
    text = colliding_text(seed)
    twin = naive_phrases.original(text, min_count, threshold)
    assert twin == run_c(word2phrase, text, min_count, threshold)
    assert text.count(b"_") + 100 < twin.count(b"_")
    assert twin.count(b" ") > 1000


def long_words_text() -> bytes:
    """Words over 58 bytes, pairs over 59, some alike when cut; and no end of the last word."""
    stem = b"x" * 50
    words = [stem + tail for tail in (b"1", b"23456789", b"23456789a", b"23456789b", b"2345678")]
    words += [b"left", b"right", b"of\0what", b"of"]
    chance = random.Random(5)
    return b"\n".join(b" ".join(chance.choices(words, k=11)) for _ in range(200)) + b" left last"


def test_exact_cuts_as_the_c_program(word2phrase, tmp_path):
    text = long_words_text()
    expected = run_c(word2phrase, text, 5, 0.7)
    assert naive_phrases.original(text.replace(b"\0what", b""), 5, 0.7, exact=True) == expected
    assert joined(text, tmp_path, threshold=0.7, exact=True) == expected
    assert joined(text, tmp_path, threshold=0.7).endswith(b" left last")
    assert not expected.endswith(b" left last")


@pytest.mark.parametrize("threshold", [100, 20])
def test_wiki_in_lines_as_the_c_program(word2phrase, wiki_slice, tmp_path, threshold):
    text = wiki_slice.read_bytes()
    expected = run_c(word2phrase, text, 5, threshold)
    assert expected.count(b"_") > 1000
    for threads in (1, 2):
        assert joined(text, tmp_path, threshold=threshold, threads=threads) == expected


@pytest.mark.parametrize("threshold", [100, 20])
def test_wiki_on_one_line_as_the_c_program(word2phrase, wiki_slice_one_line, tmp_path, threshold):
    text = wiki_slice_one_line.read_bytes()
    expected = run_c(word2phrase, text, 5, threshold)
    assert joined(text, tmp_path, threshold=threshold, exact=True) == expected
    last = text.rsplit(b" ", 1)[1]  # which the C program loses, and we do not
    ours = joined(text, tmp_path, threshold=threshold)
    assert ours.endswith(last)
    assert not expected.endswith(last)


def test_two_passes_as_the_c_program(word2phrase, wiki_slice, tmp_path):
    text = wiki_slice.read_bytes()
    expected = run_c(word2phrase, run_c(word2phrase, text, 5, 60), 5, 30)
    assert expected == joined(text, tmp_path, threshold=[60, 30])
    phrases = [word for word in expected.split() if word.count(b"_") >= 2]
    assert len(phrases) > 10  # of three words or four
