"""Completion by the shells that are installed here: commands, options, choices, files."""

import os
import shlex
import shutil
import subprocess
import sys

import pytest

from fastw2v.cli import COMMANDS
from fastw2v.docs.pages import command_of, options_of
from tests.support.commands import FOLDER

SHELLS = [shell for shell in ("bash", "zsh", "fish") if shutil.which(shell)]

# Each prints what the shell would offer for the words in "$@", one candidate per line.
BASH = """
. bin/bash_source
compopt() { [ "$2" = default ] && compgen -f -- "${COMP_WORDS[COMP_CWORD]}"; }
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_fastw2v_completion fastw2v
printf '%s\\n' "${COMPREPLY[@]}"
"""
# `compadd` and `_describe` need a line editor: they print what they are given instead.
ZSH = """
compdef() { : }
_describe() { local each; for each in ${(P)3}; do print -r -- ${each%%:*}; done }
compadd() { print -rl -- ${(P)${@[-1]}} }
_path_files() { print -rl -- ${words[CURRENT]}*(N) }
. bin/zsh_source
words=("$@"); CURRENT=$#
_fastw2v_completion
"""
FISH = """
source bin/fish_source
complete -C "$argv[1]" | string split -f1 \\t
"""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with ``fastw2v`` on its own, and vectors."""
    folder = tmp_path_factory.mktemp("complete")
    starter = folder / "bin" / "fastw2v"
    starter.parent.mkdir()
    starter.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m fastw2v "$@"\n')
    starter.chmod(0o755)
    for name in ("vectors.bin", "vectors two.txt", "notes.md"):
        (folder / name).write_text("1 1\nking 1\n")
    for shell in SHELLS:  # as README.md says
        source = f"_FASTW2V_COMPLETE={shell}_source fastw2v > bin/{shell}_source"
        done = run(["sh", "-c", source], folder)
        assert (done.returncode, done.stderr) == (0, "")
    return folder


def run(command: list[str], place) -> subprocess.CompletedProcess:
    return subprocess.run(
        command,
        cwd=place,
        env=os.environ
        | {
            "PATH": f"{place / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(FOLDER),
            "HOME": str(place),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def offered(shell: str, place, *words: str) -> list[str]:
    """The candidates for the last of ``words``."""
    command = {
        "bash": ["bash", "--norc", "-c", BASH, "bash", *words],
        "zsh": ["zsh", "-f", "-c", ZSH, "zsh", *words],
        "fish": ["fish", "--no-config", "-c", FISH, " ".join(words)],
    }[shell]
    done = run(command, place)
    assert done.stderr == ""
    return [line for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize("shell", SHELLS)
def test_commands(shell, place):
    assert sorted(offered(shell, place, "fastw2v", "")) == sorted(COMMANDS)
    assert offered(shell, place, "fastw2v", "tr") == ["train"]
    assert set(offered(shell, place, "fastw2v", "--")) == {"--version", "--help"}


@pytest.mark.parametrize("shell", SHELLS)
def test_options_and_choices(shell, place):
    found = offered(shell, place, "fastw2v", "train", "--")
    long = {name for option in options_of(command_of("train")) for name in option.opts}
    assert set(found) == {name for name in long if name.startswith("--")} | {"--help"}
    assert offered(shell, place, "fastw2v", "train", "--eval-a") == ["--eval-analogies"]
    assert offered(shell, place, "fastw2v", "train", "--model", "") == ["cbow", "skipgram"]
    found = offered(shell, place, "fastw2v", "map", "v.bin", "--projection", "t")
    assert found == ["tsne"]


FILES = {
    "bash": [
        "similar vect",
        "evaluate vect",
        "train vect",
        "train notes.md vect",
        "train notes.md -o vect",
        "train notes.md --save-vocab vect",
        "train notes.md --init vect",
        "map vectors.bin -o vect",
        "convert vect",
        "convert notes.md vect",
        "classes notes.md -o vect",
        "phrases notes.md --list vect",
    ],
    "zsh": ["similar vect", "train notes.md -o vect"],
    "fish": ["similar vect", "train notes.md -o vect"],
}  # what is asked of fastw2v is the same in all shells


@pytest.mark.parametrize("shell", SHELLS)
def test_files(shell, place):
    for line in FILES[shell]:
        found = offered(shell, place, "fastw2v", *line.split(" "))
        shown = sorted(each.replace("\\ ", " ") for each in found)
        assert shown == ["vectors two.txt", "vectors.bin"], line


def test_nothing_is_printed_where_there_is_nothing_to_offer(place):
    for words in (["no-such", ""], ["train", "--no-such", ""], ["train", "--size", ""]):
        offered("bash", place, "fastw2v", *words)  # and nothing on standard error


@pytest.mark.parametrize("words", ["fastw2v ", "fastw2v similar ", "fastw2v train --"])
def test_completion_imports_nothing_heavy(words):
    code = (
        "import sys\n"
        "from fastw2v.cli import main\n"
        "try:\n    main()\n"
        "finally:\n"
        "    heavy = {'numba', 'numpy'} & sys.modules.keys()\n"
        "    commands = [each for each in sys.modules if each.startswith('fastw2v.commands.')]\n"
        "    print(heavy, 'fastw2v.commands.map' in commands, file=sys.stderr)\n"
    )
    variables = {
        "_FASTW2V_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
        "PYTHONPATH": str(FOLDER),
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0
    assert done.stdout
    assert done.stderr == "set() False\n"
