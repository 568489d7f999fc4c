"""Ctrl-C, SIGTERM and kill: trained work is saved, existing files stay complete."""

import os
import signal
import subprocess
import sys
import time

import pytest

from fastw2v.system.signals import Interrupted, graceful_shutdown
from tests.fuzz.killing import SETTINGS, command, default_sigint, kill_and_resume, make_text
from tests.support.checkpoint_parts import read_checkpoint


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    path = tmp_path_factory.mktemp("killing") / "text.txt"
    make_text(path, 4_000)
    return path


def interrupted(arguments, number):
    """Run a long training, send a signal once it trains; (exit status, seconds it took, stderr)."""
    with subprocess.Popen(
        command(*arguments),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=default_sigint,
    ) as process:
        for line in process.stderr:
            if line.startswith("Training"):
                break
        started = time.monotonic()
        process.send_signal(number)
        stderr = process.stderr.read()
    return process.returncode, time.monotonic() - started, stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_a_signal_saves_a_checkpoint_and_says_how_to_resume(text, tmp_path, number):
    output, state = tmp_path / "v.bin", tmp_path / "the state"
    output.write_bytes(b"old")
    # Epochs of seconds: kernels that were not stopped would go on while the state is saved.
    options = ["--size", 300, "--model", "skipgram", "--window", 25, "--negative", 40]
    options += ["--epochs", 100_000, "--min-count", 1, "--checkpoint", state]
    code, seconds, stderr = interrupted([text, "-o", output, *options], number)
    assert code == 128 + number
    assert seconds < 10  # a bound for a loaded machine; one second is what is wanted
    assert f"Interrupted; resume with: fastw2v train --resume '{state}'" in stderr
    assert "Traceback" not in stderr
    assert output.read_bytes() == b"old"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["the state", "v.bin"]
    header, _ = read_checkpoint(
        state
    )  # every byte fits its checksum: nothing ran while it was saved
    assert not header["finished"]
    assert header["train_seconds"] > 0


def test_an_interrupted_training_without_checkpoint_leaves_no_file(text, tmp_path):
    options = ["--size", 60, "--epochs", 100_000, "--min-count", 1]
    code, _, stderr = interrupted([text, "-o", tmp_path / "v.bin", *options], signal.SIGINT)
    assert code == 130
    assert stderr.endswith(
        "Interrupted; nothing was saved. With --checkpoint train.state it would have been, and "
        "--resume train.state would continue from there\n"
    )
    assert not list(tmp_path.iterdir())


def test_a_killed_training_is_resumed_to_the_same_bytes(text, tmp_path):
    found = kill_and_resume(tmp_path, text, 8, SETTINGS.split())
    assert sum(found.values()) == 8


def test_the_first_signal_raises_and_the_second_ends_the_process():
    program = """
import os, signal, time
from fastw2v.system.signals import Interrupted, graceful_shutdown
with graceful_shutdown():
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
    except Interrupted as stop:
        print(stop.signal_number, flush=True)
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
print("not reached")
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        preexec_fn=default_sigint,
    )
    assert done.returncode == -signal.SIGINT
    assert done.stdout == f"{int(signal.SIGTERM)}\n"


def test_signal_handlers_are_restored():
    before = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]

    def wait():
        with graceful_shutdown():
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(5)

    with pytest.raises(Interrupted):
        wait()
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == before
