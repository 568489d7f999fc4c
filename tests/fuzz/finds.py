"""Regression cases: minimal files that once made a reader fail, found by `fuzzing.py`.

To add one, give the reader's name, what went wrong, and the files.
"""

import gzip


def _npy(header: bytes, version: bytes = b"\1\0", body: bytes = bytes(8)) -> dict[str, bytes]:
    size = len(header).to_bytes(2 if version == b"\1\0" else 4, "little")
    return {"v.npy": b"\x93NUMPY" + version + size + header + body, "v.words.txt": b"a\n"}


def _header(shape: bytes, kind: bytes = b"<f4") -> bytes:
    return b"{'descr': '%b', 'fortran_order': False, 'shape': %b}\n" % (kind, shape)


FINDS = [
    ("npy", "TokenError: a header that ends within a bracket", _npy(b"{'descr': ('<f4', \n")),
    ("npy", "UserWarning: numbers of Python 2", _npy(_header(b"(1L, 2L)"))),
    (
        "npy",
        "RuntimeWarning: 1e300 is too large",
        _npy(_header(b"(1, 1)", b"<f8"), body=b"\xff" * 6 + b"\xe0\x7f"),
    ),
    ("npy", "OverflowError: more rows than a C long", _npy(_header(b"(99999999999999999999, 2)"))),
    ("npy", "RuntimeWarning: bytes that overflow", _npy(_header(b"(4611686018427387904, 4)"))),
    (
        "npy",
        "MemoryError: a header of 4 GB",
        {"v.npy": b"\x93NUMPY\2\0\xff\xff\xff\xff{", "v.words.txt": b""},
    ),
    ("npy", "a message of thousands of characters", _npy(b"9 7\n" + b"word 1 2 3\x1b[2J" * 400)),
    ("npy", "a negative shape", _npy(_header(b"(-1, 2)"))),
    ("info", "TokenError in a file of another name", {"v": b"\x93NUMPY\1\0\x07\0((((\n'\n"}),
    ("text", "OverflowError: dimensions beyond a C long", {"v": b"2 9999999999999999999\na 1\n"}),
    (
        "binary",
        "the same, packed",
        {"v": gzip.compress(b"2 9223372036854775808\na \0\0\0\0\n", mtime=0)},
    ),
    (
        "text",
        "a number that takes long to convert",
        {"v": b"2 2\na 1 2\nb 1 " + b"9" * 5000 + b"\n"},
    ),
    ("text", "fewer fields than dimensions, blanks in front", {"v": b"2 3\na 1 2 3\n\t \x0b 1\n"}),
    ("vocabulary", "more digits than Python converts", {"v": b"a " + b"9" * 5000 + b"\n"}),
    ("pairs", "an underscore is no digit", {"p": b"a\tb\t1\nb\tc\t1_0\n"}),
]
