"""In what `--exact` and the C program differ, and are meant to."""

import re
from collections.abc import Callable
from typing import NamedTuple

from tests.fuzz.exact_cases import C_WORD_BYTES, Case


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


def _crashes(case: Case, theirs: Ended, ours: Ended) -> bool:
    return theirs.code is not None and theirs.code < 0


def _hangs(case: Case, theirs: Ended, ours: Ended) -> bool:
    return theirs.code is None


def _refused(pattern: str) -> Callable[[Case, Ended, Ended], bool]:
    """Whether we refuse with such an error."""

    def holds(case: Case, theirs: Ended, ours: Ended) -> bool:
        last = ours.said.splitlines()[-1:]
        return ours.code in (1, 2) and bool(last) and re.search(pattern, last[0]) is not None

    return holds


def _diverged(case: Case, theirs: Ended, ours: Ended) -> bool:
    return _refused(r"training diverged in epoch \d+: ")(case, theirs, ours)


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


_LINE = re.compile(rb"[^ \t\r\0]{1,%d} [0-9]{1,18}" % C_WORD_BYTES)

KNOWN: dict[str, Callable[[Case, Ended, Ended], bool]] = {
    "the C program crashes": _crashes,
    "the C program does not end": _hangs,
    "no words: refused, the C program writes </s>": _refused(
        r"no words in it|none occurs \d+ times|none of its [\d,]+ words has a count"
    ),
    "vocabulary with Windows line ends: C reads </s> between them": _in_vocabulary(_windows),
    "vocabulary line without word or count: C shifts or repeats": _in_vocabulary(_malformed),
    "vocabulary with a word twice: added up, in C two entries": _in_vocabulary(_repeated),
    "vocabulary without </s> first: put there, in C the first word": _in_vocabulary(_other_first),
    "diverged: refused": _diverged,
    "one word, of which no noise can be drawn: refused": _refused(
        "negative sampling needs two words"
    ),
    "CSV, JSON or UTF-16: refused": _refused("not plain text|save it as UTF-8"),
}
"""By name: whether it explains the difference. The first one counts."""
