"""Options that do not exist: the one that was meant, also by its name in other programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from fastw2v.errors import did_you_mean, plain_name
from fastw2v.settings import PARAMETERS

# Options of the C program, gensim and fastText that are no hyper-parameters, by plain name.
_ELSEWHERE = {
    "train": "CORPUS without an option",
    "input": "CORPUS without an option",
    "corpusfile": "CORPUS without an option",
    "binary": "--format",
    "debug": "--quiet",
    "verbose": "--quiet",
    "pretrainedvectors": "--init",
    "topn": "--neighbours",
    "restrictvocab": "--limit",
    "read": "--read-vocab",
}


def unknown_option(command: click.Command, context: click.Context, words: Sequence[str]) -> str:
    """The first of ``words``, the arguments of a command, that is an option it does not have; ""
    if there is none.

    A long option with one dash, ``-size``, is one: as Click reads it, ``-output x`` would write to
    a file called ``utput``.
    """
    known = _options(command, context)
    rest = iter(words)
    for word in rest:
        if word == "--" or not (context.allow_interspersed_args or word.startswith("-")):
            return ""
        if len(word) < 2 or not word.startswith("-"):
            continue
        name = word.partition("=")[0]
        if name in known:
            if known[name] and name == word:
                next(rest, None)
        elif word.startswith("--") or not _is_cluster(word, known, rest):
            return name
    return ""


def _is_cluster(word: str, known: dict[str, bool], rest: Iterator[str]) -> bool:
    """Whether ``-qn5`` is short options, perhaps with the value of the last; takes a value that
    is a word of its own from ``rest``."""
    if f"-{word}" in known or f"-{word}".partition("=")[0] in known:
        return False
    for place, letter in enumerate(word[1:], 2):
        if f"-{letter}" not in known:
            return False
        if known[f"-{letter}"]:
            if place == len(word):
                next(rest, None)
            return True
    return True


def refuse(command: click.Command, context: click.Context, name: str) -> None:
    """Raise UsageError for the unknown option ``name``, with those that may have been meant."""
    known = [each for each in _options(command, context) if each.startswith("--")]
    hint = did_you_mean(name, known, _elsewhere(known))
    if not hint:
        hint = f"; see {context.command_path} --help"
        if any(isinstance(each, click.Argument) for each in command.params):
            hint += ", and put -- before a word or file that begins with -"
    raise click.UsageError(f"no option {name}{hint}", context)


def _options(command: click.Command, context: click.Context) -> dict[str, bool]:
    """Whether each option, as it is typed, has a value."""
    options = [each for each in command.get_params(context) if isinstance(each, click.Option)]
    return {
        name: not (option.is_flag or option.count)
        for option in options
        for name in (*option.opts, *option.secondary_opts)
    }


def _elsewhere(known: Sequence[str]) -> dict[str, list[str]]:
    """Names in other programs, by plain name, of the options in ``known``."""
    found: dict[str, list[str]] = {}
    for name, parameter in PARAMETERS.items():
        option = f"--{name.replace('_', '-')}"
        if option in known:
            for theirs in " ".join(parameter.elsewhere.values()).replace("|", " ").split():
                found.setdefault(plain_name(theirs), []).append(option)
    for theirs, ours in _ELSEWHERE.items():
        if not ours.startswith("--") or ours in known:
            found.setdefault(theirs, []).append(ours)
    return found
