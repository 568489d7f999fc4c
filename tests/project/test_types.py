"""The hints of the public names, as a type checker sees them from a user's program."""

import ast
import os
import re
import subprocess
import sys

import pytest

import fastw2v
from tests.support.paths import ROOT

PROGRAM = """
import fastw2v

vectors = fastw2v.load("vectors.bin")
reveal_type(vectors)
reveal_type(vectors.similar("king"))
reveal_type(vectors["king"])
reveal_type(fastw2v.Vocabulary.load("vocab.txt").total)
vectors.similar(3.5)
"""


def test_type_checkers_find_every_public_name_at_its_home():
    tree = ast.parse((ROOT / "fastw2v" / "__init__.py").read_text("utf-8"))
    (block,) = [
        node
        for node in tree.body
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
    ]
    seen = {
        alias.asname: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == {name: f"fastw2v.{home}" for name, home in fastw2v._HOMES.items()}


def test_a_users_program_is_checked(tmp_path):
    pytest.importorskip("mypy", reason="no mypy: pip install 'fastw2v[test]'")
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    done = subprocess.run(
        [sys.executable, "-m", "mypy", str(path)],
        cwd=ROOT,
        env=os.environ | {"MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    revealed = re.findall(r'Revealed type is "([\w.]+)', done.stdout)
    assert revealed == [
        "fastw2v.vectors.word_vectors.WordVectors",
        "list",
        "numpy.ndarray",
        "int",
    ], done.stdout
    assert re.findall(r"^.*: error: .*$", done.stdout, re.MULTILINE) == [
        line for line in done.stdout.splitlines() if 'Argument 1 to "similar"' in line
    ]
    assert done.stdout.count("error:") == 1
