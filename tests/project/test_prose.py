"""Texts that users and maintainers read use standard terms, not their literary cousins."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from fastw2v.c_tools import compute_accuracy, distance, word2phrase, word2vec, word_analogy
from fastw2v.cli import COMMANDS, cli
from fastw2v.docs.pages import command_of
from tests.support.paths import ROOT

BETTER = {
    r"told|tell|tells|telling": "report, print, detect, determine",
    r"heed|heeds|heeded": "handle",
    r"anew": "again, a new",
    r"(go|goes|going|gone|went) on (with|from|in|where|as)|to go on": "resume, continue",
    r"commonest": "most frequent",
    r"blanks?": "space",
    r"stands?|stood": "is, occurs",
    r"where not": "otherwise",
    r"as they are": "unchanged",
    r"(makes?|make) no sense": "is invalid, contradict each other",
    r"passed over": "ignore, skip",
    r"melts?|melted|melting": "inline",
    r"lent|lends?|lending": "borrow",
    r"thinned|thinning|thins": "sub-sample",
    r"at the most": "at most",
    r"(one|words?|count|counts|token|object|queries|numbers) a line": "per line",
    r"(words|windows|operations|times) a (second|window)": "per second",
    r"hangs? on": "depend on",
    r"behind": "after",
    r"(name's|its) end tells|by the name's end": "the extension selects",
    r"beyond all measure": "runaway",
    r"of mine": "name the program",
    r"spelt nearly": "did you mean",
    r"can be had|to be had": "is available",
    r"for want of": "without",
    r"unsound": "not finite, invalid",
    r"nobody's": "excluded",
    r"the wish|wishes": "request, options",
    r"doors?": "wrapper",
    r"reckons?": "compute",
    r"spool": "buffer",
}
FORBIDDEN = re.compile("|".join(rf"\b(?:{words})\b" for words in BETTER), re.IGNORECASE)
PAGES = [
    *ROOT.glob("*.md"),
    *(ROOT / "fastw2v" / "docs").glob("*.md"),
    *(ROOT / "benchmarks").rglob("*.md"),
]
SOURCES = sorted((ROOT / "fastw2v").rglob("*.py"))
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef)


def found_in(text: str) -> list[str]:
    """Each forbidden word with the words around it."""
    text = " ".join(text.split())
    places = [match.span() for match in FORBIDDEN.finditer(text)]
    return [text[max(0, start - 40) : end + 40] for start, end in places]


def strings_of(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of all strings in a module but docstrings of private functions."""
    tree = ast.parse(source)
    private = set()
    parts = set()
    for node in ast.walk(tree):
        if isinstance(node, DOCUMENTED) and getattr(node, "name", "").startswith("_"):
            docstring = node.body[0]
            if isinstance(docstring, ast.Expr) and isinstance(docstring.value, ast.Constant):
                private.add(docstring.value)
        if isinstance(node, ast.JoinedStr):
            constants = [part for part in node.values if isinstance(part, ast.Constant)]
            parts.update(constants)
            yield node.lineno, "_".join(part.value for part in constants)
    constants = {node for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    for node in constants - private - parts:
        if isinstance(node.value, str):
            yield node.lineno, node.value


def test_the_search_finds_words_not_parts_of_words():
    assert found_in("it tells the outstanding teller") == ["it tells the outstanding teller"]
    assert found_in("outstanding understanding retold blanket") == []
    assert found_in("a word\na line") != []


def test_strings_of_a_module():
    source = (
        '"""a"""\ndef b():\n    """c"""\n    return f"d{1}e"\ndef _f():\n    """g"""\n    "h"\n'
    )
    assert {text for _, text in strings_of(source)} == {"a", "c", "d_e", "h"}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_pages(path):
    assert found_in(path.read_text("utf-8")) == []


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_commands(name):
    command = command_of(name)
    assert found_in(command.get_help(click.Context(command, info_name=name))) == []


def test_help_of_the_group_and_of_the_c_tools():
    assert found_in(cli.get_help(click.Context(cli))) == []
    for program in (word2vec, word2phrase, distance, word_analogy, compute_accuracy):
        assert found_in(program.USAGE) == [], program.__name__


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_messages_and_public_docstrings(path: Path):
    strings = strings_of(path.read_text("utf-8"))
    assert [(line, *found) for line, text in strings if (found := found_in(text))] == []
