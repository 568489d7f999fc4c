"""What several processes agree on before they train one model."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

from fastw2v.ranks.protocol import Ranks

ChangeFormat = Literal["float32", "bfloat16", "int8"]
"""bfloat16 has the upper half of a float32; int8 whole numbers and one scale for each row."""
DEFAULT_FORMAT: ChangeFormat = "int8"


class RankJob(NamedTuple):
    """The ranks of a training, and what of it is theirs only.

    local: each rank reads all of the corpus as it sees it; else they share the files.
    exchange: how the numbers of changes are sent.
    in_turns: kept words that the ranks train in turns in the beginning, before all train at once;
        None: as many as pay, or none where the same bytes are promised each time.
    save_now: whether a checkpoint is to be saved at once: asked again and again.
    """

    ranks: Ranks
    local: bool = False
    exchange: ChangeFormat = DEFAULT_FORMAT
    in_turns: int | None = None
    save_now: Callable[[], bool] = lambda: False
