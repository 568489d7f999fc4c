"""Who runs how: one table of the programs that we measure and test against.

How the C program and fastText are built is told in `builds`. Standard library only; gensim is
looked for where this runs (``bin/bench`` makes such an environment).

Examples:
  python benchmarks/peers.py
  python benchmarks/peers.py --build c-Ofast
"""

import argparse
import importlib.util
import json
import re
import shlex
import shutil
import string
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from builds import ROOT, PeerError, build_c, build_fasttext, built_c, run_command
from models import DEFAULTS, MODELS, SIX_MODELS, c_options, full_settings, our_options

__all__ = ["MODELS", "PEERS", "ROOT", "SIX_MODELS", "Peer", "PeerError", "Run", "build", "built"]
__all__ += ["c_options", "full_settings", "our_options"]
SCRIPTS = Path(__file__).resolve().parent
NATIVE = "-march=native -funroll-loops"


@dataclass(frozen=True)
class Peer:
    """One program in one build.

    kind: ``ours``, ``c``, ``gensim``, ``fasttext``, or ``template``: a command line.
    cflags: with what the C program is compiled. options: added to our command line.
    models: those it has, of `SIX_MODELS`; all where empty.
    """

    name: str
    about: str
    kind: str = "ours"
    cflags: str = ""
    options: tuple[str, ...] = ()
    template: str = ""
    models: tuple[str, ...] = ()

    def has(self, model: str) -> bool:
        """Whether it can train this one of `SIX_MODELS`."""
        return not self.models or model in self.models


PEERS = {
    peer.name: peer
    for peer in (
        Peer("fastw2v", "this checkout, default path"),
        Peer("fastw2v-exact", "this checkout, --exact", options=("--exact",)),
        Peer("c-strict", "C, arithmetic in the order written", "c", "-O2 -ffp-contract=off"),
        Peer("c-O3", "C, as its makefile builds it", "c", "-O3 -march=native -funroll-loops"),
        Peer(
            "c-Ofast", "C, its strongest honest build", "c", "-Ofast -march=native -funroll-loops"
        ),
        Peer("gensim", "gensim, corpus_file", "gensim"),
        Peer("fasttext", "fastText, without n-grams", "fasttext", models=tuple(MODELS)),
    )
}

# Programs that read a line at once, or split the text among threads at its lines, get lines of
# about as many bytes as have the 1,000 words at which the C program cuts.
LINE_BYTES = 6_000


@dataclass(frozen=True)
class Run:
    """What one training run told.

    words_per_second: raw words (known words read, before sub-sampling) a second and thread.
    The C program divides by the CPU time of its process since training began, we, gensim and
    fastText by the wall time of training, a template by that of its whole command.
    kept_share: kept words by raw words, None where the program does not tell.
    peak_rss_bytes: peak memory of the process. loss: per epoch, ours only.
    """

    peer: str
    words_per_second: float
    wall_seconds: float
    peak_rss_bytes: int
    loss: list[float]
    report: dict
    kept_share: float | None = None


# --- is it there ----------------------------------------------------------------------------


def built(name: str) -> Path | None:
    """The C program's build ``name``, or None where it has not been made with today's flags."""
    return built_c(name, PEERS[name].cflags)


def build(name: str) -> Path:
    """Make the C program's build ``name`` unless it is there; its path. Raises `PeerError`."""
    return build_c(name, PEERS[name].cflags)


def prepare(peer: Peer) -> None:
    """Build what the peer needs. Raises `PeerError` where it cannot be had on this machine."""
    if peer.kind == "c":
        build_c(peer.name, peer.cflags)
    elif peer.kind == "fasttext":
        build_fasttext(peer.name)
    elif peer.kind == "gensim" and importlib.util.find_spec("gensim") is None:
        raise PeerError(f"{peer.name}: not installed; bin/bench makes an environment with it")
    elif peer.kind == "template" and not shutil.which(shlex.split(peer.template)[0]):
        raise PeerError(f"{peer.name}: no program {shlex.split(peer.template)[0]}")


