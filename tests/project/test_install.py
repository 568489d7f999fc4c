"""The package as a user gets it: installed alone, away from the clone."""

import email
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from fastw2v.cli import COMMANDS
from fastw2v.version import __version__
from tests.support.paths import REQUIRED, ROOT

HEAVY = ("numba", "numpy")


def run(*command, cwd, **variables):
    """Run to the end in ``cwd`` (600 s at most), with no variable that leads back to the clone."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    return subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env={**environment, **variables},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Path:
    """An environment into which `pip install .` put this project; nothing else was asked for."""
    base = tmp_path_factory.mktemp("install")
    source = base / "a clone"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "DESCRIPTION.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "fastw2v", source / "fastw2v", ignore=ignored)
    python = base / "env" / "bin" / "python"
    made = run(sys.executable, "-m", "venv", base / "env", cwd=base)
    assert made.returncode == 0, made.stderr
    done = run(python, "-m", "pip", "install", "--quiet", "--no-input", ".", cwd=source)
    if done.returncode and not REQUIRED:
        pytest.skip(f"pip could not install: {done.stderr.strip().splitlines()[-1]}")
    assert done.returncode == 0, done.stderr
    shutil.rmtree(source)  # what works from here on does not lean on the clone
    return base / "env"


@pytest.fixture
def folder(tmp_path) -> Path:
    """A folder to work in that is not the clone, with a blank in its name."""
    path = tmp_path / "some where"
    path.mkdir()
    return path


def test_core_dependencies_alone(environment, folder):
    listed = run(environment / "bin" / "python", "-m", "pip", "list", "--format=freeze", cwd=folder)
    names = {line.split("==")[0].lower() for line in listed.stdout.splitlines()}
    assert names - {"pip", "setuptools", "wheel", "colorama"} == {
        "fastw2v",
        "numba",
        "llvmlite",  # Numba's own
        "numpy",
        "click",
    }


def test_every_module_is_installed(environment):
    (site,) = environment.glob("lib/python*/site-packages")
    for ending in ("py", "typed", "md", "html", "css", "js"):
        installed = {path.relative_to(site) for path in (site / "fastw2v").rglob(f"*.{ending}")}
        here = {path.relative_to(ROOT) for path in (ROOT / "fastw2v").rglob(f"*.{ending}")}
        assert installed == here != set()


def test_the_licence_and_the_metadata_are_installed(environment):
    (folder,) = environment.glob("lib/python*/site-packages/fastw2v-*.dist-info")
    assert (folder / "licenses" / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    metadata = email.message_from_string((folder / "METADATA").read_text("utf-8"))
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Version"] == __version__
    assert "word vectors" in metadata.get_payload().lower()


def test_trains_on_real_text_and_answers(environment, folder, tmp_path):
    python, fastw2v = environment / "bin" / "python", environment / "bin" / "fastw2v"
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "numba")}
    script = ROOT / "bin" / "docstrings"
    written = run(python, script, "--max-words", 200_000, "-o", "text.txt", cwd=folder)
    assert written.returncode == 0, written.stderr

    settings = ["--model", "skipgram", "--size", 30, "--epochs", 3]
    trained = run(fastw2v, "train", "text.txt", "-o", "out.bin", *settings, cwd=folder, **cache)
    assert trained.returncode == 0, trained.stderr
    assert trained.stdout == ""  # results only, and these went to the file

    found = run(fastw2v, "similar", "out.bin", "file", "-n", 4, cwd=folder, **cache)
    assert found.returncode == 0, found.stderr
    words, cosines = zip(*(line.split("\t") for line in found.stdout.splitlines()), strict=True)
    assert len(set(words)) == 4
    assert "file" not in words
    assert sorted(map(float, cosines), reverse=True) == list(map(float, cosines))

    drawn = run(fastw2v, "map", "out.bin", "-o", "map.html", "--projection", "pca", cwd=folder)
    assert drawn.returncode == 0, drawn.stderr
    assert (folder / "map.html").stat().st_size > 10_000


def test_module_is_the_command(environment, folder):
    python = environment / "bin" / "python"
    as_module = run(python, "-m", "fastw2v", "--version", cwd=folder)
    as_command = run(environment / "bin" / "fastw2v", "--version", cwd=folder)
    assert as_module.returncode == as_command.returncode == 0
    assert as_module.stdout == as_command.stdout != ""


@pytest.mark.parametrize("arguments", [[], *([name] for name in COMMANDS)])
def test_help_imports_nothing_heavy(arguments, folder):
    code = (
        "import sys\n"
        "from fastw2v.cli import main\n"
        f"sys.argv = ['fastw2v', *{arguments!r}, '--help']\n"
        "try:\n    main()\n"
        "finally:\n"
        f"    print('imported:', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = run(sys.executable, "-c", code, cwd=folder)
    assert done.returncode == 0, done.stderr
    assert "Usage: fastw2v" in done.stdout
    assert "Example" in done.stdout
    assert done.stdout.splitlines()[-1] == "imported: []"


def test_package_imports_nothing_heavy(folder):
    code = f"import sys, fastw2v; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = run(sys.executable, "-c", code, cwd=folder)
    assert done.stdout == "[]\n", done.stderr
