"""Sums and unit vectors with the rounding of the C program's strict build: sequential float32 sums.

NumPy's own sums are pairwise.
"""

import numpy as np


def sums(numbers: np.ndarray) -> np.ndarray:
    """(n,) float32: the sum of each row of (n, D) float32."""
    return np.cumsum(numbers, axis=1)[:, -1]


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """(n, D) float32 rows scaled to norm 1; NaN for zero rows."""
    return rows / np.sqrt(sums(rows * rows))[:, None]
