"""Validated settings of a comparison, which all its rows share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from fastw2v.comparison.rows import ROWS, WORDS
from fastw2v.errors import SettingsError, did_you_mean, parameter
from fastw2v.settings import Settings

_OF_TRAINING = (
    "size", "window", "epochs", "negative", "sample", "min_count", "max_vocab", "threads", "seed",
)  # fmt: skip


@dataclass(frozen=True)
class ComparisonSettings:
    """Settings of a comparison; those of one name are the hyper-parameters of `fastw2v.train`.

    words: use only the first so many words of the text; 0: all.
    size: dimensions of all vectors but the sparse ones, which have as many as words.
    window: of counts and of word2vec. epochs: of word2vec and of the neural language models.
    negative: negative samples. sample: the threshold of the rows with sub-sampling.
    only: keys of the rows to run, see `fastw2v.comparison.rows`; none: all.

    Raises SettingsError if a value is out of range.

        >>> ComparisonSettings(words=500_000, only=("ppmi", "ppmi-svd")).size
        100
    """

    words: int = WORDS
    size: int = 100
    window: int = 5
    epochs: int = 5
    negative: int = 5
    sample: float = 1e-3
    min_count: int = 5
    max_vocab: int | None = None
    threads: int | None = None
    seed: int = 1
    only: Sequence[str] = ()

    def __post_init__(self) -> None:
        shared = Settings(**{name: getattr(self, name) for name in _OF_TRAINING})
        object.__setattr__(self, "threads", shared.threads)
        object.__setattr__(self, "only", tuple(self.only))
        if type(self.words) is not int or self.words < 0:
            raise SettingsError(
                f"{parameter('words')} is {self.words!r}; it must be a whole number, 0 for all"
            )
        for name, value in (("negative", self.negative), ("sample", self.sample)):
            if not value:
                raise SettingsError(
                    f"{parameter(name)} is 0, but some rows need it: give a number above 0"
                )
        for key in self.only:
            if key not in ROWS:
                hint = did_you_mean(key, ROWS) or f"; they are: {', '.join(ROWS)}"
                raise SettingsError(f"{parameter('only')}: there is no row {key!r}{hint}")

    def of_rows(self) -> dict[str, Any]:
        """What the result of a row depends on, for JSON."""
        return {
            name: value for name, value in asdict(self).items() if name not in ("only", "words")
        }
