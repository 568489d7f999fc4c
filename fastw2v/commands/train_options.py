"""What ``train`` was asked to do besides the hyper-parameters; kept in checkpoints."""

import os
from dataclasses import asdict, dataclass, fields
from typing import Any

import click

from fastw2v.errors import CheckpointError, CorpusError, SettingsError

STDIN = "-"
_PATHS = ("corpus", "output", "save_vocab", "report", "eval_analogies", "eval_pairs")
_ONLY_AT_FIRST = ("read_vocab", "init", "freeze")  # what they brought is in the checkpoint


@dataclass(frozen=True)
class Order:
    """The options of ``train`` that say what is read, asked and written."""

    corpus: tuple[str, ...] = ()
    output: str | None = None
    file_format: str | None = None
    vectors: str = "in"
    save_vocab: str | None = None
    report: str | None = None
    save_every: int = 0
    eval_analogies: tuple[str, ...] = ()
    eval_pairs: tuple[str, ...] = ()
    stop_early: int = 0
    checkpoint_every: float = 0.0

    def __post_init__(self):
        if not self.corpus:
            raise CorpusError("no corpus: name a file, a folder, or - for standard input")
        if self.output is None:
            raise SettingsError("no output: name the file for the vectors with -o")

    def as_dict(self) -> dict[str, Any]:
        """As JSON takes it, and for any folder: paths are absolute."""
        return {name: _absolute(name, value) for name, value in asdict(self).items()}


ORDERED = tuple(each.name for each in fields(Order))


def take_order(options: dict[str, Any]) -> Order:
    """Take what belongs to an `Order` out of ``options``."""
    return Order(**{name: options.pop(name) for name in ORDERED})


def take_order_again(options: dict[str, Any], given: set[str], saved) -> Order:
    """The order of a checkpoint, with what is asked for now in its place.

    options: of the command now; what belongs to an `Order` is taken out. given: the names of those
    that the user gave. saved: `fastw2v.checkpoints.Saved`.

    Raises CheckpointError for options that come too late, or an order that makes no sense.
    """
    for name in _ONLY_AT_FIRST:
        if name in given:
            raise CheckpointError(
                f"{saved.path}: --{name.replace('_', '-')} cannot be given when a training is "
                "gone on with: leave it out, or train anew"
            )
    now = {name: options.pop(name) for name in ORDERED}
    before = {name: _checked(name, saved.order[name], saved) for name in saved.order if name in now}
    return Order(**(now | before | {name: now[name] for name in given if name in now}))


def given_options(context: click.Context) -> set[str]:
    """The names of the parameters that the user gave, not their defaults."""
    default = (click.core.ParameterSource.DEFAULT, click.core.ParameterSource.DEFAULT_MAP)
    return {name for name in context.params if context.get_parameter_source(name) not in default}


def _absolute(name: str, value):
    if name not in _PATHS or value is None:
        return value
    if isinstance(value, (tuple, list)):
        return tuple(STDIN if each == STDIN else os.path.abspath(each) for each in value)
    return os.path.abspath(value)


def _checked(name: str, value, saved):
    """A value from a checkpoint, as the field of `Order` wants it."""
    default = Order.__dataclass_fields__[name].default
    if isinstance(default, tuple):
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
    elif value is None or type(value) is type(default) or (default is None and type(value) is str):
        return value
    raise CheckpointError(f"{saved.path}: the checkpoint makes no sense ({name}); take another")
