"""Outputs are not written as plain text under a name that promises something else."""

import gzip

import pytest

from fastw2v import formats
from fastw2v.errors import OutputError
from fastw2v.io.names import check_text_name, ending_of
from tests.support.commands import error_line, run_command, succeeded

MATRIX = [[1, 2], [3, 4]]
UNKNOWN = [".npz", ".parquet", ".pkl", ".model", ".json", ".h5", ".zip", ".zst", ".kv", ".csv"]


@pytest.mark.parametrize("ending", UNKNOWN)
def test_vectors_are_not_written_as_text_under_an_unknown_extension(tmp_path, ending):
    for path in (tmp_path / f"v{ending}", tmp_path / f"V{ending.upper()}"):
        with pytest.raises(OutputError, match=r"use \.bin, .txt, .vec, .npy or .tsv"):
            formats.save(path, ["a", "b"], MATRIX)
        with pytest.raises(OutputError, match=f"unknown extension \\{ending}"):
            formats.check_writable(path)
        formats.save(path, ["a", "b"], MATRIX, format="text")  # as was asked for
        assert formats.load(path)[0] == ["a", "b"]
        path.unlink()


@pytest.mark.parametrize(
    "name", ["v", "v.txt", "v.vec", "v.VEC.gz", "v-1.2", "v.300", "v.epoch-2", "v.glove.6B", ".txt"]
)
def test_known_extensions_and_none(tmp_path, name):
    formats.save(tmp_path / name, ["a", "b"], MATRIX)
    assert formats.load(tmp_path / name)[0] == ["a", "b"]


def test_a_file_with_an_unknown_extension_is_read(tmp_path):
    source = tmp_path / "v.model"
    formats.save(source, ["a", "b"], MATRIX, format="text")
    succeeded("convert", source, tmp_path / "v.txt")


def test_commands_name_the_option(tmp_path):
    (tmp_path / "c.txt").write_text("a b c a b c\n" * 9)
    for line in (["train", tmp_path / "c.txt", "-o", tmp_path / "v.pkl"],):
        message = error_line(run_command(*line))
        assert "unknown extension .pkl" in message
        assert "--format" in message
    assert [path.name for path in tmp_path.iterdir()] == ["c.txt"]


@pytest.mark.parametrize("ending", [".gz", ".zst", ".npz", ".pkl", ".zip"])
def test_other_outputs_are_not_written_as_text_either(tmp_path, ending):
    corpus, vectors, out = tmp_path / "c.txt", tmp_path / "v.txt", tmp_path / f"o{ending}"
    corpus.write_text("a b c a b c\n" * 9)
    formats.save(vectors, ["a", "b"], MATRIX)
    commands = [
        ["vocab", corpus, "-o", out],
        ["classes", vectors, "-o", out],
        ["words", vectors, "-o", out],
        ["train", corpus, "-o", tmp_path / "t.bin", "--save-vocab", out],
        ["train", corpus, "-o", tmp_path / "t.bin", "--report", out],
        ["phrases", corpus, "-o", tmp_path / "j.txt", "--report", out],
    ]
    if ending != ".gz":
        commands.append(["phrases", corpus, "-o", out])
    for command in commands:
        assert f"plain text, which {ending} is not" in error_line(run_command(*command))
        assert not out.exists()


def test_phrases_are_compressed_as_before(tmp_path):
    (tmp_path / "c.txt").write_text("a b c\n")
    succeeded("phrases", tmp_path / "c.txt", "-o", tmp_path / "o.gz", "--min-count", 1)
    assert gzip.decompress((tmp_path / "o.gz").read_bytes()) == b" a b c\n"


def test_endings():
    assert ending_of("a/b.c/NAME.TXT") == ".txt"
    assert [ending_of(name) for name in ("a", "a.b/c", "v.12", ".hidden", "-")] == [""] * 5
    check_text_name("list.txt")
    check_text_name("joined.xz", compressed=True)
