"""Every hyper-parameter once: default, range, meaning, and its names in other programs.

The command line, the Python function `train` and the documentation are all made from the
fields of `Settings`.
"""

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from fastw2v.errors import SettingsError
from fastw2v.system.cores import usable_cores

SOFTMAX_LIMIT = 50_000  # words; above, one full softmax per training pair would never end


@dataclass(frozen=True)
class Parameter:
    """What is known of one hyper-parameter besides its name and default."""

    meaning: str
    kind: type
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # further long options, without the dashes
    c: str = ""  # flag of the C program
    gensim: str = ""  # argument of gensim's Word2Vec
    fasttext: str = ""  # option of the fastText command

    @property
    def elsewhere(self) -> dict[str, str]:
        """Its names in the programs that have it, by ``c``, ``gensim`` and ``fasttext``."""
        names = {"c": self.c, "gensim": self.gensim, "fasttext": self.fasttext}
        return {program: name for program, name in names.items() if name}


def _parameter(default: Any, meaning: str, kind: type, **more) -> Any:
    return field(default=default, metadata={"parameter": Parameter(meaning, kind, **more)})


@dataclass(frozen=True)
class Settings:
    """All that training depends on, checked.

    ``alpha`` and ``threads`` are never None after construction: the defaults that depend on
    other settings are filled in. Raises `SettingsError` where a value is out of range or two
    settings make no sense together.
    """

    model: str = _parameter(
        "cbow",
        "Architecture: cbow predicts a word from its window, skipgram the other way round.",
        str,
        choices=("cbow", "skipgram"),
        c="-cbow",
        gensim="sg",
        fasttext="cbow|skipgram",
    )
    size: int = _parameter(
        100,
        "Dimensions of the vectors.",
        int,
        low=1,
        high=65_536,
        aliases=("dim", "vector-size"),
        c="-size",
        gensim="vector_size",
        fasttext="-dim",
    )
    window: int = _parameter(
        5,
        "Words on each side of the centre word, at the most.",
        int,
        low=1,
        high=1_000,
        c="-window",
        gensim="window",
        fasttext="-ws",
    )
    negative: int = _parameter(
        5,
        "Negative samples; 0 turns negative sampling off.",
        int,
        low=0,
        high=1_000,
        c="-negative",
        gensim="negative",
        fasttext="-neg",
    )
    hs: bool = _parameter(
        False,
        "Hierarchical softmax; together with negative sampling unless --negative 0.",
        bool,
        c="-hs",
        gensim="hs",
        fasttext="-loss hs",
    )
    softmax: bool = _parameter(
        False,
        f"Full softmax instead of the two; for vocabularies up to {SOFTMAX_LIMIT:,} words.",
        bool,
        fasttext="-loss softmax",
    )
    sample: float = _parameter(
        1e-3,
        "Threshold of sub-sampling: words with a larger share of the text are thinned; 0 = off.",
        float,
        low=0,
        high=1e9,
        c="-sample",
        gensim="sample",
        fasttext="-t",
    )
    epochs: int = _parameter(
        5,
        "Passes over the corpus.",
        int,
        low=1,
        high=1_000_000,
        aliases=("iter",),
        c="-iter",
        gensim="epochs",
        fasttext="-epoch",
    )
    alpha: float | None = _parameter(
        None,
        "Learning rate at the start; falls linearly to nearly 0.  [default: .025; .05 for CBOW]",
        float,
        low=1e-12,
        high=1e6,
        aliases=("lr",),
        c="-alpha",
        gensim="alpha",
        fasttext="-lr",
    )
    min_count: int = _parameter(
        5,
        "Words seen less often are left out.",
        int,
        low=0,
        high=2**62,
        c="-min-count",
        gensim="min_count",
        fasttext="-minCount",
    )
    max_vocab: int | None = _parameter(
        None,
        "Keep the N commonest words (the sentence end </s> is not counted among them).",
        int,
        low=1,
        high=2**31 - 2,
        gensim="max_final_vocab",
    )
    threads: int | None = _parameter(
        None,
        "Threads.  [default: the cores this process may use]",
        int,
        low=1,
        high=100_000,
        aliases=("workers",),
        c="-threads",
        gensim="workers",
        fasttext="-thread",
    )
    seed: int = _parameter(
        1,
        "Seed of all random numbers. One thread and one seed: the same bytes.",
        int,
        low=0,
        high=2**63 - 1,
        gensim="seed",
    )
    exact: bool = _parameter(
        False,
        "Compute what the C program computes, bit for bit, in one thread.",
        bool,
    )
    deterministic: bool = _parameter(
        False,
        "The same bytes each time from the same number of threads, too; slower than without.",
        bool,
    )
    cbow_update: str = _parameter(
        "reference",
        "CBOW: add the whole error to each context word as C does, or its true share.",
        str,
        choices=("reference", "corrected"),
    )
    window_mode: str = _parameter(
        "shrink",
        "Draw each window's width from 1 to --window, or take --window always.",
        str,
        choices=("shrink", "fixed"),
        gensim="shrink_windows",
    )
    noise_exponent: float = _parameter(
        0.75,
        "Negative samples are drawn in proportion to count to this power.",
        float,
        low=-10,
        high=10,
        gensim="ns_exponent",
    )

    def __post_init__(self):
        for name, parameter in PARAMETERS.items():
            _check_range(name, parameter, getattr(self, name))
        if self.softmax:
            object.__setattr__(self, "negative", 0)
        if self.alpha is None:
            object.__setattr__(self, "alpha", 0.05 if self.model == "cbow" else 0.025)
        if self.exact:
            self._check_exact()
        if self.threads is None:
            object.__setattr__(self, "threads", 1 if self.exact else usable_cores())
        self._check_output_layers()

    @property
    def in_rounds(self) -> bool:
        """Whether shards train in rounds, so that they agree: one alone always does."""
        return self.deterministic and self.threads > 1

    def _check_output_layers(self):
        if self.softmax and self.in_rounds:
            raise SettingsError(
                "softmax trains all rows at every step, too many for each thread to have its own: "
                "with deterministic, give threads 1"
            )
        if self.softmax and self.hs:
            raise SettingsError("softmax takes the place of hs: give one of the two, not both")
        if not (self.softmax or self.hs or self.negative):
            raise SettingsError(
                "no output layer to train: negative is 0 and hs is off; "
                "give negative 5 or so, or turn hs on"
            )

    def _check_exact(self):
        unknown_to_c = {
            "softmax": self.softmax,
            "cbow_update corrected": self.cbow_update != "reference",
            "window_mode fixed": self.window_mode != "shrink",
            "noise_exponent": self.noise_exponent != 0.75,
            "seed": self.seed != 1,
            "more than one thread": self.threads not in (None, 1),
        }
        for what, asked in unknown_to_c.items():
            if asked:
                raise SettingsError(
                    f"exact repeats the C program in one thread, with which {what} "
                    "does not go: leave it out, or leave out exact"
                )

    def as_dict(self) -> dict[str, Any]:
        """The settings by name, for reports."""
        return asdict(self)


PARAMETERS: dict[str, Parameter] = {
    each.name: each.metadata["parameter"] for each in fields(Settings)
}


def default_of(name: str) -> Any:
    """The default of the hyper-parameter ``name`` (None: depends on other settings)."""
    return Settings.__dataclass_fields__[name].default


def _check_range(name: str, parameter: Parameter, value: Any) -> None:
    if value is None and default_of(name) is None:
        return
    if parameter.choices:
        if value not in parameter.choices:
            raise SettingsError(f"{name} is {value!r}; it must be {' or '.join(parameter.choices)}")
        return
    if parameter.kind is bool:
        if not isinstance(value, bool):
            raise SettingsError(f"{name} is {value!r}; it must be True or False")
        return
    whole = parameter.kind is int
    wanted = "a whole number" if whole else "a number"
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not parameter.low <= value <= parameter.high:
        bounds = f"from {parameter.low:g} to {parameter.high:g}"
        raise SettingsError(f"{name} is {value!r}; it must be {wanted} {bounds}")
