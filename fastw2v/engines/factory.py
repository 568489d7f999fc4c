"""Picks the engine that the settings ask for."""

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.exact import ExactEngine
from fastw2v.engines.protocol import NONE_FROZEN, Engine
from fastw2v.jit.simd.width import WIDTH
from fastw2v.model.matrices import Model
from fastw2v.settings import Settings


def new_engine(
    corpus: Corpus, model: Model, settings: Settings, frozen: np.ndarray = NONE_FROZEN
) -> Engine:
    """An engine ready for the first epoch; it owns ``model`` from now.

    frozen: (V,) bool, words whose input vectors are not to be moved; empty for none. The exact
    path has no frozen words.
    """
    if settings.exact:
        return ExactEngine(corpus, model, settings)
    return CpuEngine(corpus, model, settings, frozen)


def lanes_of(settings: Settings) -> int:
    """In how many parts the engine that the settings ask for adds up sums, on this processor. The
    exact path adds in the C program's order."""
    return 1 if settings.exact else WIDTH
