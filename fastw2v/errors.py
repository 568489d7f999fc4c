"""Errors that a user can act on: one line that names the place and the remedy."""

import re

_LONGEST = 10_000  # characters of a message; the longest path takes 4,096
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")  # for a line on a terminal


def one_line(message: str) -> str:
    """The message without line ends and control characters, which a path or word may bring in."""
    if len(message) > _LONGEST:
        half = _LONGEST // 2
        message = f"{message[:half]} ... {message[-half:]}"
    return _UNFIT.sub(lambda match: ascii(match[0])[1:-1], message)


class FastW2VError(Exception):
    """Base of all errors this package raises on purpose.

    ``str(error)`` is one line fit for a terminal: what is wrong, where, and what to do.
    """

    def __str__(self) -> str:
        return one_line(str(self.args[0]) if len(self.args) == 1 else super().__str__())


class SettingsError(FastW2VError, ValueError):
    """A hyper-parameter out of its range, or settings that make no sense together."""


class CorpusError(FastW2VError):
    """A corpus that cannot be read, or from which nothing can be trained."""


class VocabularyError(FastW2VError):
    """A vocabulary file that is not one, or cannot be used."""


class FormatError(FastW2VError):
    """A vector file that is not what its content claims to be."""


class UnknownWordError(FastW2VError, KeyError):
    """A word that is not in the vocabulary."""


class OutputError(FastW2VError):
    """A file that cannot be written."""


class TrainingError(FastW2VError):
    """Training that cannot start or must not go on."""


class CheckpointError(FastW2VError):
    """A checkpoint that cannot be read, or does not fit the corpus or the settings."""


class ResourceError(FastW2VError):
    """Work that does not fit in the memory or on the disk there is."""
