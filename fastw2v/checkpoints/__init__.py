"""Checkpoints: a training is saved while it runs, and gone on with later.

One thread, or `deterministic`: what is gone on with ends in the same bytes as what was never
stopped.
"""

from fastw2v.checkpoints.keeper import CHECKPOINT_EVERY, Keeper, check_replaceable
from fastw2v.checkpoints.saved import Saved

__all__ = ["CHECKPOINT_EVERY", "Keeper", "Saved", "check_replaceable"]
