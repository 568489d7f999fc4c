"""Every reader against a few hundred damaged files; `fuzzing.py` runs larger campaigns."""

import random
import subprocess
import sys

import pytest

from fastw2v.errors import FormatError
from fastw2v.io.files import LongLineError, lines_of
from tests.fuzz.finds import FINDS
from tests.fuzz.fuzzing import case_files, verdict, write_case
from tests.fuzz.mutations import mutated
from tests.fuzz.readers import READERS, Reader, one_line
from tests.support.paths import ROOT

CASES = 150  # of each reader
SEED = 7


@pytest.mark.parametrize("name", READERS)
def test_damaged_files_are_refused_in_one_line_or_read(tmp_path, name):
    reader, outcomes = READERS[name], set()
    sound = reader.sound()
    for number in range(CASES):
        files, options = case_files(reader, SEED, number, sound)
        outcome, details = verdict(reader, write_case(tmp_path, files), options)
        assert outcome in ("read", "refused"), f"case {number} of seed {SEED}: {outcome}: {details}"
        outcomes.add(outcome)
    assert outcomes == {"read", "refused"}  # else the damage is too little, or too much


@pytest.mark.parametrize("name", READERS)
def test_valid_files_are_read(tmp_path, name):
    """From refused files nothing is learnt by damaging them."""
    for files in READERS[name].sound():
        READERS[name].read(write_case(tmp_path, files), random.Random("warm up"))


@pytest.mark.parametrize(("name", "what", "files"), FINDS, ids=[find[1] for find in FINDS])
def test_past_findings_stay_fixed(tmp_path, name, what, files):
    for options in range(20):
        outcome, details = verdict(READERS[name], write_case(tmp_path, files), str(options))
        assert outcome in ("read", "refused"), details


def test_the_fuzzer_detects_faulty_readers(tmp_path):
    """A reader that leaks another error, warns, or breaks its message: each is a find."""

    def reader_that(read):
        return Reader("made up", lambda: [], read)

    def leaks(path, chance):
        raise IndexError("pop from empty list")

    def warns(path, chance):
        import warnings

        warnings.warn("overflow", RuntimeWarning, stacklevel=2)

    def refuses_at_length(path, chance):
        raise FormatError("x" * 5000)

    assert verdict(reader_that(leaks), tmp_path, "")[0] == "IndexError in leaks"
    assert verdict(reader_that(warns), tmp_path, "")[0].startswith("RuntimeWarning")
    assert verdict(reader_that(refuses_at_length), tmp_path, "")[0] == "message"
    assert not one_line("two\nlines")
    assert not one_line("\x1b[2J")
    assert one_line("Käse \udcff 日本")


def test_cases_are_reproducible_and_differ():
    reader = READERS["text"]
    sound = reader.sound()
    cases = [case_files(reader, 1, number, sound) for number in range(40)]
    assert cases == [case_files(reader, 1, number, reader.sound()) for number in range(40)]
    assert len({str(files) for files, _ in cases}) > 30
    assert cases[0] != case_files(reader, 2, 0, sound)


def test_the_command_prints_a_table(tmp_path):
    command = [sys.executable, "-m", "tests.fuzz.fuzzing", "--cases", "60"]
    options = ["--reader", "words", "--reader", "pairs", "--keep", str(tmp_path / "finds")]
    done = subprocess.run(
        [*command, *options], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    lines = [line.split() for line in done.stdout.splitlines()]
    assert [line[:2] for line in lines[1:]] == [["words", "30"], ["pairs", "30"]]
    assert all(int(refused) + int(read) == 30 for _, _, refused, read, *_ in lines[1:])
    assert not (tmp_path / "finds").exists()


def test_mutations_stay_small_and_accept_empty_files():
    chance = random.Random(5)
    for _ in range(2000):
        assert len(mutated(b"", [b"other 1 2\n"], chance)) <= 1 << 18
    content = b"2 3\na 1 2 3\n"
    for _ in range(2000):
        content = mutated(content, [b"other 1 2\n"], chance) or b"1 1\na 1\n"
        assert len(content) <= 1 << 18


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_lines_do_not_depend_on_the_chunks(size):
    text = b"one\n\ntwo words\nthree"
    for content in (text, text + b"\n", b"", b"\n", b"\n\n"):
        chunks = [content[start : start + size] for start in range(0, len(content), size)]
        lines = [line for some in lines_of(chunks, 9) for line in some]
        assert lines == content.split(b"\n")[: len(lines)]
        assert b"\n".join(lines) == content.removesuffix(b"\n")


@pytest.mark.parametrize("size", [1, 2, 3, 8])
def test_an_endless_line_is_refused_before_it_is_in_memory(size):
    def chunks():
        yield b"one\n\n"
        for _ in range(100):
            yield b"x" * size
        raise AssertionError("read on")

    with pytest.raises(LongLineError, match="line 3 is too long"):
        list(lines_of(chunks(), 99))
