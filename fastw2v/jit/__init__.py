"""Everything that knows Numba from the inside; read this room again at every Numba release."""
