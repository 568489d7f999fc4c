"""Options that several commands share, and those made from the table of hyper-parameters."""

from pathlib import Path

import click

from fastw2v.settings import PARAMETERS, Parameter, default_of

corpus_argument = click.argument("corpus", nargs=-1, required=True, type=str)

vectors_argument = click.argument(
    "vectors", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)

limit_option = click.option(
    "--limit", type=click.IntRange(1), metavar="N", help="Read only the first N words."
)

strict_option = click.option("--strict", is_flag=True, help="Fail at the first fault of the file.")

neighbours_option = click.option(
    "-n", "--neighbours", default=10, show_default=True, type=click.IntRange(1), metavar="N",
    help="How many neighbours to show.",
)  # fmt: skip

json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON.")

quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")


def hyper_parameters(function):
    """Give a command one option for each field of `Settings`, under its name and its aliases."""
    for name in reversed(PARAMETERS):
        function = hyper_parameter(name)(function)
    return function


def hyper_parameter(name: str):
    """The option of one hyper-parameter, as `fastw2v.settings` describes it."""
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
    # Ranges are checked by Settings alone, so that Python and command line say the same.
    return click.Choice(parameter.choices) if parameter.choices else parameter.kind
