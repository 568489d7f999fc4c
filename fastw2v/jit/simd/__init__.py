"""Vector instructions for kernels, and the same operations in NumPy."""
