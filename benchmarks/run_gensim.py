"""Train with gensim in a process of its own; called by `peers`.

  python run_gensim.py CORPUS OUTPUT SETTINGS-AS-JSON

Prints one line of JSON. Seconds are those of ``train`` alone: building the vocabulary and writing
are not in them. gensim returns two counts of words over all epochs: all words read, rare ones too,
and the kept ones. Raw words, as everybody here counts them, are those of the vocabulary before
sub-sampling: the sum of its counts times the epochs.
"""

import json
import sys
import time


def main() -> None:
    from gensim.models import Word2Vec

    corpus, output, asked = sys.argv[1:]
    settings = json.loads(asked)
    model = Word2Vec(
        sg=int(settings["model"] == "skipgram"),
        hs=int(settings["hs"]),
        negative=settings["negative"],
        vector_size=settings["size"],
        window=settings["window"],
        sample=settings["sample"],
        min_count=settings["min_count"],
        alpha=settings["alpha"],
        workers=settings["threads"],
        epochs=settings["epochs"],
        seed=settings["seed"],
        cbow_mean=1,  # as C: the mean of the context, whose error each of its words gets whole
    )
    model.build_vocab(corpus_file=corpus)
    began = time.perf_counter()
    kept, read = model.train(
        corpus_file=corpus,
        total_words=model.corpus_total_words,
        total_examples=model.corpus_count,
        epochs=model.epochs,
    )
    seconds = time.perf_counter() - began
    model.wv.save_word2vec_format(output, binary=True)
    known = sum(model.wv.get_vecattr(word, "count") for word in model.wv.index_to_key)
    told = {"words_raw": int(known) * model.epochs, "words_kept": int(kept)}
    print(json.dumps({**told, "words_read": int(read), "train_seconds": seconds}))


if __name__ == "__main__":
    main()
