"""The files of commands that read files of vectors and write one file."""

from collections.abc import Mapping, Sequence

from fastw2v.errors import parameter
from fastw2v.io.files import StrPath


def check_files(
    vectors: StrPath | Sequence[StrPath], output: StrPath, words_from: StrPath | None = None
) -> None:
    """Raise OutputError if ``output`` would replace what is read, or cannot be written.

    vectors: a file, or several.
    words_from: the file of an option of that name.
    """
    from fastw2v.formats import declare_read
    from fastw2v.io.file_uses import FileUses

    uses = FileUses()
    for path in vectors if isinstance(vectors, (list, tuple)) else [vectors]:
        declare_read(uses, path, "the vectors")
    uses.reads(words_from, parameter("words_from"))
    uses.writes(output, parameter("output"))
    uses.check()


def check_vector_files(
    inputs: Mapping[str, Sequence[StrPath]],
    output: StrPath,
    file_format: str | None,
    words: StrPath | None = None,
) -> None:
    """As `check_files`, for commands that write vectors.

    inputs: files of vectors by what the user calls them. file_format: of ``output``, or None.
    words: the file of an option of that name.
    """
    from fastw2v.formats import check_writable, declare_read, declare_written
    from fastw2v.io.file_uses import FileUses

    check_writable(output, format=file_format)
    uses = FileUses()
    for name, paths in inputs.items():
        for path in paths:
            declare_read(uses, path, name)
    uses.reads(words, parameter("words"))
    declare_written(uses, output, parameter("output"), format=file_format)
    uses.check()
