"""Who runs how: one table of the programs that we measure and test against.

The C program comes from the PyPI package ``word2vec``, compiled on this machine, each build in an
environment of its own (``.venv-c-NAME`` in the project's root). Standard library only.

Examples:
  python benchmarks/peers.py
  python benchmarks/peers.py --build c-Ofast
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "word2vec==0.11.1"
# What its setup.py needs, fixed: newer ones may cease to understand so old a package.
BUILD_TOOLS = ("setuptools==80.9.0", "setuptools_scm==8.3.1", "wheel==0.45.1")
LINKING = "-lm -pthread"
COMPILERS = ("gcc", "cc", "clang")


class PeerError(Exception):
    """A peer that cannot be built or run; one line."""


@dataclass(frozen=True)
class Peer:
    """One program in one build: a C build where there are ``cflags``, else this checkout."""

    name: str
    about: str
    cflags: str = ""
    options: tuple[str, ...] = ()


PEERS = {
    peer.name: peer
    for peer in (
        Peer("fastw2v", "this checkout, default path"),
        Peer("fastw2v-exact", "this checkout, --exact", options=("--exact",)),
        Peer("c-strict", "C, arithmetic in the order written", "-O2 -ffp-contract=off"),
        Peer("c-O3", "C, as its makefile builds it", "-O3 -march=native -funroll-loops"),
        Peer("c-Ofast", "C, its strongest honest build", "-Ofast -march=native -funroll-loops"),
    )
}

MODELS = {
    "skipgram-ns": {"model": "skipgram", "negative": 5, "hs": False},
    "cbow-ns": {"model": "cbow", "negative": 5, "hs": False},
    "skipgram-hs": {"model": "skipgram", "negative": 0, "hs": True},
    "cbow-hs": {"model": "cbow", "negative": 0, "hs": True},
}

# Our name of a setting -> the C program's flag. `model` and `hs` are in `c_options`.
C_FLAGS = {
    "size": "-size",
    "window": "-window",
    "negative": "-negative",
    "sample": "-sample",
    "epochs": "-iter",
    "alpha": "-alpha",
    "min_count": "-min-count",
    "threads": "-threads",
}


@dataclass(frozen=True)
class Run:
    """What one training run told.

    words_per_second: raw words (known words read, before sub-sampling) a second and thread.
    The C program divides by the CPU time of its process since training began, we by the wall
    time of training: on a busy machine that is to our disadvantage, never to our advantage.
    peak_rss_bytes: peak memory of the process. loss: per epoch, empty for the C program.
    """

    peer: str
    words_per_second: float
    wall_seconds: float
    peak_rss_bytes: int
    loss: list[float]
    report: dict


# --- building ------------------------------------------------------------------------------


def built(name: str) -> Path | None:
    """The C program's build ``name``, or None where it has not been made with today's flags."""
    binary = _environment(name) / "bin" / "word2vec"
    stamp = _environment(name) / ".built"
    if binary.is_file() and stamp.is_file() and stamp.read_text() == _build_key(PEERS[name]):
        return binary
    return None


def build(name: str) -> Path:
    """Make the C program's build ``name`` unless it is there; its path.

    Raises `PeerError` where there is no compiler, or pip cannot install.
    """
    binary = built(name)
    if binary is not None:
        return binary
    compiler = next(filter(None, map(shutil.which, COMPILERS)), None)
    if compiler is None:
        raise PeerError(f"{name}: not built, no C compiler found ({', '.join(COMPILERS)})")
    environment = _environment(name)
    print(f"building {name} into {environment.name}", file=sys.stderr)
    _checked([sys.executable, "-m", "venv", "--clear", str(environment)])
    pip = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    pip += ["--disable-pip-version-check", "--no-input"]
    _checked([*pip, *BUILD_TOOLS])
    # pip keeps the wheels it builds and does not know that our flags are part of them: no cache.
    source = ["--no-cache-dir", "--no-binary", "word2vec", "--no-deps", "--no-build-isolation"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "gcc").symlink_to(compiler)  # the one name that its setup.py calls
        variables = {"WORD2VEC_CFLAGS": f"{LINKING} {PEERS[name].cflags}"}
        variables["PATH"] = os.pathsep.join((folder, os.environ["PATH"]))
        _checked([*pip, *source, PACKAGE], variables)
    (environment / ".built").write_text(_build_key(PEERS[name]))
    binary = built(name)
    if binary is None:
        raise PeerError(f"{name}: {PACKAGE} was installed, yet {environment}/bin has no word2vec")
    return binary


def _environment(name: str) -> Path:
    return ROOT / f".venv-{name}"


def _build_key(peer: Peer) -> str:
    return f"{PACKAGE} {peer.cflags}\n"


def _checked(command: list[str], variables: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(
        command,
        env={**os.environ, **(variables or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        print(done.stdout, file=sys.stderr)
        raise PeerError(f"failed (its words are above): {' '.join(command)}")


# --- running -------------------------------------------------------------------------------


def c_options(settings: Mapping) -> list[str]:
    """The C program's options for ``settings``, which has our names (``model``, ``size``...)."""
    options = []
    for name, value in settings.items():
        if name == "model":
            options += ["-cbow", "1" if value == "cbow" else "0"]
        elif name == "hs":
            options += ["-hs", str(int(value))]
        else:
            options += [C_FLAGS[name], str(value)]
    return options


