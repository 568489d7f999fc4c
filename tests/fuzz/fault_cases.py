"""The commands whose system calls fail in turn: their inputs, old outputs and new ones."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from fastw2v import formats
from fastw2v.c_tools import PROGRAMS

TEXT = "".join(f"king queen man woman w{i % 7} w{i % 5} apple pear\n" for i in range(120)).encode()
WORDS = ["king", "queen", "man", "woman", "apple", "pear"]
SMALL = "--size 4 --epochs 2 --min-count 1 --threads 1 --quiet"
FORMATS = (
    *("v.bin", "v.txt", "v.txt.gz", "v.bin.xz", "v.vec.bz2", "v.glove.txt", "v.spacy.txt"),
    *("v.npy", "v.tsv"),
)


@dataclass
class Case:
    """A command to be run in a folder.

    outputs: in sets, each of which is old or new as a whole.
    volatile: outputs with times in them, which are not compared byte by byte.
    checkpoint: the file of checkpoints, if it writes some.
    again: how to go on from the checkpoint.
    first: a command that is run once, and whose checkpoint is an input, too.
    """

    name: str
    command: str
    inputs: dict[str, bytes]
    outputs: list[tuple[str, ...]]
    old: dict[str, bytes] = field(default_factory=dict)
    new: dict[str, bytes] = field(default_factory=dict)
    volatile: tuple[str, ...] = ()
    checkpoint: str | None = None
    again: str = ""
    first: str = ""


def vectors(folder: Path, name: str, seed: int) -> dict[str, bytes]:
    """The files of some vectors in the format of that name."""
    matrix = np.random.default_rng(seed).normal(size=(len(WORDS), 4)).astype(np.float32)
    place = folder / "made"
    place.mkdir()
    words = WORDS if seed == 1 else [f"old-{word}" for word in WORDS]
    formats.save(place / name, words, matrix)
    names = sorted(path.name for path in place.iterdir())
    names.sort(key=lambda each: each != name)  # the words are second
    found = {each: (place / each).read_bytes() for each in names}
    for path in place.iterdir():
        path.unlink()
    place.rmdir()
    return found


def cases(folder: Path) -> list[Case]:
    """All cases. folder: for temporary use."""
    text, known = {"text.txt": TEXT}, vectors(folder, "in.txt", 1)
    found = []
    for name in FORMATS:
        old = vectors(folder, name, 2)
        found.append(Case(f"convert {name}", f"convert in.txt {name} -q", known, [tuple(old)], old))
        if name not in ("v.bin.xz", "v.vec.bz2", "v.spacy.txt"):
            found.append(_training(name, old, text))
    in_place = "convert in.txt in.txt --normalise -q"
    found.append(Case("convert in place", in_place, known, [("in.txt",)], known))
    old = vectors(folder, "v.npy", 2)
    first = f"train text.txt --checkpoint state -o v.npy {SMALL} --epochs 1"
    resume = "train --resume state --epochs 2 -o v.npy -q"
    resumed = Case("resume", resume, text, [tuple(old)], old, first=first)
    resumed.checkpoint, resumed.again = "state", resume
    return [*found, resumed, *(_others(text, known))]


def _others(text: dict[str, bytes], known: dict[str, bytes]) -> list[Case]:
    """The other commands that write."""
    found = []
    for name, command, inputs, outputs in (
        ("words", "words in.txt -o words.txt", known, ["words.txt"]),
        ("classes", "classes in.txt -n 2 -o classes.txt -q", known, ["classes.txt"]),
        ("map", "map in.txt -o map.html --projection pca -q", known, ["map.html"]),
        ("embed", "embed in.txt text.txt -o rows.npy -q", known | text, ["rows.npy"]),
        ("embed as text", "embed in.txt text.txt -o rows.tsv.gz -q", known | text, ["rows.tsv.gz"]),
        ("align", "align in.txt in.txt -o turned.bin -q", known, ["turned.bin"]),
        ("merge", "merge in.txt in.txt -o merged.bin -q", known, ["merged.bin"]),
        ("vocab", "vocab text.txt -o vocab.txt -q --min-count 1", text, ["vocab.txt"]),
        (
            "phrases",
            "phrases text.txt -o joined.txt --list list --report report.json -q --min-count 1",
            text,
            ["joined.txt", "list", "report.json"],
        ),
        (
            "counts",
            "counts text.txt -o c.bin --save-counts c.npz --size 2 -q --min-count 1",
            text,
            ["c.bin", "c.npz", "c.words.txt"],
        ),
        ("ngram", "ngram text.txt -o text.lm -q --min-count 1", text, ["text.lm"]),
        ("watch", "watch text.txt -o page.html -q", text, ["page.html"]),
        (
            "lm",
            "lm text.txt -o n.bin --save-model n.lm --size 4 --epochs 1 -q --min-count 1",
            text,
            ["n.bin", "n.lm"],
        ),
        ("word2phrase", "c word2phrase -train text.txt -output p.txt -debug 0", text, ["p.txt"]),
        (
            "word2vec",
            "c word2vec -train text.txt -output w.txt -size 4 -threads 1 -iter 2 -min-count 1 "
            "-debug 0 -save-vocab vocab.txt",
            text,
            ["w.txt", "vocab.txt"],
        ),
        ("c-tools", "c-tools .", {}, [*PROGRAMS]),
    ):
        old = dict.fromkeys(outputs, b"# Written by fastw2v c-tools: an old one\n")
        sets = [(output,) for output in outputs]
        found.append(Case(name, command, inputs, sets, old, volatile=("report.json",)))
    return found


def _training(name: str, old: dict[str, bytes], text: dict[str, bytes]) -> Case:
    """A training with everything that it can write."""
    epochs = [str(formats.marked_path(name, f"epoch-{epoch}")) for epoch in (1, 2)]
    sets: list[tuple[str, ...]] = [tuple(old), ("vocab.txt",), ("report.json",)]
    for epoch in epochs:
        beside = formats.words_path(epoch)
        sets.append((epoch,) if beside is None else (epoch, str(beside)))
    files = f"-o {name} --save-vocab vocab.txt --report report.json"
    more = {"vocab.txt": b"old 1\n", "report.json": b"{}"}
    every = "--save-every 1 --checkpoint state --checkpoint-every 0"
    return Case(
        f"train {name}",
        f"train text.txt {files} {every} {SMALL}",
        text,
        sets,
        old | more,
        volatile=("report.json",),
        checkpoint="state",
        again=f"train --resume state {files} --quiet",
    )
