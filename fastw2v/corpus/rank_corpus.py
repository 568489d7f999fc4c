"""The part of a text that one of several ranks has as ids, and a fingerprint of the whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fastw2v.corpus.build import HASH_BYTES, PIECE, Corpus, hash_of_hashes, hashes_of

if TYPE_CHECKING:
    from fastw2v.ranks.protocol import Ranks


@dataclass(frozen=True, eq=False)
class RankCorpus(Corpus):
    """The text of one rank. The ids are its own, all counts, and the fingerprint, are of the whole.

    The ids of all ranks, one after the other, are those of `fastw2v.corpus.read_corpus`. A rank may
    have no ids, if there are more ranks than lines.

    rank: of these ids. ids_of_ranks: numbers of ids. hash_of_all: of the ids of all.
    """

    rank: int
    ids_of_ranks: tuple[int, ...]
    hash_of_all: str

    @property
    def all_ids(self) -> int:
        """See `Corpus.all_ids`."""
        return sum(self.ids_of_ranks)

    @property
    def ids_before(self) -> int:
        """Ids of the ranks before this one."""
        return sum(self.ids_of_ranks[: self.rank])

    def _hash(self) -> str:
        return self.hash_of_all


def hash_of_ranks(ranks: Ranks, ids: np.ndarray, ids_of_ranks: tuple[int, ...]) -> str:
    """The hash of a text whose ids several ranks have: that of `Corpus` for the same text.

    Each piece of it is hashed by the rank where it begins; the others send it what they have of it.
    """
    ends = np.cumsum(ids_of_ranks)
    before = int(ends[ranks.rank]) - len(ids)
    begun_before = min(len(ids), -before % PIECE)
    parts = [ids[:0]] * ranks.size
    if begun_before:
        begins_at = before // PIECE * PIECE
        parts[int(np.searchsorted(ends, begins_at, side="right"))] = ids[:begun_before]
    received = ranks.alltoallv(parts)
    own = ids[begun_before:]
    whole = len(own) // PIECE * PIECE
    hashes = hashes_of(own[:whole]) + hashes_of(np.concatenate([own[whole:], *received]))
    of_all = ranks.allgather(np.frombuffer(b"".join(hashes), np.dtype((np.void, HASH_BYTES))))
    return hash_of_hashes(each.tobytes() for of_rank in of_all for each in of_rank)
