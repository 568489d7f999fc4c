"""Sub-sampling of frequent words: the probability with which a word is kept.

The C program's formula, with f a word's share of the text over the threshold:
sqrt(1 / f) + 1 / f (Mikolov et al. 2013, section 2.3, has 1 - sqrt(1 / f) to drop it).
"""

import math

import numpy as np

MOST_LEVELS = 10  # with 12, skip-gram gets worse again, with paths of 12 nodes on average


def keep_thresholds(counts: np.ndarray, sample: float) -> np.ndarray:
    """(V,) uint32: a word is kept while 32 random bits are not above its threshold.

    2^32 - 1 keeps always, without a draw. ``sample`` 0 keeps everything.
    """
    thresholds = np.full(len(counts), 2**32 - 1, np.uint32)
    counts = np.asarray(counts, np.float64)
    if sample > 0 and counts.sum() > 0:
        allowed = sample * counts.sum()
        seen = counts > 0
        over = counts[seen] / allowed
        keep = (np.sqrt(over) + 1) / over
        thresholds[seen] = np.minimum(keep * 2.0**32, 2.0**32 - 1).astype(np.uint32)
    return thresholds


def kept_words(counts: np.ndarray, sample: float) -> float:
    """How many words of an epoch are expected to be kept. counts: (V,) int64; those of the sentence
    end, which come first, are no words."""
    thresholds = keep_thresholds(counts, sample)[1:]
    return float((np.asarray(counts)[1:] * (thresholds / 2.0**32)).sum())


def subsampled_levels(sample: float) -> int:
    """How many levels of the Huffman tree, from the root on, are sub-sampled.

    A node on level l is visited by about every 2^l-th window: on so many levels it is visited by a
    larger share of them than ``sample``. See `fastw2v.kernels.node_subsampling`.
    """
    if not 0 < sample < 1:
        return 0
    return min(MOST_LEVELS, round(-math.log2(sample)))


def keep_values_c(counts: np.ndarray, sample: float, total: int) -> np.ndarray:
    """The C program's keep-values in its own rounding, (V,) float32; empty where ``sample`` is 0.

    total: its count of training words, sentence ends included.
    """
    if not sample > 0:
        return np.empty(0, np.float32)
    allowed = np.float32(sample) * np.float32(total)
    with np.errstate(divide="ignore", invalid="ignore"):
        over = (np.asarray(counts).astype(np.float32) / allowed).astype(np.float64)
        keep = (np.sqrt(over) + 1) * np.float64(allowed) / np.asarray(counts, np.float64)
    return keep.astype(np.float32)
