"""Words that differ by case alone, and vectors for them."""

import numpy as np

from fastw2v.vectors.word_vectors import WordVectors

WORDS = ["</s>", "Paris", "france", "paris", "Rome", "italy", "walk", "walked", "GO", "went"]
WORDS += ["ÉTÉ", "été", "PARIS", "go", "Go", "gO", "Straße", "STRASSE"]
RULES = ("c", "gensim")


def vectors_of(seed=11, dimensions=5):
    matrix = np.random.default_rng(seed).normal(size=(len(WORDS), dimensions))
    return WordVectors(WORDS, matrix.astype(np.float32))
