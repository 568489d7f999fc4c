"""Restricted environments: few cores, no home, read-only or full disks, damaged code caches.

The command works or fails with one line; the result is always the same.
"""

import os
import random
import resource
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

import fastw2v

PACKAGE = Path(fastw2v.__file__).parent
TRAIN = ["--epochs", "1", "--size", "7", "--threads", "1", "-q"]  # CBOW: quickest to compile
SOMEBODY = 54321  # a user whom no list of users knows
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def run(*arguments, before=(), cwd=None, limit=None, code=None, **variables):
    """The command in a process of its own. A variable that is None is taken away.

    before: a command that runs it. limit: bytes that a file may have. code: Python to run in place
    of the module.
    """
    environment = os.environ | {"PYTHONPATH": str(PACKAGE.parent)} | variables

    def restrict():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(
        [
            *before,
            sys.executable,
            *(["-c", code] if code else ["-m", "fastw2v"]),
            *map(str, arguments),
        ],
        env={name: str(value) for name, value in environment.items() if value is not None},
        cwd=cwd,
        preexec_fn=None if limit is None else restrict,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )


def succeeded(done) -> str:
    """The stderr of a successful run."""
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture(scope="module")
def text(tmp_path_factory) -> Path:
    """600 sentences of 40 words, none of which starts with the most frequent word."""
    chance = random.Random(5)
    words = [f"word{number}" for number in range(40)]
    folder = tmp_path_factory.mktemp("text")
    folder.chmod(0o755)
    path = folder / "text.txt"
    lines = [chance.choices(words, range(40, 0, -1), k=chance.randint(3, 9)) for _ in range(600)]
    path.write_text("\n".join(map(" ".join, lines)) + "\n")
    return path


NOTING = """
import runpy, sys
from fastw2v.jit import code_cache

read = code_cache.read_own_file

def noting(path):
    content = read(path)
    print(path)
    return content

code_cache.read_own_file = noting
runpy.run_module("fastw2v", run_name="__main__", alter_sys=True)
"""


@pytest.fixture(scope="module")
def trained(text, tmp_path_factory) -> tuple[Path, bytes]:
    """A folder of the compiled code that a run needs, and the vectors.

    The code is that of all tests, so that little is compiled for these."""
    cache, output = tmp_path_factory.mktemp("first") / "cache", text.parent / "v.bin"
    assert succeeded(run("train", text, "-o", output, *TRAIN)) == ""
    again = run("train", text, "-o", output, "--force", *TRAIN, code=NOTING)
    assert again.returncode == 0, again.stderr
    needed, kept = again.stdout.splitlines(), os.environ["NUMBA_CACHE_DIR"]
    assert len(needed) > 8
    for path in needed:
        copy = cache / os.path.relpath(path, kept)
        copy.parent.mkdir(0o700, parents=True, exist_ok=True)
        shutil.copy2(path, copy)
    return cache, output.read_bytes()


def test_two_first_runs_at_once(text, tmp_path):
    """Both compile, neither gets half of a file of the other, and nothing else is left."""
    cache = tmp_path / "cache"
    outputs = [tmp_path / "one.txt", tmp_path / "two.txt"]

    def first(output: Path):
        return run("vocab", text, "-o", output, *TRAIN[-3:], NUMBA_CACHE_DIR=cache)

    with ThreadPoolExecutor() as pool:
        for done in pool.map(first, outputs):
            assert succeeded(done) == ""
    one, two = (output.read_text() for output in outputs)
    assert one == two
    assert one.startswith("</s> 600\nword0 ")
    left = {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()}
    assert {path.suffix for path in left} == {".code"}
    assert succeeded(first(outputs[0])) == ""
    assert outputs[0].read_text() == one
    assert {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()} == left


@pytest.fixture
def cache(trained, tmp_path) -> Path:
    """A copy of the compiled code, to do with as one likes."""
    return shutil.copytree(trained[0], tmp_path / "copied cache")


def test_a_damaged_cache_gives_the_same_bytes(trained, cache, text, tmp_path):
    damaged = {}
    for name in ("merge", "summary", "_encode", "_fill_evenly", "_pair_up"):
        (path,) = cache.rglob(f"*.{name}-*")
        data = path.read_bytes()
        middle = len(data) // 2
        damaged[path] = {
            "merge": data[:middle],
            "summary": b"",
            "_encode": data[:middle] + bytes(64) + data[middle + 64 :],
        }.get(name, os.urandom(len(data)))
        path.write_bytes(damaged[path])
    done = run("train", text, "-o", tmp_path / "v.bin", *TRAIN, NUMBA_CACHE_DIR=cache)
    assert succeeded(done) == ""
    assert (tmp_path / "v.bin").read_bytes() == trained[1]
    assert not any(path.read_bytes() == data for path, data in damaged.items()), "not mended"


