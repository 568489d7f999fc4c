"""All hyper-parameters: default, range, meaning, and names in other programs, each defined once.

The command line, the Python function `train` and the documentation are all made from the
fields of `Settings`.
"""

import math
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from fastw2v.errors import SettingsError, parameter
from fastw2v.system.cores import usable_cores

_NOT_IN_C = (
    "softmax", "nce", "replicas", "cbow_update", "window_mode", "noise_exponent", "seed",
)  # fmt: skip
_NOT_ON_GPU = ("exact", "deterministic", "softmax", "nce", "replicas")
GPU_SIZE_LIMIT = 1_024  # dimensions
SOFTMAX_LIMIT = 50_000  # words; a full softmax over more is too slow to be useful


@dataclass(frozen=True)
class Parameter:
    """The description of one hyper-parameter, besides its name and default."""

    meaning: str
    kind: type
    low: float = -math.inf
    high: float = math.inf
    choices: tuple[str, ...] = ()
    auto: bool = False  # ``auto`` stands for None
    aliases: tuple[str, ...] = ()  # further long options, without the dashes
    c: str = ""  # flag of the C program
    gensim: str = ""  # argument of gensim's Word2Vec
    fasttext: str = ""  # option of the fastText command

    @property
    def elsewhere(self) -> dict[str, str]:
        """Its names in the programs that have it, by ``c``, ``gensim`` and ``fasttext``."""
        names = {"c": self.c, "gensim": self.gensim, "fasttext": self.fasttext}
        return {program: name for program, name in names.items() if name}


def _parameter(default: Any, meaning: str, kind: type, **more: Any) -> Any:
    return field(default=default, metadata={"parameter": Parameter(meaning, kind, **more)})


