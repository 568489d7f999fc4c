"""The header and the arrays of a checkpoint."""

from fastw2v.io.array_file import ArrayFile


def read_checkpoint(path):
    """``(header, {name: array})``."""
    header = ArrayFile(path).header
    return header, {each["name"]: ArrayFile(path).read(each["name"]) for each in header["arrays"]}
