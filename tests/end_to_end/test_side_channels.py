"""What is written beside the vectors may fail; the vectors are written."""

import errno
import os
import subprocess
import sys

import pytest

import fastw2v
from fastw2v.errors import OutputError, TrainingError
from fastw2v.formats import vector_files
from fastw2v.progress import Bars, Lines, Progress
from fastw2v.training import checkpoint_writer, epoch_end, pipeline
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.loop import Training
from tests.support.commands import FOLDER, run_process

SMALL = {"size": 5, "epochs": 3, "threads": 1, "min_count": 1}
FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
needs_full = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")


@pytest.fixture
def messages():
    class Kept(Progress):
        def __init__(self):
            self.lines = []

        def message(self, text):
            self.lines.append(text)

    return Kept()


def failing_times(function, times, error=FULL):
    """``function``, the first calls of which raise."""
    left = [times]

    def call(*arguments, **named):
        if left[0]:
            left[0] -= 1
            raise OutputError(f"cannot write it: {error.strerror}")
        return function(*arguments, **named)

    return call


@needs_full
@pytest.mark.parametrize("redirection", ["2>/dev/full", "2>&-", "2> >(exec true)"])
def test_stderr_that_cannot_be_written_costs_no_vectors(tiny_corpus, tmp_path, redirection):
    train = f"{sys.executable} -m fastw2v train {tiny_corpus} -o v.bin --size 5 --epochs 1"
    train += " --checkpoint state --threads 1"
    environment = os.environ | {"PYTHONPATH": str(FOLDER)}
    shell = ["bash", "-c", f"{train} {redirection}"]
    done = subprocess.run(shell, cwd=tmp_path, env=environment, timeout=300)
    assert done.returncode == 0
    assert len(fastw2v.load(tmp_path / "v.bin")) > 10
    assert Checkpoint(tmp_path / "state").finished


@pytest.mark.parametrize("kind", [Lines, Bars])
def test_progress_never_raises(kind, monkeypatch):
    class Broken:
        def write(self, text):
            raise BrokenPipeError

        flush = isatty = write

    for stream in (Broken(), None):
        monkeypatch.setattr(sys, "stderr", stream)
        progress = kind()
        progress.message("a line")
        with progress.stage("Work", 10) as stage:
            stage.update(5, "half")
            if hasattr(stage, "_next_line"):
                stage._next_line = 0
            stage.update(7, "more")
        with pytest.raises(ZeroDivisionError), progress.stage("Work", 10):
            _ = 1 / 0


def test_a_checkpoint_that_fails_once_is_tried_again(tiny_corpus, tmp_path, monkeypatch, messages):
    save = checkpoint_writer.save_checkpoint
    calls = []

    def failing(*arguments, **named):
        calls.append(arguments)
        if len(calls) in (2, 3):  # not the first, before the training
            raise OutputError("cannot write it: No space left on device")
        return save(*arguments, **named)

    monkeypatch.setattr(checkpoint_writer, "save_checkpoint", failing)
    monkeypatch.setattr(checkpoint_writer.CheckpointWriter, "due", lambda writer: True)
    files = {"checkpoint": tmp_path / "state", "output": tmp_path / "v.bin"}
    fastw2v.train(tiny_corpus, **files, **SMALL, progress=messages)
    assert len([line for line in messages.lines if "checkpoint not saved" in line]) == 2
    assert "No space left" in next(line for line in messages.lines if "not saved" in line)
    assert Checkpoint(tmp_path / "state").finished


def test_a_last_checkpoint_that_fails_is_an_error_after_the_vectors(
    tiny_corpus, tmp_path, monkeypatch
):
    save = checkpoint_writer.save_checkpoint

    def failing(path, training, log, options, finished):
        if finished:
            raise OSError(errno.EIO, "Input/output error")
        return save(path, training, log, options, finished)

    monkeypatch.setattr(checkpoint_writer, "save_checkpoint", failing)
    files = {"checkpoint": tmp_path / "state", "output": tmp_path / "v.bin"}
    with pytest.raises(OutputError, match="state: Input/output error; it holds an older"):
        fastw2v.train(tiny_corpus, **files, **SMALL)
    assert len(fastw2v.load(tmp_path / "v.bin")) > 10
    assert not Checkpoint(tmp_path / "state").finished


