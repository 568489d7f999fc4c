"""`fastw2v.train`."""

import functools
import inspect
import re
import textwrap
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
    device: str = "cpu",
    exact: bool = False,
    deterministic: bool = False,
    replicas: int | None = None,
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
    progress: reports how far the training is; see `fastw2v.progress`. None: silent.

    Raises `FastW2VError`: settings out of range, a corpus that cannot be read or has nothing to
    train on, a checkpoint that does not fit, vectors that diverge.
    """
    raise NotImplementedError  # see `_implemented_by`


def _documentation() -> str:
    """That of `train`, with the meaning of each hyper-parameter and option where it is defined."""
    lines = []
    for name, each in PARAMETERS.items():
        meaning = re.sub("--([a-z-]+)", lambda option: option[1].replace("-", "_"), each.meaning)
        text = f"{name}: {meaning}"
        lines.append(textwrap.fill(text, 94, initial_indent="", subsequent_indent="    "))
    _, _, options = (inspect.getdoc(TrainingOptions) or "").partition("\n\n")
    parts = [inspect.getdoc(train) or "", "Hyper-parameters:", "\n".join(lines)]
    return "\n\n".join([*parts, "Other options:", options])


train.__doc__ = _documentation()
