"""The ``fastw2v`` command: imports a subcommand when it is called, prints errors as one line.

Neither Numba nor NumPy is imported here, so that ``--help`` is fast.
"""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIGINT
from typing import Any

import click
from click.shell_completion import CompletionItem

from fastw2v.commands.command import check_options, dressed
from fastw2v.commands.help_text import HelpContext, write_groups
from fastw2v.errors import FastW2VError, Spelling, as_option, did_you_mean, spell, with_value
from fastw2v.exits import OUTPUT_CLOSED, end, unexpected
from fastw2v.standard_streams import keep_descriptors, tell
from fastw2v.system.signals import graceful_shutdown
from fastw2v.system.warnings import show_in_one_line
from fastw2v.version import __version__

# name -> one line for --help; the code is fastw2v/commands/NAME.py (dashes become underscores),
# function `command`.
COMMANDS = {
    "train": "Train word vectors on a corpus.",
    "vocab": "Count the words of a corpus.",
    "plan": "Predict what a training on several machines needs.",
    "tokenize": "Split raw text into words and sentences.",
    "phrases": "Join words that often occur together into phrases.",
    "counts": "Make word vectors from co-occurrence counts: PPMI and SVD.",
    "ngram": "Train an n-gram language model.",
    "lm": "Train a neural language model, and word vectors with it.",
    "perplexity": "Measure how well a language model predicts a text.",
    "similar": "Show the nearest neighbours of words.",
    "similarity": "Show how similar pairs of words are.",
    "analogy": "Solve analogies: A is to B as C is to what?",
    "predict": "Predict a word from its context.",
    "evaluate": "Score word vectors on analogies and similarities.",
    "compare": "Compare the models of words on one text, in one table.",
    "classes": "Group words into classes by their vectors.",
    "embed": "Write a vector for each line of a text.",
    "align": "Rotate word vectors onto others, to compare them.",
    "merge": "Merge files of word vectors into one.",
    "map": "Draw words in two dimensions, as a web page or an image.",
    "watch": "Watch a training on a small text, step by step, in a web page.",
    "convert": "Write word vectors in another format.",
    "info": "Describe a file of word vectors.",
    "words": "List the words of a file of word vectors.",
    "c-tools": "Install replacements for the C programs into a folder.",
}

# heading in --help -> commands
JOBS = {
    "Train": ("tokenize", "train", "vocab", "plan", "phrases", "counts", "ngram", "lm"),
    "Query": ("similar", "similarity", "analogy", "predict", "words"),
    "Evaluate and explore": (
        "evaluate",
        "compare",
        "perplexity",
        "info",
        "classes",
        "map",
        "watch",
    ),
    "Sentences, several models": ("embed", "align", "merge"),
    "Files and programs": ("convert", "c-tools"),
}

# What other programs call a command, as `fastw2v.errors.plain_name` returns it.
_ELSEWHERE = {
    "word2vec": ["train"],
    "skipgram": ["train"],
    "cbow": ["train"],
    "word2phrase": ["phrases"],
    "distance": ["similar"],
    "mostsimilar": ["similar"],
    "nn": ["similar"],
    "wordanalogy": ["analogy"],
    "analogies": ["analogy", "evaluate"],
    "computeaccuracy": ["evaluate"],
    "test": ["evaluate"],
    "kmeans": ["classes"],
    "plot": ["map"],
    "wevi": ["watch"],
    "cooccur": ["counts"],
    "svd": ["counts"],
    "ppmi": ["counts"],
    "ngramcount": ["ngram"],
    "lmplz": ["ngram"],
    "ppl": ["perplexity"],
    "rnnlm": ["lm"],
    "nnlm": ["lm"],
}

_TYPED = "fastw2v.typed"  # key of a context's meta: the subcommand and its arguments