@pytest.mark.parametrize("times", [1, 99])
def test_a_copy_of_an_epoch_that_fails_is_tried_again(
    tiny_corpus, tmp_path, monkeypatch, messages, times
):
    wanted = fastw2v.train(tiny_corpus, **SMALL | {"epochs": 1}).matrix
    save = fastw2v.WordVectors.save
    failing = failing_times(save, times)

    def save_or_fail(vectors, path, **named):
        chosen = failing if "epoch-1" in str(path) else save
        return chosen(vectors, path, **named)

    monkeypatch.setattr(fastw2v.WordVectors, "save", save_or_fail)
    arguments = {"output": tmp_path / "v.txt", "save_every": 1, "progress": messages}
    if times == 1:
        fastw2v.train(tiny_corpus, **arguments, **SMALL)
        assert fastw2v.load(tmp_path / "v.epoch-1.txt").matrix.shape == wanted.shape
    else:
        with pytest.raises(OutputError, match="cannot write it"):
            fastw2v.train(tiny_corpus, **arguments, **SMALL)
        assert not (tmp_path / "v.epoch-1.txt").exists()
    assert any("trying again after the next epoch" in line for line in messages.lines)
    for name in ("v.txt", "v.epoch-2.txt", "v.epoch-3.txt"):
        assert fastw2v.load(tmp_path / name).matrix.shape == wanted.shape


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("a defect"), FULL])
def test_any_error_of_a_training_saves_it(tiny_corpus, tmp_path, monkeypatch, messages, error):
    def raising(log, epoch, model, loss):
        if epoch == 2:
            raise error
        return True

    wanted = fastw2v.train(tiny_corpus, **SMALL).matrix.tobytes()
    state = tmp_path / "state"
    with monkeypatch.context() as patch:
        patch.setattr(epoch_end.EpochLog, "__call__", raising)
        with pytest.raises(type(error)):
            fastw2v.train(tiny_corpus, checkpoint=state, **SMALL, progress=messages)
    assert messages.lines[-1] == f"resume with: fastw2v train --resume {state}"
    assert Checkpoint(state).epochs_trained == 1
    assert fastw2v.train(tiny_corpus, resume=state).matrix.tobytes() == wanted


def test_an_error_of_ours_says_how_to_resume(tiny_corpus, tmp_path, monkeypatch):
    def raising(log, epoch, model, loss):
        raise OutputError("a failure")

    monkeypatch.setattr(epoch_end.EpochLog, "__call__", raising)
    state = tmp_path / "state"
    with pytest.raises(OutputError, match="a failure; resume with: fastw2v train --resume"):
        fastw2v.train(tiny_corpus, checkpoint=state, **SMALL)


def test_vectors_that_diverge_do_not_replace_the_last_checkpoint(tiny_corpus, tmp_path):
    state = tmp_path / "state"
    with pytest.raises(TrainingError, match="diverged"):
        fastw2v.train(tiny_corpus, checkpoint=state, alpha=1e6, **SMALL)
    assert Checkpoint(state).epochs_trained == 0
    first = fastw2v.load(state).matrix
    assert abs(first).max() < 1


def broken_save(monkeypatch, name, error=FULL):
    """Make `formats.save` fail for files of that name."""
    save = vector_files.save

    def failing(path, *arguments, **named):
        if os.path.basename(path) == name:
            raise OutputError(f"cannot write {path}: {error.strerror}")
        return save(path, *arguments, **named)

    monkeypatch.setattr("fastw2v.formats.save", failing)


