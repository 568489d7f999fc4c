"""The order of rooms: no circle of imports, nothing imports from a room above its own."""

import subprocess
import sys
from pathlib import Path

from tests.support.imports import ORDER, arrows, circle, imports, room, upward
from tests.support.paths import ROOT


def package(folder: Path, **sources: str) -> Path:
    """A package called fastw2v of these modules; ``io_files`` is ``io/files.py``."""
    for name, source in {"__init__": "", "io/__init__": "", **sources}.items():
        file = name if "__init__" in name else name.replace("_", "/")
        path = folder / "fastw2v" / f"{file}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source)
    return folder / "fastw2v"


def test_nothing_imports_from_a_room_above():
    assert upward(imports()) == []


def test_no_modules_import_one_another_in_a_circle():
    assert circle(imports()) == []


def test_every_room_has_its_place():
    found = {room(module) for module in imports()}
    assert set(ORDER) == found
    assert len(ORDER) == len(found)


def test_the_arrows_are_those_of_the_package():
    """A few that must be there, so that the tests above look at something."""
    drawn = arrows(imports())
    assert {"jit", "matrix", "model"} <= set(drawn["kernels"])
    assert "commands" in drawn["cli"]  # by a name made at run time
    assert "numba" not in drawn
    assert drawn["version"] == {}


def test_imports_inside_functions_and_of_names_made_at_run_time_count(tmp_path):
    found = imports(
        package(
            tmp_path,
            io_files="import os\ndef read():\n    from fastw2v.cli import main\n",
            cli='import importlib\ndef get(x):\n    importlib.import_module(f"fastw2v.io.{x}")\n',
            errors="import fastw2v.io.files\nfrom fastw2v.io import files, OTHER\n",
        )
    )
    assert found["fastw2v.io.files"] == {"fastw2v.cli"}
    assert found["fastw2v.cli"] == {"fastw2v.io"}
    assert found["fastw2v.errors"] == {"fastw2v.io", "fastw2v.io.files"}
    assert upward(found) == [
        "fastw2v.errors imports fastw2v.io, which is above it",
        "fastw2v.errors imports fastw2v.io.files, which is above it",
        "fastw2v.io.files imports fastw2v.cli, which is above it",
    ]


def test_a_circle_is_found_and_named(tmp_path):
    found = imports(
        package(
            tmp_path,
            io_one="from fastw2v.io import two\n",
            io_two="from fastw2v.io.three import x\n",
            io_three="import fastw2v.io.one\n",
        )
    )
    assert upward(found) == []
    loop = circle(found)
    assert loop[0] == loop[-1]
    assert {loop[i + 1] in found[loop[i]] for i in range(3)} == {True}


def test_a_room_that_nobody_placed_is_named(tmp_path):
    assert upward(imports(package(tmp_path, attic_boxes=""))) == ["attic: not in ORDER"]


def test_the_command_prints_the_picture():
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.imports"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].endswith("no circle, none upward")
    assert [line.split()[0] for line in done.stdout.splitlines()[:-2]] == list(reversed(ORDER))
