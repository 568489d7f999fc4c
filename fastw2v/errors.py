"""Errors that a user can act on: one line that says where, what is wrong, and what to do."""

import re

_LONGEST = 10_000  # characters of a message; the longest path takes 4,096
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def one_line(message: str) -> str:
    """``message`` as one line: line ends and control characters are escaped."""
    if len(message) > _LONGEST:
        half = _LONGEST // 2
        message = f"{message[:half]} ... {message[-half:]}"
    return _UNPRINTABLE.sub(lambda match: ascii(match[0])[1:-1], message)


class FastW2VError(Exception):
    """Base of all errors this package raises on purpose.

    ``str(error)`` is one printable line: where, what is wrong, and what to do.
    """

    def __str__(self) -> str:
        return one_line(str(self.args[0]) if len(self.args) == 1 else super().__str__())


class SettingsError(FastW2VError, ValueError):
    """A setting is out of range, or two settings contradict each other."""


class CorpusError(FastW2VError):
    """A corpus cannot be read, or has nothing to train on."""


class VocabularyError(FastW2VError):
    """A vocabulary file is invalid or cannot be used."""


class FormatError(FastW2VError):
    """A file of vectors is invalid, damaged or of an unknown format."""


class UnknownWordError(FastW2VError, KeyError):
    """A word is not in the vocabulary."""


class OutputError(FastW2VError):
    """A file cannot be written."""


class TrainingError(FastW2VError):
    """Training cannot start or must stop."""


class CheckpointError(FastW2VError):
    """A checkpoint cannot be read, or does not match the corpus or the settings."""


class ResourceError(FastW2VError):
    """The work needs more memory or disk space than is available."""