def test_cached_code_of_another_processor_is_not_used(trained, cache, text, tmp_path):
    """The oldest processor, as in a home folder shared by machines."""
    if os.uname().machine != "x86_64":
        other = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": ""}
    else:
        other = {"NUMBA_CPU_NAME": "x86-64", "NUMBA_CPU_FEATURES": ""}
    before = set(cache.rglob("*.code"))
    done = run("train", text, "-o", tmp_path / "old.bin", *TRAIN, NUMBA_CACHE_DIR=cache, **other)
    assert succeeded(done) == ""
    new = set(cache.rglob("*.code")) - before
    assert any("train_shard-" in path.name for path in new), "code of this processor was run"
    old = fastw2v.load(tmp_path / "old.bin")
    done = run("train", text, "-o", tmp_path / "own.bin", *TRAIN, NUMBA_CACHE_DIR=cache)
    assert succeeded(done) == ""
    assert (tmp_path / "own.bin").read_bytes() == trained[1]
    own = fastw2v.load(tmp_path / "own.bin")
    assert old.words == own.words
    # Fused operations round otherwise.
    np.testing.assert_allclose(old.matrix, own.matrix, rtol=1e-4, atol=1e-6)


def test_no_more_cores_than_the_affinity_allows_are_used(trained, text, tmp_path):
    """As `taskset` does it."""
    core = min(os.sched_getaffinity(0))
    code = f"import os; os.sched_setaffinity(0, {{{core}}}); os.execvp({sys.executable!r}, "
    before = [sys.executable, "-c", code + "__import__('sys').argv[1:])"]
    options = [*TRAIN[:4], "--threads", 3, "-o", tmp_path / "v.bin"]
    done = run("train", text, *options, before=before, NUMBA_CACHE_DIR=trained[0])
    said = succeeded(done)
    assert said.count("3 threads requested, but this process may use only 1: using 1\n") == 1
    assert (tmp_path / "v.bin").read_bytes() == trained[1]


# --- nothing to write to --------------------------------------------------------------------


def as_somebody() -> list[str]:
    """A command that runs another one without root's right to write everywhere."""
    if not IS_ROOT:
        return []
    # What belongs to root, Python itself perhaps, may still be read.
    rights = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    ids = ["--reuid", str(SOMEBODY), "--regid", str(SOMEBODY), "--clear-groups"]
    command = ["setpriv", *ids, *rights]
    if shutil.which("setpriv") is None or subprocess.run([*command, "true"]).returncode:
        pytest.skip("root here cannot give up its rights")
    return command


@pytest.fixture
def bare(tmp_path):
    """``(writable folder, options of run)``; nothing else is writable, and there is no home."""
    place = tmp_path / "place"
    site = tmp_path / "site"
    shutil.copytree(PACKAGE, site / "fastw2v", ignore=shutil.ignore_patterns("__pycache__"))
    for folder, _, _ in os.walk(site):
        os.chmod(folder, 0o555)
    place.mkdir()
    place.chmod(0o777)
    variables = {"PYTHONPATH": site, "HOME": None, "XDG_CACHE_HOME": None, "NUMBA_CACHE_DIR": None}
    if not IS_ROOT:  # the list of users knows us: a home that cannot be made stands for none
        variables["HOME"] = "/nowhere/home"
    yield place, variables | {"before": as_somebody(), "TMPDIR": "/nowhere", "cwd": place}
    for folder, _, _ in os.walk(site):
        os.chmod(folder, 0o755)


def test_no_home_and_only_the_output_folder_writable(bare, text, tmp_path):
    place, options = bare
    done = run("vocab", text, "-o", "vocab.txt", **options)
    said = succeeded(done)
    assert "600" in (place / "vocab.txt").read_text().split("\n")[0]
    assert "words" in said
    assert os.listdir(place) == ["vocab.txt"]
    assert list((tmp_path / "site").rglob("__pycache__")) == []


def test_an_unwritable_output_is_an_error(bare, text, tmp_path):
    _, options = bare
    folder = tmp_path / "closed"
    folder.mkdir()
    (folder / "v.bin").write_bytes(b"old")
    folder.chmod(0o555)
    for name, problem in (("new.bin", "Permission denied"), ("v.bin", "ermission|protected")):
        done = run("train", text, "-o", folder / name, **options)
        assert done.returncode != 0
        (line,) = done.stderr.splitlines()
        assert line.startswith(f"Error: cannot write {folder / name}: ")
        assert any(word in line for word in problem.split("|"))
    folder.chmod(0o755)
    assert (folder / "v.bin").read_bytes() == b"old"
    assert os.listdir(folder) == ["v.bin"]


