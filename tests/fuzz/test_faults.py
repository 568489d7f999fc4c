"""A few faults of each command; `faults.py` runs the whole campaign."""

import subprocess
import sys

import pytest

from tests.fuzz.fault_cases import Case
from tests.fuzz.faults import Campaign
from tests.support.paths import ROOT
from tests.support.preload import compiler

SAMPLE = 4  # of each command


@pytest.mark.skipif(compiler() is None, reason="no C compiler, or not Linux")
def test_no_fault_tears_or_loses_anything():
    command = [sys.executable, "-m", "tests.fuzz.faults", "--sample", str(SAMPLE)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    *_, last = done.stdout.splitlines()
    assert "'killed'" in last
    assert "'exit code 1'" in last
    assert int(last.split()[0]) > 80


def test_what_is_torn_is_seen(tmp_path):
    campaign = Campaign(tmp_path)
    case = Case("one", "", {}, [("v", "w")], {"v": b"1", "w": b"1"}, {"v": b"2", "w": b"2"})
    campaign.fresh(case)
    for contents, state in (("1 1", "old"), ("2 2", "new"), ("1 2", "torn"), ("2 1", "torn")):
        for name, content in zip("vw", contents.split(), strict=True):
            (campaign.work / name).write_text(content)
        assert campaign.state(case, ("v", "w")) == state
    (campaign.work / "w").unlink()
    assert campaign.state(case, ("v", "w")) == "no list"
    (campaign.work / ".fastw2v-0.tmp").touch()
    assert campaign.leftovers() == [".fastw2v-0.tmp"]
