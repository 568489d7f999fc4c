"""Detecting files that are neither text nor word vectors by their first bytes."""

from typing import NamedTuple

from fastw2v.errors import parameter
from fastw2v.io.compression import kind_of

MARK = b"\xef\xbb\xbf"  # byte order mark of UTF-8
_TAR = 257  # offset of the magic bytes of a tar archive
_NO_VECTORS = "give a file of word vectors"
_EXPORT = "export it as word2vec text or binary"
_TO_TEXT = "extract the text"
_PIPE = "or use a pipe: ... | fastw2v ... -"
_COLUMN = f"name the column that has the text with {parameter('column')}"


class _Kind(NamedTuple):
    """A kind of file: its first bytes, what it is, and what to do to get vectors or text."""

    magic: bytes
    what: str
    for_vectors: str | None  # None: vectors are read from it
    for_text: str


_KINDS = (
    _Kind(
        b"\xba\x16\x4f\x2f",
        "a fastText model",
        None,
        "give the text it was trained on",
    ),
    *(
        _Kind(
            bytes((0x80, protocol)),
            "a Python pickle, which is never opened since it could run any code",
            "save the vectors as word2vec text or binary (gensim: save_word2vec_format)",
            "write its text to a file",
        )
        for protocol in (2, 3, 4, 5)
    ),
    _Kind(b"\xff\xfe", "text in UTF-16", "save it as UTF-8", "save it as UTF-8"),
    _Kind(b"\xfe\xff", "text in UTF-16", "save it as UTF-8", "save it as UTF-8"),
    _Kind(b"\0\0\xfe\xff", "text in UTF-32", "save it as UTF-8", "save it as UTF-8"),
    _Kind(b"\x89HDF", "an HDF5 file", _EXPORT, _TO_TEXT),
    _Kind(
        b"SQLite format 3\0",
        "an SQLite database",
        "export its vectors as word2vec text or binary",
        f"export the column with the text, {_PIPE}",
    ),
    _Kind(b"FiFu\0\0\0\0", "a finalfusion file", "convert it to word2vec text or binary", _TO_TEXT),
    _Kind(
        b"fastw2v model\r\n\x1a",
        "a language model of fastw2v",
        "fastw2v perplexity reads it; give a file of word vectors",
        "give the text to train on",
    ),
    _Kind(b"PAR1", "a Parquet file", _EXPORT, _COLUMN),
    _Kind(b"ARROW1\0\0", "an Arrow file", _EXPORT, _COLUMN),
    _Kind(b"FEA1", "a Feather file", _EXPORT, _COLUMN),
    _Kind(b"%PDF-", "a PDF document", _NO_VECTORS, "extract the text, for example with pdftotext"),
    _Kind(b"\x89PNG\r", "an image", _NO_VECTORS, "give a text"),
    _Kind(b"\x7fELF", "a program", _NO_VECTORS, "give a text"),
)
_TAR_KIND = _Kind(
    b"",
    "a tar archive",
    "unpack it and give the file in it",
    "unpack it, or use a pipe: tar xOf FILE | fastw2v ... -",
)


def unsupported_kind(head: bytes) -> str | None:
    """The kind of a file that starts with ``head``, and what to do; None if it may have vectors."""
    if not head:
        return "an empty file; download or regenerate it"
    kind = _kind(head)
    if kind is None or kind.for_vectors is None:
        return None
    return f"{kind.what}; {kind.for_vectors}"


def binary_kind(head: bytes) -> str | None:
    """The kind of a file that starts with ``head``, and what to do; None if it may be text."""
    kind = _kind(head)
    return None if kind is None else f"{kind.what}; {kind.for_text}"


def looks_like_other_format(word: bytes, magics: tuple[bytes, ...] = ()) -> bool:
    """Whether a text file with the first word ``word`` would be detected as another format.

    magics: first bytes of further supported formats.
    """
    return bool(word) and (
        _kind(word) is not None or kind_of(word) is not None or word.startswith((MARK, *magics))
    )


def _kind(head: bytes) -> _Kind | None:
    if head[_TAR : _TAR + 5] == b"ustar":
        return _TAR_KIND
    return next((kind for kind in _KINDS if head.startswith(kind.magic)), None)
