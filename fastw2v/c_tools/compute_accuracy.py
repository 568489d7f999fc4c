"""``compute-accuracy``: scores word vectors on the analogies on standard input."""

from collections.abc import Iterator, Sequence

from fastw2v.c_tools.flags import number
from fastw2v.errors import SettingsError
from fastw2v.io.standard_output import write
from fastw2v.vectors.loading import load_vectors

USAGE = """compute-accuracy: scores word vectors on analogies, by fastw2v.

Usage: compute-accuracy <FILE> [threshold] < questions-words.txt

FILE holds word vectors: word2vec binary or text, GloVe text or .npy, compressed or not.
With a threshold only so many words, the first of FILE, are known: 30000 is usual, 0 means all.
"""
_STANDARD_INPUT = "/dev/stdin"


def run(arguments: list[str]) -> None:
    """Score the file that is the first argument. Raises `FastW2VError`."""
    path, *more = arguments
    threshold = number("threshold", more[0], int) if more else 0
    if threshold < 0:
        raise SettingsError(f"threshold is {threshold}; it must be 0, for all words, or more")
    from fastw2v.evaluation import analogies

    vectors = load_vectors(path, limit=threshold or None)
    for line in report_lines(analogies(vectors, _STANDARD_INPUT, limit=0).sections):
        write(line)


def report_lines(sections: Sequence) -> Iterator[str]:
    """The C program's lines about answered ``sections``, of `fastw2v.evaluation.Section`.

    Questions before the first name of a section count in the totals only.
    """
    from fastw2v.evaluation import AnalogyResult

    for end, section in enumerate(sections, start=1):
        so_far = AnalogyResult(tuple(sections[:end]))
        if not section.name:
            continue
        seen = max(1, section.seen)  # C shows 1 for 0
        yield f"{section.name}:\n"
        yield f"ACCURACY TOP1: {_percent(section.correct, seen)} %  ({section.correct} / {seen})\n"
        yield (
            f"Total accuracy: {_accuracy(so_far.total)} %   "
            f"Semantic accuracy: {_accuracy(so_far.semantic)} %   "
            f"Syntactic accuracy: {_accuracy(so_far.syntactic)} % \n"
        )
    seen, total = so_far.total.seen, so_far.total.total
    yield f"Questions seen / total: {seen} {total}   {_percent(seen, total)} % \n"


def _accuracy(section) -> str:
    return _percent(section.correct, section.seen)


def _percent(part: int, whole: int) -> str:
    """``part`` of ``whole`` in hundredths, with the C program's digits: it reckons in float32."""
    import numpy as np

    if whole == 0:
        return "-nan"
    return f"{float(np.float32(part) / np.float32(whole) * np.float32(100)):.2f}"
