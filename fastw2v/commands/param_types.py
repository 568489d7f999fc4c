"""Values of options that are more than a number: durations, and numbers that can be chosen
automatically."""

import os

import click

from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.standard_streams import DASH

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_MOST = 366 * 86400.0


class Duration(click.ParamType):
    """A duration, converted to seconds (float): ``30s``, ``10m``, ``1.5h``; a plain number is in
    seconds."""

    name = "time"

    def convert(self, value, param, ctx):
        if isinstance(value, (int, float)):
            return float(value)
        number, unit = value.strip(), 1.0
        if number and number[-1].lower() in _SECONDS:
            number, unit = number[:-1], _SECONDS[number[-1].lower()]
        try:
            seconds = float(number) * unit
        except ValueError:
            seconds = -1.0
        if not 0 <= seconds <= _MOST:
            self.fail(f"{value!r} is not a duration; use for example 30s, 10m or 2h", param, ctx)
        return seconds


class InputFile(click.Path):
    """A file to read. Unlike Click's type, it reports why an existing file cannot be read."""

    def __init__(self, dash: bool = False, folder: bool = False):
        """dash: whether ``-`` is standard input. folder: whether a folder is read, too."""
        super().__init__(exists=True, dir_okay=folder, allow_dash=dash)

    def convert(self, value, param, ctx):
        try:
            os.stat(value)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as error:
            if value != DASH:
                reason = getattr(error, "strerror", None) or error
                self.fail(f"{os.fspath(value)}: cannot be read: {reason}", param, ctx)
        return super().convert(value, param, ctx)


class Word(click.ParamType):
    """A word of the vocabulary. Files have UTF-8: so has the command line, if it can be that,
    whatever the locale says."""

    name = "word"

    def convert(self, value, param, ctx):
        word = to_word(os.fsencode(value))
        try:
            to_bytes(word).decode("utf-8")
        except UnicodeDecodeError:  # typed in the locale's encoding, or no text at all
            return value
        return word


class NumberOrAuto(click.ParamType):
    """A whole number, or ``auto``, which becomes None."""

    name = "n|auto"

    def convert(self, value, param, ctx):
        if isinstance(value, int) or value is None:
            return value
        if value.strip().lower() == "auto":
            return None
        try:
            return int(value)
        except ValueError:
            self.fail(f"{value!r} is neither a whole number nor auto", param, ctx)
