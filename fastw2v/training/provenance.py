"""With what a checkpoint was made, and whether another program resumes it to the same bytes."""

from collections.abc import Mapping
from typing import Any

import numba

from fastw2v.engines.factory import arithmetic_of
from fastw2v.settings import Settings
from fastw2v.version import __version__

_UNKNOWN = "an unknown version"
_NAMES = {"fastw2v": "fastw2v", "numba": "Numba", "arithmetic": "sums in"}


def made_with(settings: Settings) -> dict[str, Any]:
    """What the bytes of a training depend on besides its settings, for a checkpoint's header."""
    return {
        "fastw2v": __version__,
        "numba": numba.__version__,
        "arithmetic": arithmetic_of(settings),
    }


def difference(header: Mapping[str, Any], settings: Settings) -> str | None:
    """One line if a training is resumed with something else than it was begun with; else None.

    header: of the checkpoint. One of an earlier version may lack some of it.
    """
    parts = []
    for name, now in made_with(settings).items():
        before = header.get(name)
        if before is None and name == "arithmetic":
            continue
        if before != now:
            parts.append(f"{_NAMES[name]} {_UNKNOWN if before is None else before}, now {now}")
    if not parts:
        return None
    return (
        f"the checkpoint was made with {' and '.join(parts)}: the vectors will differ in their "
        "last digits from those of an uninterrupted training"
    )
