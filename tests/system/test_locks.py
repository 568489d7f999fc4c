"""Locks on files that are replaced."""

import os
import signal
import subprocess
import sys

import pytest

from fastw2v.system.locks import FileLock, LockedError
from tests.support.paths import ROOT

HOLD = """
import sys, time
from fastw2v.system.locks import FileLock
lock = FileLock(sys.argv[1])
print("locked", flush=True)
time.sleep(60)
"""


def test_one_at_a_time(tmp_path):
    first = FileLock(tmp_path / "file")
    with pytest.raises(LockedError) as caught:
        FileLock(tmp_path / "file")
    assert caught.value.process == os.getpid()
    other = FileLock(tmp_path / "other")
    for lock in (first, other, first):
        lock.release()
    assert os.listdir(tmp_path) == []
    second = FileLock(tmp_path / "file")
    (tmp_path / "link").symlink_to("file")
    with pytest.raises(LockedError):
        FileLock(tmp_path / "link")
    del second
    FileLock(tmp_path / "file").release()


def test_a_killed_process_has_no_lock(tmp_path):
    path = tmp_path / "file"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, path], stdout=subprocess.PIPE, cwd=ROOT, text=True
    )
    assert holder.stdout.readline() == "locked\n"
    with pytest.raises(LockedError) as caught:
        FileLock(path)
    assert caught.value.process == holder.pid
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert len(os.listdir(tmp_path)) == 1
    FileLock(path).release()
    assert os.listdir(tmp_path) == []


def test_a_forked_child_does_not_give_it_back(tmp_path):
    lock = FileLock(tmp_path / "file")
    child = os.fork()
    if child == 0:
        lock.release()
        os._exit(0)
    os.waitpid(child, 0)
    with pytest.raises(LockedError):
        FileLock(tmp_path / "file")
    lock.release()


def test_where_nothing_can_be_locked(tmp_path):
    FileLock(tmp_path / "missing" / "file").release()
