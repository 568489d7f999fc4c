"""A notice that code is compiled, the first time that this happens.

Numba calls the cache of a function without any context, and in whatever thread needs the function
first. So what is called then is kept here for the process: the second of its two pieces of global
state, besides the lock of `fastw2v.jit.threading_layer`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

_listeners: list[Callable[[], None]] = []


@contextmanager
def on_compiling(listener: Callable[[], None]) -> Iterator[None]:
    """Context manager: call ``listener`` once, before the first function is compiled in it."""
    _listeners.append(listener)
    try:
        yield
    finally:
        if listener in _listeners:
            _listeners.remove(listener)


def compiling() -> None:
    """To be called before a function is compiled whose code is kept afterwards."""
    while _listeners:
        _listeners.pop()()
