"""All hyper-parameters: default, range, meaning, and names in other programs, each defined once.

The command line, the Python function `train` and the documentation are all made from the
fields of `Settings`.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from fastw2v.errors import SettingsError, parameter
from fastw2v.parameters import Parameter, check_value, described
from fastw2v.system.cores import usable_cores

_NOT_IN_C = (
    "softmax", "nce", "replicas", "cbow_update", "window_mode", "context", "no_sentence_end",
    "noise_exponent", "seed", "min_alpha",
)  # fmt: skip
_NOT_ON_GPU = ("exact", "deterministic", "softmax", "nce", "replicas")
GPU_SIZE_LIMIT = 1_024  # dimensions
SOFTMAX_LIMIT = 50_000  # words; a full softmax over more is too slow to be useful


@dataclass(frozen=True)
class Settings:
    """The hyper-parameters of a training, checked.

    ``alpha`` and ``threads`` are never None after construction: the defaults that depend on
    other settings are filled in. Raises `SettingsError` if a value is out of range or two
    settings contradict each other.

        >>> settings = fastw2v.Settings(model="skipgram", size=300)
        >>> settings.alpha, settings.window
        (0.025, 5)
    """

    model: str = described(
        "cbow",
        "Architecture: cbow predicts a word from its context, skipgram the context from the word.",
        str,
        choices=("cbow", "skipgram"),
        c="-cbow",
        gensim="sg",
        fasttext="cbow|skipgram",
    )
    size: int = described(
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
    window: int = described(
        5,
        "Maximum number of context words on each side of the centre word.",
        int,
        low=1,
        high=1_000,
        c="-window",
        gensim="window",
        fasttext="-ws",
    )
    negative: int = described(
        5,
        "Number of negative samples per training pair; 0 turns negative sampling off.",
        int,
        low=0,
        high=1_000,
        c="-negative",
        gensim="negative",
        fasttext="-neg",
    )
    hs: bool = described(
        False,
        "Use hierarchical softmax; combined with negative sampling unless --negative is 0.",
        bool,
        c="-hs",
        gensim="hs",
        fasttext="-loss hs",
    )
    softmax: bool = described(
        False,
        f"Use the full softmax instead; for vocabularies of up to {SOFTMAX_LIMIT:,} words.",
        bool,
        fasttext="-loss softmax",
    )
    nce: bool = described(
        False,
        "Use noise-contrastive estimation instead of negative sampling, with --negative samples.",
        bool,
    )
    sample: float = described(
        1e-3,
        "Sub-sampling threshold: randomly skip words of a higher relative frequency; 0 = off.",
        float,
        low=0,
        high=1e9,
        c="-sample",
        gensim="sample",
        fasttext="-t",
    )
    epochs: int = described(
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
    alpha: float = described(
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
    min_alpha: float | None = described(
        None,
        "Learning rate at the end.  [default: 1/10,000 of --alpha, as in the C program]",
        float,
        low=0,
        high=1e6,
        gensim="min_alpha",
    )
    min_count: int = described(
        5,
        "Ignore words that occur less often than this.",
        int,
        low=0,
        high=2**62,
        c="-min-count",
        gensim="min_count",
        fasttext="-minCount",
    )
    max_vocab: int | None = described(
        None,
        "Keep only the N most frequent words (not counting the sentence end </s>).",
        int,
        low=1,
        high=2**31 - 2,
        gensim="max_final_vocab",
    )
    threads: int = described(
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
    seed: int = described(
        1,
        "Random seed. Reproducible with one thread on the same kind of processor, or with "
        "--deterministic.",
        int,
        low=0,
        high=2**63 - 1,
        gensim="seed",
    )
    device: str = described(
        "cpu",
        "Where to train: cpu, or cuda for one NVIDIA GPU.",
        str,
        choices=("cpu", "cuda"),
    )
    exact: bool = described(
        False,
        "Reproduce the C program's output byte for byte; runs in one thread.",
        bool,
    )
    deterministic: bool = described(
        False,
        "Reproducible on every processor: same seed and thread count, same bytes; slower with "
        "several threads.",
        bool,
    )
    replicas: int | None = described(
        None,
        "Copies of the most frequent words' vectors that threads train and merge now and then: N "
        "of them, or one for each thread on large texts (auto).  [default: auto]",
        int,
        low=1,
        high=100_000,
        auto=True,
    )
    cbow_update: str = described(
        "reference",
        "CBOW update. reference: as the C program; corrected: error divided by the context size "
        "(true gradient).",
        str,
        choices=("reference", "corrected"),
    )
    window_mode: str = described(
        "shrink",
        "shrink: draw each window size from 1 to --window; fixed: always use --window.",
        str,
        choices=("shrink", "fixed"),
        gensim="shrink_windows",
    )
    context: str = described(
        "both",
        "Context words: those on both sides of the centre word, or only those to its left (before "
        "it) or right.",
        str,
        choices=("both", "left", "right"),
    )
    no_sentence_end: bool = described(
        False,
        "Write no row for the sentence end </s>; sentences still end at newlines.",
        bool,
    )
    noise_exponent: float = described(
        0.75,
        "Draw negative samples in proportion to word count raised to this power.",
        float,
        low=-10,
        high=10,
        gensim="ns_exponent",
    )

    def __post_init__(self) -> None:
        for name, known in PARAMETERS.items():
            value = getattr(self, name)
            if hasattr(value, "item"):  # a number of NumPy, which reports as JSON do not take
                object.__setattr__(self, name, value := value.item())
            if value is not None or default_of(name) is not None:
                check_value(name, known, value)
        if self.softmax:
            object.__setattr__(self, "negative", 0)
        if self.alpha is None:
            object.__setattr__(self, "alpha", 0.05 if self.model == "cbow" else 0.025)
        if self.min_alpha is not None and self.min_alpha > self.alpha:
            raise SettingsError(
                f"{parameter('min_alpha')} is {self.min_alpha:g}; it must not be more than "
                f"{parameter('alpha')}, {self.alpha:g}, from which the rate decreases to it"
            )
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
