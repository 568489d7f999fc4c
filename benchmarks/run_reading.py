"""Read a text as training does, in a process of its own; called by `reading`.

  python run_reading.py CORPUS THREADS

Prints one line of JSON: the seconds of counting and of encoding.
"""

import json
import sys


def main() -> None:
    from fastw2v.corpus import read_corpus

    corpus = read_corpus([sys.argv[1]], threads=int(sys.argv[2]))
    told = {"count_seconds": corpus.count_seconds, "encode_seconds": corpus.encode_seconds}
    print(json.dumps({**told, "words": corpus.words_read, "vocabulary": len(corpus.vocabulary)}))


if __name__ == "__main__":
    main()
