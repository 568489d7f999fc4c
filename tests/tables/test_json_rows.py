"""The text of a field of JSON Lines: the compiled kernel against Python's json."""

import json
import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fastw2v.tables import json_kernel, json_rows
from fastw2v.tables.json_rows import json_text, text_of
from fastw2v.tables.problems import MAX_ROW_BYTES, RowError

LETTERS = 'ab"\\/\n\t\0 é€😀\ud83d\udc80\x7f'
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(LETTERS, max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=3), inner),
    max_leaves=8,
)
ROWS = st.dictionaries(st.sampled_from(["text", "t", "te\nxt", 'q"', "é", ""]), VALUES, max_size=5)
HOSTILE = st.text('{}[]":,\\ud83de00\n\t tnextrul-+.0123é"text"', max_size=40).map(str.encode)


def reader(data: bytes, size: int = 1 << 18):
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    return lambda _: parts.pop(0) if parts else b""


def texts(data: bytes, column: str = "text", size: int = 1 << 18) -> bytes:
    return b"".join(bytes(part) for part in json_text(reader(data, size), column))


def by_kernel(line: bytes, column: str = "text") -> bytes | None:
    """What the kernel makes of one line, or None if it leaves it to `text_of`."""
    data = np.frombuffer(line + b"\n", np.uint8)
    out = np.full(len(data), 255, np.uint8)
    stack = np.empty(json_kernel.MAX_DEPTH, np.uint8)
    key = np.frombuffer(column.encode(), np.uint8)
    start, end, _ = json_kernel.extract(data, 0, len(data), key, out, 0, stack)
    return bytes(out[:end]) if start == len(data) else None


def check(line: bytes) -> bool:
    """Whether the kernel took the line, as `text_of` does."""
    found = by_kernel(line)
    if found is not None and line.strip(b" \t\r"):
        assert found == text_of(line, "text") + b"\n"
    return found is not None


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(ROWS, st.booleans(), st.sampled_from([None, (",", ":"), (" , ", " :\t")]))
def test_any_row_is_read_as_json_reads_it(row, ascii_only, separators):
    line = json.dumps(row, ensure_ascii=ascii_only, separators=separators)
    taken = check(line.encode("utf-8", "surrogatepass"))
    value = row.get("text")
    plain = not re.search(r"NaN|Infinity|\d{300}", line) and not {"te\nxt", 'q"', "é"} & row.keys()
    if plain and "text" in row and (value is None or isinstance(value, str)):
        assert taken


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(HOSTILE | st.binary(max_size=9), max_size=6).map(b"".join))
def test_what_the_kernel_takes_is_valid_whatever_the_bytes(middle):
    middle = middle.replace(b"\n", b"")
    frames = [b'{"text":"%b"}', b'{"x":%b,"text":""}', b'{"text":"a"%b}', b'{"x":"%b","text":null}']
    for frame in [*frames, b"%b"]:
        check(frame % middle)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (rb"a\nb\t\"\\\/", b'a\nb\t"\\/'),
        (rb"\u00e9\u20ac\ud83d\ude00", "é€😀".encode()),
        (rb"\ud83d", "\ufffd".encode()),
        (rb"\ude00\ud83dx\ud83d\u0041", "\ufffd\ufffdx\ufffdA".encode()),
        (rb"\\ud83d", rb"\ud83d"),
        (b"caf\xe9", b"caf\xe9"),
        ("\ud83d".encode("utf-8", "surrogatepass"), b"\xed\xa0\xbd"),
    ],
)
def test_strings_escapes_and_bytes_that_are_not_utf8(value, expected):
    line = b'{"x": [1, {"a": "text"}], "text": "%b"}' % value
    assert by_kernel(line) == expected + b"\n"
    assert text_of(line, "text") == expected
    assert text_of(b'{"t\\u0065xt": "%b"}' % value, "text") == expected  # not for the kernel


def test_the_last_of_equal_keys_counts():
    line = b'{"text": "a longer one", "text": "b", "x": {"text": "c"}}'
    assert by_kernel(line) == b"b\n"
    assert text_of(line, "text") == b"b"


def test_nested_names_lists_and_null():
    rows = [
        {"a": {"b": "x y"}},
        {"a.b": "first", "a": {"b": "second"}},
        {"a": {"b": None}},
        {"a": {"b": ["new_york", "is", 5]}},
        {"a": {"b": []}},
    ]
    data = "\n".join(json.dumps(row) for row in rows).encode()
    assert texts(data, "a.b") == b"x y\nfirst\n\nnew_york is 5\n\n"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_lines_over_the_ends_of_reads_marks_and_line_ends(size):
    data = '\ufeff{"text": "é"}\r\n\n  \r\n{"text": "b"}\n{"text": "last"}'.encode()
    assert texts(data, size=size) == "é\nb\nlast\n".encode()


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b'{"text": "a', "no valid JSON: .* at character 10"),
        (b'{"text": "a"} x', "no valid JSON"),
        (b'{"text": "a\tb"}', "no valid JSON"),
        (b'{"text": 01}', "no valid JSON"),
        (b'["a"]', "a list instead of an object; JSON Lines have one object per line"),
        (b'"a"', "a string instead"),
        (b"3", "a number instead"),
        (b'{"txt": "a", "m": {"id": 1}}', r"no column 'text'; there are: 'txt', 'm', 'm\.id'"),
        (b"{}", "no column 'text'; there are none"),
        (b'{"text": 3}', "has a number, not a text or a list of tokens"),
        (b'{"text": {"a": 1}}', "has an object, not a text"),
        (b'{"text": true}', "has true or false"),
        (b'{"text": ["a b"]}', "a space, tab or line end in the token 'a b'; replace"),
        (b'{"text": ["a", ""]}', "a token is empty; remove"),
        (b'{"text": ["a", null]}', "a list with null in it; give strings or integers"),
        (b'{"text": [1.5]}', "a list with a number in it"),
        (b'{"text": ' + b"[" * 100_000, "nested too deeply|no valid JSON"),
        (b'{"text": "", "n": ' + b"1" * 5000 + b"}", "Exceeds the limit|^$"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,  # some are long
)
def test_invalid_rows_are_errors_with_their_line(line, problem):
    if problem.endswith("^$"):  # only newer versions of Python refuse long numbers
        try:
            json.loads(line)
        except ValueError:
            pass
        else:
            return
    with pytest.raises(RowError, match=problem) as caught:
        texts(b'{"text": "fine"}\n\n' * 3 + line + b'\n{"text": "after"}\n')
    assert caught.value.number == 7
    assert by_kernel(line) is None


def test_a_line_without_end_is_an_error(monkeypatch):
    assert MAX_ROW_BYTES >= 1 << 24
    monkeypatch.setattr(json_rows, "MAX_ROW_BYTES", 1000)
    with pytest.raises(RowError, match="a line of more than 64 MiB; split it") as caught:
        texts(b'{"text": "a"}\n{"text": "' + b"x" * 5000, size=100)
    assert caught.value.number == 2
