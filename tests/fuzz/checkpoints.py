"""Checkpoints for the fuzzer: valid ones, and a reader that ignores checksums."""

import json
import random
import struct
import subprocess
import sys
import tempfile
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path

from fastw2v.corpus import read_corpus
from fastw2v.errors import FormatError, UnknownWordError
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.vectors.prediction import Predictor

TEXT = "".join([*["a bb a naïve "] * 9, "\na c\nbb a\n"] * 4).encode() + b"b\xff a b\xff\n"
OPTIONS = "--size 3 --epochs 1 --min-count 1 --threads 1 --quiet".split()  # noqa: SIM905
_TYPES = ("bool", "uint8", "int32", "int64", "uint64", "float32", "float64")
_HEAD = struct.Struct("<16sIIII")


@cache
def sound_checkpoints() -> tuple[bytes, ...]:
    """One of a finished training of each kind of model; made by processes of their own, since
    kernels' threads would not outlive the fork of the process that reads."""
    found = []
    for layer in ([], ["--hs", "--negative", "0"], ["--deterministic", "--threads", "2"]):
        with tempfile.TemporaryDirectory() as folder:
            text, state = Path(folder, "text"), Path(folder, "state")
            text.write_bytes(TEXT)
            options = ["-o", Path(folder, "v.bin"), "--checkpoint", state, *OPTIONS, *layer]
            command = [sys.executable, "-m", "fastw2v", "train", text, *options]
            subprocess.run(list(map(str, command)), check=True, stdin=subprocess.DEVNULL)
            found.append(state.read_bytes())
    return tuple(found)


def read_checkpoint(path: Path, chance: random.Random) -> None:
    """Open a checkpoint, and resume up to the start of the kernels."""
    if chance.random() < 0.8:
        path.write_bytes(with_right_checksums(path.read_bytes(), chance))
    with suppress(FormatError, UnknownWordError):
        predictor = Predictor.load(path)
        assert all(0 <= p <= 1 for _, p in predictor.predict(predictor.words[-1]))
    saved = Checkpoint(path)
    settings = saved.settings({"epochs": 2} if chance.random() < 0.3 else {})
    if settings.threads > 8 or settings.size > 64 or settings.window > 100:
        return  # sound, and large by wish
    vocabulary = saved.vocabulary()
    assert vocabulary.words[0] == "</s>"
    with tempfile.NamedTemporaryFile() as file:
        file.write(TEXT)
        file.flush()
        text = read_corpus(file.name, vocabulary=vocabulary)
    saved.check_text(text)
    training = saved.training(text, settings)
    assert 0 <= training.epoch <= settings.epochs


def with_right_checksums(content: bytes, chance: random.Random) -> bytes:
    """The same file with checksums that fit: what an altered byte says must be noticed, too. Now
    and then an array is declared to have another type."""
    if len(content) < _HEAD.size:
        return content
    magic, version, length, _, reserved = _HEAD.unpack_from(content)
    begin = _HEAD.size + length
    packed = content[_HEAD.size : begin]
    try:
        header = json.loads(packed)
        if chance.random() < 0.15:
            chance.choice(header["arrays"])["dtype"] = chance.choice(_TYPES)
        for entry in header["arrays"]:
            size = {"float32": 4, "int32": 4, "uint8": 1, "bool": 1}.get(entry["dtype"], 8)
            for number in entry["shape"]:
                size *= number
            start = begin + entry["offset"]
            entry["crc32"] = zlib.crc32(content[start : start + min(size, len(content))])
        text = json.dumps(header).encode()
        packed = text.ljust(length)[: max(length, len(text))]
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        pass
    if len(packed) != length:
        packed = content[_HEAD.size : begin]
    head = _HEAD.pack(magic, version, length, zlib.crc32(packed), reserved)
    return head + packed + content[begin:]