def template_peer(text: str) -> Peer:
    """The peer that ``NAME=COMMAND`` describes. Raises `PeerError` where it cannot be one.

    ``NAME:MODEL,MODEL=COMMAND`` is one that has these models only, of `SIX_MODELS`.

    >>> template_peer("koan=koan -f {corpus} -v {output} --dim {size}").name
    'koan'
    """
    head, _, template = text.partition("=")
    name, _, listed = head.partition(":")
    if not re.fullmatch(r"[\w.-]+", name) or not template.strip():
        raise PeerError(f"--peer {text!r}: write it as NAME='COMMAND {{corpus}} {{output}} ...'")
    if name in PEERS:
        raise PeerError(f"--peer {name}: a program of that name is in the table already")
    models = tuple(listed.split(",")) if listed else ()
    for model in models:
        if model not in SIX_MODELS:
            raise PeerError(f"--peer {name}: {model} is not one of {', '.join(SIX_MODELS)}")
    peer = Peer(name, template, "template", template=template, models=models)
    command = template_command(peer, DEFAULTS, Path("corpus"), Path("output"))
    if "corpus" not in " ".join(command) or "output" not in " ".join(command):
        raise PeerError(f"--peer {name}: its command names no {{corpus}} or no {{output}}")
    return peer


def template_command(peer: Peer, settings: Mapping, corpus: Path, output: Path) -> list[str]:
    """The peer's template, filled in, as a list: blanks in paths do no harm.

    Known are the names of `DEFAULTS`, ``alpha``, ``corpus``, ``output``, ``cbow`` and ``sg`` (1 or
    0), and ``is_cbow`` (true or false). Raises `PeerError` for other names.

    >>> peer = Peer("x", "", "template", template="x {corpus} -o {output} -cbow {cbow}")
    >>> template_command(peer, {"model": "skipgram"}, Path("a b"), Path("o.bin"))
    ['x', 'a b', '-o', 'o.bin', '-cbow', '0']
    """
    values = full_settings(settings)
    values |= {"corpus": corpus, "output": output, "hs": int(values["hs"])}
    cbow = values["model"] == "cbow"
    values |= {"cbow": int(cbow), "sg": int(not cbow), "is_cbow": str(cbow).lower()}
    try:
        return [string.Formatter().vformat(part, (), values) for part in shlex.split(peer.template)]
    except (KeyError, IndexError, ValueError) as error:
        known = ", ".join(sorted(values))
        raise PeerError(f"--peer {peer.name}: {error} is not one of {known}") from error


# --- running -------------------------------------------------------------------------------


def train(
    peer: Peer | str,
    corpus: Path,
    output: Path,
    settings: Mapping,
    variables: Mapping | None = None,
) -> Run:
    """Train ``corpus`` with ``peer`` into ``output`` (word2vec's form, binary where it can).

    variables: of the process's environment, on top of ours.
    """
    peer = PEERS[peer] if isinstance(peer, str) else peer
    how = {"ours": _train_ours, "c": _train_c, "template": _train_template}
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        run = how.get(peer.kind, _train_script)(peer, corpus, scratch, settings, variables)
        shutil.move(scratch / "vectors.bin", output)
    return run


def _train_ours(peer: Peer, corpus: Path, scratch: Path, settings: Mapping, variables) -> Run:
    report = scratch / "report.json"
    command = [sys.executable, "-m", "fastw2v", "train", str(corpus.resolve())]
    command += ["-o", str(scratch / "vectors.bin"), "--report", str(report), "--quiet"]
    command += [*peer.options, *our_options(settings)]
    _, wall, _ = run_command(command, scratch, variables)
    told = json.loads(report.read_text())
    speed = told["words_raw"] / told["train_seconds"] / told["threads"]
    kept = told["words_kept"] / told["words_raw"]
    return Run(peer.name, speed, wall, told["peak_rss_bytes"], told["loss"], told, kept)