@pytest.mark.parametrize("name", ["v.bin", "v.txt.gz", "v.npy", "v.tsv", "v.glove.txt"])
def test_vectors_that_cannot_be_written_are_rescued(tiny_corpus, tmp_path, monkeypatch, name):
    wanted = fastw2v.train(tiny_corpus, **SMALL).matrix
    broken_save(monkeypatch, name)
    stem, _, ending = name.partition(".") if "glove" not in name else ("v.glove", "", "txt")
    (tmp_path / f"{stem}.rescued.{ending}").write_bytes(b"another file")
    files = {"output": tmp_path / name, "save_vocab": tmp_path / "vocab.txt"}
    with pytest.raises(OutputError) as caught:
        fastw2v.train(tiny_corpus, **files, report=tmp_path / "report.json", **SMALL)
    rescued = tmp_path / f"{stem}.rescued-2.{ending}"
    assert str(caught.value) == (
        f"cannot write {tmp_path / name}: No space left on device; the vectors are in {rescued} "
        "instead"
    )
    assert fastw2v.load(rescued).matrix.tobytes() == wanted.tobytes()
    assert (tmp_path / "vocab.txt").exists()
    assert (tmp_path / "report.json").exists()


def test_a_folder_that_is_gone_is_no_loss(tiny_corpus, tmp_path, monkeypatch):
    (tmp_path / "out").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    run = Training.run

    def run_and_remove(*arguments):
        (tmp_path / "out").rmdir()
        return run(*arguments)

    monkeypatch.setattr(Training, "run", run_and_remove)
    with pytest.raises(OutputError, match=r"does not exist.*the vectors are in .*v\.rescued\.bin"):
        fastw2v.train(tiny_corpus, output=tmp_path / "out" / "v.bin", **SMALL)
    assert len(fastw2v.load("v.rescued.bin")) > 10


@needs_full
def test_each_output_by_itself_and_all_errors_together(tiny_corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    train = ("train", tiny_corpus, "-o", "v.bin", "--size", 5, "--epochs", 1, "--threads", 1)
    done = run_process(*train, "--save-vocab", "/dev/full", "--report", "/dev/full", "-q")
    assert done.returncode == 1
    lines = done.stderr.decode().splitlines()
    assert lines == ["Error: cannot write /dev/full: No space left on device"]
    assert len(fastw2v.load("v.bin")) > 10
    c_tool = f"word2vec -train {tiny_corpus} -output w.txt -size 5 -iter 1 -threads 1"
    program = "from fastw2v.c_tools.__main__ import main; main()"
    code = f"import sys; sys.argv[1:] = {(c_tool + ' -save-vocab /dev/full').split()}; {program}"
    done = run_process(code=code)
    assert done.returncode == 1, done.stderr
    assert b"No space left on device" in done.stderr
    assert len(fastw2v.load("w.txt")) > 10


def test_a_report_that_cannot_be_made_costs_the_report(tiny_corpus, tmp_path, monkeypatch):
    def broken(*arguments):
        raise AttributeError("no version")

    monkeypatch.setattr(pipeline, "make_report", broken)
    with pytest.raises(OutputError, match="report cannot be made"):
        fastw2v.train(
            tiny_corpus, output=tmp_path / "v.bin", report=tmp_path / "report.json", **SMALL
        )
    assert len(fastw2v.load(tmp_path / "v.bin")) > 10
    vectors = fastw2v.train(tiny_corpus, **SMALL)
    assert len(vectors) > 10


def test_the_text_of_phrases_and_its_list_are_written_each_by_itself(tmp_path, monkeypatch):
    from fastw2v.phrases import passes, write_phrases

    def broken(*arguments):
        raise OutputError("cannot write the list: full")

    monkeypatch.setattr(passes, "write_list", broken)
    text = tmp_path / "text.txt"
    text.write_bytes(b"a b c\n" * 30)
    outputs = {"list_to": tmp_path / "list", "report": tmp_path / "report.json"}
    with pytest.raises(OutputError, match="the list: full"):
        write_phrases(text, tmp_path / "joined.txt", **outputs)
    assert (tmp_path / "joined.txt").exists()
    assert (tmp_path / "report.json").exists()
