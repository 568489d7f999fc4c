"""Make a text of so many words, train an epoch on it, and tell the peak memory.

  python benchmarks/notebook/memory.py TOKENS WORDS

Every word comes equally often and at least once; sentences have 20 words.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

SENTENCE = 20


def main() -> None:
    tokens, words = (int(each) for each in sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        text, report = Path(name) / "text.txt", Path(name) / "report.json"
        write_text(text, tokens, words)
        command = [sys.executable, "-m", "fastw2v", "train", str(text), "-o", f"{name}/out.bin"]
        command += ["--model", "skipgram", "--epochs", "1", "--min-count", "1", "--sample", "0"]
        subprocess.run([*command, "--report", str(report), "--quiet"], check=True)
        told = json.loads(report.read_text())
    print(f"{told['vocab_size']:,} words, {told['words_raw']:,} tokens: "
          f"{told['peak_rss_bytes'] / 1e6:,.0f} MB")  # fmt: skip


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
