"""The settings of neural language models, checked."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from fastw2v.errors import SettingsError, TrainingError, parameter
from fastw2v.parameters import Parameter, check_value
from fastw2v.settings import SOFTMAX_LIMIT, Settings

MODELS = ("feedforward", "recurrent")
SMALL_VOCABULARY = 10_000  # words up to which the full softmax is the default
_OF_ONE = {"feedforward": ("order", "hidden", "direct"), "recurrent": ("bptt",)}
_DEFAULTS = {"order": 5, "hidden": 100, "bptt": 10}
_OWN = {
    "model": Parameter("", str, choices=MODELS),
    "order": Parameter("", int, low=2, high=100),
    "hidden": Parameter("", int, low=1, high=65_536),
    "direct": Parameter("", bool),
    "bptt": Parameter("", int, low=1, high=1_000),
    "alpha": Parameter("", float, low=1e-12, high=1e6),
}


@dataclass(frozen=True)
class LanguageModelSettings:
    """The hyper-parameters of a neural language model.

    model: "feedforward" (Bengio et al. 2003) or "recurrent" (Mikolov et al. 2010).
    size: dimensions of the word vectors; of the recurrent model also the hidden units.
    order, hidden, direct: of the feed-forward model: words with the predicted one, hidden units,
        whether the vectors are connected with the output directly, too.
    bptt: of the recurrent model: words through which errors are propagated back.
    hs, softmax: hierarchical or full softmax; neither: by the size of the vocabulary.
    alpha: learning rate at the start, which decreases linearly to almost 0.
    epochs, seed, min_count, max_vocab, threads: as for a training; threads only read the text.

    Settings of the other model are None. Raises SettingsError.
    """

    model: str = "feedforward"
    size: int = 100
    hidden: int | None = None
    order: int | None = None
    direct: bool = False
    bptt: int | None = None
    hs: bool = False
    softmax: bool = False
    epochs: int = 5
    alpha: float = 0.1
    seed: int = 1
    min_count: int = 5
    max_vocab: int | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        check_value("model", _OWN["model"], self.model)
        for model, names in _OF_ONE.items():
            for name in names:
                value = getattr(self, name)
                if value is None or value is False:
                    continue
                if model != self.model:
                    raise SettingsError(
                        f"{parameter(name)} is of {parameter('model', model)}, but the model is "
                        f"{self.model}: drop one of the two"
                    )
        for name in _OF_ONE[self.model]:
            if getattr(self, name) is None:
                object.__setattr__(self, name, _DEFAULTS[name])
        for name, known in _OWN.items():
            if getattr(self, name) is not None:
                check_value(name, known, getattr(self, name))
        if self.softmax and self.hs:
            raise SettingsError(
                f"{parameter('softmax')} replaces {parameter('hs')}: use one of the two, not both"
            )
        names = ("size", "epochs", "seed", "min_count", "max_vocab", "threads", "hs", "softmax")
        shared = Settings(**{name: getattr(self, name) for name in names})
        object.__setattr__(self, "threads", shared.threads)

    def with_output_layer(self, words: int) -> LanguageModelSettings:
        """The same with ``hs`` or ``softmax``, for so many words. Raises TrainingError if they are
        too many for the full softmax."""
        if self.softmax and words > SOFTMAX_LIMIT:
            raise TrainingError(
                f"the full softmax sums over all {words:,} words for every word of the text, and "
                f"{SOFTMAX_LIMIT:,} is the limit: set {parameter('max_vocab', SOFTMAX_LIMIT)} or "
                f"a higher {parameter('min_count')}, or drop {parameter('softmax')}"
            )
        if self.hs or self.softmax:
            return self
        return replace(self, softmax=words <= SMALL_VOCABULARY, hs=words > SMALL_VOCABULARY)

    @property
    def is_recurrent(self) -> bool:
        return self.model == "recurrent"

    @property
    def context(self) -> int:
        """Words before a word that the network sees at once."""
        return 1 if self.order is None else self.order - 1

    @property
    def units(self) -> int:
        """Hidden units."""
        return self.size if self.hidden is None else self.hidden

    # What `fastw2v.training.loop` asks all settings for.
    min_alpha = None
    exact = False

    def as_dict(self) -> dict[str, Any]:
        """The settings by name, for reports and files."""
        return asdict(self)
