"""The files of commands that read vectors and write one file."""

from collections.abc import Sequence

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
