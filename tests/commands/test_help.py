"""``--help``: the options that matter first, in groups, as wide as the terminal."""

import os
import subprocess
import sys

import click
import pytest

from fastw2v.cli import COMMANDS, JOBS, cli
from fastw2v.commands.help_text import grouped
from fastw2v.commands.option_groups import GROUPS, LONGEST, MOST_USED
from fastw2v.docs.pages import command_of, options_of
from tests.support.commands import FOLDER


def shown(*arguments, columns=80) -> list[str]:
    """The lines of a help text on a terminal of this width."""
    done = subprocess.run(
        [sys.executable, "-m", "fastw2v", *arguments, "--help"],
        env=os.environ | {"COLUMNS": str(columns), "PYTHONPATH": str(FOLDER)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def headings(lines) -> list[str]:
    return [line[:-1] for line in lines if line.endswith(":") and not line.startswith(" ")]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_a_long_command_is_in_one_group(name):
    """A new option: add it to `GROUPS`."""
    options = options_of(command_of(name))
    if name not in GROUPS:
        assert len(options) <= LONGEST
        return
    placed = [each for names in GROUPS[name].values() for each in names]
    longest = [max(option.opts, key=len) for option in options]
    first = [next(each for each in option.opts if each.startswith("--")) for option in options]
    assert sorted(placed) == sorted(first), longest
    assert next(iter(GROUPS[name])) == MOST_USED


def test_the_ten_options_that_matter_come_first():
    lines = shown("train")
    assert headings(lines)[:2] == [MOST_USED, *list(GROUPS["train"])[1:2]]
    begin = lines.index(f"{MOST_USED}:")
    first = lines[begin + 1 : lines.index("", begin)]
    options = [line.split()[0].rstrip(",") for line in first if line.startswith("  -")]
    assert options == [
        "-o", "--model", "--size", "--window", "--negative", "--epochs", "--min-count",
        "--sample", "--threads", "--checkpoint",
    ]  # fmt: skip
    assert lines[-1].split()[:2] == ["-h,", "--help"]


def test_commands_are_grouped_by_job():
    lines = shown()
    assert headings(lines) == [*JOBS, "Options"]
    assert {name for names in JOBS.values() for name in names} == set(COMMANDS)
    for job, names in JOBS.items():
        begin = lines.index(f"{job}:")
        listed = [line.split()[0] for line in lines[begin + 1 : lines.index("", begin)]]
        assert listed == list(names)


@pytest.mark.parametrize("columns", [40, 57, 80, 132])
@pytest.mark.parametrize("arguments", [[], ["train"]])
def test_the_text_is_as_wide_as_the_terminal(columns, arguments):
    lines = shown(*arguments, columns=columns)
    words = [line for line in lines if "fastw2v " not in line]  # an example is one line
    assert max(map(len, words)) <= min(columns, 100)
    if arguments:
        assert max(map(len, words)) > min(columns, 100) - 16
        assert len(lines) < 500


def test_no_option_is_lost_by_grouping():
    for name in COMMANDS:
        command = command_of(name)
        context = click.Context(command, info_name=name)
        text = command.get_help(context)
        for option in [*options_of(command), command.get_help_option(context)]:
            assert all(each in text for each in option.opts)


def test_what_no_group_has_comes_last(monkeypatch):
    monkeypatch.setitem(GROUPS, "vocab", {MOST_USED: ("--output",)})
    options = options_of(command_of("vocab"))
    (first, most), (last, rest) = grouped("vocab", options)
    assert (first, [each.name for each in most]) == (MOST_USED, ["output"])
    assert last == "Further options"
    assert len(rest) == len(options) - 1


def test_the_help_is_plain_ascii():
    """A console of Windows may have a code page without other characters."""
    for command in [cli, *map(command_of, COMMANDS)]:
        assert command.get_help(click.Context(command, info_name="x")).isascii()
