"""Items and vectors as users give them: one, several, or what is neither."""

from collections.abc import Sequence
from numbers import Integral
from typing import Any

import numpy as np

from fastw2v.errors import FormatError, SettingsError, parameter
from fastw2v.io.encoding import word_of
from fastw2v.matrix.arrays import Array

Item = str | bytes | int | np.integer[Any]
"""A word, or an integer, which means the word of its decimal digits."""
Term = Item | Array
"""An item, or a vector, (D,)."""
Query = Term | Sequence[Term]


def terms_of(query: object) -> list[Any]:
    """The items and vectors of a query: one, or several in a sequence.

    A matrix is several vectors; an array of words is several items. A dictionary is several items,
    its keys. What is neither is left to `Vectors.row`, which names it.
    """
    if query is None:
        return []
    if word_of(query) is not None or (isinstance(query, np.ndarray) and _is_vector(query)):
        return [query]
    try:
        return list(query)  # type: ignore[call-overload, no-any-return]
    except TypeError:
        return [query]


def given_list(items: object, name: str) -> list[Any]:
    """The items or vectors of an argument called ``name``. Raises SettingsError for a single one.

    A text that was not split would otherwise be a list of letters.
    """
    if word_of(items) is not None or not hasattr(items, "__iter__"):
        hint = ", for example text.split()" if isinstance(items, str) and " " in items else ""
        raise SettingsError(f"{parameter(name)} is {items!r:.60}; give a list of words{hint}")
    if isinstance(items, np.ndarray) and items.ndim == 1:
        return items.tolist()  # type: ignore[no-any-return]
    return terms_of(items)


def wanted_count(n: object, name: str) -> int:
    """``n`` as int. Raises SettingsError that calls it ``name`` if it is no whole number."""
    if not isinstance(n, Integral) or isinstance(n, bool):
        raise SettingsError(f"{parameter(name)} is {n!r}; it must be a whole number")
    return int(n)


def _is_vector(array: Array) -> bool:
    return array.ndim < 2 and array.dtype.kind not in "USO"


def spelled_items(items: Sequence[Item]) -> list[str]:
    """The words of items. Raises FormatError for what is none."""
    items = list(items)
    words = [item if type(item) is str else word_of(item) for item in items]
    if None in words:
        item = items[words.index(None)]
        raise FormatError(f"{item!r:.60} is not a word; give str, bytes or integers")
    return words  # type: ignore[return-value]
