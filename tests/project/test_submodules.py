"""What ``import fastw2v`` shows and reaches, without a further import."""

import pkgutil
import subprocess
import sys

import pytest

import fastw2v
from fastw2v.submodules import names_of

PUBLIC = ("classes", "corpus", "evaluation", "formats", "mapping", "phrases", "progress",
          "training", "vectors")  # fmt: skip
PROGRAM = """
import sys
import fastw2v

assert not {"numpy", "numba", "click"} & sys.modules.keys(), "import fastw2v must cost nothing"
for dotted in sys.argv[1:]:
    found = fastw2v
    for name in dotted.split("."):
        found = getattr(found, name)
    assert found.__name__ == f"fastw2v.{dotted}", dotted
"""


def test_dir_shows_names_and_submodules():
    shown = dir(fastw2v)
    assert shown == sorted(shown)
    assert {*fastw2v.__all__} <= {*shown}
    assert {*PUBLIC, "errors", "settings"} <= {*shown}
    assert not {"importlib", "Any", "TYPE_CHECKING"} & {*shown}
    assert all(hasattr(fastw2v, name) for name in shown)


def test_all_submodules_are_reached_after_one_import():
    dotted = [*PUBLIC, "errors", "settings"]
    for package in PUBLIC:
        found = getattr(fastw2v, package)
        dotted += [f"{package}.{each.name}" for each in pkgutil.iter_modules(found.__path__)]
    assert "vectors.conversion" in dotted
    program = [sys.executable, "-c", PROGRAM, *dotted]
    done = subprocess.run(program, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_dir_of_a_package_shows_its_modules():
    for package in PUBLIC:
        assert {*names_of(f"fastw2v.{package}")} <= {*dir(getattr(fastw2v, package))}


def test_names_that_do_not_exist():
    with pytest.raises(AttributeError, match=r"'fastw2v' has no attribute 'phrase'; .*'phrases'"):
        _ = fastw2v.phrase
    with pytest.raises(AttributeError, match="no attribute 'tarin'; did you mean 'train'"):
        _ = fastw2v.tarin
    with pytest.raises(AttributeError, match=r"'fastw2v.vectors' has no attribute 'zzz'$"):
        _ = fastw2v.vectors.zzz
    assert not hasattr(fastw2v, "_private")
