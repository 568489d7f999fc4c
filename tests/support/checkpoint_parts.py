"""A checkpoint taken apart."""

from fastw2v.io.array_file import Container


def parts_of(path):
    header = Container(path).header
    return header, {each["name"]: Container(path).read(each["name"]) for each in header["arrays"]}
