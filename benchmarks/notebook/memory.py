"""Make a text of so many words, train an epoch on it, and tell the peak memory.

  python benchmarks/notebook/memory.py TOKENS WORDS [OPTIONS OF TRAIN]

The prediction is that of `fastw2v.training.estimates`. Run it twice: the first run
compiles. Every word comes equally often and at least once; sentences have 20 words.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from fastw2v.settings import Settings
from fastw2v.training.estimates import needs

SENTENCE = 20


def main() -> None:
    tokens, words = (int(each) for each in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as name:
        text, report = Path(name) / "text.txt", Path(name) / "report.json"
        write_text(text, tokens, words)
        command = [sys.executable, "-m", "fastw2v", "train", str(text), "-o", f"{name}/out.bin"]
        command += ["--model", "skipgram", "--epochs", "1", "--min-count", "1", "--sample", "0"]
        command += [*sys.argv[3:], "--report", str(report), "--quiet"]
        subprocess.run(command, check=True)
        told = json.loads(report.read_text())
    ids = told["words_raw"] + told["sentences"]
    spelling_bytes = sum(len(f"w{word}") for word in range(words))
    predicted = needs(told["vocab_size"], spelling_bytes, ids, Settings(**told["settings"])).memory
    measured = told["peak_rss_bytes"]
    print(
        f"{told['vocab_size']:,} words, {ids:,} ids: predicted {predicted / 1e6:,.0f} MB, "
        f"measured {measured / 1e6:,.0f} MB ({measured / predicted - 1:+.0%})"
    )


def write_text(path: Path, tokens: int, words: int) -> None:
    """Random permutations of all words, one after the other."""
    rng = np.random.default_rng(3)
    names = np.array([f"w{word}" for word in range(words)])
    with path.open("w") as file:
        left = tokens
        while left > 0:
            part = names[rng.permutation(words)[:left]]
            left -= len(part)
            for start in range(0, len(part), SENTENCE):
                file.write(" ".join(part[start : start + SENTENCE]) + "\n")


if __name__ == "__main__":
    main()
