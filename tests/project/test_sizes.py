"""Files and functions stay short enough to be read at once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

LONGEST_FILE, LONGEST_FUNCTION = 350, 65  # lines, as CONTRIBUTING.md says


def sources() -> Iterator[tuple[Path, str]]:
    for folder in ("fastw2v", "tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT), path.read_text("utf-8")


def functions(source: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert function.end_lineno is not None
    return function.end_lineno - function.lineno + 1


def test_files():
    lengths = {path: len(source.splitlines()) for path, source in sources()}
    assert len(lengths) > 200
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions():
    lengths = {
        f"{path}: {each.name}": length(each)
        for path, source in sources()
        for each in functions(source)
    }
    assert len(lengths) > 1000
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION} == {}


@pytest.mark.parametrize(("source", "lines"), [("def f(): 1", 1), ("def f():\n    '''\n'''\n", 3)])
def test_how_lines_are_counted(source, lines):
    assert [length(each) for each in functions(source)] == [lines]
