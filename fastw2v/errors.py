"""Errors that a user can act on: one line that says where, what is wrong, and what to do.

Messages name the parameter that is wrong or would help as the user knows it: ``min_count=5`` in
Python, ``--min-count 5`` on the command line, ``-min-count 5`` in a C tool. Who raises an error
does not know which it is, so messages hold `parameter` marks, spelled when the message is shown.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

_LONGEST = 10_000  # characters of a message; the longest path takes 4,096
# Controls, line ends, and what reverses the order of the text that follows.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_NOT_UTF8 = re.compile("[\udc80-\udcff]")  # bytes as `surrogateescape` decodes them
_MARK = re.compile("\x0e(\\w+)(?:=([^\x0e\x0f]*))?\x0f")

Spelling = Callable[[str, str | None], str]
"""From a parameter's name and the ``repr`` of its value, or None, to how the user writes them."""


def one_line(message: str) -> str:
    """``message`` as one line: line ends and control characters are escaped."""
    if len(message) > _LONGEST:
        half = _LONGEST // 2
        message = f"{message[:half]} ... {message[-half:]}"
    return _CONTROL.sub(_as_ascii, message)


def escaped(text: str, keep: str = "") -> str:
    """``text`` for a terminal: control characters, except those in ``keep``, and bytes that are
    not UTF-8 are escaped."""
    shown = _CONTROL.sub(lambda match: match[0] if match[0] in keep else _as_ascii(match), text)
    return _NOT_UTF8.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", shown)


def as_json_escapes(text: str) -> str:
    """One line of JSON with all its control characters as JSON escapes them."""
    return _CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _as_ascii(match: re.Match[str]) -> str:
    return ascii(match[0])[1:-1]


def parameter(name: str, value: Any = None) -> str:
    """The mark of a parameter in a message, with a ``value`` where it is to be set.

    name: as in Python. `spell` turns the mark into what the user writes.
    """
    return f"\x0e{name}\x0f" if value is None else f"\x0e{name}={value!r}\x0f"


def spell(message: str, spelling: Spelling) -> str:
    """``message`` with its `parameter` marks spelled by ``spelling``."""
    return _MARK.sub(lambda mark: spelling(mark[1], mark[2]), message)


def in_python(name: str, value: str | None) -> str:
    """The spelling of an argument in Python: ``min_count``, ``min_count=5``."""
    return name if value is None else f"{name}={value}"


def as_option(name: str, value: str | None) -> str:
    """The spelling of an option of the command line: ``--min-count``, ``--min-count 5``."""
    return with_value(f"--{name.replace('_', '-')}", value)


def with_value(option: str, value: str | None) -> str:
    """An option and its value as typed; a switch that is on has no value."""
    return option if value is None or value == "True" else f"{option} {unquoted(value)}"


def unquoted(value: str) -> str:
    """The ``repr`` of a value as it is typed."""
    return value.strip("'\"")


def plain_name(name: str) -> str:
    """``name`` without dashes and underscores, in lower case: how near names are compared."""
    return name.casefold().replace("-", "").replace("_", "")


def near_names(
    name: str, known: Iterable[str], elsewhere: Mapping[str, Sequence[str]] | None = None
) -> list[str]:
    """Up to three of the names ``known`` that ``name`` may be meant for, best first.

    elsewhere: names in other programs, as `plain_name` returns them -> what is meant by them.
    """
    from difflib import get_close_matches  # rarely needed

    wanted = plain_name(name)
    spellings: dict[str, list[str]] = {}
    for each in known:
        spellings.setdefault(plain_name(each), []).append(each)
    same = dict.fromkeys([*spellings.get(wanted, ()), *(elsewhere or {}).get(wanted, ())])
    if same or not wanted:
        return list(same)[:3]
    begun = [each for each in spellings if len(wanted) > 1 and each.startswith(wanted)]
    close = dict.fromkeys([*get_close_matches(wanted, spellings, cutoff=0.7), *begun])
    return [each for found in close for each in spellings[found]][:3]


def did_you_mean(
    name: str, known: Iterable[str], elsewhere: Mapping[str, Sequence[str]] | None = None
) -> str:
    """The end of a message on a wrong ``name``: ``"; did you mean --negative?"``, or "" if no name
    is near. See `near_names`."""
    near = near_names(name, known, elsewhere)
    return f"; did you mean {', '.join(near)}?" if near else ""


class FastW2VError(Exception):
    """Base of all errors this package raises on purpose.

    ``str(error)`` is one printable line: where, what is wrong, and what to do, with parameters
    named as in Python.

    remedy: how to continue from what was saved, if anything was.
    names: parameters that the user wrote by another name, and that name.

        >>> import fastw2v
        >>> try:
        ...     fastw2v.train("text.txt", window=0)
        ... except fastw2v.FastW2VError as error:
        ...     print(error)
        window is 0; it must be a whole number from 1 to 1000
    """

    remedy = ""
    names: Mapping[str, str] = {}

    def __str__(self) -> str:
        return self.spelled(lambda name, value: in_python(self.names.get(name, name), value))

    def spelled(self, spelling: Spelling) -> str:
        """The message as one line, its parameters spelled by ``spelling``."""
        message = str(self.args[0]) if len(self.args) == 1 else super().__str__()
        if self.remedy:
            message = f"{message}; {self.remedy}"
        return one_line(spell(message, spelling))


def message_of(error: BaseException) -> str:
    """What an error says, for use in another message: its `parameter` marks are kept."""
    if isinstance(error, FastW2VError) and len(error.args) == 1:
        return str(error.args[0])
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) if isinstance(error, FastW2VError) else repr(error)


class SettingsError(FastW2VError, ValueError):
    """A setting is out of range, or two settings contradict each other."""


class ArgumentError(SettingsError, TypeError):
    """A function was called with an argument that it does not have, or without one it needs."""


class CorpusError(FastW2VError):
    """A corpus cannot be read, or has nothing to train on."""


class VocabularyError(FastW2VError):
    """A vocabulary file is invalid or cannot be used."""


class FormatError(FastW2VError):
    """A file of vectors is invalid, damaged or of an unknown format."""


class UnknownWordError(FastW2VError, KeyError):
    """A word is not in the vocabulary."""


class OutputError(FastW2VError):
    """A file cannot be written."""


class TrainingError(FastW2VError):
    """Training cannot start or must stop."""


class CheckpointError(FastW2VError):
    """A checkpoint cannot be read, or does not match the corpus or the settings."""


class ResourceError(FastW2VError):
    """The work needs more memory or disk space than is available."""
