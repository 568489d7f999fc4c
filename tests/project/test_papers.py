"""Licence, citation, metadata and the public CI file say the same, and what is true."""

import re
from pathlib import Path

import pytest

from fastw2v.version import __version__
from tests.support.paths import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
WORKFLOW = (ROOT / ".github" / "workflows" / "tests.yml").read_text("utf-8")


def floors() -> dict[str, str]:
    """The oldest version of each dependency that pyproject.toml allows, by name."""
    (line,) = re.findall(r"^dependencies = \[(.*)\]$", PYPROJECT, re.MULTILINE)
    return dict(re.findall(r'"(\w+)>=([0-9.]+)', line))


def test_the_licence_is_mit():
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) ")
    assert "The fastw2v developers" in text
    assert '\nlicense = "MIT"\n' in PYPROJECT
    assert "License ::" not in PYPROJECT  # PEP 639: the expression above takes its place
    assert re.search(r"^license: MIT$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)


def test_the_citation_names_both_papers():
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    assert text.startswith("cff-version: 1.2.0\n")
    titles = re.findall(r"^ +title: (.*)$", text, re.MULTILINE)
    assert [title.split()[0] for title in titles] == ["Efficient", "Distributed"]
    assert text.count("family-names: Mikolov") == 2


def test_the_oldest_dependencies_are_those_that_ci_installs():
    lines = (ROOT / ".github" / "oldest.txt").read_text("utf-8").splitlines()
    oldest = dict(line.split("==") for line in lines if not line.startswith("#"))
    assert set(oldest) == set(floors()) == {"numba", "numpy", "click"}
    for name, floor in floors().items():
        assert f"{oldest[name]}.".startswith(f"{floor}."), name


def test_numba_has_an_upper_bound():
    (bound,) = re.findall(r'"numba>=[0-9.]+,<0\.(\d+)"', PYPROJECT)
    import numba

    assert numba.version_info.minor < int(bound)


def test_ci_runs_every_python_that_the_metadata_name():
    named = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', PYPROJECT)
    assert named == [f"3.{minor}" for minor in range(10, 15)]
    assert f'requires-python = ">={named[0]}"' in PYPROJECT
    linux = re.findall(r'os: ubuntu-latest, python: "(3\.\d+)" \}', WORKFLOW)
    assert linux == named
    for system in ("macos", "windows"):
        assert f"{system}-latest" in WORKFLOW


def test_what_ci_names_is_there():
    """Files and folders of the steps, and the script that the other jobs run."""
    named = re.findall(r"\btests/[\w/.]+(?<!\.yml)", WORKFLOW)
    assert len(named) > 5
    for name in [*named, ".github/oldest.txt", "bin/test"]:
        assert (ROOT / name).exists(), name


def test_the_version_has_one_place():
    assert 'attr = "fastw2v.version.__version__"' in PYPROJECT
    holders = [
        path for path in (ROOT / "fastw2v").rglob("*.py") if f'"{__version__}"' in path.read_text()
    ]
    assert [path.name for path in holders] == ["version.py"]


@pytest.fixture
def description() -> str:
    """What a package index shows."""
    (name,) = re.findall(r'^readme = "(.*)"$', PYPROJECT, re.MULTILINE)
    return Path(ROOT, name).read_text("utf-8")


def test_the_description_has_no_links_that_break_on_a_package_index(description):
    targets = re.findall(r"\]\(([^)]+)\)|(?:href|src)=\"([^\"]+)\"", description)
    assert [target for pair in targets for target in pair if target and "://" not in target] == []


def test_the_description_shows_commands_and_functions_that_exist(description):
    from fastw2v import __all__ as public
    from fastw2v.cli import COMMANDS

    shown = re.findall(r"^fastw2v ([\w-]+)", description, re.MULTILINE)
    assert len(shown) > 3
    assert set(shown) <= set(COMMANDS)
    assert set(re.findall(r"\bfastw2v\.(\w+)\(", description)) <= set(public)
