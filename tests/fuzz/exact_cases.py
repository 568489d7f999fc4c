"""Trainings that both fastw2v and the C program can run: hostile texts, vocabularies, settings."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.support.paths import ROOT

sys.path.append(str(ROOT / "benchmarks"))  # models.py: names of settings in both programs

from models import c_options, our_options

MOST_BYTES = 50_000  # of a text without a line of `LONG_LINE` words
LONG_LINE = 40_000  # words
C_WORD_BYTES = 98  # where the C program cuts words
_SIZES = (0, 30, *(5_000, 12_000, 25_000, MOST_BYTES) * 6)  # bytes of a text
_LENGTHS = (97, 98, 99, 100, 150, 300)
_SYLLABLES = (b"a", b"bo", b"cu", b"de", b"fi", b"gy", b"\xc3\xa9", b"\xff", b"7", b"-")
_ENDS = (b"\n", b"\n", b"\n", b"", b" ", b"\t", b"\r", b"\n\r", b"\r\n", b"\0", b"\n\n", b" lost")


class Case(NamedTuple):
    """One training.

    way: "word2vec", our program with the C program's flags, or "train", the command.
    settings: named as in `fastw2v.train`.
    flags: further flags of the C program and their values. files: by name; ``text`` is one.
    """

    way: str
    settings: dict[str, Any]
    flags: dict[str, Any]
    files: dict[str, bytes]

    @property
    def c_arguments(self) -> list[str]:
        """The arguments of the C program."""
        flags = {"-train": "text", "-threads": 1, **self.flags}
        return [str(each) for pair in flags.items() for each in pair] + c_options(self.settings)

    @property
    def our_arguments(self) -> list[str]:
        """Those of `way`."""
        if self.way == "word2vec":
            return [*self.c_arguments, "-exact", "1"]
        arguments = ["train", "text", "-o", "v", "--format", "binary", "--exact", "--quiet"]
        for flag in ("-save-vocab", "-read-vocab"):
            if flag in self.flags:
                arguments += [f"-{flag}", self.flags[flag]]
        return [*arguments, *our_options(self.settings)]


def make_case(seed: int, number: int) -> Case:
    """Case ``number`` of a seed, always the same."""
    chance = random.Random(f"exact {seed} {number}")
    text = make_text(chance)
    way = chance.choice(("word2vec", "word2vec", "train"))
    flags: dict[str, Any] = {"-output": "v", "-binary": 1, "-debug": 0}
    files = {"text": text}
    if way == "word2vec":
        flags |= {"-binary": chance.choice((0, 1)), "-debug": chance.choice((0, 1))}
        if chance.random() < 0.2:
            flags["-classes"] = chance.choice((1, 2, 5, 30))
        if chance.random() < 0.05:
            del flags["-output"]  # only the vocabulary is made
    if chance.random() < 0.5:
        flags["-save-vocab"] = "counts"
    if chance.random() < 0.3:
        flags["-read-vocab"] = "known"
        files["known"] = make_vocabulary(
            text if chance.random() < 0.5 else make_text(chance), chance
        )
    return Case(way, make_settings(chance, len(text)), flags, files)


def make_settings(chance: random.Random, text_bytes: int) -> dict[str, Any]:
    """Some hyper-parameters; others keep their defaults, which must be the same, too."""
    pick = chance.choice
    settings = {
        "model": pick(("cbow", "skipgram")),
        "size": pick((1, 2, 3, 7, 8, 10, 16, 17, 33, 100)),
        "window": pick((1, 2, 3, 5, 8, 20, 300)),
        "negative": pick((0, 1, 2, 5, 12, 40)),
        "sample": pick((0, 1e-5, 1e-4, 1e-3, 1e-2, 0.3, 5)),
        "epochs": pick((1, 2, 3, 7)),
        "alpha": pick((1e-5, 0.01, 0.025, 0.03, 0.05, 0.07, 0.1, 0.3, 1)),
        "min_count": pick((0, 1, 1, 2, 3, 9)),
    }
    if text_bytes > MOST_BYTES:  # a long line: less work for each of its words
        settings |= {"size": pick((3, 8)), "window": pick((1, 5)), "negative": pick((0, 2))}
        settings["epochs"] = pick((1, 2))
    for name in list(settings):
        if name not in ("size", "epochs") and chance.random() < 0.2:
            del settings[name]
    if settings.get("negative") == 0 or chance.random() < 0.3:
        settings["hs"] = True
    return settings


def make_text(chance: random.Random) -> bytes:
    """A text of words, most of them harmless, with rare or frequent oddities."""
    words = _spellings(chance)
    weights = [1 / (rank + 1) ** chance.uniform(0.2, 1.4) for rank in range(len(words))]
    if chance.random() < 0.06:
        line = b" ".join(chance.choices([word[:3] for word in words], weights, k=LONG_LINE))
        return b"a b\n" + line + chance.choice(_ENDS)
    size = chance.choice(_SIZES)
    oddity = chance.choice((0, 0.01, 0.2))
    longest = chance.choice((1, 3, 12, 60, 2_500))
    parts, length = [], 0
    while length < size:
        line = bytearray()
        for word in chance.choices(words, weights, k=chance.randint(0, longest)):
            if chance.random() < oddity:
                word = _odd(word, chance)
            line += word + (b" " if chance.random() > oddity else chance.choice((b"\t", b"  ")))
        if chance.random() < 0.7:
            del line[-1:]
        line += b"\n" if chance.random() > oddity else chance.choice((b"\r\n", b"\n\n\n", b" \n"))
        parts.append(bytes(line))
        length += len(line)
    start = (
        b"" if chance.random() > oddity else chance.choice((b"\n", b" ", b"\xef\xbb\xbf", b"\r"))
    )
    return start + b"".join(parts)[:size].rstrip(b"\n") + chance.choice(_ENDS)


def _spellings(chance: random.Random) -> list[bytes]:
    """Distinct words; some agree in the bytes that the C program reads."""
    found = {}
    for _ in range(chance.choice((1, 5, 20, 20, 200, 200, 700, 1_500))):
        found[b"".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4)))] = None
    if chance.random() < 0.4:
        for length in _LENGTHS:
            found[(b"long" * 99)[:length]] = None
            found[bytes(chance.choices(b"xyz", k=length))] = None
    words = list(found)
    chance.shuffle(words)
    return words


def _odd(word: bytes, chance: random.Random) -> bytes:
    """A word with bytes that C strings, line ends or other programs treat in their own way."""
    place = chance.randint(0, len(word))
    oddities: tuple[Callable[[], bytes], ...] = (
        lambda: word[:place] + b"\0" + word[place:],
        lambda: b"\0",
        lambda: word[:place] + b"\r" + word[place:],
        lambda: b"\r\r",
        lambda: b"</s>",
        lambda: b"</s>\0" + word,
        lambda: b"<\r/s>",
        lambda: (word * 99)[: chance.choice(_LENGTHS)],
        lambda: word[:place] + chance.choice((b"\x0b", b"\x0c", b"\x1a", b"\xc2\xa0")),
        lambda: b"\xef\xbb\xbf" + word,
    )
    return chance.choice(oddities)()


def make_vocabulary(text: bytes, chance: random.Random) -> bytes:
    """A vocabulary file of the words of a text, sometimes with other counts or odd lines."""
    counts = c_counts(text)
    if chance.random() < 0.8:
        counts.pop(b"", None)  # such a word a vocabulary file cannot express
    if chance.random() < 0.5:
        for word in counts:
            counts[word] = chance.choice((0, 1, 2, 5, 5, 40, 900, 10**6))
    elif chance.random() < 0.1:
        counts = dict(zip(counts, fibonacci(60), strict=False))
    head, *rest = [b"%b %d" % item for item in counts.items()]
    if chance.random() < 0.3:
        chance.shuffle(rest)
    lines = [head, *rest]
    if chance.random() < 0.04:
        lines.reverse()
    if chance.random() < 0.1:
        odd = (b"", b"word", b"two words 3", b"\ttab\t4", b" 5", b"a 5 ", b"</s> 3", lines[-1])
        lines.insert(chance.randint(0, len(lines)), chance.choice(odd))
    end = b"\r\n" if chance.random() < 0.05 else b"\n"
    return end.join(lines) + (end if chance.random() > 0.1 else b"")


def fibonacci(number: int) -> list[int]:
    """Counts for a Huffman tree that is as deep as it can be."""
    found = [1, 1]
    while len(found) < number:
        found.append(found[-1] + found[-2])
    return found


def c_counts(text: bytes) -> dict[bytes, int]:
    """The words of a text as the C program reads them, with their counts, ``</s>`` first."""
    counts = Counter({b"</s>": text.count(b"\n")})
    text = text.replace(b"\r", b"").replace(b"\t", b" ")
    *lines, last = text.split(b"\n")
    words = [word for line in lines for word in line.split(b" ")] + last.split(b" ")[:-1]
    counts.update(word[:C_WORD_BYTES].split(b"\0")[0] for word in words if word)
    return dict(counts)
