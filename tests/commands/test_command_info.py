"""``fastw2v info``: what is printed for people and for programs."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v import formats
from fastw2v.cli import cli

WORDS = ["</s>", "New York", "na\udcffve", "été"]
MATRIX = np.float32([[0, 0, 0], [3, 4, 0], [0, 2, 0], [-1, 0, 0]])


def run(*arguments):
    return CliRunner().invoke(cli, ["info", *map(str, arguments)])


def fields(result):
    """The lines printed, as pairs of name and value."""
    assert (result.exit_code, result.stderr) == (0, "")
    return dict(line.split("  ", 1) for line in result.stdout.splitlines())


def test_lines(tmp_path):
    path = tmp_path / "v.txt.gz"
    formats.save(path, WORDS, MATRIX)
    found = {name: value.strip() for name, value in fields(run(path)).items()}
    assert found == {
        "file": str(path),
        "format": "word2vec text, compressed with gzip",
        "header": "4 words, 3 dimensions",
        "size": f"{path.stat().st_size} bytes",
        "in memory": "48 bytes",
        "words": "4",
        "dimensions": "3",
        "first words": r"</s> 'New York' 'na\udcffve' été",
        "norms": "min 0, median 1.5, mean 2, max 5",
        "zero vectors": "1",
        "vectors with NaN or infinity": "0",
        "repeated words": "0",
        "words with invalid UTF-8": "1",
        "words with spaces, or empty": "1",
    }


def test_binary_pairs_and_faults(tmp_path):
    formats.save(tmp_path / "v.bin", ["a", "b"], MATRIX[1:3])
    assert "word2vec binary, a newline after each vector" in run(tmp_path / "v.bin").stdout
    gensims = b"2 1\na " + b"\x00\x00\x80\xbf" + b"b " + b"\x00\x00\x80\xc0"
    (tmp_path / "g").write_bytes(gensims)
    assert "word2vec binary, no newline after each vector" in run(tmp_path / "g").stdout
    formats.save(tmp_path / "v.npy", ["a"], np.ones((1, 300_000)))
    found = run(tmp_path / "v.npy").stdout
    assert f"words file                    {tmp_path / 'v.words.txt'}\n" in found
    assert "1.1 MiB (1,200,000 bytes)" in found
    (tmp_path / "t").write_bytes(b"7 1\na 1\nb 2\n")
    assert "error" in run(tmp_path / "t").stdout


def test_json(tmp_path):
    formats.save(tmp_path / "v.txt", WORDS, MATRIX)
    result = run(tmp_path / "v.txt", "--json", "--limit", "2")
    assert result.exit_code == 0
    assert result.stdout_bytes.decode("utf-8").count("\n") == 1
    found = json.loads(result.stdout)
    assert found["kind"] == "vectors"
    assert (found["words"], found["first_words"], found["max_norm"]) == (2, WORDS[:2], 5.0)


def test_vocabulary(tmp_path):
    (tmp_path / "v").write_text("</s> 4\nthe 1070\nof 61\n")
    found = {name: value.strip() for name, value in fields(run(tmp_path / "v")).items()}
    assert found["format"] == "vocabulary: words and counts"
    assert found["words"] == "3, including the sentence end </s>"
    assert (found["tokens"], found["counts"]) == ("1,135", "61 to 1,070")
    assert json.loads(run(tmp_path / "v", "--json").stdout)["kind"] == "vocabulary"


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_other_files(tmp_path, options):
    (tmp_path / "v").write_bytes(b"It was a dark night.\nThe rain fell in torrents.\n")
    result = run(tmp_path / "v", *options)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"Error: {tmp_path / 'v'}: not a file of word vectors")
    assert result.stderr.count("\n") == 1
    assert run(tmp_path / "missing").exit_code == 2
