"""Compiled code for training, and nothing else.

Read `jobs` first (what the kernels are given), then `fast` or `exact` (a shard's walk over the
text), then `outputs` (the atom in which all models meet).
"""
