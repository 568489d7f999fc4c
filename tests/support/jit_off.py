"""Train tiny cases of every kernel and store the matrices: run by test_jit_off.py, with the
compiler on in one process and off in another."""

import itertools
import sys

import numpy as np

from tests.support.kernel_cases import EXACT_LAYERS, LAYERS, small_engine


def cases():
    """(name, settings) of each case."""
    for model, layer in itertools.product(("skipgram", "cbow"), LAYERS):
        for exact in (False, True):
            if not exact or layer in EXACT_LAYERS:
                settings = {"model": model, "window": 3, "sample": 0.05, "exact": exact}
                yield f"{model} {layer} {exact}", settings | LAYERS[layer]

    for side in ("left", "right"):
        yield f"context {side}", {"model": "skipgram", "context": side, **LAYERS["both"]}
    for model in ("skipgram", "cbow"):
        settings = {"model": model, "threads": 2, "deterministic": True, "hs": True}
        yield f"{model} replicas", settings


def train(settings) -> dict[str, np.ndarray]:
    """All matrices and counters after one epoch."""
    with np.errstate(over="ignore"):  # generators wrap around on purpose
        engine, model, *_ = small_engine(3, tokens=70, size=5, **settings)
        engine.train()
        loss = engine.measure()
    return {
        "inputs": model.inputs,
        "outputs": np.zeros(0) if model.outputs is None else model.outputs,
        "nodes": np.zeros(0) if model.nodes is None else model.nodes,
        "counters": engine.state()["counters"],
        "loss": np.array(loss),
    }


if __name__ == "__main__":
    results = {
        f"{name}/{key}": array
        for name, settings in cases()
        for key, array in train(settings).items()
    }
    np.savez(sys.argv[1], **results)