def our_options(settings: Mapping) -> list[str]:
    """Our options for ``settings``; True is a flag by itself, False is left out."""
    options = []
    for name, value in settings.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            options.append(option)
        elif value is not False:
            options += [option, str(value)]
    return options


def train(name: str, corpus: Path, output: Path, settings: Mapping) -> Run:
    """Train ``corpus`` with peer ``name`` into ``output`` (binary form)."""
    peer = PEERS[name]
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        if peer.cflags:
            run = _train_c(peer, corpus, scratch, settings)
        else:
            run = _train_ours(peer, corpus, scratch, settings)
        shutil.move(scratch / "vectors.bin", output)
    return run


def _train_ours(peer: Peer, corpus: Path, scratch: Path, settings: Mapping) -> Run:
    report = scratch / "report.json"
    command = [sys.executable, "-m", "fastw2v", "train", str(corpus.resolve())]
    command += ["-o", str(scratch / "vectors.bin"), "--report", str(report), "--quiet"]
    _, wall, _ = _run([*command, *peer.options, *our_options(settings)], scratch)
    told = json.loads(report.read_text())
    speed = told["words_raw"] / told["train_seconds"] / told["threads"]
    return Run(peer.name, speed, wall, told["peak_rss_bytes"], told["loss"], told)


def _train_c(peer: Peer, corpus: Path, scratch: Path, settings: Mapping) -> Run:
    # Its buffers for paths hold 99 bytes: it gets short names, in a folder of its own.
    (scratch / "corpus.txt").symlink_to(corpus.resolve())
    command = [str(build(peer.name)), "-train", "corpus.txt", "-output", "vectors.bin"]
    command += ["-binary", "1", "-debug", "2", *c_options(settings)]
    said, wall, memory = _run(command, scratch)
    speeds = re.findall(r"Words/thread/sec: ([\d.]+)k", said)
    if not speeds:
        raise PeerError(f"{peer.name}: under 10,000 words, too few to tell a speed")
    return Run(peer.name, float(speeds[-1]) * 1000, wall, memory, [], {})


def _run(command: list[str], folder: Path) -> tuple[str, float, int]:
    """Run to the end: (what was said, wall seconds, peak memory in bytes)."""
    with tempfile.TemporaryFile() as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    if process.returncode:
        print(said, file=sys.stderr)
        raise PeerError(f"failed with {process.returncode}: {' '.join(command)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return said, wall, usage.ru_maxrss * unit


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    c_builds = [peer.name for peer in PEERS.values() if peer.cflags]
    parser.add_argument("--build", choices=c_builds, help="make this build of the C program")
    options = parser.parse_args()
    if options.build:
        build(options.build)
        return
    for peer in PEERS.values():
        how = peer.cflags or " ".join(("fastw2v train", *peer.options))
        print(f"{peer.name:14} {peer.about:36} {how}")


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/peers.py: {error}")
