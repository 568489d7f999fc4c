"""Train with fastText in a process of its own, in its own Python; called by `peers`.

  python run_fasttext.py CORPUS OUTPUT SETTINGS-AS-JSON

Prints one line of JSON. fastText tells raw words (of the vocabulary, before sub-sampling) a second
and thread since training began, wall time; seconds are worked out from the last such figure.
"""

import json
import os
import re
import sys
import tempfile

FIGURE = re.compile(r"words/sec/thread:\s*(\d+)")


def speed_told(said: str) -> int:
    """The last speed in what fastText printed; 0 where there is none.

    >>> speed_told("Progress:  50.0% words/sec/thread:  7 lr\\rwords/sec/thread:  12 lr")
    12
    """
    figures = FIGURE.findall(said)
    return int(figures[-1]) if figures else 0


def stdout_of(function) -> tuple:
    """(what ``function()`` returns, what it printed to standard error, from C++ too)."""
    with tempfile.TemporaryFile() as said:
        kept = os.dup(2)
        os.dup2(said.fileno(), 2)
        try:
            result = function()
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        said.seek(0)
        return result, said.read().decode("utf-8", "replace")


def main() -> None:
    import fasttext

    corpus, output, asked = sys.argv[1:]
    settings = json.loads(asked)
    if settings["hs"] and settings["negative"]:
        sys.exit("fastText has one output layer at a time")
    model, said = stdout_of(
        lambda: fasttext.train_unsupervised(
            corpus,
            model=settings["model"],
            loss="hs" if settings["hs"] else "ns",
            neg=settings["negative"],
            dim=settings["size"],
            ws=settings["window"],
            t=settings["sample"],
            minCount=settings["min_count"],
            lr=settings["alpha"],
            epoch=settings["epochs"],
            thread=settings["threads"],
            minn=0,
            maxn=0,
            bucket=0,
            verbose=2,
        )
    )
    write(model, output)
    words, counts = model.get_words(include_freq=True)
    raw = int(sum(counts)) * settings["epochs"]
    speed = speed_told(said)
    if not speed:
        sys.exit("fastText printed no speed")
    seconds = raw / speed / settings["threads"]
    print(json.dumps({"words_raw": raw, "train_seconds": seconds, "vocab_size": len(words)}))


def write(model, output: str) -> None:
    """Write the input vectors in word2vec's binary form."""
    matrix = model.get_input_matrix()
    words = model.get_words()
    with open(output, "wb") as file:
        file.write(f"{len(words)} {matrix.shape[1]}\n".encode())
        for row, word in enumerate(words):
            file.write(word.encode() + b" " + matrix[row].astype("<f4").tobytes() + b"\n")


if __name__ == "__main__":
    main()
