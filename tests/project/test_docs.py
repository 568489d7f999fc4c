"""The pages for users agree with the code, and their examples work."""

import importlib
import inspect
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from fastw2v.cli import COMMANDS
from fastw2v.docs.examples import EXAMPLES
from fastw2v.docs.pages import FOLDER, command_of, options_of, pages

PAGES = sorted(path.name for path in FOLDER.glob("*.md"))


@pytest.mark.parametrize("name", PAGES)
def test_generated_parts_are_up_to_date(name):
    path = FOLDER / name
    wanted = "run python -m fastw2v.docs.pages"
    assert path.read_text(encoding="utf-8") == pages()[path], wanted


def arguments_of(line: str) -> list[str]:
    """What follows ``fastw2v COMMAND`` in an example; pipes and comments left out."""
    line = line.split(" | ")[-1] if " | fastw2v" in line else line.split(" | ")[0]
    parts = shlex.split(line, comments=True)
    if parts[0] == "mpirun":
        parts = parts[parts.index("fastw2v") :]
    assert parts[0] == "fastw2v"
    end = next((i for i, part in enumerate(parts) if part in ("<", ">")), len(parts))
    return parts[1:end]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_meaning_and_an_example(name):
    command = command_of(name)
    assert EXAMPLES[name]
    shown = set()
    for line in EXAMPLES[name]:
        first, *arguments = arguments_of(line)
        assert first == name
        shown.update(part.split("=")[0] for part in arguments)
    for option in options_of(command):
        assert option.help, option.name
        assert shown & {*option.opts, *option.secondary_opts}, f"no example shows {option.opts[0]}"


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_valid(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    command = command_of(name)
    for line in EXAMPLES[name]:
        arguments = arguments_of(line)[1:]
        for part in arguments:  # files that must exist before they are opened
            if "." in part and not part.startswith("-") and not part[0].isdigit():
                Path(part).parent.mkdir(parents=True, exist_ok=True)
                Path(part).touch()
        context = command.make_context(name, list(arguments), resilient_parsing=False)
        assert isinstance(context, click.Context), line


@pytest.mark.parametrize("name", COMMANDS)
def test_help_ends_with_an_example(name):
    assert "\b\nExample:\n  fastw2v " in inspect.cleandoc(command_of(name).help)


def blocks_of(page: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


def test_the_commands_on_the_page_on_graphs_and_baskets_work(tmp_path):
    page = (FOLDER / "without-words.md").read_text(encoding="utf-8")
    folder = tmp_path / "bin"
    folder.mkdir()
    starter = folder / "fastw2v"
    starter.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fastw2v "$@"\n')
    starter.chmod(0o755)
    (folder / "python3").symlink_to(shutil.which("python3") or sys.executable)
    roots = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, roots)),
    }
    script = "set -e\n" + "\n".join(blocks_of(page, "sh"))
    options = {"cwd": tmp_path, "env": environment, "capture_output": True, "text": True}
    done = subprocess.run(["sh", "-c", script], timeout=300, **options)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    nodes, items = lines[:6], lines[6:10]
    assert sum(line.startswith("a") for line in nodes) >= 5
    pasta = {"spaghetti", "tomatoes", "parmesan", "olive_oil"}
    assert {line.split("\t")[0] for line in items} == pasta
    assert lines[10:12] == ["</s>", "home"]
    (python,) = blocks_of(page, "python")
    done = subprocess.run([sys.executable, "-c", python], timeout=300, **options)
    assert done.returncode == 0, done.stderr


def test_python_names_in_pages_exist():
    texts = [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")]
    texts.append((FOLDER.parents[1] / "README.md").read_text(encoding="utf-8"))
    found = {name for text in texts for name in re.findall(r"fastw2v(?:\.[A-Za-z_]+)+(?=\()", text)}
    assert "fastw2v.phrases.write_phrases" in found
    for name in found:
        module, _, function = name.rpartition(".")
        assert callable(getattr(importlib.import_module(module), function)), name


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "README.md", "benchmarks/README.md"])
def test_files_that_pages_for_maintainers_name_exist(page):
    root = FOLDER.parents[1]
    named = re.findall(
        r"`((?:[\w.-]+/)*[\w-]+\.(?:py|md|toml|sh)|(?:[\w-]+/)+)`", (root / page).read_text("utf-8")
    )
    assert len(named) > 5
    starts = (root, root / "fastw2v", root / "fastw2v" / "docs", (root / page).parent)
    everywhere = {path.name for path in (root / "fastw2v").rglob("*.py")}
    for name in named:
        if name.startswith((".", "results/")):  # made by a command
            continue
        known = any((start / name).exists() for start in starts)
        assert known or name in everywhere, name
