"""The files that reading or writing word vectors touches, their word lists included."""

import os
from pathlib import Path

from fastw2v.errors import FormatError
from fastw2v.formats.reading import open_stream
from fastw2v.formats.vector_files import COMPRESSED, READABLE, detect_format, words_path
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath


def declare_read(uses: FileUses, path: StrPath | None, name: str) -> None:
    """Declare a file of word vectors as read; None: there is none."""
    if path is not None:
        uses.reads(path, name)
        uses.reads(words_beside(path), name, "the word list")


def declare_written(
    uses: FileUses,
    path: StrPath,
    name: str,
    *,
    part: str = "",
    format: str | None = None,
    over: StrPath | None = None,
) -> None:
    """Declare a file of word vectors as written.

    part: see `FileUses.writes`. format: as `save` takes it.
    over: a file of word vectors that it may replace, the word list by the word list.
    """
    uses.writes(path, name, part, over=[over])
    beside = words_path(path, format=format)
    if beside is not None:
        old = None if over is None else words_beside(over)
        uses.writes(beside, name, f"the word list of {part}" if part else "the word list", [old])


def words_beside(path: StrPath) -> Path | None:
    """The word list that `read` reads beside the file at ``path``; None if there is none.

    A file that cannot be read has none: why not is for `read` to say.
    """
    if not os.path.isfile(path):  # opening a pipe would take its content away
        return None
    try:
        with open_stream(os.fspath(path)) as stream:
            form = READABLE[detect_format(stream, os.fspath(path))]
    except FormatError:
        return None
    beside: Path | None = form.words_path(path) if hasattr(form, "words_path") else None
    return beside


def marked_path(path: StrPath, mark: str) -> Path:
    """``vectors.bin.gz`` with the mark ``epoch-2`` is ``vectors.epoch-2.bin.gz``."""
    path = Path(path)
    packed = path.suffix.lower() in COMPRESSED
    ending = "".join(path.suffixes[-2:] if packed else path.suffixes[-1:])
    return path.with_name(f"{path.name.removesuffix(ending)}.{mark}{ending}")


def outputs_path(path: StrPath) -> Path:
    """The file of output vectors beside one of input vectors: ``vectors.out.bin``."""
    return marked_path(path, "out")
