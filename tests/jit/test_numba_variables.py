"""Numba's environment variables: wrong ones are refused in one line, before any work."""

import os
import subprocess
import sys

import pytest

from fastw2v.errors import SettingsError
from fastw2v.jit.environment import check_environment
from tests.support.paths import ROOT


@pytest.mark.parametrize("value", ["0", "-1", "abc", "", "1.5", "²"])
def test_numbers_of_threads_that_numba_cannot_use(monkeypatch, value):
    monkeypatch.setenv("NUMBA_NUM_THREADS", value)
    with pytest.raises(SettingsError, match=r"NUMBA_NUM_THREADS is .*correct or unset it"):
        check_environment()


def test_an_unknown_threading_layer(monkeypatch):
    monkeypatch.setenv("NUMBA_THREADING_LAYER", "fast")
    with pytest.raises(SettingsError, match=r"NUMBA_THREADING_LAYER is 'fast'.*workqueue"):
        check_environment()


def test_good_values(monkeypatch):
    monkeypatch.setenv("NUMBA_NUM_THREADS", "2")
    for layer in ("workqueue", "safe", "default"):
        monkeypatch.setenv("NUMBA_THREADING_LAYER", layer)
        check_environment()


@pytest.mark.parametrize(
    ("name", "value"), [("NUMBA_NUM_THREADS", "0"), ("NUMBA_THREADING_LAYER", "nonsense")]
)
def test_commands_end_with_one_line(tmp_path, name, value):
    (tmp_path / "c.txt").write_text("a b c\n" * 9)
    commands = [
        ["fastw2v", "vocab", "c.txt", "-o", "-"],
        ["fastw2v.c_tools", "word2vec", "-train", "c.txt", "-output", "v"],
    ]
    for module, *arguments in commands:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=tmp_path,
            env=os.environ | {name: value, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            timeout=120,
        )
        assert done.returncode == 1
        assert done.stderr.count(b"\n") == 1
        assert name.encode() in done.stderr


def test_a_layer_whose_library_is_missing(monkeypatch):
    import numba

    from fastw2v.errors import TrainingError
    from fastw2v.jit.threading_layer import NumbaThreads

    def missing():
        raise ValueError("No threading layer could be loaded.\nHINT:\ninstall tbb")

    monkeypatch.setattr(numba, "get_num_threads", missing)
    with (
        pytest.raises(TrainingError, match="unset NUMBA_THREADING_LAYER") as caught,
        NumbaThreads().ours(),
    ):
        pass
    assert "\n" not in str(caught.value)
