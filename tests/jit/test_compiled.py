"""The compiling policy: liberties stated outright, a cache that hits and never goes stale."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import fastw2v
from fastw2v.jit import compiled

PACKAGE = Path(fastw2v.__file__).parent

COUNT_HITS = """
import sys
from tests.support.kernel_cases import small_engine
from fastw2v.kernels.exact_path import train_exactly
from fastw2v.kernels.default_path import train_shard
from fastw2v.kernels.measure import measure_shard
from fastw2v.kernels.shards import enter
for settings in ({"model": "skipgram"}, {"exact": True}):
    engine, *_ = small_engine(1, **settings)
    engine.train()
    engine.measure()
for kernel in (train_shard, measure_shard, enter, train_exactly):
    print(sum(kernel.stats.cache_hits.values()), sum(kernel.stats.cache_misses.values()))
"""


def counts(cache: Path) -> list[str]:
    """Cache hits and misses of the kernels in a process of its own."""
    paths = os.pathsep.join([str(PACKAGE.parent)])
    environment = os.environ | {"NUMBA_CACHE_DIR": str(cache), "PYTHONPATH": paths}
    done = subprocess.run(
        [sys.executable, "-c", COUNT_HITS],
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return done.stdout.splitlines()


def test_a_second_process_compiles_nothing(tmp_path):
    """But what is missing: the code is that of the other tests, without one of the kernels."""
    kept = Path(os.environ["NUMBA_CACHE_DIR"])
    assert all(line in ("0 1", "1 0") for line in counts(kept))
    for path in kept.rglob("*.code"):
        if not path.name.startswith("shards.enter-"):
            copy = tmp_path / path.relative_to(kept)
            copy.parent.mkdir(0o700, parents=True, exist_ok=True)
            shutil.copy(path, copy)
    assert counts(tmp_path) == ["1 0", "1 0", "0 1", "1 0"]
    assert counts(tmp_path) == ["1 0", "1 0", "1 0", "1 0"]


def test_nobody_else_compiles():
    for path in PACKAGE.rglob("*.py"):
        if path.name != "compiled.py" and path != PACKAGE / "gpu" / "lanes.py":  # for a GPU
            found = re.search(r"\b(njit|vectorize|fastmath)\b|@jit|numba\.jit", path.read_text())
            assert found is None, f"{path.name}: {found}"


def test_no_liberties_with_floating_point_are_taken():
    """Said outright: what is left open, a function inherits from the caller that compiles it."""

    @compiled.compiled
    def strict(x):
        return x + 1

    assert strict.targetoptions["fastmath"] is False


def test_without_a_cache_folder_it_compiles_all_the_same(monkeypatch):
    def no_folder(function):
        raise RuntimeError("cannot cache function: no locator available")

    monkeypatch.setattr(compiled, "CodeCache", no_folder)

    @compiled.compiled
    def doubled(x):
        return 2 * x

    assert doubled(21) == 42
    assert "no folder for it can be written; set NUMBA_CACHE_DIR" in compiled.why_not_kept(doubled)


def test_a_change_in_any_source_file_starts_a_fresh_cache(tmp_path):
    copy = tmp_path / "fastw2v"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    before = compiled.fingerprint(copy)
    assert before == compiled.fingerprint(PACKAGE)
    for name in ("jit/simd/lanes.py", "jit/borrowed.py", "jit/simd/width.py", "model/noise.py"):
        source = copy / name
        source.write_text(source.read_text() + "\n# changed\n")
        after = compiled.fingerprint(copy)
        assert after != before, name
        before = after


def test_the_fingerprint_is_in_the_name():
    from fastw2v.kernels.rows import dot

    assert re.search(r"-[0-9a-f]{12}$", dot.py_func.__qualname__)


@pytest.mark.parametrize("name", sorted(fastw2v.__all__))
def test_public_names_are_there_and_documented(name):
    assert getattr(fastw2v, name).__doc__
