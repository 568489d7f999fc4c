"""Every command once, with the least work: one table for all tests of standard streams."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from fastw2v import formats
from fastw2v.language_models.ngram_training import train_ngrams

WORDS = [*(f"w{i}" for i in range(40)), "bad\x1b[31m\x9b", "turn\u202eed", "na\udcffve", "é"]
CORPUS = "w1 w2 w3 w1 w2 w3 bad\x1b[31m w1 w2 w3 bad\x1b[31m\n" * 4


class Case(NamedTuple):
    """A command line: file names are those of `write_files`.

    program: ``fastw2v``, or the name of a C tool. stdin: the file that is standard input, if it is
    read. output: the file that is written. trains: whether kernels for training are loaded, which
    takes a second.
    """

    name: str
    program: str
    arguments: str
    stdin: str = ""
    output: str = ""
    trains: bool = False

    @property
    def line(self) -> list[str]:
        return self.arguments.split()


_TRAIN = "--size 4 --min-count 1 --epochs 1 --threads 1"
_LM = "--size 2 --epochs 1 --threads 1"
_COUNTS = "--size 2 --min-count 1 --threads 1"
_COMPARE = "--pairs pairs.tsv --only unigram --state rows.json --threads 1"
CASES = [
    Case("help", "fastw2v", "--help"),
    Case("version", "fastw2v", "--version"),
    Case("help of a command", "fastw2v", "similar --help"),
    Case("similar", "fastw2v", "similar v.txt w1 w2"),
    Case("similar, json", "fastw2v", "similar v.txt w1 --json"),
    Case("similar, queries", "fastw2v", "similar v.txt", stdin="queries.txt"),
    Case("similar -", "fastw2v", "similar - w1", stdin="v.txt"),
    Case("analogy", "fastw2v", "analogy v.txt w1 w2 w3"),
    Case("analogy, queries", "fastw2v", "analogy v.txt", stdin="questions.txt"),
    Case("analogy -", "fastw2v", "analogy - w1 w2 w3", stdin="v.txt"),
    Case("predict", "fastw2v", "predict v.txt w1 w2 nowhere\x9b"),
    Case("predict, contexts", "fastw2v", "predict v.txt --json", stdin="queries.txt"),
    Case("similar, among", "fastw2v", "similar v.txt w1 --among -", stdin="among.txt"),
    Case("similarity", "fastw2v", "similarity v.txt w1 w2"),
    Case("similarity, pairs", "fastw2v", "similarity v.txt", stdin="pairs.txt"),
    Case("similarity -", "fastw2v", "similarity - w1 w2 --json", stdin="v.txt"),
    Case("embed", "fastw2v", "embed v.txt c.txt"),
    Case("embed, lines", "fastw2v", "embed v.txt -o o.npy", stdin="c.txt", output="o.npy"),
    Case(
        "embed -",
        "fastw2v",
        "embed - c.txt --method sif --vocab vocab.txt --json -o o.npy",
        stdin="v.txt",
        output="o.npy",
    ),
    Case("align", "fastw2v", "align v.txt v.txt -o -"),
    Case("align -", "fastw2v", "align v.txt - -o o.bin --json", stdin="v.txt", output="o.bin"),
    Case("merge", "fastw2v", "merge v.txt v.txt -o -"),
    Case("merge -", "fastw2v", "merge v.txt - -o o.bin", stdin="v.txt", output="o.bin"),
    Case("evaluate", "fastw2v", "evaluate v.txt --analogies sections.txt"),
    Case("evaluate -", "fastw2v", "evaluate - --pairs pairs.tsv --json", stdin="v.txt"),
    Case("classes", "fastw2v", "classes v.txt -n 3"),
    Case(
        "classes -", "fastw2v", "classes - -n 3 -o classes.txt", stdin="v.txt", output="classes.txt"
    ),
    Case("map", "fastw2v", "map v.txt -o m.html --projection pca", output="m.html"),
    Case("map -", "fastw2v", "map - -o m.html --projection pca", stdin="v.txt", output="m.html"),
    Case("convert", "fastw2v", "convert v.txt o.bin", output="o.bin"),
    Case("convert to -", "fastw2v", "convert v.txt -"),
    Case("convert -", "fastw2v", "convert - o.bin", stdin="v.txt", output="o.bin"),
    Case("convert - -", "fastw2v", "convert - - --format glove", stdin="v.txt"),
    Case("convert to /dev/stdout", "fastw2v", "convert v.txt /dev/stdout"),
    Case("info", "fastw2v", "info v.txt"),
    Case("info -", "fastw2v", "info -", stdin="v.txt"),
    Case("info - of a vocabulary", "fastw2v", "info - --json", stdin="vocab.txt"),
    Case("words", "fastw2v", "words v.txt --norms"),
    Case("words -", "fastw2v", "words - -o list.txt", stdin="v.txt", output="list.txt"),
    Case("c-tools", "fastw2v", "c-tools tools"),
    Case("vocab", "fastw2v", "vocab c.txt -o - --min-count 1 --threads 1"),
    Case("plan", "fastw2v", "plan --read-vocab vocab.txt --min-count 1 --rate 1000 --cores 2"),
    Case("vocab -", "fastw2v", "vocab - -o o.txt --threads 1", stdin="c.txt", output="o.txt"),
    Case("tokenize", "fastw2v", "tokenize c.txt -o - --threads 1"),
    Case("tokenize -", "fastw2v", "tokenize - -o o.txt --lower", stdin="c.txt", output="o.txt"),
    Case("phrases", "fastw2v", "phrases c.txt -o - --min-count 1 --threads 1"),
    Case("phrases -", "fastw2v", "phrases - -o o.txt --threads 1", stdin="c.txt", output="o.txt"),
    Case("counts", "fastw2v", f"counts c.txt -o o.bin {_COUNTS}", output="o.bin"),
    Case("counts to -", "fastw2v", f"counts - -o - {_COUNTS}", stdin="c.txt"),
    Case("ngram", "fastw2v", "ngram c.txt -o o.lm --threads 1", output="o.lm"),
    Case("ngram to -", "fastw2v", "ngram - -o - --threads 1", stdin="c.txt"),
    Case("watch", "fastw2v", "watch c.txt -o o.html", output="o.html"),
    Case("watch to -", "fastw2v", "watch - -o -", stdin="c.txt"),
    Case("lm", "fastw2v", f"lm c.txt -o o.bin {_LM}", output="o.bin"),
    Case("lm to -", "fastw2v", f"lm - -o - {_LM}", stdin="c.txt"),
    # The first run keeps its row in rows.json, where the others find it.
    Case("compare", "fastw2v", f"compare c.txt -o - {_COMPARE}"),
    Case("compare -", "fastw2v", f"compare - -o o.md {_COMPARE}", stdin="c.txt", output="o.md"),
    Case("perplexity", "fastw2v", "perplexity c.lm c.txt --threads 1"),
    Case("perplexity -", "fastw2v", "perplexity c.lm - --sentences --json", stdin="c.txt"),
    Case("train", "fastw2v", f"train c.txt -o o.bin {_TRAIN}", output="o.bin", trains=True),
    Case("train to -", "fastw2v", f"train - -o - {_TRAIN}", stdin="c.txt", trains=True),
    Case("distance", "distance", "v.txt", stdin="queries.txt"),
    Case("word-analogy", "word-analogy", "v.txt", stdin="questions.txt"),
    Case("compute-accuracy", "compute-accuracy", "v.txt", stdin="sections.txt"),
    Case("word2phrase", "word2phrase", "-train c.txt -output o.txt", output="o.txt"),
    Case("word2vec, usage", "word2vec", "-help"),
    Case(
        "word2vec",
        "word2vec",
        "-train c.txt -output o.txt -size 4 -min-count 1 -iter 1 -threads 1",
        output="o.txt",
        trains=True,
    ),
]


def write_files(folder: Path) -> None:
    """The inputs of all cases."""
    matrix = np.random.default_rng(5).normal(size=(len(WORDS), 4)).astype(np.float32)
    formats.save(folder / "v.txt", WORDS, matrix)
    formats.save(folder / "v.out.txt", WORDS, matrix[::-1])
    (folder / "c.txt").write_text(CORPUS)
    train_ngrams(folder / "c.txt", output=folder / "c.lm", threads=1)
    (folder / "queries.txt").write_text("w1\nw2 w3\nbad\x1b[31m\x9b\n")
    (folder / "among.txt").write_text("w1\nw2\nbad\x1b[31m\x9b\n")
    (folder / "pairs.txt").write_text("w1 w2\nw1 bad\x1b[31m\x9b\n")
    (folder / "questions.txt").write_text("w1 w2 w3\n")
    (folder / "sections.txt").write_text(": se\x1b[2Jction\nw1 w2 w3 w4\nw4 w3 w2 w1\n")
    (folder / "pairs.tsv").write_text("w1\tw2\t1\nw3\tw4\t2\nw5\tw6\t3\n")
    (folder / "vocab.txt").write_text("</s> 4\nw1 3\nbad\x1b[31m 2\n")
