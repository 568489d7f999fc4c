"""What all commands have in common: help in groups, near names for wrong ones, completion.

The files of the commands define commands of Click; `dressed` makes them ours. So a new command
has all this without a line of its own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from fastw2v.commands.help_text import HelpContext, grouped, write_groups
from fastw2v.commands.near_names import refuse, unknown_option
from fastw2v.errors import did_you_mean


class Command(click.Command):
    """A command with help in groups, which names the option that was meant."""

    context_class = HelpContext

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        groups = []
        for heading, group in grouped(self.name or "", options):
            records = [each.get_help_record(ctx) for each in group]
            groups.append((heading, [record for record in records if record]))
        write_groups(formatter, groups)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        check_options(self, ctx, args)
        return super().parse_args(ctx, args)


def check_options(command: click.Command, context: click.Context, args: list[str]) -> None:
    """Raise UsageError if there is an unknown option among ``args``; not while completing."""
    wrong = "" if context.resilient_parsing else unknown_option(command, context, args)
    if wrong:
        refuse(command, context, wrong)


def dressed(command: click.Command, name: str) -> Command:
    """A command of Click as one of ours, called ``name``."""
    for parameter in command.params:
        if type(parameter.type) is click.Choice:
            parameter.type = NearChoice(parameter.type.choices)
        elif _names_file(parameter):
            parameter.type = _CompletedFile(parameter.type)
    return Command(
        name,
        context_settings=command.context_settings,
        callback=command.callback,
        params=command.params,
        help=command.help,
        epilog=command.epilog,
        short_help=command.short_help,
        options_metavar=command.options_metavar,
        add_help_option=command.add_help_option,
        no_args_is_help=command.no_args_is_help,
        hidden=command.hidden,
        deprecated=command.deprecated,
    )


class NearChoice(click.Choice):  # type: ignore[type-arg] # generic since Click 8.4
    """One of several words; the error for any other names the nearest."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        *others, last = map(str, self.choices)
        choices = f"{', '.join(others)} or {last}" if others else last
        return f"{value!r} is not {choices}{did_you_mean(str(value), map(str, self.choices))}"


def _names_file(parameter: click.Parameter) -> bool:
    """Whether the value is a file, of a type that does not say so to Click's completion.

    So are arguments without a type of their own, options of type `Path`, and those whose value is
    called FILE.
    """
    plain = isinstance(parameter.type, (click.types.StringParamType, click.types.FuncParamType))
    if not plain:
        return False
    is_path = getattr(parameter.type, "func", None) is Path
    return is_path or isinstance(parameter, click.Argument) or parameter.metavar == "FILE"


class _CompletedFile(click.ParamType):  # type: ignore[type-arg] # generic since Click 8.4
    """The values of another type, completed by the shell as names of files."""

    def __init__(self, inner: Any) -> None:
        self.name, self._inner = inner.name, inner

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return self._inner.convert(value, param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        return [CompletionItem(incomplete, type="file")]
