"""`fastw2v.train`."""

import functools
import inspect
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from fastw2v.errors import ArgumentError, FastW2VError, Spelling, in_python
from fastw2v.progress.choice import ProgressLike, chosen
from fastw2v.settings import PARAMETERS, Settings
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.manual import manual
from fastw2v.training.names import RENAMED, resolved
from fastw2v.training.options import (
    CHECKPOINT_EVERY,
    EpochFunction,
    FilePath,
    TrainingOptions,
)
from fastw2v.training.pipeline import run
from fastw2v.training.text import CorpusLike
from fastw2v.vectors.word_vectors import WordVectors

if TYPE_CHECKING:
    from typing_extensions import Unpack  # known to type checkers; not needed when this runs

    from fastw2v.training.names import OtherNames

P = ParamSpec("P")
R = TypeVar("R")
_NO_CORPUS = "no corpus: give a file, an iterable of token lists, or a table"


def _implemented_by(
    implementation: Callable[[dict[str, Any], Spelling], R],
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function whose body is not run: its signature and documentation are all it is.

    ``implementation`` gets the arguments that were given, by name, and so can tell an argument
    that is given from one left at its default; and how the user spells them.
    """

    def decorate(declared: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(declared).parameters.values()
        own = [each.name for each in parameters if each.kind is not each.VAR_KEYWORD]

        @functools.wraps(declared)
        def call(*args: P.args, **named: P.kwargs) -> R:
            if len(args) > 1:
                raise ArgumentError(
                    "only the corpus is given without a name: name the other arguments, for "
                    "example size=100; several files are one list"
                )
            given, written = resolved(named, own)
            if args and "corpus" in given:
                raise ArgumentError(
                    f"the corpus is given twice: without a name and as {written['corpus']}"
                )
            if args:
                given["corpus"] = args[0]
            others = {name: other for name, other in written.items() if RENAMED.get(other) == name}
            try:
                return implementation(
                    given, lambda name, value: in_python(others.get(name, name), value)
                )
            except FastW2VError as error:
                error.names = others
                raise

        return call

    return decorate


def _train(given: dict[str, Any], spelling: Spelling) -> WordVectors:
    corpus, progress = given.pop("corpus", None), chosen(given.pop("progress", None), spelling)
    if corpus is None:
        raise ArgumentError(_NO_CORPUS)
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
    corpus: CorpusLike | None = None,
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
    min_alpha: float | None = None,
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
    context: str = "both",
    no_sentence_end: bool = False,
    noise_exponent: float = 0.75,
    vectors: str = "in",
    output: FilePath | None = None,
    format: str | None = None,
    save_vocab: FilePath | None = None,
    report: FilePath | None = None,
    column: str | int | None = None,
    read_vocab: FilePath | None = None,
    init: FilePath | WordVectors | None = None,
    vocab_union: bool = False,
    freeze: FilePath | Collection[str] | None = None,
    eval_analogies: FilePath | Sequence[FilePath] = (),
    eval_pairs: FilePath | Sequence[FilePath] = (),
    stop_early: int = 0,
    save_every: int = 0,
    checkpoint: FilePath | None = None,
    checkpoint_every: float = CHECKPOINT_EVERY,
    resume: FilePath | None = None,
    epoch_end: EpochFunction | None = None,
    force: bool = False,
    progress: ProgressLike = None,
    **other_names: "Unpack[OtherNames]",
) -> WordVectors:
    """Train word vectors; `fastw2v.training.manual` documents the arguments."""
    raise NotImplementedError  # see `_implemented_by`


train.__doc__ = manual()
