"""The ``fastw2v`` command: finds a subcommand when it is asked for, turns errors into one line.

Neither Numba nor NumPy is imported here, so that ``--help`` answers at once.
"""

import importlib
import os
import sys
from signal import SIGINT

import click

from fastw2v.errors import FastW2VError, one_line
from fastw2v.system.signals import graceful_shutdown
from fastw2v.version import __version__

# name -> one line for --help; the code is fastw2v/commands/NAME.py (dashes become underscores),
# function `command`.
COMMANDS = {
    "train": "Train word vectors on a corpus.",
    "vocab": "Count the words of a corpus.",
    "phrases": "Join words that often stand together into phrases.",
    "similar": "Show the nearest neighbours of words.",
    "analogy": "Answer: A is to B as C is to what?",
    "evaluate": "Score word vectors on analogies and similarities.",
    "classes": "Group words into classes by their vectors.",
    "map": "Draw words on a plane, as a page for the browser or a picture.",
    "convert": "Write word vectors in another format.",
    "info": "Tell what is in a file of word vectors.",
    "words": "List the words of a file of word vectors.",
    "c-tools": "Put the C programs' names, backed by fastw2v, into a folder.",
}


class LazyGroup(click.Group):
    """A group that imports a subcommand's module only when that subcommand runs."""

    def list_commands(self, ctx):
        return list(COMMANDS)

    def get_command(self, ctx, name):
        if name not in COMMANDS:
            return None
        module = name.replace("-", "_")
        return importlib.import_module(f"fastw2v.commands.{module}").command

    def format_commands(self, ctx, formatter):
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(self, ctx, args):
        name = args[0]
        if name not in COMMANDS:
            known = ", ".join(COMMANDS)
            raise click.UsageError(f"no command {name!r}; the commands are: {known}", ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except FastW2VError as error:
            raise click.ClickException(str(error)) from error
        except MemoryError as error:
            raise click.ClickException(
                "out of memory; close other programs, or take less at a time (--limit, --threads, "
                "--size, --max-vocab)"
            ) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli():
    """Word vectors from text: trains word2vec models fast, and answers questions with them.

    \b
    Example:
      fastw2v train corpus.txt -o vectors.bin
      fastw2v similar vectors.bin king
    """


def main() -> None:
    """Entry point of the installed command."""
    try:
        with graceful_shutdown():
            cli(prog_name="fastw2v", standalone_mode=False)
    except click.exceptions.Abort as abort:
        cause = abort.__cause__
        remedy = getattr(cause, "remedy", "")
        click.echo(f"Interrupted; {remedy}" if remedy else "Interrupted.", err=True)
        sys.exit(128 + getattr(cause, "signal_number", SIGINT))
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(error.exit_code)
    except click.ClickException as error:
        click.echo(f"Error: {one_line(error.format_message())}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:  # the reader of our output has gone: nothing left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
