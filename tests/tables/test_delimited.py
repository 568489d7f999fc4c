"""A column of CSV and TSV: headers, delimiters, quotes, line ends, broken rows."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastw2v.tables import delimited
from fastw2v.tables.delimited import delimited_text
from fastw2v.tables.problems import RowError

CSV, TSV = ",;|\t", "\t"
CELLS = st.text('ab ,;|"\t\n\ré\udce9', max_size=6)


def texts(data: bytes, column: str = "text", delimiters: str = CSV, size: int = 1 << 18) -> bytes:
    parts = [data[at : at + size] for at in range(0, len(data), size)]
    read = lambda _: parts.pop(0) if parts else b""  # noqa: E731
    return b"".join(delimited_text(read, column, delimiters))


@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=5),
    st.sampled_from(CSV),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.integers(1, 9),
)
def test_what_csv_writes_is_read_whatever_the_dialect(rows, delimiter, line_end, quoting, size):
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end, quoting=quoting)
    writer.writerows([("id", "text"), *rows])
    data = file.getvalue().encode("utf-8", "surrogateescape")
    expected = "".join(f"{text}\n".replace("\r", "") for _, text in rows).encode(
        "utf-8", "surrogateescape"
    )
    assert texts(data, size=size) == expected
    assert texts(b"\xef\xbb\xbf" + data, size=size) == expected


@pytest.mark.parametrize(
    "header", ["text,id", '"text","id"', "text, id", "\n\r\ntext,id", '"text" ,id'.replace(" ", "")]
)
def test_variants_of_the_header(header):
    assert texts(f"{header}\r\na b,1\r\n\r\nc,2".encode()) == b"a b\nc\n"


def test_the_delimiter_is_the_one_with_which_there_is_the_column():
    assert texts(b"a;text\nx,y;one, two\n") == b"one, two\n"
    assert texts(b"a,b;text|c\n1|2\n", "c") == b"2\n"
    assert texts(b"text\none\ntwo\n") == b"one\ntwo\n"
    assert texts(b"a,b\ttext\nx\ty, z\n", "text", TSV) == b"y, z\n"
    assert texts(b"") == texts(b"\n\n") == b""


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"id,body\n1,a\n", 1, "no column 'text'; there are: 'id', 'body'; the first line must"),
        (b"text,text\n1,a\n", 1, "2 columns are named 'text'; rename"),
        (b'id,text\n1,"a\nb"\n2\n', 4, "1 field, but the header has 2; quote fields"),
        (b"id,text\n1,a,b\n", 2, "3 fields, but the header has 2"),
        (
            b'id,text\n1,a\n2,"b\nc\n',
            3,
            "a quote is not closed before the end of the file; correct",
        ),
        (b'id,text\n1,"a" b\n', 2, "a closing quote is followed by other characters; correct"),
        (b'id,"text\n' + b"a,b\n" * 1003, 1, "a quote in the header is not closed"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,  # one is long
)
def test_broken_rows_are_errors_with_their_first_line(data, line, problem):
    with pytest.raises(RowError, match=problem) as caught:
        texts(data)
    assert caught.value.number == line


def test_quotes_in_tsv_have_a_remedy():
    with pytest.raises(RowError, match="if quotes have no meaning in this file, use: cut -f N"):
        texts(b'id\ttext\n1\t"Yes" he said\n', delimiters=TSV)


def test_long_fields_are_read_and_the_limit_of_the_process_is_kept():
    limit = csv.field_size_limit(77)
    try:
        long = b"word " * 60_000
        assert texts(b'id,text\n1,"' + long + b'\n"\n') == long + b"\n\n"
        with pytest.raises(RowError):
            texts(b'id,text\n1,"a"b\n')
        assert csv.field_size_limit() == 77
    finally:
        csv.field_size_limit(limit)


def test_a_quote_that_is_never_closed_ends_with_an_error(monkeypatch):
    monkeypatch.setattr(delimited, "MAX_ROW_BYTES", 10_000)
    with pytest.raises(
        RowError, match=r"a field of more than .* a quote may not be closed"
    ) as caught:
        texts(b'id,text\n1,a\n2,"b\n' + b"3,c\n" * 9_000)
    assert caught.value.number == 3
    with pytest.raises(RowError, match="a line of more than"):
        texts(b"id,text\n1,a\n2," + b"b" * 20_000, size=1000)
