"""SIMD: vector instructions for compiled kernels, and the same operations in NumPy.

`lanes` is for vectors of float32, `text_bytes` for text; `width` says how wide a vector is.
"""
