"""What a user may choose for splitting raw text into words."""

from __future__ import annotations

from dataclasses import dataclass

from fastw2v.errors import SettingsError, parameter

NUMBERS = ("keep", "zeros", "word", "drop")
HYPHENS = ("split", "keep")
NUMBER_WORD = "<num>"


@dataclass(frozen=True)
class TokenOptions:
    """How raw text is split; see `fastw2v.tokens`. Raises SettingsError for unknown choices.

    lower: make all words lower case.
    numbers: words of digits alone: "keep"; "zeros", each digit becomes 0; "word", the number
        becomes <num>; "drop", it is left out.
    hyphens: "split" words at hyphens, or "keep" them in words.
    wrapped: lines are broken at some width: only an empty line ends a sentence.
    """

    lower: bool = False
    numbers: str = "keep"
    hyphens: str = "split"
    wrapped: bool = False

    def __post_init__(self) -> None:
        for name, choices in (("numbers", NUMBERS), ("hyphens", HYPHENS)):
            value = getattr(self, name)
            if value not in choices:
                raise SettingsError(
                    f"{parameter(name)} is {value!r}; choose one of {', '.join(choices)}"
                )
