"""Load a vector file and ask for ten neighbours, in a process of its own; called by `reading`.

  python run_loading.py fastw2v|gensim FILE WORD [QUERIES]

With QUERIES also asks for the neighbours of the first so many words in one go. Prints one line
of JSON. Seconds start after the program is imported.
"""

import json
import sys
import time


def main() -> None:
    program, file, word, *more = sys.argv[1:]
    load = load_with_gensim if program == "gensim" else load_with_ours
    import_seconds, vectors_of, ask, ask_many = load()
    began = time.perf_counter()
    vectors = vectors_of(file)
    loaded = time.perf_counter()
    found = ask(vectors, word)
    asked = time.perf_counter()
    ask(vectors, word)
    told = {"import_seconds": import_seconds, "load_seconds": loaded - began}
    told |= {"first_query_seconds": asked - loaded, "query_seconds": time.perf_counter() - asked}
    if more:
        began = time.perf_counter()
        ask_many(vectors, int(more[0]))
        told["many_seconds"] = time.perf_counter() - began
    print(json.dumps({**told, "nearest": found[0][0]}))


def load_with_ours():
    """(seconds of importing, how to load, how to ask, how to ask many words)."""
    began = time.perf_counter()
    from fastw2v.vectors.word_vectors import WordVectors

    seconds = time.perf_counter() - began
    return (
        seconds,
        WordVectors.load,
        lambda vectors, word: vectors.similar(word, 10),
        lambda vectors, count: vectors.similar_many(vectors.words[:count], 10),
    )


def load_with_gensim():
    """(seconds of importing, how to load, how to ask, how to ask many words)."""
    began = time.perf_counter()
    from gensim.models import KeyedVectors

    def load(file: str):
        return KeyedVectors.load_word2vec_format(file, binary=file.endswith(".bin"))

    seconds = time.perf_counter() - began

    def ask_many(vectors, count: int):  # it has no call for many words
        return [vectors.most_similar(word, topn=10) for word in vectors.index_to_key[:count]]

    return seconds, load, lambda vectors, word: vectors.most_similar(word, topn=10), ask_many


if __name__ == "__main__":
    main()
