"""What a hyper-parameter is: its range, meaning and names in other programs, and the check of a
value."""

import math
from dataclasses import dataclass, field
from typing import Any

from fastw2v.errors import SettingsError, did_you_mean, parameter


@dataclass(frozen=True)
class Parameter:
    """The description of one hyper-parameter, besides its name and default."""

    meaning: str
    kind: type
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    auto: bool = False  # ``auto`` stands for None
    aliases: tuple[str, ...] = ()  # further long options, without the dashes
    c: str = ""  # flag of the C program
    gensim: str = ""  # argument of gensim's Word2Vec
    fasttext: str = ""  # option of the fastText command

    @property
    def elsewhere(self) -> dict[str, str]:
        """Its names in the programs that have it, by ``c``, ``gensim`` and ``fasttext``."""
        names = {"c": self.c, "gensim": self.gensim, "fasttext": self.fasttext}
        return {program: name for program, name in names.items() if name}


def described(default: Any, meaning: str, kind: type, **more: Any) -> Any:
    """The field of a dataclass for a hyper-parameter. more: fields of `Parameter`."""
    return field(default=default, metadata={"parameter": Parameter(meaning, kind, **more)})


def check_value(name: str, known: Parameter, value: Any) -> None:
    """Raise SettingsError unless it is a value of the right kind, in its range."""
    problem = f"{parameter(name)} is {value!r}; it must be"
    if known.choices:
        if value not in known.choices:
            hint = did_you_mean(str(value), known.choices)
            raise SettingsError(f"{problem} {' or '.join(known.choices)}{hint}")
        return
    if known.kind is bool:
        if not isinstance(value, bool):
            raise SettingsError(f"{problem} True or False")
        return
    whole = known.kind is int
    wanted = "a whole number" if whole else "a number"
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not known.low <= value <= known.high:
        raise SettingsError(f"{problem} {wanted} from {known.low:g} to {known.high:g}")
