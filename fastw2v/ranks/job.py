"""What several processes agree on before they train one model."""

from __future__ import annotations

from typing import Literal, NamedTuple

from fastw2v.ranks.protocol import Ranks

ChangeFormat = Literal["float32", "bfloat16"]


class RankJob(NamedTuple):
    """The ranks of a training, and what of it is theirs only.

    local: each rank reads all of the corpus as it sees it; else they share the files.
    exchange: how the numbers of changes are sent.
    """

    ranks: Ranks
    local: bool = False
    exchange: ChangeFormat = "bfloat16"
