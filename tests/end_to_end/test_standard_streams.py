"""Every command with its standard streams closed, full, and left by their reader or writer."""

import shutil

import pytest

from tests.support.forks import CLOSED, GONE, LIMITED, WRITE_ONLY
from tests.support.stream_cases import CASES

BY_NAME = {case.name: case for case in CASES}
TIMES = ("seconds", " s, ", " s\n", "words/s", "Words/thread")


def run(forks, folder, case, **streams):
    """How it ended, and the file that it wrote."""
    if case.stdin:
        streams = {"stdin": str(folder / case.stdin)} | streams
    written = folder / case.output if case.output else None
    if written is not None:
        written.unlink(missing_ok=True)
    shutil.rmtree(folder / "tools", ignore_errors=True)
    done = forks.run(case.program, case.line, **streams)
    for sign in (b"Traceback", b"Exception ignored", b"Fatal"):
        assert sign not in done.stderr + done.stdout, done.stderr.decode()
    content = written.read_bytes() if written is not None and written.exists() else None
    return done, content


@pytest.fixture(scope="module")
def usual(forks):
    """Name -> what a command does with sound streams."""
    known = {}

    def find(case):
        if case.name not in known:
            known[case.name] = run(forks, forks.folder, case)
            assert known[case.name][0].code == 0, known[case.name][0].stderr.decode()
        return known[case.name]

    return find


def error_line(case, done):
    """The last line of standard error, of one error."""
    lines = done.stderr.decode().splitlines()
    starts = "Error: " if case.program == "fastw2v" else f"{case.program}: "
    assert [line for line in lines if line.startswith(starts)] == lines[-1:], lines
    return lines[-1]


@pytest.mark.parametrize("name", BY_NAME)
def test_standard_output_that_cannot_be_written_is_an_error_in_one_line(forks, folder, usual, name):
    case = BY_NAME[name]
    sound, content = usual(case)
    for stdout in (CLOSED, "/dev/full", LIMITED):
        # Its files are limited, too.
        if stdout == LIMITED and (case.output or case.name in ("c-tools", "compare")):
            continue
        done, written = run(forks, folder, case, stdout=stdout)
        if not sound.stdout:
            assert (done.code, written) == (0, content), stdout
            continue
        assert done.code not in (0, 120), stdout
        line = error_line(case, done)
        assert "cannot write" in line, line
        assert "standard output" in line or "/dev/stdout" in line, line


@pytest.mark.parametrize("name", BY_NAME)
def test_a_command_ends_silently_when_nobody_reads_its_output(forks, folder, usual, name):
    case = BY_NAME[name]
    sound, content = usual(case)
    done, written = run(forks, folder, case, stdout=GONE)
    if sound.stdout:
        assert done.code in (141, -13)
        assert not done.stderr or b"rror" not in done.stderr, done.stderr
    else:
        assert (done.code, written) == (0, content)


@pytest.mark.parametrize("name", BY_NAME)
def test_standard_error_is_no_condition(forks, folder, usual, name):
    case = BY_NAME[name]
    sound, content = usual(case)
    for stderr in (CLOSED, "/dev/full", GONE):
        done, written = run(forks, folder, case, stderr=stderr)
        assert done.code == 0, stderr
        assert written == content, stderr
        if not any(sign.encode() in sound.stdout for sign in TIMES):
            assert done.stdout == sound.stdout, stderr


@pytest.mark.parametrize("name", BY_NAME)
def test_standard_input_that_cannot_be_read_is_an_error_in_one_line(forks, folder, usual, name):
    case = BY_NAME[name]
    _, content = usual(case)
    for stdin in (CLOSED, WRITE_ONLY):
        done, written = run(forks, folder, case, stdin=stdin)
        if case.stdin:
            assert done.code == 1, stdin
            line = error_line(case, done)
            assert "standard input" in line or ": -: " in line, line
            assert written is None
        else:
            assert (done.code, written) == (0, content), stdin


@pytest.mark.parametrize("stderr", [CLOSED, "/dev/full", GONE])
def test_the_exit_code_of_an_error_does_not_depend_on_standard_error(forks, stderr):
    for program, arguments, code in (
        ("fastw2v", "similar v.txt nowhere", 1),
        ("fastw2v", "similar v.txt w1 -n 0", 2),
        ("fastw2v", "similar", 2),
        ("fastw2v", "nowhere", 2),
        ("word-analogy", "missing.txt", 1),
        ("nowhere", "", 1),
    ):
        assert forks.run(program, arguments.split(), stderr=stderr).code == code, arguments


def test_all_streams_closed_at_once(forks, folder, usual):
    """Files that are opened must not take the streams' numbers."""
    case = BY_NAME["convert"]
    _, content = usual(case)
    done, written = run(forks, folder, case, stdin=CLOSED, stdout=CLOSED, stderr=CLOSED)
    assert (done.code, written) == (0, content)


def test_every_command_is_in_the_table():
    from fastw2v.c_tools import PROGRAMS
    from fastw2v.cli import COMMANDS

    tested = {case.line[0] for case in CASES if case.program == "fastw2v"}
    assert tested - {"--help", "--version"} == set(COMMANDS)
    assert {case.program for case in CASES} == {"fastw2v", *PROGRAMS}


def test_a_file_whose_status_the_disk_cannot_tell_is_an_error_in_one_line(forks, folder):
    """``EIO`` of a stat, of each file that a command names: read or written."""
    for case in CASES:
        named = {word for word in case.line if (folder / word).is_file() and "/" not in word}
        for name in filter(None, {*named, case.output}):
            done = forks.run(
                case.program, case.line, failing=name, stdin=str(folder / (case.stdin or "v.txt"))
            )
            assert done.code != 0, (case.name, name)
            assert b"Traceback" not in done.stderr, (case.name, done.stderr.decode())
            assert b"unexpected" not in done.stderr, (case.name, done.stderr.decode())
            line = error_line(case, done)
            assert name in line, (case.name, line)
            assert "Input/output error" in line, (case.name, line)
