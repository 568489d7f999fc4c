"""A checkpoint from somebody else says what it reads and writes, and replaces no foreign file."""

import json
import os
import shutil

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from tests.support.commands import error_line, run_command, succeeded

OUTPUTS = ("v.txt", "v.npy", "vectors.tsv", "v.bin.gz")
SMALL = ("--size", 5, "--epochs", 1, "--threads", 1, "--min-count", 1)


@pytest.fixture
def trained(tiny_corpus, tmp_path, monkeypatch):
    """Train to one epoch, with all kinds of output and a checkpoint."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(tiny_corpus, "text.txt")

    def train(output):
        files = ("-o", output, "--save-vocab", "vocab.txt", "--report", "report.json")
        succeeded("train", "text.txt", *files, "--checkpoint", "state", "--save-every", 1, *SMALL)
        return tmp_path

    return train


def resumed(*more):
    return run_command("train", "--resume", "state", "--epochs", 2, *more)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("output", OUTPUTS)
def test_what_the_training_made_is_replaced(trained, output):
    folder = trained(output)
    before = (folder / output).read_bytes()
    epoch_2 = str(formats.marked_path(output, "epoch-2"))
    shutil.copy(output, epoch_2)  # as from a run that was killed before it saved a checkpoint
    if formats.words_path(output) is not None:
        shutil.copy(formats.words_path(output), formats.words_path(epoch_2))
    done = resumed()
    assert done.exit_code == 0, done.stderr
    assert (folder / output).read_bytes() != before


@pytest.mark.parametrize("output", ["v.npy", "vectors.tsv"])
def test_a_matrix_whose_word_list_a_crash_took_away_is_replaced(trained, output):
    folder = trained(output)
    formats.words_path(output).unlink()
    assert resumed().exit_code == 0
    assert len(fastw2v.load(folder / output)) > 10


@pytest.mark.parametrize("name", ["v.txt", "v.epoch-2.txt", "vocab.txt", "report.json"])
@pytest.mark.parametrize(
    "content", [b"mine\n", b"2 5\na 1 2 3 4 5\nb 5 4 3 2 1\n", b"{}", b"", None]
)
def test_what_it_did_not_make_is_not(trained, name, content):
    folder = trained("v.txt")
    (folder / name).unlink(missing_ok=True)
    if content is None:
        (folder / "elsewhere").write_bytes(b"mine")
        (folder / name).symlink_to("elsewhere")
    else:
        (folder / name).write_bytes(content)
    before = contents(folder)
    line = error_line(resumed())
    option = {"vocab.txt": "--save-vocab", "report.json": "--report"}.get(name, "--output")
    assert f"{name}: it exists, and the training in the checkpoint did not make it" in line
    assert f"name it with {option} to replace it, or use --force" in line
    assert contents(folder) == before
    again = (option, name) if option != "--output" else ("-o", "v.txt")
    assert resumed(*again).exit_code == 0


def test_force_replaces_all(trained):
    folder = trained("v.txt")
    for name in ("v.txt", "vocab.txt", "report.json"):
        (folder / name).write_bytes(b"mine")
    assert resumed("--force").exit_code == 0
    assert len(fastw2v.load("v.txt")) > 10
    assert json.loads((folder / "report.json").read_text())["epochs_trained"] == 2


@pytest.mark.parametrize("shape", [(7, 5), (112, 4), None])
def test_a_matrix_of_others_without_words_is_kept(trained, shape):
    folder = trained("v.npy")
    formats.words_path("v.npy").unlink()
    if shape is None:
        (folder / "v.npy").write_bytes(b"not a matrix")
    else:
        np.save("v.npy", np.ones(shape, np.float32))
    assert "v.npy: it exists" in error_line(resumed())


def test_a_word_list_alone_is_kept(trained):
    trained("v.npy")
    os.remove("v.npy")
    assert "v.words.txt: it exists" in error_line(resumed())


def test_resuming_says_what_is_read_and_written(trained):
    folder = trained("v.txt")
    line = next(line for line in resumed().stderr.splitlines() if "reads" in line)
    assert line.startswith(f"state: reads {folder}/text.txt, state; writes {folder}/v.txt, ")
    for name in ("vocab.txt", "report.json", "state", "v.epoch-2.txt"):
        assert name in line.partition("writes")[2]


def test_info_shows_the_header(trained):
    folder = trained("v.txt")
    shown = succeeded("info", "state").stdout
    for name in ("text.txt", "v.txt", "vocab.txt", "report.json"):
        assert f"{folder}/{name}" in shown
    assert "size 5" in shown
    assert "epochs 1" in shown
    as_json = json.loads(succeeded("info", "state", "--json").stdout)
    assert as_json["training"]["options"]["output"] == f"{folder}/v.txt"
    assert as_json["training"]["settings"]["min_count"] == 1
