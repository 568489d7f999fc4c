"""The flags of the C programs: parsing, description, conversion to hyper-parameters."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from fastw2v.errors import SettingsError, as_option, near_names, unquoted
from fastw2v.settings import PARAMETERS, default_of
from fastw2v.standard_streams import tell

# Parameters, besides those with a flag in `Settings`, that are flags of one of the tools.
_FURTHER = {"classes", "exact", "force", "output", "read_vocab", "save_vocab", "seed", "threshold"}
_KINDS = {str: ("file", ""), int: ("int", "a whole number"), float: ("float", "a number")}


class Flag(NamedTuple):
    """A flag, which always has a value.

    kind: str for a path, int or float. default: for the description; None if there is none.
    """

    name: str  # with the dash
    kind: type
    meaning: str
    default: Any = None


def hyper_parameter_flag(name: str) -> Flag:
    """The C program's flag for the hyper-parameter ``name``, described as in `Settings`."""
    parameter = PARAMETERS[name]
    default = default_of(name)
    if parameter.kind is bool:
        default = int(default)
    kind = float if parameter.kind is float else int
    return Flag(parameter.c, kind, parameter.meaning.replace("--", "-"), default)


def hyper_parameters(values: Mapping[str, Any]) -> dict[str, Any]:
    """Hyper-parameters by the names of `Settings` from ``values`` of flags; others are ignored."""
    found = {}
    for name, parameter in PARAMETERS.items():
        if parameter.c in values:
            value = values[parameter.c]
            if name == "model":
                value = "cbow" if value else "skipgram"
            found[name] = bool(value) if parameter.kind is bool else value
    return found


def as_flag(name: str, value: str | None) -> str:
    """The spelling of a parameter as a flag of the C tools: ``-min-count``, ``-min-count 5``.

    Parameters that the C tools do not have are named as options of ``fastw2v``.
    """
    if name == "model":
        return "-cbow" if value is None else f"-cbow {int(unquoted(value) == 'cbow')}"
    flag = PARAMETERS[name].c if name in PARAMETERS else ""
    if not flag and name in _FURTHER:
        flag = f"-{name.replace('_', '-')}"
    if not flag:
        return f"{as_option(name, value)} of fastw2v"
    return flag if value is None else f"{flag} {'1' if value == 'True' else unquoted(value)}"


def usage(program: str, does: str, flags: Iterable[Flag], example: str) -> str:
    """The help text, printed when the program is called without arguments."""
    lines = [f"{program}: {does}", "", "Flags:"]
    for flag in flags:
        default = "" if flag.default is None else f"  [default: {flag.default:g}]"
        lines += [f"  {flag.name} <{_KINDS[flag.kind][0]}>", f"      {flag.meaning}{default}"]
    return "\n".join([*lines, "", "Example:", f"  {program} {example}", ""])


def parse(program: str, flags: Iterable[Flag], arguments: Iterable[str]) -> dict[str, Any]:
    """The given values by flag, as str, int or float.

    As in the C programs, the first value of a repeated flag is used, and unknown flags are ignored,
    but with a line on stderr.

    Raises SettingsError for a flag without value, and for an invalid number (0 in C).
    """
    known = {flag.name: flag for flag in flags}
    values: dict[str, Any] = {}
    unknown = []
    rest = iter(arguments)
    for argument in rest:
        if argument not in known:
            unknown.append(argument)
            continue
        text = next(rest, None)
        if text is None:
            raise SettingsError(f"{argument} has no value: give one after it")
        values.setdefault(argument, number(argument, text, known[argument].kind))
    if unknown:
        named = " ".join([_with_near(each, known) for each in unknown])
        tell(f"{program}: ignoring unknown flags: {named}")
    return values


def _with_near(argument: str, known: Iterable[str]) -> str:
    """An unknown argument, and the flags that may be meant by it."""
    near = near_names(argument, known) if argument.startswith("-") else []
    return f"{argument} (did you mean {' or '.join(near)}?)" if near else argument


def number(name: str, text: str, kind: type) -> Any:
    """``text`` as an int or a float; a str as it is. Raises SettingsError that names ``name``."""
    try:
        if kind is int and not re.fullmatch(r"\s*[+-]?[0-9]{1,18}\s*", text):
            raise ValueError("1_000, or more than 64 bits")
        return kind(text)
    except ValueError:
        raise SettingsError(f"{name} is {text!r}; it must be {_KINDS[kind][1]}") from None
