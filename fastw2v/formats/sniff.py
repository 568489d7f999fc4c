"""Detecting files that are not word vectors by their first bytes."""

from fastw2v.io.compression import kind_of

MARK = b"\xef\xbb\xbf"  # byte order mark of UTF-8
_TAR = 257  # offset of the magic bytes of a tar archive
_UNSUPPORTED = {  # first bytes -> kind of file, and what to do
    b"\xba\x16\x4f\x2f": "a fastText model, not plain vectors; use the .vec file beside it",
    **{
        bytes(
            (0x80, protocol)
        ): "a Python pickle, which is never opened since it could run any code; "
        "save the vectors as word2vec text or binary (gensim: save_word2vec_format)"
        for protocol in (2, 3, 4, 5)
    },
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"\x89HDF": "an HDF5 file; export it as word2vec text or binary",
    b"SQLite format 3\0": "an SQLite database; export its vectors as word2vec text or binary",
    b"FiFu\0\0\0\0": "a finalfusion file; convert it to word2vec text or binary",
    b"%PDF-": "a PDF document, not word vectors; give a file of word vectors",
    b"\x89PNG\r": "an image, not word vectors; give a file of word vectors",
    b"\x7fELF": "a program, not word vectors; give a file of word vectors",
}


def unsupported_kind(head: bytes) -> str | None:
    """The kind of a file that starts with ``head``, and what to do; None if it may have vectors."""
    if not head:
        return "an empty file; download or regenerate it"
    if head[_TAR : _TAR + 5] == b"ustar":
        return "a tar archive; unpack it and give the file in it"
    return next((what for magic, what in _UNSUPPORTED.items() if head.startswith(magic)), None)


def looks_like_other_format(word: bytes, magics: tuple[bytes, ...] = ()) -> bool:
    """Whether a text file with the first word ``word`` would be detected as another format.

    magics: first bytes of further supported formats.
    """
    return bool(word) and (
        unsupported_kind(word) is not None
        or kind_of(word) is not None
        or word.startswith((MARK, *magics))
    )