@dataclass(frozen=True)
class Settings:
    """The hyper-parameters of a training, checked.

    ``alpha`` and ``threads`` are never None after construction: the defaults that depend on
    other settings are filled in. Raises `SettingsError` if a value is out of range or two
    settings contradict each other.
    """

    model: str = _parameter(
        "cbow",
        "Architecture: cbow predicts a word from its context, skipgram the context from the word.",
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
        "Maximum number of context words on each side of the centre word.",
        int,
        low=1,
        high=1_000,
        c="-window",
        gensim="window",
        fasttext="-ws",
    )
    negative: int = _parameter(
        5,
        "Number of negative samples per training pair; 0 turns negative sampling off.",
        int,
        low=0,
        high=1_000,
        c="-negative",
        gensim="negative",
        fasttext="-neg",
    )
    hs: bool = _parameter(
        False,
        "Use hierarchical softmax; combined with negative sampling unless --negative is 0.",
        bool,
        c="-hs",
        gensim="hs",
        fasttext="-loss hs",
    )
    softmax: bool = _parameter(
        False,
        f"Use the full softmax instead; for vocabularies of up to {SOFTMAX_LIMIT:,} words.",
        bool,
        fasttext="-loss softmax",
    )
    nce: bool = _parameter(
        False,
        "Use noise-contrastive estimation instead of negative sampling, with --negative samples.",
        bool,
    )
    sample: float = _parameter(
        1e-3,
        "Sub-sampling threshold: randomly skip words of a higher relative frequency; 0 = off.",
        float,
        low=0,
        high=1e9,
        c="-sample",
        gensim="sample",
        fasttext="-t",
    )
    epochs: int = _parameter(
        5,
        "Number of passes over the corpus.",
        int,
        low=1,
        high=1_000_000,
        aliases=("iter",),
        c="-iter",
        gensim="epochs",
        fasttext="-epoch",
    )
    alpha: float = _parameter(
        None,
        "Initial learning rate; decreases linearly to almost 0.  [default: 0.025; cbow: 0.05]",
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
        "Ignore words that occur less often than this.",
        int,
        low=0,
        high=2**62,
        c="-min-count",
        gensim="min_count",
        fasttext="-minCount",
    )
    max_vocab: int | None = _parameter(
        None,
        "Keep only the N most frequent words (not counting the sentence end </s>).",
        int,
        low=1,
        high=2**31 - 2,
        gensim="max_final_vocab",
    )
    threads: int = _parameter(
        None,
        "Number of threads.  [default: the cores this process may use]",
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
        "Random seed. Reproducible with one thread on the same kind of processor, or with "
        "--deterministic.",
        int,
        low=0,
        high=2**63 - 1,
        gensim="seed",
    )
    device: str = _parameter(
        "cpu",
        "Where to train: cpu, or cuda for one NVIDIA GPU.",
        str,
        choices=("cpu", "cuda"),
    )
    exact: bool = _parameter(
        False,
        "Reproduce the C program's output byte for byte; runs in one thread.",
        bool,
    )
    deterministic: bool = _parameter(
        False,
        "Reproducible on every processor: same seed and thread count, same bytes; slower with "
        "several threads.",
        bool,
    )
    replicas: int | None = _parameter(
        None,
        "Copies of the most frequent words' vectors that threads train and merge now and then: N "
        "of them, or one for each thread on large texts (auto).  [default: auto]",
        int,
        low=1,
        high=100_000,
        auto=True,
    )
    cbow_update: str = _parameter(
        "reference",
        "CBOW update. reference: as the C program; corrected: error divided by the context size "
        "(true gradient).",
        str,
        choices=("reference", "corrected"),
    )
    window_mode: str = _parameter(
        "shrink",
        "shrink: draw each window size from 1 to --window; fixed: always use --window.",
        str,
        choices=("shrink", "fixed"),
        gensim="shrink_windows",
    )
    noise_exponent: float = _parameter(
        0.75,
        "Draw negative samples in proportion to word count raised to this power.",
        float,
        low=-10,
        high=10,
        gensim="ns_exponent",
    )

    def __post_init__(self) -> None:
        for name, known in PARAMETERS.items():
            _check_range(name, known, getattr(self, name))
        if self.softmax:
            object.__setattr__(self, "negative", 0)
        if self.alpha is None:
            object.__setattr__(self, "alpha", 0.05 if self.model == "cbow" else 0.025)
        if self.exact:
            self._check_exact()
        if self.threads is None:
            object.__setattr__(self, "threads", 1 if self.exact else usable_cores())
        self._check_output_layers()
        self._check_replicas()
        if self.device == "cuda":
            self._check_gpu()

    def _check_output_layers(self) -> None:
        if self.softmax and self.nce:
            raise SettingsError(
                f"{parameter('softmax')} replaces {parameter('nce')}: use one of the two, not both"
            )
        if self.nce and not self.negative:
            raise SettingsError(
                f"{parameter('nce')} needs noise samples: set {parameter('negative', 5)}, or drop "
                f"{parameter('nce')}"
            )
        if self.softmax and self.hs:
            raise SettingsError(
                f"{parameter('softmax')} replaces {parameter('hs')}: use one of the two, not both"
            )
        if not (self.softmax or self.hs or self.negative):
            raise SettingsError(
                f"no output layer to train: {parameter('negative')} is 0 and {parameter('hs')} is "
                f"off; set {parameter('negative', 5)} or {parameter('hs', True)}"
            )

    def _check_replicas(self) -> None:
        threads = self.threads
        if self.softmax and threads > 1 and (self.deterministic or (self.replicas or 1) > 1):
            name = "deterministic" if self.deterministic else "replicas"
            raise SettingsError(
                f"{parameter('softmax')} updates all output rows at every step, too many to copy "
                f"for each thread: with {parameter(name)}, set {parameter('threads', 1)}"
            )
        if self.replicas is None:
            return
        if self.replicas > threads:
            raise SettingsError(
                f"{parameter('replicas', self.replicas)} is more than {parameter('threads')}, "
                f"{threads}: each thread trains one at most"
            )
        if self.deterministic and self.replicas != threads:
            raise SettingsError(
                f"{parameter('deterministic')} needs a replica for each thread: set "
                f"{parameter('replicas', threads)}, or drop {parameter('replicas')}"
            )

    def _check_gpu(self) -> None:
        cuda = parameter("device", "cuda")
        for name in _NOT_ON_GPU:
            if getattr(self, name) != default_of(name):
                raise SettingsError(
                    f"{cuda} cannot be combined with {parameter(name)}: drop one of the two"
                )
        if self.size > GPU_SIZE_LIMIT:
            raise SettingsError(
                f"{parameter('size')} is {self.size}; with {cuda} it can be {GPU_SIZE_LIMIT} at "
                f"most: a lane of a GPU keeps its part of the rows in registers"
            )

    def _check_exact(self) -> None:
        exact = parameter("exact")
        if self.threads not in (None, 1):
            raise SettingsError(
                f"{exact} runs in one thread: set {parameter('threads', 1)}, or drop {exact}"
            )
        for name in _NOT_IN_C:
            if getattr(self, name) != default_of(name):
                raise SettingsError(
                    f"{exact} reproduces the C program, which has no {parameter(name)}: "
                    "drop one of the two"
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


def _check_range(name: str, known: Parameter, value: Any) -> None:
    if value is None and default_of(name) is None:
        return
    problem = f"{parameter(name)} is {value!r}; it must be"
    if known.choices:
        if value not in known.choices:
            raise SettingsError(f"{problem} {' or '.join(known.choices)}")
        return
    if known.kind is bool:
        if not isinstance(value, bool):
            raise SettingsError(f"{problem} True or False")
        return
    whole = known.kind is int
    wanted = "a whole number" if whole else "a number"
    is_number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not is_number or not known.low <= value <= known.high:
        raise SettingsError(f"{problem} {wanted} from {known.low:g} to {known.high:g}")
