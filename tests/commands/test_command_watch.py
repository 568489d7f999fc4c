"""``fastw2v watch``: the file that it writes, and texts that it cannot use."""

import json

import pytest

from fastw2v.errors import SettingsError
from fastw2v.watching.watch_settings import MOST_TOKENS, MOST_WORDS, WatchSettings
from tests.support.commands import error_line, run_command, succeeded
from tests.support.map_cases import read_page

MANY = b" ".join(b"w%d" % number for number in range(MOST_WORDS + 1))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_page_holds_text_and_settings(folder):
    text = b"\xef\xbb\xbfb a b\r\n\na na\xffve </script> \x07\nonly\nx"
    (folder / "text.txt").write_bytes(text)
    options = "--model cbow --output-layer softmax --size 7 --window 4 --negative 9 --alpha 0.3"
    done = succeeded(
        "watch",
        "text.txt",
        "-o",
        "p.html",
        "--seed",
        3,
        "--cbow-update=corrected",
        *options.split(),
    )
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1] == "p.html: 9 words, 7 different"
    page = read_page(folder / "p.html")
    assert page.data["words"] == ["b", "a", "na\udcffve", "</script>", "\x07", "only", "x"]
    assert page.data["labels"] == {"na\udcffve": r"na\xffve", "\x07": r"\u0007"}
    assert page.data["sentences"] == [[0, 1, 0], [1, 2, 3, 4], [5], [6]]
    assert page.data["settings"] == {
        **{"model": "cbow", "layer": "softmax", "size": 7, "window": 4, "negative": 9},
        **{"alpha": 0.3, "seed": 3, "corrected": True},
    }
    assert len(page.scripts) == 2
    assert "text.txt: 9 words, 7 different" in page.text
    succeeded("watch", folder / "text.txt", "-o", "p.html")
    assert read_page("p.html").data["name"] == "text.txt"  # and not where it was
    assert str(folder) not in (folder / "p.html").read_text("utf-8")
    assert page.policy["default-src"] == "'none'"
    assert sum("src" in attributes for _, attributes in page.tags) == 0


def test_standard_input_and_output(folder):
    done = run_command("watch", "-", "-o", "-", "--min-count", 2, "-q", stdin=b"a b c a b\n")
    assert done.exit_code == 0
    (folder / "p.html").write_bytes(done.stdout_bytes)
    data = read_page(folder / "p.html").data
    assert (data["name"], data["words"]) == ("standard input", ["a", "b"])
    assert json.dumps(data["sentences"]) == "[[0, 1, 0, 1]]"


@pytest.mark.parametrize(
    ("text", "problem", "more"),
    [
        (b"", "no words in it", ""),
        (b" \r\n\t\n", "no words in it", ""),
        (b"one one one\n", "one word only", ""),
        (b"one\ntwo\none\n", "no word has a context", ""),
        (MANY, "201 different words, but a page shows up to 200; use --max-vocab 200", ""),
        (b"a b " * (MOST_TOKENS // 2 + 1), "100,002 words, but a page holds up to 100,000", ""),
        (b"a b\n", "none occurs 9 times", "--min-count 9"),
        (b"a b\n", "--size is 0; in a page it must be a whole number from 1 to 32", "--size 0"),
        (b"a b\n", "--alpha is nan; in a page it must be", "--alpha nan"),
        (b"a b c\n", "--max-vocab is -1; it must be a whole number from 1", "--max-vocab -1"),
        (b"a b c\n", "--min-count is -1", "--min-count -1"),
        (b"a b\n", "--window is 11", "--window 11"),
        (b"a b\n", "--negative is 0", "--negative 0"),
        (b"a b\n", "--seed is -1", "--seed -1"),
        (b"a b\n", "use the extension .html", "-o page.png"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_watched(folder, text, problem, more):
    (folder / "text.txt").write_bytes(text)
    (folder / "p.html").write_bytes(b"old")
    line = error_line(run_command("watch", "text.txt", "-o", "p.html", *more.split()))
    assert problem in line
    assert (folder / "p.html").read_bytes() == b"old"
    assert sorted(path.name for path in folder.iterdir()) == ["p.html", "text.txt"]


def test_a_missing_file(folder):
    assert "no.txt" in error_line(run_command("watch", "no.txt", "-o", "p.html"))
    assert list(folder.iterdir()) == []


def test_many_words_fit_with_the_remedy_that_is_named(folder):
    (folder / "text.txt").write_bytes(MANY)
    succeeded("watch", "text.txt", "-o", "p.html", "--max-vocab", MOST_WORDS)
    assert len(read_page(folder / "p.html").data["words"]) == MOST_WORDS


@pytest.mark.parametrize(
    "settings",
    [{"size": 5.0}, {"size": True}, {"model": "glove"}, {"output_layer": ""}, {"alpha": "0.1"}],
    ids=str,
)
def test_settings_in_python(settings):
    (name,) = settings
    with pytest.raises(SettingsError, match=name):
        WatchSettings(**settings)
