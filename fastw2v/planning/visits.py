"""How many rows of each matrix a rank moves between two exchanges, on average.

How often each row is trained is known, `fastw2v.engines.replicas`; here it is computed for groups
of words that occur alike. But visits are not independent: an occurrence of a word in the text moves
its input vector several times, and a word that has occurred soon occurs again. So occurrences are
taken to come in clumps (Church and Gale, "Poisson mixtures", 1995): of n expected clumps there is
one at all with probability 1 - exp(-n). Negative samples come singly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fastw2v.engines.replicas import centre_shares, row_visits
from fastw2v.kernels.layers.registry import visits
from fastw2v.matrix.arrays import Array
from fastw2v.model.matrices import matrix_shapes
from fastw2v.model.subsampling import keep_thresholds
from fastw2v.planning.frequencies import Frequencies
from fastw2v.settings import Settings

CLUMP = 1.85
"""Occurrences of a word in a clump: of the text of `benchmarks/notebook/plan.md`, from 2,000 words
on, whatever their number."""

MOST_LISTED = 1_000_000
"""Words up to which the tree of hierarchical softmax is made. Of a larger one all nodes are assumed
to be visited between two exchanges."""


@dataclass(frozen=True, eq=False)
class RowVisits:
    """One matrix.

    visits: (K,) float64, clumps of them of one row of each group, in a window. repeats: (K,)
    float64, rows of each group.
    """

    visits: Array
    repeats: Array

    def visited(self, windows: float) -> float:
        """Rows visited in so many windows."""
        return float(self.repeats @ -np.expm1(-self.visits * windows))


def kept_share(frequencies: Frequencies, settings: Settings) -> float:
    """The share of the words of the text that sub-sampling keeps."""
    kept = frequencies.counts * _thresholds(frequencies, settings) / 2.0**32
    return float(kept @ frequencies.repeats) / max(1, frequencies.tokens)


def visits_of(frequencies: Frequencies, settings: Settings) -> dict[str, RowVisits]:
    """The matrices of a training, by name."""
    counts, sample = _with_ends(frequencies, settings.sample)
    repeats = frequencies.repeats
    centres = centre_shares(counts, sample)[1:]
    clumps = centres / (centres @ repeats) / CLUMP
    found = {"inputs": RowVisits(clumps, repeats)}
    for name in matrix_shapes(frequencies.words, settings):
        if name == "nodes" or (name == "outputs" and settings.softmax):
            found[name] = _of_listed(name, frequencies, settings)
        elif name == "outputs":
            noise = visits(name, np.zeros(len(counts)), counts, settings)[1:]
            total = float(noise @ repeats)  # of groups as if they were words: they add up to this
            noise = noise * (float(noise.sum()) / total) if total > 0 else noise
            found[name] = RowVisits(clumps + noise, repeats)
    return found


def _of_listed(name: str, frequencies: Frequencies, settings: Settings) -> RowVisits:
    rows = frequencies.words
    if rows > MOST_LISTED:
        return RowVisits(np.array([np.inf]), np.array([float(rows)]))
    found = row_visits(frequencies.expanded(), settings)[name]
    return RowVisits(found / CLUMP, np.ones(rows))


def _thresholds(frequencies: Frequencies, settings: Settings) -> Array:
    return keep_thresholds(*_with_ends(frequencies, settings.sample))[1:].astype(np.float64)


def _with_ends(frequencies: Frequencies, sample: float) -> tuple[Array, float]:
    """Counts of the sentence end and of one word of each group, and the threshold of sub-sampling
    with which these are kept as they are in the whole text."""
    counts = np.concatenate([[frequencies.ends], frequencies.counts])
    return counts, sample * frequencies.ids / max(1.0, float(counts.sum()))
