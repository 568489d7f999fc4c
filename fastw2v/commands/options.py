"""Options that several commands share, and those generated from the hyper-parameters."""

from pathlib import Path

import click

from fastw2v.commands.param_types import Amount, Duration, InputFile, NumberOrAuto
from fastw2v.parameters import Parameter
from fastw2v.settings import PARAMETERS, default_of

corpus_argument = click.argument("corpus", nargs=-1, required=True, type=str)

column_option = click.option(
    "--column",
    metavar="NAME",
    help="Read the text in this column of CORPUS: CSV, TSV, JSON Lines, Parquet or Arrow files.",
)

vectors_argument = click.argument("vectors", type=InputFile(dash=True))

limit_option = click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="Use only the first N words of the file."
)

strict_option = click.option(
    "--strict", is_flag=True, help="Fail at the first error in the file instead of skipping it."
)

neighbours_option = click.option(
    "-n", "--neighbours", default=10, show_default=True, type=click.IntRange(1), metavar="N",
    help="Number of results to show.",
)  # fmt: skip

vectors_format_option = click.option(
    "--format",
    "file_format",
    type=click.Choice(["binary", "text", "npy", "glove", "projector", "spacy"]),
    help="Format of the output; overrides its extension.",
)

normalise_option = click.option(
    "--normalise", "--normalize", is_flag=True,
    help="Scale vectors to norm 1; zero vectors stay zero.",
)  # fmt: skip

given_words_option = click.option(
    "--read-vocab",
    type=InputFile(),
    metavar="FILE",
    help="Use the words of this vocabulary file instead of counting words.",
)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")

ranks_option = click.option(
    "--ranks", is_flag=True,
    help="Share the work with the other processes that mpirun or srun started.",
)  # fmt: skip

local_option = click.option(
    "--local", is_flag=True,
    help="With --ranks: each process reads all of CORPUS as it sees it, on a disk of its own.",
)  # fmt: skip

exchange_option = click.option(
    "--exchange", type=click.Choice(["int8", "bfloat16", "float32"]), default="int8",
    show_default=True,
    help="With --ranks: format of the changes that the processes send: bfloat16 is about twice as "
    "long as int8, float32 four times.",
)  # fmt: skip

in_turns_option = click.option(
    "--in-turns", type=Amount(10**15, least=0), metavar="N",
    help="With --ranks: train the first N words in turns, one process at a time. In the beginning "
    "that is quicker where an exchange takes long.  [default: by measured times; 0 where the same "
    "bytes are promised]",
)  # fmt: skip

checkpoint_option = click.option(
    "--checkpoint", type=Path, metavar="FILE",
    help="Periodically save a checkpoint here, for --resume.",
)  # fmt: skip

checkpoint_every_option = click.option(
    "--checkpoint-every", type=Duration(), default="10m", show_default=True, metavar="TIME",
    help="Time between checkpoints, for example 30s, 10m or 2h.",
)  # fmt: skip

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")


def hyper_parameters(function):
    """Add one option for each field of `Settings` to a command, with its aliases."""
    for name in reversed(PARAMETERS):
        function = hyper_parameter(name)(function)
    return function


def hyper_parameter(name: str):
    """The option for one hyper-parameter, as described in `fastw2v.settings`."""
    parameter = PARAMETERS[name]
    names = [f"--{each}" for each in (name.replace("_", "-"), *parameter.aliases)]
    default = default_of(name)
    if parameter.kind is bool:
        return click.option(*names, name, is_flag=True, help=parameter.meaning)
    return click.option(
        *names,
        name,
        type=_click_type(parameter),
        default=default,
        show_default=default is not None,
        help=parameter.meaning,
    )


def _click_type(parameter: Parameter):
    # Only Settings checks ranges, so that the error is the same in Python.
    if parameter.auto:
        return NumberOrAuto()
    return click.Choice(parameter.choices) if parameter.choices else parameter.kind
