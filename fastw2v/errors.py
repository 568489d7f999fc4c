"""Errors that a user can act on: one line that names the place and the remedy."""


class FastW2VError(Exception):
    """Base of all errors this package raises on purpose.

    ``str(error)`` is one line fit for a terminal: what is wrong, where, and what to do.
    """


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

    def __str__(self) -> str:  # KeyError would show the repr of the message
        return str(self.args[0])


class OutputError(FastW2VError):
    """A file that cannot be written."""


class TrainingError(FastW2VError):
    """Training that cannot start or must not go on."""


class CheckpointError(FastW2VError):
    """A checkpoint that cannot be read, or does not fit the corpus or the settings."""


class ResourceError(FastW2VError):
    """Work that does not fit in the memory or on the disk there is."""