class LazyGroup(click.Group):
    """A group that imports a subcommand's module only when that subcommand runs."""

    context_class = HelpContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module = name.replace("-", "_")
        command: click.Command = importlib.import_module(f"fastw2v.commands.{module}").command
        return dressed(command, name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        listed = {name for names in JOBS.values() for name in names}
        further = tuple(name for name in COMMANDS if name not in listed)
        jobs = {**JOBS, "Further commands": further} if further else JOBS
        write_groups(
            formatter,
            [(job, [(name, COMMANDS[name]) for name in names]) for job, names in jobs.items()],
        )

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        # Click's own imports all commands.
        if incomplete.startswith("-"):
            return click.Command.shell_complete(self, ctx, incomplete)
        return [
            CompletionItem(name, help=meaning)
            for name, meaning in COMMANDS.items()
            if name.startswith(incomplete)
        ]

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        check_options(self, ctx, args)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if ctx.resilient_parsing and name not in COMMANDS:  # while completing
            return None, None, args
        if name not in COMMANDS:
            known = ", ".join(COMMANDS)
            hint = did_you_mean(name, COMMANDS, _ELSEWHERE) or f"; the commands are: {known}"
            raise click.UsageError(f"no command {name!r}{hint}", ctx)
        ctx.meta[_TYPED] = args
        return super().resolve_command(ctx, args)

    def make_context(self, *args: Any, **named: Any) -> click.Context:
        with _output_read():  # by --help
            return super().make_context(*args, **named)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with _output_read():
                return super().invoke(ctx)
        except FastW2VError as error:
            raise click.ClickException(error.spelled(_as_typed(ctx))) from error
        except MemoryError as error:
            raise click.ClickException(
                "out of memory; close other programs, or reduce --limit, --threads, --size or "
                "--max-vocab"
            ) from error


@contextmanager
def _output_read() -> Iterator[None]:
    """Context manager: end with `OUTPUT_CLOSED` when nobody reads the output any more."""
    try:
        yield
    except BrokenPipeError as error:
        raise click.exceptions.Exit(OUTPUT_CLOSED) from error


def _as_typed(context: click.Context) -> Spelling:
    """Spell parameters as options: by the name that was typed, of those that an option has."""
    name, *typed = context.meta.get(_TYPED, [""])
    group = context.command
    command = group.get_command(context, name) if isinstance(group, click.Group) else None
    options = [each for each in getattr(command, "params", ()) if isinstance(each, click.Option)]

    def spelling(name: str, value: str | None) -> str:
        for option in options:
            long = [each for each in option.opts if each.startswith("--")]
            if name == option.name or {as_option(name, None), f"-{name}"} & {*option.opts}:
                used = [each for word in typed for each in option.opts if _is_use(word, each)]
                return with_value(used[-1] if used else long[0], value)
        return as_option(name, value)

    return spelling


def _is_use(word: str, option: str) -> bool:
    """Whether ``word`` of a command line is ``option``, alone or with its value."""
    if option.startswith("--"):
        return word.partition("=")[0] == option
    return word.startswith(option) and not word.startswith("--")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Train word2vec models fast and use their word vectors.

    \b
    Example:
      fastw2v train corpus.txt -o vectors.bin
      fastw2v similar vectors.bin king
    """


def main() -> None:
    """Entry point of the installed command."""
    keep_descriptors()
    show_in_one_line()
    try:
        with graceful_shutdown():
            code = cli(prog_name="fastw2v", standalone_mode=False)
    except click.exceptions.Abort as abort:
        cause = abort.__cause__
        remedy = spell(getattr(cause, "remedy", ""), as_option)
        line = f"Interrupted; {remedy}" if remedy else "Interrupted."
        end(128 + getattr(cause, "signal_number", SIGINT), line)
    except click.exceptions.NoArgsIsHelpError as error:
        for line in error.format_message().splitlines():
            tell(line)
        end(error.exit_code)
    except click.ClickException as error:
        end(error.exit_code, f"Error: {error.format_message()}")
    except Exception as error:
        end(1, f"Error: {unexpected(error)}")
    end(code if isinstance(code, int) else 0)
