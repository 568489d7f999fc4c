"""What growing a model keeps and learns: the table in ``fastw2v/docs/growing-a-model.md``.

    python benchmarks/growing.py --corpus ../shared/corpora/wiki17m.txt.xz --write

The old text is the first part of a corpus without some hundred of its words; the new text is the
part after it, with these words. A model of the old text is grown in several ways. Two figures for
each: how many of the ten nearest neighbours that old words had they still have, and how many of
the ten that new words have in a model of both texts (with all words) they get.
"""

import argparse
import lzma
import tempfile
from itertools import islice
from pathlib import Path

import numpy as np

import fastw2v

PAGE = Path(__file__).parents[1] / "fastw2v" / "docs" / "growing-a-model.md"
BEGIN, END = "<!-- measured: growing -->\n", "<!-- end -->"
NEIGHBOURS, ASKED, NEW_WORDS = 10, 1_000, 120
LINE = 1_000  # words
WAYS = [  # what is said of it, the file to start from, further arguments
    ("vectors", "old.bin", {}),
    ("vectors, learning rate 0.01", "old.bin", {"alpha": 0.01}),
    ("vectors, old words frozen", "old.bin", {"freeze": True}),
    ("checkpoint", "old.state", {}),
    ("checkpoint, learning rate 0.025", "old.state", {"alpha": 0.025}),
    ("checkpoint, learning rate 0.01", "old.state", {"alpha": 0.01}),
    ("checkpoint, old words frozen", "old.state", {"freeze": True}),
]


def words_of(path: Path, count: int) -> list[str]:
    """The first words of a corpus."""
    opened = lzma.open if path.suffix == ".xz" else open
    with opened(path, "rt", encoding="utf-8") as file:
        return file.read(8 * count).split()[:count]


def lines(words: list[str], without: set[str] = frozenset()) -> list[list[str]]:
    """Sentences of equal length, without some words."""
    kept = [word for word in words if word not in without]
    return [kept[start : start + LINE] for start in range(0, len(kept), LINE)]


def neighbours(vectors, words: list[str], among: list[str]) -> list[set[str]]:
    """The nearest neighbours of each word among some words, by the cosine."""
    rows = [vectors.row(word) for word in among]
    unit = vectors.unit_rows()
    scores = unit[[vectors.row(word) for word in words]] @ unit[rows].T
    place = {word: i for i, word in enumerate(among)}
    for i, word in enumerate(words):
        if word in place:
            scores[i, place[word]] = -2
    nearest = np.argpartition(-scores, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    return [{among[i] for i in each} for each in nearest]


def shared(one, other, words: list[str], among: list[str]) -> float:
    """The mean number of neighbours that words have in both models."""
    pairs = zip(neighbours(one, words, among), neighbours(other, words, among), strict=True)
    return float(np.mean([len(a & b) for a, b in pairs]))


def measure(words: list[str], old_words: int, model: str, folder: Path) -> list[list[str]]:
    """The rows of the table for an architecture."""
    how = {"model": model, "threads": 2, "epochs": 5, "min_count": 5}
    ranked = fastw2v.train(lines(words), **(how | {"epochs": 1})).words
    fresh = [w for w in ranked[1_500:9_000:20] if w in set(words[old_words:])][:NEW_WORDS]
    old_text, new_text = lines(words[:old_words], set(fresh)), lines(words[old_words:])
    both = fastw2v.train(lines(words), **how)
    again = fastw2v.train(lines(words), seed=2, **how)
    files = {"checkpoint": folder / "old.state"}
    old = fastw2v.train(old_text, output=folder / "old.bin", **files, **how)
    other = fastw2v.train(old_text, seed=2, **how)
    seen = set(words[old_words:])
    in_text = list(islice((w for w in old.words[1:] if w in seen), 300, 300 + ASKED))
    not_in_text = list(islice((w for w in old.words[1:] if w not in seen), ASKED))
    among = [w for w in old.words[1:20_000] if w in both and w in other]
    fresh = [w for w in fresh if w in both]

    def row(name, vectors, truth):
        known = [w for w in fresh if w in vectors]
        new = shared(vectors, both, known, among) if known else None
        figures = [shared(vectors, truth, each, among) for each in (in_text, not_in_text)]
        return [name, model, *(f"{x:.1f}" for x in figures), "" if new is None else f"{new:.1f}"]

    rows = [row("trained again on the old text", other, old)]
    new_of_again = shared(again, both, fresh, among)
    rows.append(["trained again on both texts", model, "", "", f"{new_of_again:.1f}"])
    for name, start, more in WAYS:
        more = dict(more)
        if more.pop("freeze", False):
            more["freeze"] = old.words
        grown = fastw2v.train(new_text, init=folder / start, vocab_union=True, **(how | more))
        rows.append(row(name, grown, old))
        print(*rows[-1], sep=" | ", flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--old", type=int, default=2_000_000, help="words of the old text")
    parser.add_argument("--new", type=int, default=600_000, help="words of the new text")
    parser.add_argument("--models", nargs="*", default=["cbow"])
    parser.add_argument("--write", action="store_true", help="write the table into the page")
    options = parser.parse_args()
    words = words_of(options.corpus, options.old + options.new)
    rows = []
    for model in options.models:
        with tempfile.TemporaryDirectory() as folder:
            rows += measure(words, options.old, model, Path(folder))
    head = ["start from", "model", "old words in the text", "old words not in it", "new words"]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in [head, ["---"] * 5, *rows])
    print(table)
    if options.write:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(BEGIN)
        _, after = rest.split(END, 1)
        PAGE.write_text(f"{before}{BEGIN}{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
