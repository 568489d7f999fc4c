"""Values of options that are more than a number: durations, bandwidths, large numbers, and numbers
that can be chosen automatically."""

import math
import os
import re
from decimal import Decimal, InvalidOperation

import click

from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.standard_streams import DASH

_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_MOST = 366 * 86400.0
_BANDWIDTH = re.compile(r"(.+?)\s*([kKMGT])(bits?|b|B)(/s|ps)?", re.ASCII)
_PREFIXES = {"k": 1e3, "K": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}


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


class Amount(click.ParamType):
    """A whole number, converted to int: ``250000``, ``1e11``, ``1.5e9``."""

    name = "number"

    def __init__(self, most: int, least: int = 1):
        """most, least: the largest and the smallest number allowed."""
        self._most, self._least = most, least

    def convert(self, value, param, ctx):
        if isinstance(value, int):
            return value
        try:
            exact = Decimal(value.strip().replace(",", "_"))
        except InvalidOperation:
            exact = Decimal("NaN")
        if not exact.is_finite() or not self._least <= exact <= self._most or exact != int(exact):
            self.fail(
                f"{value!r} is not a whole number from {self._least} to {self._most:,}; write for "
                "example 250000 or 1e9",
                param,
                ctx,
            )
        return int(exact)


class Bandwidth(click.ParamType):
    """Bytes per second (float): ``10Gbit``, ``1.25GB/s``, ``100Mbps``. B is bytes, b or bit is
    bits."""

    name = "bandwidth"

    def convert(self, value, param, ctx):
        if isinstance(value, float):
            return value
        match = _BANDWIDTH.fullmatch(value.strip())
        try:
            number = float(match[1]) if match else math.nan
        except ValueError:
            number = math.nan
        if not 0 < number < math.inf or match is None:
            self.fail(
                f"{value!r} is not a bandwidth; use for example 10Gbit, 100Mbit or 1.25GB",
                param,
                ctx,
            )
        found = number * _PREFIXES[match[2]] / (1 if match[3] == "B" else 8)
        if not 1 <= found <= 1e15:
            self.fail(f"{value!r} is out of range: 1 byte/s to 1 PB/s", param, ctx)
        return found
