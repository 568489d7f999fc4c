"""Which files each command reads and writes, for tests that go over all pairs of them."""

from typing import NamedTuple

TEXT = b"a b c\n" * 30
VECTORS = b"3 2\na 1 2\nb 2 1\nc 1 1\n"
WORDS = b"a\nb\n"
SHARED = "shared"  # a name that both options of a pair can have


class Written(NamedTuple):
    """A file that an option, alone or with others, makes a command write."""

    option: str  # its parameter
    path: str
    arguments: str


class Read(NamedTuple):
    """A file that an option makes a command read."""

    option: str
    arguments: str  # {} is the path
    content: bytes


def written_vectors(option, flag, more=""):
    """The output itself, and the word lists that go with two formats."""
    return [
        Written(option, f"{SHARED}.txt", f"{flag} {SHARED}.txt {more}"),
        Written(option, f"{SHARED}.words.txt", f"{flag} {SHARED}.npy {more}"),
        Written(option, f"{SHARED}.metadata.tsv", f"{flag} {SHARED}.tsv {more}"),
    ]


# command -> what it always needs, what it reads, what it writes
CASES = {
    "train": (
        "--size 2 --epochs 2 --min-count 1 -q --force",
        [
            Read("corpus", "{}", TEXT),
            Read("init", "texts --init {}", VECTORS),
            Read("freeze", "texts --init v.txt --freeze {}", WORDS),
            Read("read_vocab", "texts --read-vocab {}", b"</s> 1\na 30\nb 30\nc 30\n"),
            Read("eval_analogies", "texts --eval-analogies {}", b"a b c a\n"),
            Read("eval_pairs", "texts --eval-pairs {}", b"a b 1\nb c 2\n"),
        ],
        [
            *written_vectors("output", "-o"),
            Written("output", f"{SHARED}.out.txt", f"-o {SHARED}.txt --vectors both"),
            Written("save_every", f"{SHARED}.epoch-2.txt", f"-o {SHARED}.txt --save-every 1"),
            Written("save_every", f"{SHARED}.epoch-2.words.txt", f"-o {SHARED}.npy --save-every 2"),
            Written("save_vocab", SHARED, f"-o new.bin --save-vocab {SHARED}"),
            Written("report", SHARED, f"-o new.bin --report {SHARED}"),
            Written("checkpoint", SHARED, f"-o new.bin --checkpoint {SHARED}"),
        ],
    ),
    "vocab": (
        "-q",
        [Read("corpus", "{}", TEXT), Read("read_vocab", "texts --read-vocab {}", b"a 30\n")],
        [Written("output", SHARED, f"-o {SHARED}")],
    ),
    "tokenize": (
        "-q",
        [Read("corpus", "{}", TEXT)],
        [Written("output", SHARED, f"-o {SHARED}")],
    ),
    "phrases": (
        "-q",
        [Read("corpus", "{}", TEXT)],
        [
            Written("output", SHARED, f"-o {SHARED}"),
            Written("list_to", SHARED, f"-o new.txt --list {SHARED}"),
            Written("report", SHARED, f"-o new.txt --report {SHARED}"),
        ],
    ),
    "counts": (
        "--size 2 --min-count 1 -q",
        [
            Read("corpus", "{}", TEXT),
            Read("read_vocab", "texts --read-vocab {}", b"</s> 1\na 30\nb 30\nc 30\n"),
        ],
        [
            *written_vectors("output", "-o"),
            Written("output", f"{SHARED}.npz", f"-o {SHARED}.npz"),
            Written("output", f"{SHARED}.words.txt", f"-o {SHARED}.npz"),
            Written("save_counts", f"{SHARED}.npz", f"--save-counts {SHARED}.npz"),
            Written("save_counts", f"{SHARED}.words.txt", f"-o n.bin --save-counts {SHARED}.npz"),
        ],
    ),
    "ngram": (
        "--min-count 1 -q",
        [
            Read("corpus", "{}", TEXT),
            Read("read_vocab", "texts --read-vocab {}", b"</s> 1\na 30\nb 30\nc 30\n"),
        ],
        [Written("output", SHARED, f"-o {SHARED}")],
    ),
    "lm": (
        "--size 2 --epochs 1 --min-count 1 -q",
        [
            Read("corpus", "{}", TEXT),
            Read("read_vocab", "texts --read-vocab {}", b"</s> 1\na 30\nb 30\nc 30\n"),
        ],
        [
            *written_vectors("output", "-o"),
            Written("save_model", SHARED, f"--save-model {SHARED}"),
            Written("report", SHARED, f"-o new.bin --report {SHARED}"),
            Written("checkpoint", SHARED, f"-o new.bin --checkpoint {SHARED}"),
        ],
    ),
    "compare": (
        "--only one-hot -q",
        [
            Read("corpus", "{} --pairs pairs.txt", TEXT),
            Read("questions", "texts --questions {}", b"a b c a\n"),
            Read("pairs", "texts --pairs {}", b"a b 1\nb c 2\n"),
        ],
        [
            Written("output", f"{SHARED}.md", f"-o {SHARED}.md"),
            Written("html", f"{SHARED}.html", f"-o {SHARED}.md --html"),
            Written("state", f"{SHARED}.rows.json", f"-o {SHARED}.md"),
            Written("state", SHARED, f"-o new.md --state {SHARED}"),
        ],
    ),
    "classes": (
        "-n 2 -q",
        [Read("vectors", "{}", VECTORS)],
        [Written("output", SHARED, f"-o {SHARED}")],
    ),
    "words": (
        "",
        [Read("vectors", "{}", VECTORS)],
        [Written("output", SHARED, f"-o {SHARED}")],
    ),
    "map": (
        "--projection pca -q",
        [Read("vectors", "{}", VECTORS), Read("words_from", "v.txt --words-from {}", WORDS)],
        [Written("output", f"{SHARED}.html", f"-o {SHARED}.html")],
    ),
    "watch": (
        "-q",
        [Read("corpus", "{}", TEXT)],
        [Written("output", f"{SHARED}.html", f"-o {SHARED}.html")],
    ),
    "convert": (
        "-q",
        [Read("source", "{}", VECTORS), Read("words", "v.txt --words {}", WORDS)],
        written_vectors("target", ""),
    ),
    "embed": (
        "--method sif -q",
        [
            Read("vectors", "{} texts/text.txt --vocab counts.txt", VECTORS),
            Read("text", "v.txt {} --vocab counts.txt", TEXT),
            Read("counts", "v.txt texts/text.txt --vocab {}", b"a 30\n"),
        ],
        [Written("output", SHARED, f"-o {SHARED}")],
    ),
    "align": (
        "-q",
        [
            Read("a", "{} v.txt", VECTORS),
            Read("b", "v.txt {}", VECTORS),
            Read("words", "v.txt v.txt --words {}", WORDS),
        ],
        written_vectors("output", "-o"),
    ),
    "merge": ("-q", [Read("vectors", "v.txt {}", VECTORS)], written_vectors("output", "-o")),
}
IN_PLACE = {("phrases", "corpus", "output"), ("convert", "source", "target")}
# `resume` has tests of its own; `folder` is where c-tools writes scripts, and reads nothing.
ONLY_READ = {
    "similar", "similarity", "analogy", "predict", "evaluate", "info", "perplexity", "plan",
}  # fmt: skip
ELSEWHERE = {("train", "resume"), ("lm", "resume"), ("c-tools", "folder")}