def _train_c(peer: Peer, corpus: Path, scratch: Path, settings: Mapping, variables) -> Run:
    # Its buffers for paths hold 99 bytes: it gets short names, in a folder of its own.
    (scratch / "corpus.txt").symlink_to(corpus.resolve())
    binary = build_c(peer.name, peer.cflags)
    command = [str(binary), "-train", "corpus.txt", "-output", "vectors.bin"]
    command += ["-binary", "1", "-debug", "2", *c_options(settings)]
    said, wall, memory = run_command(command, scratch, variables)
    return Run(peer.name, c_speed(said, peer.name), wall, memory, [], {})


def c_speed(said: str, name: str) -> float:
    """Raw words a second and thread, the last figure that the C program printed."""
    speeds = re.findall(r"Words/thread/sec: ([\d.]+)k", said)
    if not speeds:
        raise PeerError(f"{name}: under 10,000 words, too few to measure a speed")
    return float(speeds[-1]) * 1000


def _train_script(peer: Peer, corpus: Path, scratch: Path, settings: Mapping, variables) -> Run:
    """gensim and fastText: a script of ours, in the Python that has them."""
    python = sys.executable if peer.kind == "gensim" else str(build_fasttext(peer.name))
    text = in_lines(corpus, scratch / "corpus.txt")
    told = json.dumps(full_settings(settings))
    command = [python, str(SCRIPTS / f"run_{peer.kind}.py"), str(text), "vectors.bin", told]
    said, wall, memory = run_command(command, scratch, variables)
    return script_run(peer.name, said, wall, memory, int(full_settings(settings)["threads"]))


def script_run(name: str, said: str, wall: float, memory: int, threads: int) -> Run:
    """The run of which a script's last line tells, as JSON."""
    told = json.loads(said.strip().splitlines()[-1])
    speed = told["words_raw"] / told["train_seconds"] / threads
    kept = told["words_kept"] / told["words_raw"] if told.get("words_kept") else None
    return Run(name, speed, wall, memory, [], told, kept)


def _train_template(peer: Peer, corpus: Path, scratch: Path, settings: Mapping, variables) -> Run:
    text = in_lines(corpus, scratch / "corpus.txt")
    command = template_command(peer, settings, text, scratch / "vectors.bin")
    _, wall, memory = run_command(command, scratch, variables)
    if not (scratch / "vectors.bin").is_file():
        raise PeerError(f"{peer.name}: it wrote no {{output}}")
    full = full_settings(settings)
    speed = known_words(corpus, full["min_count"]) * full["epochs"] / wall / full["threads"]
    return Run(peer.name, speed, wall, memory, [], {"command": command})


def known_words(corpus: Path, min_count: int) -> int:
    """Words of ``corpus`` that are not rare, by our own count."""
    from fastw2v.corpus import count_words

    return int(count_words([corpus], min_count=min_count).counts[1:].sum())


def in_lines(corpus: Path, target: Path) -> Path:
    """Write ``corpus`` to ``target``, a blank of each long line replaced by a newline here and
    there: lines of about `LINE_BYTES`."""
    text = bytearray(corpus.read_bytes())
    start = 0
    while start + LINE_BYTES < len(text):
        end = text.rfind(b"\n", start, start + LINE_BYTES)
        if end < 0:
            end = text.find(b" ", start + LINE_BYTES)
            if end < 0:
                break
            text[end] = ord("\n")
        start = end + 1
    target.write_bytes(text)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    to_build = [peer.name for peer in PEERS.values() if peer.kind in ("c", "fasttext")]
    parser.add_argument("--build", choices=to_build, help="make this program ready to run")
    options = parser.parse_args()
    if options.build:
        prepare(PEERS[options.build])
        return
    for peer in PEERS.values():
        ours = " ".join(("fastw2v train", *peer.options))
        how = peer.cflags or (ours if peer.kind == "ours" else f"run_{peer.kind}.py")
        print(f"{peer.name:14} {peer.about:36} {how}")


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/peers.py: {error}")
