"""From co-occurrence counts to what is reduced: raw counts, their logarithm, or PPMI."""

from __future__ import annotations

import math

import numpy as np

from fastw2v.counts.cooccurrence import Cooccurrences
from fastw2v.errors import SettingsError, parameter
from fastw2v.jit.compiled import compiled
from fastw2v.model.sparse import SparseMatrix


def weigh(
    found: Cooccurrences, weighting: str, shift: float = 1.0, context_smoothing: float = 0.75
) -> SparseMatrix:
    """The counts, weighted; values of 0 are left out.

    raw: the counts. log: log(1 + count). ppmi: max(0, PMI - log shift), with
    PMI = log(P(w, c) / (P(w) P(c))), in which P(c) is proportional to the context's count to the
    power ``context_smoothing`` (Levy, Goldberg, Dagan 2015, sections 3.1 and 3.2).

    Raises SettingsError if no value is left.
    """
    if weighting == "raw":
        return SparseMatrix(found.starts, found.columns, found.counts())
    if weighting == "log":
        logs = np.empty(len(found.values), np.float32)
        _logarithms(found.values, found.unit, logs)
        return SparseMatrix(found.starts, found.columns, logs)
    sums = np.zeros(len(found.words), np.int64)
    _row_sums(found.starts, found.values, sums)  # of columns, too: the counts are symmetric
    counts = sums / found.unit
    with np.errstate(divide="ignore"):
        logs = np.log(counts)
        smoothed = np.where(counts > 0, counts**context_smoothing, 0.0)
        log_contexts = np.log(smoothed / smoothed.sum())
    # PMI - log shift = log #(w, c) - (log #(w) + log shift) - log P(c)
    logs += math.log(found.unit) + math.log(shift)
    kept = np.empty(len(found.columns), np.int32), np.empty(len(found.columns), np.float32)
    starts = np.zeros_like(found.starts)
    arrays = found.starts, found.columns, found.values
    count = _positive_pmi(*arrays, logs, log_contexts, starts, *kept)
    if not count:
        raise SettingsError(
            "no two words occur together more often than by chance: all values are 0; lower "
            f"{parameter('shift')}, or use {parameter('weighting', 'log')}"
        )
    return SparseMatrix(starts, kept[0][:count], kept[1][:count])


@compiled
def _row_sums(starts, values, sums):
    for row in range(sums.size):
        for place in range(starts[row], starts[row + 1]):
            sums[row] += values[place]


@compiled
def _logarithms(values, unit, out):
    for place in range(values.size):
        out[place] = np.log1p(values[place] / unit)


@compiled
def _positive_pmi(
    starts, columns, values, logs, log_contexts, kept_starts, kept_columns, kept_values
):
    """Copy the values above 0; returns how many there are."""
    done = 0
    for row in range(starts.size - 1):
        for place in range(starts[row], starts[row + 1]):
            column = columns[place]
            pmi = np.log(values[place]) - logs[row] - log_contexts[column]
            if pmi > 0:
                kept_columns[done] = column
                kept_values[done] = pmi
                done += 1
        kept_starts[row + 1] = done
    return done
