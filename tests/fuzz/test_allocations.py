"""A few failing allocations; `allocations.py` runs the whole campaign."""

import subprocess
import sys

import pytest

from tests.fuzz.allocations import Campaign, Ended
from tests.support.paths import ROOT
from tests.support.preload import compiler

SAMPLE = 5  # of each command
COMMANDS = ("train, checkpoints", "convert from NumPy", "similar")


@pytest.mark.skipif(compiler() is None, reason="no C compiler, or not Linux")
def test_no_failed_allocation_harms_a_file():
    command = [sys.executable, "-m", "tests.fuzz.allocations", "--sample", str(SAMPLE)]
    done = subprocess.run(
        [*command, "--only", *COMMANDS], cwd=ROOT, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stdout + done.stderr
    *_, last = done.stdout.splitlines()
    assert int(last.split()[0]) >= len(COMMANDS) * SAMPLE
    assert "'one line'" in last


@pytest.mark.parametrize(
    ("change", "ended", "broken"),
    [
        ({}, Ended(1, b"", "Error: out of memory\n", 9), None),
        ({}, Ended(1, b"", "Traceback ...\nMemoryError\n", 9), "Traceback"),
        ({}, Ended(-11, b"", "", 9), "exit code -11"),
        ({}, Ended(0, b"answer", "", 9), "success with other files"),
        ({"out": b"new"}, Ended(0, b"answer", "", 9), None),
        ({"out": b"new"}, Ended(0, b"another", "", 9), "success with another answer"),
        ({"out.rescued": b"new"}, Ended(1, b"", "Error: out of memory\n", 9), None),
        ({"out.rescued": b"ne"}, Ended(1, b"", "Error: out of memory\n", 9), "neither old nor new"),
        ({"out": b"ne"}, Ended(1, b"", "Error: out of memory\n", 9), "out: neither old nor new"),
        ({"out": None}, Ended(1, b"", "Error: out of memory\n", 9), "gone"),
        ({"rest.tmp": b""}, Ended(1, b"", "Error: out of memory\n", 9), "rest.tmp: neither"),
    ],
)
def test_what_is_broken_is_seen(tmp_path, monkeypatch, change, ended, broken):
    monkeypatch.setattr(Campaign, "_make_inputs", lambda self: None)
    campaign = Campaign(tmp_path)
    campaign._inputs, campaign.new, campaign._output = {"out": b"old"}, {"out": b"new"}, b"answer"
    campaign.fresh()
    for name, content in change.items():
        if content is None:
            (campaign.work / name).unlink()
        else:
            (campaign.work / name).write_bytes(content)
    if broken is None:
        campaign.check(ended)
    else:
        with pytest.raises(AssertionError, match=broken):
            campaign.check(ended)
