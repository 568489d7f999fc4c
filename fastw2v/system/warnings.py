"""Python's warnings as a command shows them: one line each, without a place in the source."""

import sys
import warnings
from contextlib import suppress

from fastw2v.errors import one_line


def show_in_one_line() -> None:
    """Show all warnings of this process so. For commands, not for library code."""
    warnings.showwarning = _show


def _show(message, category, filename, lineno, file=None, line=None) -> None:  # type: ignore[no-untyped-def]
    with suppress(OSError, ValueError, AttributeError):  # closed, full, or never there
        print(f"Warning: {one_line(str(message))}", file=file or sys.stderr)
