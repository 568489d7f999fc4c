"""Speed of the neural language models, beside the same models written for PyTorch, in turns.

    python benchmarks/language_models.py corpus.txt --torch-python /path/to/python

The other Python has PyTorch (CPU). Both train the same words with the same sizes of vectors, hidden
units, vocabulary and blocks, full softmax, Adagrad, in one thread. The figures are tokens/s.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

WORDS, SIZE, HIDDEN, CONTEXT, STREAMS, STEPS = 10_000, 100, 100, 4, 16, 10


def torch_tokens_per_second(ids, model, blocks):
    """Run by the other Python."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    width = SIZE if model == "recurrent" else HIDDEN
    vectors = torch.nn.Embedding(WORDS, SIZE)
    out = torch.nn.Linear(width, WORDS)
    if model == "recurrent":
        inner = torch.nn.RNN(SIZE, SIZE)
    else:
        inner = torch.nn.Linear(CONTEXT * SIZE, HIDDEN)
    parameters = [*vectors.parameters(), *inner.parameters(), *out.parameters()]
    descent = torch.optim.Adagrad(parameters, lr=0.1, initial_accumulator_value=1.0)
    length = len(ids) // STREAMS
    streams = torch.tensor(ids[: length * STREAMS].reshape(STREAMS, length).T, dtype=torch.long)
    state = torch.zeros(1, STREAMS, SIZE)
    began = 0.0
    for block in range(blocks + 2):
        if block == 2:
            began = time.perf_counter()
        at = CONTEXT + block * STEPS
        words = streams[at : at + STEPS].reshape(-1)
        descent.zero_grad()
        if model == "recurrent":
            found, state = inner(vectors(streams[at - 1 : at + STEPS - 1]), state)
            state = state.detach()
            features = found.reshape(-1, SIZE)
        else:
            before = [streams[at - d : at + STEPS - d].reshape(-1) for d in range(1, CONTEXT + 1)]
            features = torch.tanh(inner(vectors(torch.stack(before, 1)).flatten(1)))
        torch.nn.functional.cross_entropy(out(features), words, reduction="sum").backward()
        descent.step()
    return blocks * STREAMS * STEPS / (time.perf_counter() - began)


def our_tokens_per_second(ids, model, blocks):
    from fastw2v.language_models.neural import blocks as plans
    from fastw2v.language_models.neural.engine import NeuralEngine
    from fastw2v.language_models.neural.network import Network
    from fastw2v.language_models.neural.settings import LanguageModelSettings

    plans._STEPS = STEPS
    own = {} if model == "recurrent" else {"hidden": HIDDEN, "order": CONTEXT + 1}
    settings = LanguageModelSettings(model, size=SIZE, softmax=True, epochs=1, **own)
    engine = NeuralEngine(ids, Network(settings, np.bincount(ids, minlength=WORDS)))
    with engine.turn():
        engine.prepare()
        engine._train_block()
        began = time.perf_counter()
        for _ in range(blocks):
            engine._train_block()
        return blocks * STREAMS * STEPS / (time.perf_counter() - began)


def ids_of(path):
    """The text as ids; the last one is of all words that are not among the most frequent."""
    words = Path(path).read_text("utf-8").split()[:400_000]
    found, places, counts = np.unique(words, return_inverse=True, return_counts=True)
    ranks = np.empty(len(found), np.int32)
    ranks[np.argsort(-counts)] = np.arange(1, len(found) + 1)
    return np.minimum(ranks[places], WORDS - 1).astype(np.int32)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus")
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--blocks", type=int, default=40)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--run", choices=["torch", "ours"], help=argparse.SUPPRESS)
    parser.add_argument("--model", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        measure = torch_tokens_per_second if options.run == "torch" else our_tokens_per_second
        print(measure(ids_of(options.corpus), options.model, options.blocks))
        return
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    for model in ("feedforward", "recurrent"):
        speeds = {"ours": [], "torch": []}
        for _ in range(options.turns):
            for who, found in speeds.items():
                python = options.torch_python if who == "torch" else sys.executable
                line = [python, __file__, options.corpus, "--run", who, "--model", model]
                line += ["--blocks", str(options.blocks)]
                done = subprocess.run(line, env=environment, capture_output=True, check=True)
                found.append(float(done.stdout))
        ours, theirs = (max(found) for found in speeds.values())
        print(f"{model}: {ours:,.0f} tokens/s, PyTorch {theirs:,.0f}: {ours / theirs:.2f} times")


if __name__ == "__main__":
    main()
