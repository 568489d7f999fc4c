"""Reading the vectors of a checkpoint."""

import gzip
import json

import numpy as np
import pytest
from click.testing import CliRunner

import fastw2v
from fastw2v.cli import cli
from fastw2v.errors import FormatError
from fastw2v.io.array_file import Container, write_container
from tests.support.commands import run_process

SENTENCES = [["a", "b", "c", "naïve"] * 5] * 60


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A checkpoint, and the vectors of the training that saved it."""
    path = tmp_path_factory.mktemp("checkpoint") / "state"
    options = {"size": 5, "epochs": 2, "min_count": 1, "threads": 1}
    return path, fastw2v.train(SENTENCES, checkpoint=path, **options)


def output_of(*arguments):
    done = CliRunner().invoke(cli, list(map(str, arguments)))
    assert done.exit_code == 0, done.output
    return done.stdout


def altered(trained, path, change, **arrays):
    """The same checkpoint with another header and arrays, its checksums right."""
    container = Container(trained[0])
    kept = {name: container.read(name) for name in ("spellings", "lengths", "inputs")}
    header = {name: each for name, each in container.header.items() if name != "arrays"}
    change(header)
    write_container(path, header, kept | arrays)
    return path


def test_the_vectors_are_those_of_the_training(trained):
    path, vectors = trained
    found = fastw2v.load(path)
    assert found.words == vectors.words
    assert np.array_equal(found.matrix, vectors.matrix)
    assert fastw2v.load(path, limit=2).words == vectors.words[:2]


def test_commands_accept_a_checkpoint(trained, tmp_path):
    path, vectors = trained
    assert output_of("similar", path, "a", "-n", 1, "--json") == output_of(
        "similar", path, "a", "-n1", "--json"
    )
    output_of("convert", path, tmp_path / "v.bin")
    assert np.array_equal(fastw2v.load(tmp_path / "v.bin").matrix, vectors.matrix)
    lines = output_of("info", path).splitlines()
    assert lines[1].endswith(" checkpoint")
    assert "cbow, 2 of 2 epochs done after" in lines[2]
    assert lines[2].endswith("finished")
    training = json.loads(output_of("info", path, "--json"))["training"]
    assert (training["epochs"], training["epochs_wanted"], training["finished"]) == (2, 2, True)


def test_a_compressed_or_piped_checkpoint_is_refused(trained, tmp_path):
    done = run_process("info", "/dev/stdin", stdin=trained[0].read_bytes())
    assert done.returncode == 1
    assert b"a checkpoint that is not a regular file; save it to one first" in done.stderr
    packed = tmp_path / "state.gz"
    packed.write_bytes(gzip.compress(trained[0].read_bytes()))
    with pytest.raises(FormatError, match="compressed checkpoint; decompress it first"):
        fastw2v.load(packed)


def test_a_truncated_checkpoint_is_refused(trained, tmp_path):
    cut = tmp_path / "cut"
    cut.write_bytes(trained[0].read_bytes()[:-500])
    with pytest.raises(FormatError, match="cut"):
        fastw2v.load(cut)


@pytest.mark.parametrize(
    ("change", "arrays", "reason"),
    [
        (lambda header: header["settings"].update(size=17), {}, "its vectors"),
        (lambda header: header["settings"].update(size=0), {}, "its vectors"),
        (lambda header: header.pop("settings"), {}, "its vectors"),
        (lambda header: header.update(settings=[]), {}, "its vectors"),
        (dict, {"inputs": np.zeros((3, 16), np.float32)}, "5 words, 3 vectors"),
        (dict, {"inputs": np.zeros((5, 16), np.float64)}, "its vectors"),
        (dict, {"inputs": np.zeros(80, np.float32)}, "its vectors"),
        (dict, {"lengths": np.array([4, 1, 1, 1, 99])}, "lengths of words"),
        (dict, {"lengths": np.array([4, 9, -7, 1, 6])}, "lengths of words"),
        (dict, {"lengths": np.array([4.0, 1, 1, 1, 6])}, "lengths of words"),
        (dict, {"spellings": np.frombuffer(b"</s>a\nbnaixve", np.uint8)}, "lengths of words"),
    ],
)
def test_an_inconsistent_checkpoint_is_refused(trained, tmp_path, change, arrays, reason):
    path = altered(trained, tmp_path / "odd", change, **arrays)
    with pytest.raises(FormatError, match=f"is corrupt .{reason}"):
        fastw2v.load(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda header: header.pop("ledgers"),
        lambda header: header.update(train_seconds=float("inf")),
        lambda header: header.update(train_seconds=10**400),
        lambda header: header["settings"].update(epochs="two"),
    ],
)
def test_inconsistent_progress_is_refused(trained, tmp_path, change):
    path = altered(trained, tmp_path / "odd", change)
    done = CliRunner().invoke(cli, ["info", str(path)])
    assert done.exit_code == 1
    assert "is corrupt" in done.stderr


def test_a_checkpoint_replaced_while_it_is_read_is_an_error(trained, tmp_path):
    path = tmp_path / "state"
    path.write_bytes(trained[0].read_bytes())
    container = Container(path)
    write_container(path, container.header, {"inputs": container.read("inputs")})
    with pytest.raises(fastw2v.errors.CheckpointError, match="was replaced while it was read"):
        container.read("inputs")
