"""Calls from compiled code to whichever output layers are in use.

Which these are is known from the type of ``layers``: a field not in use is None. So the calls are
chosen while the caller is compiled, and a layer that is not there costs nothing.

Numba itself would need each layer as an argument of its own: it removes ``if layer is not None:``
for an argument that is None, and not for a field of an argument, where it would then try to
compile what follows for None.
"""

from collections.abc import Callable, Iterable

from numba import types

from fastw2v.jit.borrowed import BorrowedType
from fastw2v.jit.compiled import compiled, inlined_by_type

Hooks = list[tuple[str, Callable]]


def for_each(hooks: Iterable[tuple[str, Callable | None]]) -> Callable:
    """A function for compiled code: ``call(layers, ...)`` is ``hook(layer, ...)`` of each in use.

    hooks: (field of ``layers``, compiled function or None), in the order of the calls.
    """
    return _dispatcher(hooks, _nothing, _call_two)


def sum_over(hooks: Iterable[tuple[str, Callable | None]]) -> Callable:
    """As `for_each`; ``call`` returns the sum of what the hooks return, 0.0 for no layer."""
    return _dispatcher(hooks, _zero, _add_two)


def _dispatcher(hooks, none, combine) -> Callable:
    known = [(name, hook) for name, hook in hooks if hook is not None]

    def choose(layers, *arguments):
        """The function for layers of this Numba type."""
        owned = layers.owned if isinstance(layers, BorrowedType) else layers
        fields = dict(zip(owned.fields, owned.types, strict=True))
        return _chain([each for each in known if fields[each[0]] is not types.none])

    def _chain(hooks: Hooks):
        if not hooks:
            return none
        (name, hook), *others = hooks
        first = _on_field(name, hook)
        return combine(first, _chain(others)) if others else first

    def call(layers, *arguments):
        """The same for the JIT switched off."""
        return _chain([each for each in known if getattr(layers, each[0]) is not None])(
            layers, *arguments
        )

    return inlined_by_type(call, choose)


def _on_field(name: str, hook):
    @compiled(inline=True)
    def call(layers, *arguments):
        return hook(getattr(layers, name), *arguments)

    return call


def _call_two(first, second):
    @compiled(inline=True)
    def call(layers, *arguments):
        first(layers, *arguments)
        second(layers, *arguments)

    return call


def _add_two(first, second):
    @compiled(inline=True)
    def call(layers, *arguments):
        return first(layers, *arguments) + second(layers, *arguments)

    return call


@compiled(inline=True)
def _nothing(layers, *arguments):
    pass


@compiled(inline=True)
def _zero(layers, *arguments):
    return 0.0
