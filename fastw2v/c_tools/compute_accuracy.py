"""``compute-accuracy``: evaluates word vectors on analogies from standard input."""

from collections.abc import Iterator, Sequence

from fastw2v.c_tools.flags import number
from fastw2v.errors import SettingsError
from fastw2v.standard_streams import DASH, write
from fastw2v.vectors.loading import load_vectors

USAGE = """compute-accuracy: evaluates word vectors on analogies, by fastw2v.

Usage: compute-accuracy <FILE> [threshold] < questions-words.txt

FILE: word vectors as word2vec binary or text, GloVe text or .npy, optionally compressed.
threshold: use only the first so many words of FILE; 30000 is usual, 0 means all.
"""


def run(arguments: list[str]) -> None:
    """Evaluate the file given as first argument. Raises `FastW2VError`."""
    path, *more = arguments
    threshold = number("threshold", more[0], int) if more else 0
    if threshold < 0:
        raise SettingsError(f"threshold is {threshold}; it must be at least 1, or 0 for all words")
    from fastw2v.evaluation import analogies

    vectors = load_vectors(path, limit=threshold or None)
    for line in report_lines(analogies(vectors, DASH, limit=0).sections):
        write(line)


def report_lines(sections: Sequence) -> Iterator[str]:
    """The C program's output for ``sections``, of `fastw2v.evaluation.Section`.

    Questions before the first section name count in the totals only.
    """
    from fastw2v.evaluation import AnalogyResult

    for end, section in enumerate(sections, start=1):
        so_far = AnalogyResult(tuple(sections[:end]))
        if not section.name:
            continue
        seen = max(1, section.seen)  # C prints 1 for 0
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
    """``part`` of ``whole`` in percent, computed in float32 as in C."""
    import numpy as np

    if whole == 0:
        return "-nan"
    return f"{float(np.float32(part) / np.float32(whole) * np.float32(100)):.2f}"
