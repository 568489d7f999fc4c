"""What a training in a page can be like."""

import math
from dataclasses import dataclass

from fastw2v.errors import SettingsError, parameter
from fastw2v.settings import default_of

MODELS = ("skipgram", "cbow")
LAYERS = ("negative-sampling", "hierarchical-softmax", "softmax")
MOST_WORDS = 200
"""Words of a vocabulary that a page can show."""
MOST_TOKENS = 100_000
"""Words of a text that a page can hold."""

_RANGES = {  # of what the page's form accepts
    "size": (1, 32),
    "window": (1, 10),
    "negative": (1, 20),
    "seed": (0, 2**32 - 1),
    "alpha": (0.001, 2.0),
}


@dataclass(frozen=True)
class WatchSettings:
    """The settings with which a page begins; its reader can change them.

    model: "skipgram" or "cbow". output_layer: one of `LAYERS`. size: dimensions. window: context
    words on each side, always all of them. negative: samples of negative sampling. alpha: learning
    rate, which stays. cbow_update: "reference" or "corrected", as in `fastw2v.train`.

    Raises SettingsError if a value is out of range.

        >>> fastw2v.watching.watch_settings.WatchSettings(size=8).output_layer
        'negative-sampling'
    """

    model: str = "skipgram"
    output_layer: str = "negative-sampling"
    size: int = 5
    window: int = 2
    negative: int = 3
    alpha: float = 0.2
    seed: int = 1
    cbow_update: str = default_of("cbow_update")

    def __post_init__(self) -> None:
        for name, choices in (
            ("model", MODELS),
            ("output_layer", LAYERS),
            ("cbow_update", ("reference", "corrected")),
        ):
            value = getattr(self, name)
            if value not in choices:
                raise SettingsError(
                    f"{parameter(name)} is {value!r}; it must be one of {', '.join(choices)}"
                )
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            kinds = (int, float) if name == "alpha" else (int,)
            is_number = isinstance(value, kinds) and not isinstance(value, bool)
            if not is_number or not math.isfinite(value) or not low <= value <= high:
                kind = "a number" if name == "alpha" else "a whole number"
                raise SettingsError(
                    f"{parameter(name)} is {value!r}; in a page it must be {kind} from {low} to "
                    f"{high}"
                )
