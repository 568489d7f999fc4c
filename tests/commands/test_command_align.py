"""``fastw2v align`` and ``fastw2v merge`` as users meet them."""

import json

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from tests.support.commands import error_line, run_command, succeeded

WORDS = [f"w{number}" for number in range(12)]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    chance = np.random.default_rng(6)
    matrix = chance.normal(size=(12, 4)).astype(np.float32)
    rotation = np.linalg.qr(chance.normal(size=(4, 4)))[0]
    formats.save(tmp_path / "a.bin", WORDS, matrix)
    formats.save(tmp_path / "b.npy", WORDS[::-1], matrix[::-1] @ rotation)
    formats.save(tmp_path / "wide.txt", ["w1"], np.ones((1, 5)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_align_writes_and_reports(folder):
    done = succeeded("align", "a.bin", "b.npy", "-o", "c.txt.gz", "--json")
    found = fastw2v.load("c.txt.gz")
    assert found.words == WORDS[::-1]
    np.testing.assert_allclose(found[WORDS], fastw2v.load("a.bin").matrix, atol=1e-6)
    said = json.loads(done.stdout)
    assert said.pop("cosine_before") < 0.9
    assert said == {"output": "c.txt.gz", "vectors": 12, "words": 12, "residual": 0, "cosine": 1}
    assert "12 vectors, aligned by 12 words; residual 0.0000, mean cosine 1.0000" in done.stderr
    quiet = succeeded("align", "a.bin", "b.npy", "-o", "d.bin", "-q", "--most-frequent", 5)
    assert quiet.output == ""


def test_align_by_a_list_of_words(folder):
    (folder / "words").write_text("w1\nnothing\n" + "\n".join(f"{word} {word}" for word in WORDS))
    done = succeeded("align", "a.bin", "b.npy", "-o", "-", "--words", "words")
    assert "words: 1 of 14 words have no vector in both and were left out" in done.stderr
    assert "aligned by 13 words" in done.stderr
    assert done.stdout.startswith("12 4\nw11 ")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("align a.bin wide.txt -o c.bin", "a.bin, wide.txt: vectors of 4 and of 5 dimensions"),
        ("align a.bin b.npy -o c.bin --words wide.txt", "0 words with vectors in both; 4 or more"),
        ("align a.bin b.npy -o a.bin", "it is an input of this command (A)"),
        ("align a.bin b.npy -o c.pkl", "unknown extension .pkl"),
        ("align - - -o c.bin", "standard input can be read only once"),
        ("align a.bin b.npy -o - --json", "standard output has the vectors"),
        ("align a.bin missing -o c.bin", "does not exist"),
        ("align a.bin b.npy", "Missing option '-o'"),
        ("merge a.bin wide.txt -o c.bin", "a.bin, wide.txt: vectors of 4, 5 dimensions"),
        ("merge a.bin wide.txt -o c.bin", "or --rule concatenate"),
        ("merge a.bin -o c.bin", "needs two files or more"),
        ("merge - - -o c.bin", "standard input can be read only once"),
        ("merge a.bin b.npy -o b.npy", "it is an input of this command (the vectors)"),
        ("merge a.bin b.npy -o - --json", "standard output has the vectors"),
    ],
)
def test_one_line_says_what_is_wrong(folder, line, message):
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = run_command(*line.split())
    assert message in error_line(done)
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_merge_writes_and_reports(folder):
    done = succeeded("merge", "wide.txt", "a.bin", "-o", "c.bin", "--rule", "concatenate", "--json")
    assert json.loads(done.stdout) == {"output": "c.bin", "vectors": 12, "dimensions": 9}
    assert "12 vectors, 9 dimensions (of wide.txt: 1, a.bin: 12)" in done.stderr
    found = fastw2v.load("c.bin")
    assert found.words[:2] == ["w1", "w0"]
    assert found["w1"][:5].tolist() == [1] * 5
    assert not found["w0"][:5].any()
    done = succeeded("merge", "b.npy", "-", "-o", "-", "-q", stdin=(folder / "a.bin").read_bytes())
    assert done.stdout == succeeded("convert", "b.npy", "-", "-q").stdout
    assert done.stderr == ""
