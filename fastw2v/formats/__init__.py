"""Files of word vectors, one module per format; `vector_files` reads and writes them all."""

from fastw2v.formats.uses import declare_read, declare_written, marked_path, outputs_path
from fastw2v.formats.vector_files import (
    COMPRESSED,
    FORMATS,
    READABLE,
    check_writable,
    compressing,
    detect_format,
    format_of_name,
    load,
    read,
    save,
    words_path,
)
from fastw2v.submodules import lazy

__all__ = [
    "COMPRESSED",
    "FORMATS",
    "READABLE",
    "check_writable",
    "compressing",
    "declare_read",
    "declare_written",
    "detect_format",
    "format_of_name",
    "load",
    "marked_path",
    "outputs_path",
    "read",
    "save",
    "words_path",
]

__getattr__, __dir__ = lazy(__name__)
