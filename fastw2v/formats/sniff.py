"""What a file is by its first bytes, where it is nothing that can be read here."""

from fastw2v.io.compression import kind_of

MARK = b"\xef\xbb\xbf"  # byte order mark of UTF-8
_TAR = 257  # where an archive made by tar says that it is one
_UNSUPPORTED = {  # first bytes -> what they tell, and what to do
    b"\xba\x16\x4f\x2f": "a fastText model, not plain vectors; give the .vec file beside it",
    **{
        bytes((0x80, protocol)): "a Python pickle, never opened here since it could run any code; "
        "save the vectors as word2vec text or binary (gensim: save_word2vec_format)"
        for protocol in (2, 3, 4, 5)
    },
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"\x89HDF": "an HDF5 file; export it as word2vec text or binary",
    b"SQLite format 3\0": "an SQLite database; export its vectors as word2vec text or binary",
    b"FiFu\0\0\0\0": "a finalfusion file; convert it to word2vec text or binary",
    b"%PDF-": "a PDF document, not word vectors",
    b"\x89PNG\r": "a picture, not word vectors",
    b"\x7fELF": "a program, not word vectors",
}


def unsupported_kind(head: bytes) -> str | None:
    """What a file that starts with ``head`` is, and what to do; None if it may hold vectors."""
    if not head:
        return "an empty file; was the writing of it cut short?"
    if head[_TAR : _TAR + 5] == b"ustar":
        return "a tar archive; unpack it and name the file that was in it"
    return next((what for magic, what in _UNSUPPORTED.items() if head.startswith(magic)), None)


def looks_like_other_format(word: bytes, magics: tuple[bytes, ...] = ()) -> bool:
    """Whether a text file whose first word is ``word`` would be taken for something else.

    magics: first bytes of other formats that are read.
    """
    return bool(word) and (
        unsupported_kind(word) is not None
        or kind_of(word) is not None
        or word.startswith((MARK, *magics))
    )
