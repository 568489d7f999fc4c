"""Matrices of row vectors: aligned memory, norms, memory-mapped rows."""
