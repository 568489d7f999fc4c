"""In what `--exact` and the C program differ, and are meant to."""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from fastw2v.model.huffman import huffman_paths
from fastw2v.settings import default_of
from fastw2v.training.divergence import LARGEST
from tests.fuzz.exact_cases import C_WORD_BYTES, Case

C_CODE_BITS = 40


class Ended(NamedTuple):
    """A program that has ended.

    code: of the process, negative: by a signal, None: it went on for too long.
    printed: on standard output. said: on standard error. files: by name.
    """

    code: int | None
    printed: bytes
    said: str
    files: dict[str, bytes]


def name_difference(case: Case, theirs: Ended, ours: Ended) -> str | None:
    """The name of the known difference that explains this one, or None."""
    return next((name for name, holds in KNOWN.items() if holds(case, theirs, ours)), None)


def _refused(pattern: str, words: int = 0) -> Callable[[Case, Ended, Ended], bool]:
    """Whether we refuse with such an error.

    words: so many are in the C program's vocabulary, ``</s>`` among them; 0: any number.
    """

    def holds(case: Case, theirs: Ended, ours: Ended) -> bool:
        last = ours.said.splitlines()[-1:]
        if ours.code not in (1, 2) or not last or not re.search(pattern, last[0]):
            return False
        content = theirs.files.get("v")
        return not words or content is None or content.startswith((b"%d " % words, b"</s> "))

    return holds


def _diverged(case: Case, theirs: Ended, ours: Ended) -> bool:
    return _refused(r"training diverged in epoch \d+: ")(case, theirs, ours)


def _crashes(case: Case, theirs: Ended, ours: Ended) -> bool:
    return theirs.code is not None and theirs.code < 0 and _diverged(case, theirs, ours)


def _diverged_alike(case: Case, theirs: Ended, ours: Ended) -> bool:
    """Whether the C program's vectors are of no use either, as far as they tell."""
    return _diverged(case, theirs, ours) and not _largest(case, theirs.files["v"]) <= LARGEST


def _largest(case: Case, content: bytes) -> float:
    """The largest absolute value in the C program's vectors, NaN if there is one; in classes, of
    which nothing is known, NaN."""
    if case.flags.get("-classes"):
        return math.nan
    head, _, rest = content.partition(b"\n")
    size = int(head.split()[1])
    rows = []
    while rest:
        _, _, rest = rest.partition(b" ")
        if case.flags["-binary"]:
            rows.append(np.frombuffer(rest, np.float32, size))
            rest = rest[4 * size + 1 :]
        else:
            line, _, rest = rest.partition(b"\n")
            rows.append(np.array(line.split(), np.float32))
    return float(np.abs(np.array(rows)).max())


def _in_vocabulary(odd: Callable[[list[bytes]], bool]) -> Callable[[Case, Ended, Ended], bool]:
    """Whether the lines of the vocabulary file have some oddity."""

    def holds(case: Case, theirs: Ended, ours: Ended) -> bool:
        return "known" in case.files and odd(case.files["known"].removesuffix(b"\n").split(b"\n"))

    return holds


def _windows(lines: list[bytes]) -> bool:
    return any(line.endswith(b"\r") for line in lines)


def _malformed(lines: list[bytes]) -> bool:
    """Whether one is not a word, a blank and a count. A word may be empty in a text, but not here:
    the C program takes the count for the word then."""
    return not all(_LINE.fullmatch(line) for line in lines)


def _repeated(lines: list[bytes]) -> bool:
    words = [line.rpartition(b" ")[0] for line in lines]
    return len(set(words)) < len(words)


def _other_first(lines: list[bytes]) -> bool:
    return not lines[0].startswith(b"</s> ")


def _far_apart(lines: list[bytes]) -> bool:
    """Whether the difference of two counts is no int, as which the C program compares them."""
    counts = counts_of(lines[1:])
    return bool(counts) and max(counts) - min(counts) >= 1 << 31


def counts_of(lines: list[bytes]) -> list[int]:
    """The counts of well-formed lines of a vocabulary."""
    return [int(line.rpartition(b" ")[2]) for line in lines]


def _unknown_words(case: Case, theirs: Ended, ours: Ended) -> bool:
    refused = _refused("none of which is in the given vocabulary|no words in it")
    return "known" in case.files and refused(case, theirs, ours)


def _deep(case: Case, theirs: Ended, ours: Ended) -> bool:
    """Whether the Huffman tree, which C makes in any case, has longer codes than C has memory for:
    with counts that grow fast, or many that are 0."""
    if "known" not in case.files:
        return False
    first, *rest = counts_of(case.files["known"].splitlines())
    least = case.settings.get("min_count", default_of("min_count"))
    counts = [first, *sorted((count for count in rest if count >= least), reverse=True)]
    return len(counts) > 1 and np.diff(huffman_paths(np.array(counts)).start).max() > C_CODE_BITS


_LINE = re.compile(rb"[^ \t\r\0]{1,%d} [0-9]{1,18}" % C_WORD_BYTES)

KNOWN: dict[str, Callable[[Case, Ended, Ended], bool]] = {
    "diverged: refused; the C program crashes": _crashes,
    "diverged: refused; so have the C program's vectors": _diverged_alike,
    "diverged: refused; the C program's vectors are within bounds": _diverged,
    "no words: refused, the C program writes </s>": _refused(
        r"no words in it|none occurs \d+ times|none of its [\d,]+ words has a count",
        words=1,
    ),
    "vocabulary with Windows line ends: C reads </s> between them": _in_vocabulary(_windows),
    "vocabulary line without word or count: C shifts or repeats": _in_vocabulary(_malformed),
    "vocabulary with a word twice: added up, in C two entries": _in_vocabulary(_repeated),
    "vocabulary without </s> first: put there, in C the first word": _in_vocabulary(_other_first),
    "counts 2^31 apart: out of order in C": _in_vocabulary(_far_apart),
    "Huffman codes of over 40 bits: C writes past its arrays": _deep,
    "one word, of which no noise can be drawn: refused": _refused(
        "negative sampling needs two words", words=2
    ),
    "no word of the text in the vocabulary: refused": _unknown_words,
    "CSV, JSON or UTF-16: refused": _refused("not plain text|save it as UTF-8"),
}
"""By name: whether it explains the difference. The first one counts."""
