"""Submodules as attributes, imported on first use: ``fastw2v.phrases`` after ``import fastw2v``.

A package's ``__getattr__`` and ``__dir__`` are made of these functions, or by `lazy`.
"""

import importlib
import pkgutil
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def names_of(package: str) -> list[str]:
    """The public submodules of an imported package, sorted."""
    path = getattr(sys.modules[package], "__path__", [])
    names = (module.name for module in pkgutil.iter_modules(path))
    return sorted(name for name in names if not name.startswith("_"))


def submodule(package: str, name: str) -> ModuleType:
    """The submodule ``name`` of an imported package. Raises AttributeError, with the near name."""
    names = [] if name.startswith("_") else names_of(package)
    if name in names:
        return importlib.import_module(f"{package}.{name}")
    problem = f"module {package!r} has no attribute {name!r}"
    if names:
        from difflib import get_close_matches  # rarely needed, and slow to import

        known = [*names, *getattr(sys.modules[package], "__all__", [])]
        near = get_close_matches(name, known, n=1)
        problem += f"; did you mean {near[0]!r}?" if near else ""
    raise AttributeError(problem, name=name, obj=sys.modules[package])


def lazy(package: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` for a package with submodules."""

    def get(name: str) -> Any:
        return submodule(package, name)

    def names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names_of(package)})

    return get, names
