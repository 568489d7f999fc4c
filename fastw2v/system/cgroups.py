"""Resource limits of a container: the control groups of Linux, versions 1 and 2.

A process is in a group for each kind of resource, and bound by the limits of that group and of all
its ancestors. Version 2 has one tree of groups for all kinds, version 1 a tree for each kind.
"""

from collections.abc import Iterator
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")


def groups(kind: str) -> Iterator[Path]:
    """The folders of this process's groups for ``kind`` ("cpu", "memory"), the innermost first.

    In a container the outer groups are not visible: the file may then name a folder that does not
    exist, and the container's own group appears as the root.
    """
    try:
        lines = OWN.read_text().splitlines()
    except OSError:
        lines = []
    seen = set()
    for line in [*lines, "0::/", f"0:{kind}:/"]:
        _, kinds, name = [*line.split(":", 2), "", "", ""][:3]
        if not name:
            continue
        if kinds == "":
            trees = [ROOT, ROOT / "unified"]
        elif kind in kinds.split(","):
            trees = [ROOT / kinds, ROOT / kind]
        else:
            continue
        for tree in trees:
            own = tree / name.lstrip("/")
            for folder in (own, *own.parents):
                if folder not in seen and folder.is_relative_to(tree):
                    seen.add(folder)
                    yield folder


def numbers(folder: Path, *names: str) -> list[float] | None:
    """The numbers in these files of a group, "max" as infinity; None if one is missing."""
    try:
        return [
            float(each.replace("max", "inf")) for name in names for each in _words(folder, name)
        ]
    except (OSError, ValueError):
        return None


def _words(folder: Path, name: str) -> list[str]:
    return (folder / name).read_text().split()
