"""Two files are replaced together: both, neither, or, after a crash, visibly incomplete."""

import errno
import os
from contextlib import suppress
from itertools import count

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from fastw2v.errors import FormatError, OutputError
from fastw2v.io import atomic_pair
from fastw2v.io.atomic_pair import replacing_pair

OLD, NEW = (["a", "b"], np.ones((2, 2), np.float32)), (["c", "d"], np.eye(2, dtype=np.float32))
CHANGES = ("replace", "link", "unlink", "fsync")


class Crash(BaseException):
    """What comes after it is not run, as after kill -9."""


@pytest.fixture(params=["v.npy", "vectors.tsv"])
def target(request, tmp_path):
    formats.save(tmp_path / request.param, *OLD)
    return tmp_path / request.param


def listing(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def at_call(monkeypatch, number, action):
    """Run ``action`` instead of one of the system calls that change the folder; True if it ran."""
    calls, ran = count(1), []

    def replaced(name):
        original = getattr(os, name)

        def call(*arguments, **named):
            if ran and isinstance(ran[0], Crash):
                raise ran[0]
            if next(calls) != number:
                return original(*arguments, **named)
            return action(ran)

        return call

    for name in CHANGES:
        monkeypatch.setattr(os, name, replaced(name))
    return ran


def fail(ran):
    ran.append(True)
    raise OSError(errno.EIO, "Input/output error")


def crash(ran):
    ran.append(Crash())
    raise ran[0]


def loaded(target):
    found = fastw2v.load(target)
    return found.words, found.matrix.tolist()


def test_both_are_replaced_and_nothing_is_left(target):
    before = sorted(os.listdir(target.parent))
    formats.save(target, *NEW)
    assert loaded(target) == (NEW[0], NEW[1].tolist())
    assert sorted(os.listdir(target.parent)) == before


def test_after_an_error_anywhere_both_are_old_or_both_new(target, monkeypatch):
    before = listing(target.parent)
    for number in range(1, 100):
        with monkeypatch.context() as patch:
            ran = at_call(patch, number, fail)
            try:
                formats.save(target, *NEW)
                failed = False
            except OutputError:
                failed = True
        if not ran:
            break
        if failed:
            assert listing(target.parent) == before
        else:  # the flush of a folder, or the removal of what is not needed any more
            assert loaded(target) == (NEW[0], NEW[1].tolist())
            formats.save(target, *OLD)
            assert listing(target.parent) == before
    assert number > 8


def test_after_a_crash_anywhere_no_words_belong_to_other_vectors(target, monkeypatch):
    before = listing(target.parent)
    ends = set()
    for number in range(1, 100):
        with monkeypatch.context() as patch:
            ran = at_call(patch, number, crash)
            with suppress(Crash):
                formats.save(target, *NEW)
        if not ran:
            break
        try:
            words, matrix = loaded(target)
            assert (words, matrix) in [(old, rows.tolist()) for old, rows in (OLD, NEW)]
            ends.add(tuple(words))
        except FormatError:
            assert not formats.words_path(target).exists()
            ends.add("refused")
        formats.save(target, *OLD)  # removes what the crash left
        assert listing(target.parent) == before
    assert ends == {("a", "b"), ("c", "d"), "refused"}


def test_a_new_pair_that_fails_leaves_nothing(tmp_path, monkeypatch):
    for number in range(1, 9):
        with monkeypatch.context() as patch:
            ran = at_call(patch, number, fail)
            try:
                formats.save(tmp_path / "v.npy", *NEW)
            except OutputError:
                assert listing(tmp_path) == {}
        assert ran
        for path in tmp_path.iterdir():
            path.unlink()


def test_without_hard_links(target, monkeypatch):
    def refuse(*arguments):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    formats.save(target, *NEW)
    assert loaded(target) == (NEW[0], NEW[1].tolist())


def test_an_old_list_that_cannot_be_brought_back_is_named(target, monkeypatch):
    replace = os.replace
    beside = formats.words_path(target)

    def failing(source, goal):
        if "-old.tmp" in str(goal):
            return replace(source, goal)
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(atomic_pair.os, "replace", failing)
        with pytest.raises(OutputError, match=r"the old .* is now .*-old\.tmp"):
            formats.save(target, *NEW)
    assert not beside.exists()
    (kept,) = [path for path in target.parent.iterdir() if path.name.endswith("-old.tmp")]
    kept.rename(beside)
    assert loaded(target) == (OLD[0], OLD[1].tolist())


def test_a_pipe_is_written_to(tmp_path):
    with replacing_pair(os.devnull, tmp_path / "list") as (first, second):
        first.write(b"x")
        second.write(b"a\n")
    assert (tmp_path / "list").read_bytes() == b"a\n"
