"""Where compiled code counts references to arrays: in a loop this may take longer than its work."""

import re

_FUNCTION = re.compile(r"^define [^\n]*\{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_LABEL = re.compile(r'^"?([\w.$-]+)"?:')
_TARGET = re.compile(r'label %"?([\w.$-]+)"?')
_COUNTED = ("@NRT_incref", "@NRT_decref")


def counted_in_loops(llvm: str) -> int:
    """How many instructions in loops count references. llvm: optimized, of a compiled function.

    A block is in a loop if it can be reached from its own end.
    """
    return sum(
        sum(any(name in line for name in _COUNTED) for line in lines)
        for body in _FUNCTION.findall(llvm)
        for lines in _blocks_in_loops(_blocks(body))
    )


def _blocks(body: str) -> dict[str, list[str]]:
    """The lines of each basic block, by its label; the first may have none."""
    found: dict[str, list[str]] = {}
    label = ""
    for line in body.splitlines():
        begun = _LABEL.match(line)
        if begun:
            label = begun[1]
        found.setdefault(label, []).append(line)
    return found


def _blocks_in_loops(blocks: dict[str, list[str]]) -> list[list[str]]:
    after = {label: _TARGET.findall("\n".join(lines)) for label, lines in blocks.items()}
    return [lines for label, lines in blocks.items() if label in _reached(after, label)]


def _reached(after: dict[str, list[str]], label: str) -> set[str]:
    found: set[str] = set()
    left = list(after[label])
    while left:
        each = left.pop()
        if each not in found:
            found.add(each)
            left.extend(after.get(each, ()))
    return found
