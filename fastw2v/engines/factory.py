"""Picks the engine that the settings ask for."""

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.exact import ExactEngine
from fastw2v.engines.protocol import NONE_FROZEN, Engine
from fastw2v.engines.ranks import RanksEngine
from fastw2v.gpu.cards import check_one_rank_a_card
from fastw2v.jit.simd.width import PORTABLE, SLOTS, WIDTH, arithmetic, has_multiply_add
from fastw2v.model.matrices import Model
from fastw2v.ranks.job import RankJob
from fastw2v.settings import Settings


def new_engine(
    corpus: Corpus,
    model: Model,
    settings: Settings,
    frozen: np.ndarray = NONE_FROZEN,
    job: RankJob | None = None,
) -> Engine:
    """An engine ready for the first epoch; it owns ``model`` from now.

    frozen: (V,) bool, words whose input vectors are not to be moved; empty for none. The exact
    path has no frozen words. job: of several processes that train the model, each its part of the
    text: ``corpus`` has that of this one. They do not train on the exact path.
    """
    device = None
    if settings.device == "cuda":
        from fastw2v.gpu.opening import opened_device

        device = opened_device()
    if job is not None:
        if device is not None:
            check_one_rank_a_card(device, job.ranks)
        return RanksEngine(corpus, model, settings, job, frozen, device=device)
    if device is not None:
        from fastw2v.engines.cuda import CudaEngine

        return CudaEngine(corpus, model, settings, device, frozen)
    if settings.exact:
        return ExactEngine(corpus, model, settings)
    return CpuEngine(corpus, model, settings, frozen)


def check_engine(settings: Settings) -> None:
    """Raise TrainingError if this machine lacks what the engine for these settings needs.

    What takes long to open is opened in the background, until `new_engine` needs it.
    """
    if settings.device == "cuda":
        from fastw2v.gpu.opening import open_soon

        open_soon()


def arithmetic_of(settings: Settings) -> str:
    """How the engine that the settings ask for adds up sums on this processor: where that differs,
    so do the last digits."""
    if settings.exact:
        return "in order"  # the C program's
    if settings.device == "cuda":
        return "any order, on a GPU"
    if arithmetic(settings.deterministic) == PORTABLE:
        return f"{SLOTS} lanes"
    return f"{WIDTH} lanes{'' if has_multiply_add() else ', no fused multiply-add'}"
