"""A first run says once that it compiles; later ones do not."""

import numba

from fastw2v.jit import compiled
from fastw2v.system.compile_notice import compiling, on_compiling


def functions(folder, monkeypatch):
    """Two fresh functions, as if in a new process, whose code is kept in ``folder``."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))

    def halves(number):
        return number // 2

    def fifths(number):
        return number // 5

    return compiled.compiled(halves), compiled.compiled(fifths)


def said_by(calls) -> int:
    """How often it is said that code is compiled."""
    said = []
    with on_compiling(lambda: said.append(1)):
        calls()
    return len(said)


def test_it_is_said_once_and_only_if_code_is_compiled(tmp_path, monkeypatch):
    def both():
        halves, fifths = functions(tmp_path, monkeypatch)
        assert (halves(9), fifths(9)) == (4, 1)

    assert said_by(both) == 1
    assert said_by(both) == 0  # the code was kept
    assert said_by(lambda: functions(tmp_path, monkeypatch)[0](9.0)) == 1  # another signature


def test_nobody_is_called_outside():
    assert said_by(lambda: None) == 0
    compiling()  # nobody listens


def test_a_training_within_another_says_it_of_each():
    said = []
    with on_compiling(lambda: said.append("outer")), on_compiling(lambda: said.append("inner")):
        compiling()
        compiling()
    assert sorted(said) == ["inner", "outer"]
