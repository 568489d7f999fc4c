"""The whole road: corpus -> vocabulary -> ids -> training -> vectors and report."""

import os
import platform
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastw2v.cores import limit_threads
from fastw2v.corpus import Corpus, read_corpus, read_sentences
from fastw2v.epochs import EpochEnd, EpochLog
from fastw2v.errors import CorpusError
from fastw2v.model import check_vectors
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import Settings
from fastw2v.starting import read_start
from fastw2v.training import Outcome, train_model
from fastw2v.vectors import WordVectors
from fastw2v.vocabulary import Vocabulary


@dataclass(frozen=True)
class Wishes:
    """What is wanted of a training besides its hyper-parameters; see `train`."""

    vectors: str = "in"
    read_vocab: str | os.PathLike | None = None
    init: Any = None
    freeze: Any = None
    epoch_end: EpochEnd = field(default_factory=EpochEnd)


@dataclass(frozen=True)
class Trained:
    """The end of the road."""

    vectors: WordVectors
    vocabulary: Vocabulary
    report: dict


def train(
    corpus,
    *,
    vectors: str = "in",
    read_vocab: str | os.PathLike | None = None,
    init=None,
    freeze=None,
    epoch_end: EpochEnd | None = None,
    progress: Progress = SILENT,
    **settings,
) -> WordVectors:
    """Train word vectors; returns them with the training's report as their ``report``.

    corpus: a path, several paths, or any iterable of token lists (tokens: str, bytes or int).
    vectors: which matrix to return: ``in``, ``out``, ``sum`` or ``mean`` of the two.
    read_vocab: a vocabulary file to use instead of counting.
    init: vectors to start from: a file of any known format, or `WordVectors`; words without one
        start at random. They must have the dimensions that are trained.
    freeze: words that stay at their given vectors: a file, one word a line, or a collection.
    epoch_end: what to do after each epoch: save, score, stop early.
    settings: hyper-parameters by the names of `fastw2v.settings.Settings`.

    Raises `FastW2VError`: settings out of range, a corpus that cannot be read or holds nothing
    to train on.
    """
    wishes = Wishes(vectors, read_vocab, init, freeze, epoch_end or EpochEnd())
    return run(corpus, Settings(**settings), wishes, progress).vectors


def run(
    corpus,
    settings: Settings,
    wishes: Wishes | None = None,
    progress: Progress = SILENT,
) -> Trained:
    """As `train`, with settings made before; also returns the vocabulary."""
    wishes = wishes or Wishes()
    which, read_vocab = wishes.vectors, wishes.read_vocab
    check_vectors(which, settings.negative > 0 or settings.softmax)
    log = EpochLog(wishes.epoch_end, which, progress)
    start = read_start(wishes.init, wishes.freeze, settings, progress)
    settings = replace(settings, threads=limit_threads(settings.threads, progress))
    known = None if read_vocab is None else Vocabulary.load(read_vocab, settings.min_count)
    text = _read(corpus, known, settings, progress)
    progress.say(
        f"{text.words_read:,} words read, {text.words_known:,} of them in the vocabulary "
        f"of {len(text.vocabulary):,}"
    )
    log.meet(text.vocabulary.words)
    outcome = train_model(text, settings, progress, start, log)
    report = _report(text, outcome, settings) | log.report()
    matrix = outcome.model.vectors(which) if log.best_vectors is None else log.best_vectors
    # What is not wanted goes before the rows are copied without their padding.
    outcome.model.outputs = outcome.model.nodes = None
    return Trained(
        WordVectors(text.vocabulary.words, matrix, report=report), text.vocabulary, report
    )


def corpus_paths(corpus) -> list[Path | str] | None:
    """The files meant by ``corpus``, or None where it is an iterable of token lists."""
    if isinstance(corpus, (str, os.PathLike)):
        return [corpus]
    if isinstance(corpus, (list, tuple)) and corpus:
        names = [isinstance(each, (str, os.PathLike)) for each in corpus]
        if all(names):
            return list(corpus)
        if any(names):
            raise CorpusError(
                "the corpus mixes file names and token lists: give one kind, "
                "and put single tokens in lists of their own"
            )
    if not isinstance(corpus, Iterable):
        raise CorpusError(
            f"the corpus is {type(corpus).__name__}: give a path, several, "
            "or an iterable of token lists"
        )
    return None


def _read(corpus, known: Vocabulary | None, settings: Settings, progress: Progress) -> Corpus:
    limits = {
        "min_count": settings.min_count,
        "max_vocab": settings.max_vocab,
        "vocabulary": known,
    }
    paths = corpus_paths(corpus)
    if paths is None:
        return read_sentences(corpus, **limits, progress=progress)
    return read_corpus(
        paths, **limits, threads=settings.threads, c_rules=settings.exact, progress=progress
    )


def _report(text: Corpus, outcome: Outcome, settings: Settings) -> dict:
    epochs = len(outcome.loss)
    return {
        "settings": settings.as_dict(),
        "versions": {
            "fastw2v": version("fastw2v"),
            "python": platform.python_version(),
            "numba": version("numba"),
            "llvmlite": version("llvmlite"),
            "numpy": version("numpy"),
        },
        "epochs_trained": epochs,
        "words_read": text.words_read * epochs,
        "words_raw": outcome.words_raw,
        "words_kept": outcome.words_kept,
        "words_rare": (text.words_read - text.words_known) * epochs,
        "sentences": text.sentences,
        "vocab_size": len(text.vocabulary),
        "threads": settings.threads,
        "vocab_seconds": text.count_seconds,
        "encode_seconds": text.encode_seconds,
        "compile_seconds": outcome.compile_seconds,
        "train_seconds": outcome.train_seconds,
        "peak_rss_bytes": peak_rss_bytes(),
        "loss": outcome.loss,
        "loss_stderr": outcome.loss_stderr,
    }


def peak_rss_bytes() -> int | None:
    """The most memory this process has had resident so far, or None where nobody can tell."""
    try:  # Linux: of this process alone; the call below counts what started it, too
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        pass
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
