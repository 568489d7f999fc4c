"""Python's warnings as a command shows them: one line each, without a place in the source."""

import warnings

from fastw2v.standard_streams import tell


def show_in_one_line() -> None:
    """Show all warnings of this process so. For commands, not for library code."""
    warnings.showwarning = _show


def _show(message, category, filename, lineno, file=None, line=None) -> None:  # type: ignore[no-untyped-def]
    tell(f"Warning: {message}")
