"""Draw which part of the package imports which: `bin/imports`.

A *room* is a folder of ``fastw2v/`` or a module at its top level. `ORDER` lists the rooms from the
bottom up: a module may import from its own room and from the rooms before it. All imports count,
also those inside functions and those for type checkers. Needs the standard library alone.
"""

import ast
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "fastw2v"

ORDER = (
    "version",
    "submodules",
    "errors",
    "standard_streams",
    "prompts",
    "exits",
    "progress",
    "system",
    "parameters",
    "settings",
    "matrix",
    "ranks",
    "io",
    "jit",
    "model",
    "tables",
    "corpus",
    "kernels",
    "gpu",
    "engines",
    "formats",
    "sentences",
    "vectors",
    "evaluation",
    "training",
    "planning",
    "tokens",
    "counts",
    "language_models",
    "phrases",
    "classes",
    "pages",
    "mapping",
    "watching",
    "comparison",
    "c_tools",
    "commands",
    "cli",
    "docs",
    "__main__",
    "__init__",
)

Imports = Mapping[str, set[str]]
"""Module -> the other modules of the package that it imports."""


def modules(package: Path = PACKAGE) -> dict[str, Path]:
    """The files of all modules by their dotted names, those of packages without ``__init__``."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        *folders, name = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(folders if name == "__init__" else [*folders, name])] = path
    return found


def imports(package: Path = PACKAGE) -> dict[str, set[str]]:
    """The imports between the modules of ``package``."""
    paths = modules(package)
    return {
        name: set(_imported(path.read_text("utf-8"), paths)) - {name}
        for name, path in paths.items()
    }


def _imported(source: str, known: Collection[str]) -> Iterator[str]:
    """Yield the modules among ``known`` that a source file imports."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [_origin(node.module or "", alias.name, known) for alias in node.names]
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            names = [_constant_part(node.args[0])]
        else:
            continue
        yield from (name for name in names if name in known)


def _origin(module: str, name: str, known: Collection[str]) -> str:
    """What ``from module import name`` imports: a module of that name, or ``module``."""
    return f"{module}.{name}" if f"{module}.{name}" in known else module


def _constant_part(name: ast.expr) -> str:
    """The package in ``import_module(f"package.{module}")``; any module of it may be meant."""
    first = name.values[0] if isinstance(name, ast.JoinedStr) else name
    return str(first.value).rstrip(".") if isinstance(first, ast.Constant) else ""


def room(module: str) -> str:
    """The room of a module: ``room("fastw2v.io.files") == "io"``."""
    return module.split(".")[1] if "." in module else "__init__"


def arrows(found: Imports) -> dict[str, Counter[str]]:
    """Room -> the other rooms it imports from, with the number of imports."""
    drawn: dict[str, Counter[str]] = {room(module): Counter() for module in found}
    for module, imported in found.items():
        drawn[room(module)].update(room(each) for each in imported if room(each) != room(module))
    return drawn


def upward(found: Imports) -> list[str]:
    """One line for each import from a room above, and for each room that `ORDER` does not name."""
    unknown = sorted({room(module) for module in found} - set(ORDER))
    if unknown:
        return [f"{name}: not in ORDER" for name in unknown]
    return [
        f"{module} imports {each}, which is above it"
        for module, imported in found.items()
        for each in sorted(imported)
        if ORDER.index(room(each)) > ORDER.index(room(module))
    ]


def circle(found: Imports) -> list[str]:
    """Modules that import one another in a circle, the first named again last; [] if none do."""
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def picture(found: Imports) -> str:
    """The rooms from the top down, each with its modules, lines and the rooms it imports from."""
    drawn, paths = arrows(found), modules()
    lines = []
    for name in sorted(drawn, key=ORDER.index, reverse=True):
        own = [module for module in found if room(module) == name]
        length = sum(len(paths[module].read_text("utf-8").splitlines()) for module in own)
        below = sorted(drawn[name], key=ORDER.index, reverse=True)
        targets = " ".join(f"{each}:{drawn[name][each]}" for each in below)
        size = f"{len(own):3} modules {length:5} lines"
        lines.append(f"{name:<11}{size}{'  -> ' if targets else ''}{targets}")
    return "\n".join(lines)


def main() -> None:
    """Print the picture and what is wrong with it; exit code 1 if anything is."""
    found = imports()
    faults = upward(found)
    loop = circle(found)
    if loop:
        faults.append("a circle: " + " -> ".join(loop))
    if not any(fault.endswith("not in ORDER") for fault in faults):
        print(picture(found))
    drawn = arrows(found)
    print(
        f"\n{len(drawn)} rooms, {sum(map(len, drawn.values()))} arrows between them; "
        f"{len(found)} modules, {sum(map(len, found.values()))} imports; "
        f"{'no circle, none upward' if not faults else 'faults:'}"
    )
    sys.exit("\n".join(faults) or 0)


if __name__ == "__main__":
    main()
