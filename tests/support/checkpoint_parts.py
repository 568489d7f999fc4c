"""The header and the arrays of a checkpoint."""

from fastw2v.io.array_file import Container


def read_checkpoint(path):
    """``(header, {name: array})``."""
    header = Container(path).header
    return header, {each["name"]: Container(path).read(each["name"]) for each in header["arrays"]}
