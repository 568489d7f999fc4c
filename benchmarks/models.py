"""Models and settings by our names, and as the programs' own options. Standard library only."""

from collections.abc import Mapping

MODELS = {
    "skipgram-ns": {"model": "skipgram", "negative": 5, "hs": False},
    "cbow-ns": {"model": "cbow", "negative": 5, "hs": False},
    "skipgram-hs": {"model": "skipgram", "negative": 0, "hs": True},
    "cbow-hs": {"model": "cbow", "negative": 0, "hs": True},
}
SIX_MODELS = {
    **MODELS,
    "skipgram-both": {"model": "skipgram", "negative": 5, "hs": True},
    "cbow-both": {"model": "cbow", "negative": 5, "hs": True},
}

# What every program is told outright where its own defaults might differ.
DEFAULTS = {
    "model": "cbow",
    "size": 100,
    "window": 5,
    "negative": 5,
    "hs": False,
    "sample": 1e-3,
    "epochs": 5,
    "min_count": 5,
    "threads": 1,
    "seed": 1,
}

# Our name of a setting -> the C program's flag. `model` and `hs` are in `c_options`.
C_FLAGS = {
    "size": "-size",
    "window": "-window",
    "negative": "-negative",
    "sample": "-sample",
    "epochs": "-iter",
    "alpha": "-alpha",
    "min_count": "-min-count",
    "threads": "-threads",
}


def c_options(settings: Mapping) -> list[str]:
    """The C program's options for ``settings``, which has our names (``model``, ``size``...)."""
    options = []
    for name, value in settings.items():
        if name == "model":
            options += ["-cbow", "1" if value == "cbow" else "0"]
        elif name == "hs":
            options += ["-hs", str(int(value))]
        else:
            options += [C_FLAGS[name], str(value)]
    return options


def our_options(settings: Mapping) -> list[str]:
    """Our options for ``settings``; True is a flag by itself, False is left out."""
    options = []
    for name, value in settings.items():
        option = "--" + name.replace("_", "-")
        if value is True:
            options.append(option)
        elif value is not False:
            options += [option, str(value)]
    return options


def full_settings(settings: Mapping) -> dict:
    """``settings`` with the defaults of the field for what they leave open."""
    full = {**DEFAULTS, **settings}
    full.setdefault("alpha", 0.05 if full["model"] == "cbow" else 0.025)
    return full
