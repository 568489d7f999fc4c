"""Make a text with the word frequencies of natural ones and as many different words as wanted.

  python benchmarks/notebook/zipf_text.py text.txt --words 1000000 --tokens 3000000

Each word comes once, the other tokens are drawn by Zipf's law: word r comes 1/r times as often as
the first one. Which words stand together is left to chance, so vectors say nothing: this is for
measuring speed and memory. Sentences have 20 words.
"""

import argparse
from pathlib import Path

import numpy as np

SENTENCE = 20
PART = 1_000_000  # tokens written at a time


def zipf_tokens(words: int, tokens: int, seed: int = 1) -> np.ndarray:
    """(tokens,) int64, numbers of words in random order: all ``words`` are there."""
    rng = np.random.default_rng(seed)
    sums = np.cumsum(1 / np.arange(1, words + 1))
    drawn = np.searchsorted(sums, rng.random(tokens - words) * sums[-1], side="right")
    found = np.concatenate([np.arange(words), drawn])
    rng.shuffle(found)
    return found


def write_text(path: Path, words: int, tokens: int) -> None:
    """Write `zipf_tokens`, spelled w0, w1, ..."""
    names = np.array([f"w{word}" for word in range(words)])
    numbers = zipf_tokens(words, tokens)
    with path.open("w") as file:
        for first in range(0, tokens, PART):
            part = names[numbers[first : first + PART]]
            for start in range(0, len(part), SENTENCE):
                file.write(" ".join(part[start : start + SENTENCE]) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--words", type=int, default=1_000_000)
    parser.add_argument("--tokens", type=int, default=3_000_000)
    options = parser.parse_args()
    if options.tokens < options.words:
        parser.error("--tokens must be at least --words")
    write_text(options.path, options.words, options.tokens)


if __name__ == "__main__":
    main()
