"""Several outputs of one command: the failure of one costs no other."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastw2v.errors import OutputError, message_of


class Failures:
    """The errors of outputs that were tried one after the other."""

    def __init__(self) -> None:
        self._found: list[Exception] = []

    def add(self, error: Exception) -> None:
        """Note an error."""
        self._found.append(error)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Context manager that notes an error instead of passing it on. Not Ctrl-C."""
        try:
            yield
        except Exception as error:
            self.add(error)

    def raise_any(self) -> None:
        """Raise the error that was noted; of several, an OutputError that names them all."""
        if len(self._found) == 1:
            raise self._found[0]
        if self._found:
            messages = dict.fromkeys(map(message_of, self._found))
            raise OutputError("; ".join(messages)) from self._found[0]
