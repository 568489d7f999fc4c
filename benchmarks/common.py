"""What all benchmarks share: the corpora, slices of them, the machine, tables."""

import argparse
import importlib.metadata
import json
import lzma
import mmap
import os
import platform
import re
import shutil
from collections import deque
from itertools import islice
from pathlib import Path

from peers import PEERS, ROOT, SIX_MODELS, Peer, PeerError, template_peer

CORPORA = ROOT.parent / "shared" / "corpora"
DATA = ROOT / "data"
CHUNK = 1 << 20


def corpus_path(given: Path | None) -> Path:
    """``given``, or wiki17m, unpacked once into ``data/``. Raises `PeerError` where missing."""
    if given is not None:
        if not given.is_file():
            raise PeerError(f"no corpus {given}")
        if given.stat().st_size == 0:
            raise PeerError(f"{given} is empty")
        return given
    unpacked = DATA / "wiki17m.txt"
    if unpacked.is_file():
        return unpacked
    packed = CORPORA / "wiki17m.txt.xz"
    if not packed.is_file():
        raise PeerError(f"no {packed}; name a corpus with --corpus")
    DATA.mkdir(exist_ok=True)
    return unpack(packed, unpacked)


def unpack(packed: Path, target: Path) -> Path:
    """Unpack an .xz file to ``target``, which is whole or not there."""
    partial = target.with_suffix(".partial")
    with lzma.open(packed) as source, partial.open("wb") as unpacked:
        shutil.copyfileobj(source, unpacked, CHUNK)
    partial.replace(target)
    return target


def first_words(corpus: Path, words: int, target: Path) -> Path:
    """Write the first ``words`` words of ``corpus`` to ``target``, blanks and lines as they are."""
    with (
        corpus.open("rb") as source,
        mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ) as text,
    ):
        last = deque(islice(re.finditer(rb"\S+", text), words), maxlen=1)
        target.write_bytes(text[: last[0].end()] if last else b"")
        del last  # it holds on to the map, which could not be closed
    return target


def machine() -> dict[str, str]:
    """What a reader of figures has to know of the machine and the programs."""
    from fastw2v.system.cores import processor_name  # of a tree that is not installed, too
    from fastw2v.version import __version__

    versions = {name: importlib.metadata.version(name) for name in ("numba", "numpy")}
    return {
        "cpu": processor_name(),
        "cores": str(os.cpu_count()),
        "physical_cores": _physical_cores(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "fastw2v": __version__,
        **versions,
    }


def _physical_cores() -> str:
    """As the system reports them; a virtual machine may know no better than to count all."""
    try:
        text = Path("/proc/cpuinfo").read_text()
    except OSError:
        return "unknown"
    found = re.findall(r"^physical id\s*: (\d+)$.*?^core id\s*: (\d+)$", text, re.M | re.S)
    return str(len(set(found))) if found else "unknown"


def common_options(parser: argparse.ArgumentParser, models: list[str]) -> None:
    """Add the options that throughput and quality have; ``models`` are those run by default."""
    text_options(parser)
    parser.add_argument("--words", type=int, metavar="N", help="only the first N words of it")
    parser.add_argument("--models", nargs="+", default=models, choices=list(SIX_MODELS))
    parser.add_argument("--size", type=int, default=100)


def text_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that all benchmarks have."""
    parser.add_argument("--corpus", type=Path, metavar="FILE", help="default: wiki17m")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here")


def peer_options(parser: argparse.ArgumentParser, default: list[str]) -> None:
    """Add the options that say whom to measure; `chosen_peers` reads them."""
    parser.add_argument(
        "--peers", nargs="+", default=default, choices=list(PEERS), metavar="NAME",
        help=f"of: {', '.join(PEERS)} (default: {', '.join(default)})",
    )  # fmt: skip
    parser.add_argument(
        "--peer", action="append", default=[], metavar="NAME=COMMAND",
        help="any other program: its command with {corpus}, {output}, {size} ... filled in",
    )  # fmt: skip


def chosen_peers(options: argparse.Namespace) -> list[Peer]:
    """The peers that the options name, each once. Raises `PeerError` for a wrong template."""
    peers = [PEERS[name] for name in dict.fromkeys(options.peers)]
    return peers + [template_peer(text) for text in options.peer]


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table, its columns aligned.

    >>> print(table(["a", "bcd"], [["12", "3"]]))
    | a  | bcd |
    | -- | --- |
    | 12 | 3   |
    """
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = []
    for row in (header, ["-" * width for width in widths], *rows):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def write_json(path: Path | None, figures: dict) -> None:
    """Write ``figures`` to ``path``, if there is one."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(figures, indent=1) + "\n")
