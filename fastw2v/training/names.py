"""Names that `fastw2v.train` takes from other programs: gensim, fastText, the command line.

Each means an argument of `train`, or is accepted because it has no effect here, or is refused
with the reason.
"""

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from fastw2v.errors import ArgumentError, SettingsError, near_names
from fastw2v.settings import PARAMETERS

if TYPE_CHECKING:
    from fastw2v.training.options import FilePath
    from fastw2v.training.text import CorpusLike


class OtherNames(TypedDict, total=False):
    """The names of other programs, for type checkers and editors."""

    # of the corpus
    sentences: "CorpusLike"
    corpus_iterable: "CorpusLike"
    corpus_file: "FilePath"
    input: "FilePath"
    # of hyper-parameters
    vector_size: int
    dim: int
    ws: int
    neg: int
    sg: int | bool
    cbow: int | bool
    loss: str
    lr: float
    start_alpha: float
    end_alpha: float
    iter: int
    epoch: int
    t: float
    minCount: int
    max_final_vocab: int | None
    workers: int
    thread: int
    ns_exponent: float
    shrink_windows: bool | int
    # without effect here, or with one value only
    cbow_mean: int | bool
    sorted_vocab: int | bool
    null_word: int | bool
    max_vocab_size: int | None
    trim_rule: None
    callbacks: Collection[Any] | None
    hashfxn: Callable[[str], int]
    batch_words: int
    compute_loss: bool
    comment: str | None
    total_examples: int | None
    total_words: int | None
    word_count: int
    queue_factor: int
    report_delay: float
    update: bool
    minn: int
    maxn: int


class Accepted(NamedTuple):
    """A name that has a meaning elsewhere and none here, unless it has an unusual value.

    values: those that change nothing; None: all of them.
    reason: why others are refused, and what to do instead.
    """

    values: tuple[Any, ...] | None
    reason: str = ""


WITHOUT_EFFECT: dict[str, Accepted] = {
    "cbow_mean": Accepted(
        (1,), "fastw2v trains CBOW with the mean of the context vectors, not their sum; drop it"
    ),
    "sorted_vocab": Accepted((1,), "the vocabulary is always sorted by count; drop it"),
    "null_word": Accepted((0,), "there is no word for padding; drop it"),
    "max_vocab_size": Accepted(
        (None,),
        "words are not dropped while they are counted; for a smaller vocabulary set min_count or "
        "max_vocab",
    ),
    "trim_rule": Accepted(
        (None,),
        "leave the words out of the sentences, or list the words to keep in a file for read_vocab",
    ),
    "callbacks": Accepted(
        (None, (), []), "give a function as epoch_end, which is called after each epoch"
    ),
    "hashfxn": Accepted(None),  # vectors begin with random numbers of `seed`, as in gensim 4
    "batch_words": Accepted(None),  # sizes of gensim's jobs
    "queue_factor": Accepted(None),
    "compute_loss": Accepted(None),  # it is always measured: `vectors.report["loss"]`
    "comment": Accepted(None),
    "total_examples": Accepted(None),  # the whole corpus is read before the first epoch
    "total_words": Accepted(None),
    "word_count": Accepted((0,), "to continue a training use checkpoint and resume"),
    "report_delay": Accepted(None),
    "update": Accepted((0,), "to start from existing vectors use init"),
    "minn": Accepted((0,), "character n-grams are not trained; drop it"),
    "maxn": Accepted((0,), "character n-grams are not trained; drop it"),
}

_CORPUS = ("sentences", "corpus_iterable", "corpus_file", "input")
_RENAMED = {"start_alpha": "alpha", "end_alpha": "min_alpha"} | dict.fromkeys(_CORPUS, "corpus")


def _switch(name: str, value: Any) -> bool:
    """A switch, which other programs write as 0 or 1."""
    plain = value.item() if hasattr(value, "item") else value  # a number of NumPy
    if isinstance(plain, (bool, int)) and plain in (0, 1):
        return bool(plain)
    raise SettingsError(f"{name} is {value!r:.60}; it must be 0 or 1")


def _of_loss(value: Any) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {
        "ns": {},
        "hs": {"hs": True, "negative": 0},
        "softmax": {"softmax": True},
    }
    if not isinstance(value, str) or value not in found:
        raise SettingsError(f"loss is {value!r:.60}; it must be ns, hs or softmax")
    return found[value]


# Names whose values are written otherwise here: name -> arguments of `train`.
_CONVERTED: dict[str, Callable[[Any], dict[str, Any]]] = {
    "sg": lambda value: {"model": "skipgram" if _switch("sg", value) else "cbow"},
    "cbow": lambda value: {"model": "cbow" if _switch("cbow", value) else "skipgram"},
    "shrink_windows": lambda value: {
        "window_mode": "shrink" if _switch("shrink_windows", value) else "fixed"
    },
    "loss": _of_loss,
}


def _renamed() -> dict[str, str]:
    """Names that mean one argument with the same values -> that argument."""
    found = dict(_RENAMED)
    for name, parameter in PARAMETERS.items():
        others = [*parameter.aliases, parameter.c, parameter.gensim, parameter.fasttext]
        for other in others:
            spelled = other.lstrip("-").replace("-", "_")
            if spelled.isidentifier() and spelled not in (name, *_CONVERTED):
                found[spelled] = name
    return found


RENAMED = _renamed()
KNOWN = frozenset({*RENAMED, *_CONVERTED, *WITHOUT_EFFECT})
"""All names that `resolved` knows besides the arguments themselves."""


def resolved(
    given: Mapping[str, Any], own: Collection[str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The arguments of `train` meant by those ``given`` by name, and how the user wrote them.

    own: the names that `train` itself has. The second result maps an argument to the name that was
    given for it, for messages.

    Raises ArgumentError for a name that nobody has, or two for one argument, and SettingsError for
    a value that has no meaning here.
    """
    arguments: dict[str, Any] = {}
    written: dict[str, str] = {}
    for name, value in given.items():
        if name not in own and name in WITHOUT_EFFECT:
            _check_without_effect(name, value, given)
            continue
        for argument, meant in _meaning(name, value, own).items():
            if argument in arguments:
                raise ArgumentError(
                    f"{written[argument]} and {name} set the same argument, {argument}: give one "
                    "of the two"
                )
            arguments[argument], written[argument] = meant, name
    return arguments, written


def _meaning(name: str, value: Any, own: Collection[str]) -> dict[str, Any]:
    if name == "hs":
        return {name: _switch(name, value)}
    if name in own:
        return {name: value}
    if name in _CONVERTED:
        return _CONVERTED[name](value)
    if name in RENAMED:
        if value is None and RENAMED[name] == "corpus":  # gensim has two such arguments
            return {}
        return {RENAMED[name]: value}
    near = near_names(name, [*own, *KNOWN])
    hint = f"did you mean {near[0]}?" if near else "help(fastw2v.train) lists all"
    raise ArgumentError(f"train has no argument {name!r:.60}; {hint}")


def _check_without_effect(name: str, value: Any, given: Mapping[str, Any]) -> None:
    values, reason = WITHOUT_EFFECT[name]
    if values is None or any(type(value) is type(each) and value == each for each in values):
        return
    if isinstance(value, (bool, int)) and int(value) in [each for each in values if each != ()]:
        return
    if name == "cbow_mean" and _is_skipgram(given):
        return
    raise SettingsError(f"{name}={value!r:.60} is not available: {reason}")


def _is_skipgram(given: Mapping[str, Any]) -> bool:
    return given.get("model") == "skipgram" or given.get("sg") == 1 or given.get("cbow") == 0
