"""Sums and norms with the rounding of the C program's strict build: float32, one number after the
other. NumPy's own sums add up in pairs.
"""

import numpy as np


def sums(numbers: np.ndarray) -> np.ndarray:
    """(n,) float32: the sum of each row of (n, D) float32."""
    return np.cumsum(numbers, axis=1)[:, -1]


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """(n, D) float32 rows, scaled to length 1; NaN where they have no length."""
    return rows / np.sqrt(sums(rows * rows))[:, None]
