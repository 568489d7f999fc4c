"""Read a text as training does, in a process of its own; called by `reading`.

  python run_reading.py CORPUS THREADS

Prints one line of JSON: the seconds of counting and of encoding, and apart from them those of a
first text of three words, in which Numba starts up and loads what it has compiled.
"""

import json
import sys
import tempfile
import time
from pathlib import Path


def main() -> None:
    from fastw2v.corpus import read_corpus

    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        first = Path(folder) / "first.txt"
        first.write_text("a first text")
        read_corpus([first], min_count=1, threads=int(sys.argv[2]))
    start_seconds = time.monotonic() - started
    corpus = read_corpus([sys.argv[1]], threads=int(sys.argv[2]))
    told = {"count_seconds": corpus.count_seconds, "encode_seconds": corpus.encode_seconds}
    told |= {"start_seconds": start_seconds}
    print(json.dumps({**told, "words": corpus.words_read, "vocabulary": len(corpus.vocabulary)}))


if __name__ == "__main__":
    main()
