"""`fastw2v.train`."""

import functools
import inspect
from collections.abc import Callable, Collection, Sequence
from typing import Any, ParamSpec, TypeVar

from fastw2v.progress import SILENT, Progress
from fastw2v.settings import PARAMETERS, Settings
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.options import CHECKPOINT_EVERY, FilePath, TrainingOptions
from fastw2v.training.pipeline import CorpusLike, run
from fastw2v.vectors.word_vectors import WordVectors

P = ParamSpec("P")
R = TypeVar("R")


def _implemented_by(
    implementation: Callable[[dict[str, Any]], R],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function whose body is not run: its signature and documentation are all it is.

    ``implementation`` gets the arguments that were given, by name, and so can tell an argument
    that is given from one left at its default.
    """

    def decorate(declared: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(declared)

        @functools.wraps(declared)
        def call(*args: P.args, **named: P.kwargs) -> R:
            return implementation(dict(signature.bind(*args, **named).arguments))

        return call

    return decorate


def _train(given: dict[str, Any]) -> WordVectors:
    corpus, progress = given.pop("corpus"), given.pop("progress", None) or SILENT
    hyper_parameters = {name: given.pop(name) for name in PARAMETERS if name in given}
    resume = given.pop("resume", None)
    checkpoint = None if resume is None else Checkpoint(resume)
    if checkpoint is None:
        settings = Settings(**hyper_parameters)
    else:
        settings = checkpoint.settings(hyper_parameters)
    options = TrainingOptions(**given, resume=checkpoint)
    return run(corpus, settings, options, progress).vectors


@_implemented_by(_train)
def train(  # noqa: PLR0913, a public call: all but one are given by name
    corpus: CorpusLike,
    *,
    model: str = "cbow",
    size: int = 100,
    window: int = 5,
    negative: int = 5,
    hs: bool = False,
    softmax: bool = False,
    nce: bool = False,
    sample: float = 1e-3,
    epochs: int = 5,
    alpha: float | None = None,
    min_count: int = 5,
    max_vocab: int | None = None,
    threads: int | None = None,
    seed: int = 1,
    exact: bool = False,
    deterministic: bool = False,
    cbow_update: str = "reference",
    window_mode: str = "shrink",
    noise_exponent: float = 0.75,
    vectors: str = "in",
    output: FilePath | None = None,
    format: str | None = None,
    save_vocab: FilePath | None = None,
    report: FilePath | None = None,
    read_vocab: FilePath | None = None,
    init: FilePath | WordVectors | None = None,
    freeze: FilePath | Collection[str] | None = None,
    eval_analogies: FilePath | Sequence[FilePath] = (),
    eval_pairs: FilePath | Sequence[FilePath] = (),
    stop_early: int = 0,
    save_every: int = 0,
    checkpoint: FilePath | None = None,
    checkpoint_every: float = CHECKPOINT_EVERY,
    resume: FilePath | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> WordVectors:
    """Train word vectors; returns them with the training's report as their ``report``.

    corpus: a path, several paths, or any iterable of token lists (tokens: str, bytes or int).

    Hyper-parameters:

    model: architecture: "cbow" predicts a word from its context, "skipgram" the context from the
        word.
    size: dimensions of the vectors.
    window: maximum number of context words on each side of the centre word.
    negative: number of negative samples per training pair; 0 turns negative sampling off.
    hs: use hierarchical softmax; combined with negative sampling unless ``negative`` is 0.
    softmax: use the full softmax instead of the two, for small vocabularies.
    nce: use noise-contrastive estimation instead of negative sampling, with ``negative`` samples.
    sample: sub-sampling threshold: randomly skip words of a higher relative frequency; 0 = off.
    epochs: number of passes over the corpus.
    alpha: initial learning rate; decreases linearly to almost 0. None: 0.025, for cbow 0.05.
    min_count: ignore words that occur less often than this.
    max_vocab: keep only so many of the most frequent words. None: no limit.
    threads: number of threads. None: the cores this process may use.
    seed: random seed. Reproducible with one thread, or with ``deterministic``.
    exact: reproduce the C program's output byte for byte; runs in one thread.
    deterministic: reproducible with several threads: same seed and thread count, same bytes.
    cbow_update: "reference": as the C program; "corrected": error divided by the context size
        (true gradient).
    window_mode: "shrink": draw each window size from 1 to ``window``; "fixed": always ``window``.
    noise_exponent: draw negative samples in proportion to word count raised to this power.

    Everything else:

    vectors: which matrix to return and write: "in", "out", "sum" or "mean" of the two.
    output: a file for the vectors, which are also returned.
    format: of that file, as `WordVectors.save` takes it. None: the extension selects it.
    save_vocab: a file for the vocabulary: one word and its count per line.
    report: a file for the report, as JSON.
    read_vocab: a vocabulary file to use instead of counting words.
    init: vectors to start from: a file of any known format, or `WordVectors`, of ``size``
        dimensions. Words without one start at random.
    freeze: words that keep their ``init`` vectors: a file, one word per line, or a collection.
    eval_analogies, eval_pairs: files of analogies and of word similarities to evaluate on after
        each epoch; the scores are in the report.
    stop_early: stop when so many epochs in a row brought no better score, and return the vectors
        of the best epoch. 0: never.
    save_every: also save the vectors every so many epochs, those of epoch 2 of ``vectors.bin``
        as ``vectors.epoch-2.bin``. 0: never. Needs ``output``.
    checkpoint: a file to save the training to, now and then and at the end.
    checkpoint_every: seconds between two saves.
    resume: a checkpoint to continue from, with the same corpus. Of the hyper-parameters only
        ``epochs`` may be given with another value than before. The training is saved to the same
        file again unless ``checkpoint`` names another.
    force: train even if memory or disk space seem too small; replace an unfinished checkpoint.
    progress: reports how far the training is; see `fastw2v.progress`. None: silent.

    Raises `FastW2VError`: settings out of range, a corpus that cannot be read or has nothing to
    train on, a checkpoint that does not fit, vectors that diverge.
    """
    raise NotImplementedError  # see `_implemented_by`
