"""The documentation of `fastw2v.train`, with that of all its arguments."""

import inspect
import re
import textwrap

from fastw2v.settings import PARAMETERS
from fastw2v.training.names import RENAMED
from fastw2v.training.options import TrainingOptions

_ABOUT = """
Train word vectors; returns them with the training's report as their ``report``.

    >>> import fastw2v
    >>> baskets = [["bread", "butter", "jam"], ["nails", "hammer", "saw"]] * 500
    >>> vectors = fastw2v.train(baskets, model="skipgram", size=20, sample=0, threads=1)
    >>> sorted(word for word, _ in vectors.similar("bread", n=2))
    ['butter', 'jam']

corpus: a path, several paths, or any iterable of token lists (tokens: str, bytes or int). A
    table or an iterable of rows that are mappings, with ``column``: frames of pandas and
    polars, tables and record batches of pyarrow, datasets of Hugging Face, `csv.DictReader`;
    fields are strings, which are split at whitespace, or token lists.
progress: None shows it on terminals and in notebooks, True also elsewhere, as a line every
    few seconds; False is silent. A function is called with a `fastw2v.progress.Report` at
    most ten times per second; what it raises ends the training and is passed on.
other_names: the names of other programs, see below.

Raises `FastW2VError`: an argument that does not exist, settings out of range, a corpus that
cannot be read or has nothing to train on, a checkpoint that does not fit, vectors that
diverge.

Sources: Mikolov et al., Efficient Estimation of Word Representations in Vector Space (2013),
sections 3 and 4 (CBOW, skip-gram); Mikolov et al., Distributed Representations of Words and
Phrases and their Compositionality (2013), section 2 (negative sampling, sub-sampling,
hierarchical softmax).
"""


def manual() -> str:
    """The documentation of `train`: each argument has the meaning that is written where it is
    defined, in `Settings` or `TrainingOptions`."""
    lines = []
    for name, each in PARAMETERS.items():
        meaning = re.sub("--([a-z-]+)", lambda option: option[1].replace("-", "_"), each.meaning)
        text = f"{name}: {meaning}"
        lines.append(textwrap.fill(text, 94, initial_indent="", subsequent_indent="    "))
    _, _, options = (inspect.getdoc(TrainingOptions) or "").partition("\n\n")
    parts = [_ABOUT.strip(), "Hyper-parameters:", "\n".join(lines)]
    others: dict[str, list[str]] = {}
    for other, name in RENAMED.items():
        others.setdefault(name, []).append(other)
    renamed = "; ".join(f"{', '.join(names)} = {name}" for name, names in others.items())
    names = (
        f"Names of gensim, fastText and the C program are understood: {renamed}; sg, cbow (0 or 1) "
        "and loss (ns, hs, softmax) choose the model; shrink_windows the window_mode. Their names "
        "that have no effect here are accepted, others refused with the reason."
    )
    return "\n\n".join([*parts, "Other options:", options, textwrap.fill(names, 94)])