# --- full disks -----------------------------------------------------------------------------

ON_A_SMALL_DISK = """
folder=$0
mount -t tmpfs -o size=$size none "$folder" || exit 99
cp -r "$content" "$folder/" && { cat /dev/zero > "$folder/filler"; "$@"; }
code=$?
rm "$folder/filler"
cp -r "$folder" "$after"
exit $code
"""


def on_a_full_disk(folder: Path, content: Path, size: str, limit: int) -> dict:
    """Options of `run`: ``folder`` is a disk with ``content`` and no room; then copied to "after".

    limit: where nothing can be mounted, no file may be larger than so many bytes instead.
    """
    folder.mkdir()
    unshare = ["unshare", "-m", "sh", "-c"]
    probe = [*unshare, 'mount -t tmpfs none "$0"', str(folder)]
    able = shutil.which("unshare") and subprocess.run(probe, capture_output=True).returncode == 0
    after = folder.parent / "after"
    if not able:
        shutil.copytree(content, folder / content.name)
        after.symlink_to(folder)
        return {"limit": limit}
    before = [*unshare, ON_A_SMALL_DISK, str(folder)]
    return {"before": before, "size": size, "content": content, "after": after}


def test_a_full_disk_keeps_the_old_vectors(trained, text, tmp_path):
    content = tmp_path / "content"
    content.mkdir()
    (content / "v.bin").write_bytes(b"old")
    disk = tmp_path / "disk"
    options = on_a_full_disk(disk, content, "16k", len(trained[1]) - 1)
    target = disk / "content" / "v.bin"
    arguments = ("train", text, "-o", target, *TRAIN)
    done = run(*arguments, "--force", NUMBA_CACHE_DIR=trained[0], cwd=tmp_path, **options)
    assert done.returncode != 0
    line = done.stderr.splitlines()[-1]
    assert line.startswith(f"Error: cannot write {target}: ")
    if "limit" in options:
        assert line.endswith("File too large; nor can they be saved in any other folder")
    else:
        rescued = tmp_path / "v.rescued.bin"
        assert line.endswith(f"No space left on device; the vectors are in {rescued} instead")
        assert rescued.read_bytes() == trained[1]
    assert "Traceback" not in done.stderr
    assert (tmp_path / "after" / "content" / "v.bin").read_bytes() == b"old"
    assert os.listdir(tmp_path / "after" / "content") == ["v.bin"]


def test_a_full_cache_folder_is_no_error(trained, cache, text, tmp_path):
    """What is kept already is used; what is new is compiled and not kept."""
    for name in ("merge", "summary"):
        (path,) = cache.rglob(f"*.{name}-*")
        path.unlink()
    disk = tmp_path / "disk"
    options = on_a_full_disk(disk, cache, "8m", len(trained[1]))
    inside = disk / cache.name
    done = run("train", text, "-o", tmp_path / "v.bin", *TRAIN, NUMBA_CACHE_DIR=inside, **options)
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Error:" not in done.stderr
    after = sorted(path.name for path in (tmp_path / "after" / cache.name).rglob("*.code"))
    assert after == sorted(path.name for path in cache.rglob("*.code"))
    assert (tmp_path / "v.bin").read_bytes() == trained[1]


LONG_TEXT = """
import sys
from fastw2v.corpus import read_corpus
from fastw2v.corpus.reading import Limits
from fastw2v.errors import CorpusError
try:
    read_corpus(sys.argv[1], min_count=1, limits=Limits(50, 100))
except CorpusError as error:
    print(error)
"""


@pytest.mark.parametrize("folder", ["full", "missing"])
def test_a_full_temporary_folder_is_an_error(trained, text, tmp_path, folder):
    """Texts too long for memory keep their ids there."""
    temporary = tmp_path / folder
    if folder == "full":
        temporary.mkdir()
    environment = {"PYTHONPATH": str(PACKAGE.parent), "NUMBA_CACHE_DIR": str(trained[0])}
    done = subprocess.run(
        [sys.executable, "-c", LONG_TEXT, str(text)],
        env=os.environ | environment | {"TMPDIR": str(temporary)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert done.stderr == ""
    (line,) = done.stdout.splitlines()
    assert line.endswith("File too large; set TMPDIR to a folder with more space")
    assert str(temporary) in line or folder == "missing"
