"""The page on how it works names code and tests that exist."""

import ast
import re

import pytest

from fastw2v.docs.pages import FOLDER

PAGE = (FOLDER / "how-it-works.md").read_text("utf-8")
LINKS = re.findall(r"\[`?([^\]`]+)`?\]\(([^)#]+)\)", PAGE)


def defined_in(path) -> set[str]:
    """Functions, classes and methods of a Python file."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}


@pytest.mark.parametrize(("name", "target"), sorted({*LINKS}))
def test_links_name_what_exists(name, target):
    path = (FOLDER / target).resolve()
    assert path.is_file(), target
    if name != path.name:
        assert name in defined_in(path), f"{name} is not in {target}"


def test_every_table_row_has_code_and_a_test():
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")]
    rows = [row.strip("| ").split(" | ") for row in rows if not row.startswith("| what")]
    assert len(rows) > 20
    for what, code, test in rows:
        assert "](../" in code, what
        assert "`test_" in test or test in ("the same", "the first one"), what
    tests = [name for name, target in LINKS if "/tests/" in target and name.startswith("test_")]
    assert len({*tests}) > 10


def test_headings_that_are_linked_exist():
    headings = re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings}
    linked = re.findall(r"\]\(#([^)]+)\)", PAGE)
    assert len(linked) > 5
    assert {*linked} <= anchors
