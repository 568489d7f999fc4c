"""Options that several commands share, and those made from the table of hyper-parameters."""

import click

from fastw2v.settings import PARAMETERS, Parameter, default_of

corpus_argument = click.argument("corpus", nargs=-1, required=True, type=str)

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
