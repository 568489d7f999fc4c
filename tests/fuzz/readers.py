"""Every reader of files, with valid seed files and the invariants of what it reads.

To fuzz another reader, add an entry to `READERS`.
"""

import bz2
import gzip
import lzma
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fastw2v import formats
from fastw2v.corpus import read_corpus
from fastw2v.corpus.reading import Limits
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.evaluation import read_associations, read_pairs, read_questions
from fastw2v.formats import fasttext
from fastw2v.formats.reading import Reading, open_stream
from fastw2v.io import compression
from fastw2v.io.word_lists import read_words
from fastw2v.language_models.files import load_model
from fastw2v.language_models.neural.training import train_language_model
from fastw2v.language_models.ngram_training import train_ngrams
from fastw2v.vectors.inspection import inspect
from tests.fuzz.checkpoints import read_checkpoint, sound_checkpoints, with_right_checksums
from tests.fuzz.sparse_matrices import read_sparse_file, sparse_files
from tests.support.fasttext_files import model_bytes, quantised_bytes

WORDS = ["</s>", "the", "naïve", "x" * 120, "New York", "", "3", "a\udcffb", "last"]
MATRIX = np.random.default_rng(3).normal(size=(9, 7)).astype(np.float32)
TEXT = b"the cat sat\r\n on\tthe mat \xe2\x80\xa6 3 \xff </s>\n\n" + b"more \xc2\xa0 the same\n" * 9

_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")

Files = dict[str, bytes]  # by name; the first is the one that is named to the reader


class Reader(NamedTuple):
    """A reader of files.

    sound: function -> sound files of the kind, each a dict of one file or of two that go together.
    read: reads the file at a path; ``chance`` draws its options. Raises AssertionError where what
        it read cannot be.
    """

    name: str
    sound: Callable[[], list[Files]]
    read: Callable[[Path, random.Random], None]


# --- sound files --------------------------------------------------------------------------------


def _saved(name: str, words=WORDS, matrix=MATRIX, format=None) -> Files:
    """What `formats.save` writes."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        formats.save(path, words, matrix, format=format)
        beside = formats.words_path(path, format=format)
        paths = [path] if beside is None else [path, beside]
        return {each.name: each.read_bytes() for each in paths}


def _text() -> list[Files]:
    numbers = b"5 3\n" + b"".join(b"w%d 1.5e-3 -2 %d.25\n" % (i, i) for i in range(5))
    irregular = b"3 2\r\n  a\t1   2 \r\n. . . 3 4\r\nb 5\t6\r\n"
    header_off = b"9 2\na 1 2\na 3 4\nb nan inf\n"
    return [_saved("v.txt"), {"v": numbers}, {"v": irregular}, {"v": header_off}]


def _glove() -> list[Files]:
    words = [word for word in WORDS if word and " " not in word]
    rows = b"".join(b"word%d " % i + b"0.125 -1 1e-5 " * 4 + b"7\n" for i in range(30))
    return [_saved("v.glove.txt", words, MATRIX[: len(words)]), {"v": rows}, {"v": b"a 1\nb 2\n"}]


def _binary() -> list[Files]:
    words = [word for word in WORDS if " " not in word]
    [(name, content)] = _saved("v.bin", words, MATRIX[: len(words)]).items()
    pairs = zip(words, MATRIX, strict=False)
    rows = [word.encode("utf-8", "surrogateescape") + b" " + row.tobytes() for word, row in pairs]
    gensim = b"%d 7\n" % len(rows) + b"".join(rows)
    blanks = b"2 2\n. . . " + MATRIX[0, :2].tobytes() + b"\na " + MATRIX[1, :2].tobytes() + b"\n"
    return [{name: content}, {"v": gensim}, {"v": blanks}]


def _npy() -> list[Files]:
    import io

    sound = _saved("v.npy")
    found = [sound]
    for matrix in (MATRIX.astype("f2"), MATRIX.astype(">f8"), np.asfortranarray(MATRIX)):
        file = io.BytesIO()
        np.save(file, matrix)
        found.append({**sound, "v.npy": file.getvalue()})
    return found


def _fasttext() -> list[Files]:
    words = [word for word in WORDS if "\n" not in word]
    inputs = np.random.default_rng(4).normal(size=(len(words) + 20, 7)).astype(np.float32)
    packed, decoded = quantised_bytes(len(words) + 3, 7, 2)
    pruned = [(3, 1), (19, 0), (7, 2)]
    made = [
        model_bytes(words, inputs, buckets=20, minn=2, maxn=4, version=version)
        for version in (0, 11, 12)
    ]
    made.append(model_bytes(words, inputs[: len(words)], maxn=0, model=3, labels=["__label__a"]))
    made.append(
        model_bytes(words, decoded, buckets=20, minn=1, pruned=pruned, quantised=packed, model=3)
    )
    return [{"v.bin": content} for content in made]


def _projector() -> list[Files]:
    words = [word for word in WORDS if word]
    columns = b"word\tcount\n" + b"".join(b"w%d\t%d\n" % (i, i) for i in range(8))
    sound = _saved("vectors.tsv", words, MATRIX[: len(words)])
    return [sound, {**sound, "metadata.tsv": columns}]


def _vocabulary() -> list[Files]:
    lines = b"</s> 40\nthe 30\nNew York 3\n 2\nna\xc3\xafve\t2\n\xff 1\n3 0\n"
    return [{"vocab": lines}, {"vocab": lines.replace(b"\n", b"\r\n")}, {"vocab": b"a 1\na 2\n"}]


def _words() -> list[Files]:
    return [{"words": b"\xef\xbb\xbfthe\r\nNew York\n\n\xff\nlast"}]


def _questions() -> list[Files]:
    lines = b": capitals\nathens greece oslo norway\n\n: gram\n a\tb c  d\r\n:a b c d\n"
    bats = b"# pairs\nriver\trivers/streams\nstone,stones\n: x\ncloud clouds,skies\nlamp\tlamps\n"
    return [{"q": lines}, {"q": b"a b c d\n" * 9}, {"q": gzip.compress(lines)}, {"q": bats}]


def _pairs() -> list[Files]:
    lines = (
        b"Word 1\tWord 2\tHuman\n#note\nlove\tsex\t6.77\ntiger\ttiger\t10\tmore\nNew York\ta\t1\n"
    )
    table = b'"first","second","score"\r\n"New York","stone","6.5"\r\n"a ""b""",c,1\r\n'
    decimal = b"Wort1;Wort2;Wert\nFluss;Stein;6,5\nWolke;Lampe;1\n"
    plain = [lines, b"a b 1\nb c 2.5 note\n", bz2.compress(lines), table, decimal]
    return [{"p": content} for content in plain]


def _weat() -> list[Files]:
    lines = b": men\nhe, him\n: women\nshe her\n: work\noffice\n# note\n: home\nkitchen;garden\n"
    return [{"w": lines}, {"w": gzip.compress(lines * 2)}]


def _corpus() -> list[Files]:
    return [{"c": TEXT}, {"c": b"\xef\xbb\xbf" + b"word " * 500}, {"c": b"y" * 300 + b"\0z a a"}]


def _compressors() -> list[Callable[[bytes], bytes]]:
    found = [gzip.compress, bz2.compress, lzma.compress]
    module = compression._zstandard_module()
    if module is not None:
        found.append(getattr(module, "compress", None) or module.ZstdCompressor().compress)
    return found


def _packed_corpus() -> list[Files]:
    packed = [compress(TEXT) for compress in _compressors()]
    members = [compress(TEXT[:50]) + compress(TEXT[50:]) for compress in _compressors()]
    return [{"c": content} for content in packed + members]


def _packed_vectors() -> list[Files]:
    plain = [*_text(), *_binary()]
    return [{"v": pack(next(iter(each.values())))} for pack in _compressors() for each in plain]


def _checkpoint() -> list[Files]:
    return [{"state": content} for content in sound_checkpoints()]


# --- reading ------------------------------------------------------------------------------------


def _check_vectors(words, matrix) -> None:
    assert len(words) == len(matrix) == len(set(words))
    assert all(isinstance(word, str) and "\n" not in word for word in words)
    assert matrix.dtype == np.float32
    assert matrix.ndim == 2
    assert matrix.shape[1] > 0


def _read_vectors(path: Path, chance: random.Random) -> None:
    options = {
        "limit": chance.choice((None, None, None, 1, 3)),
        "strict": chance.random() < 0.2,
        "mapped": chance.choice((False, None, True)),
    }
    notes: list[str] = []
    found = formats.read(path, notes=notes, **options)
    _check_vectors(found.words, found.matrix)
    assert len(found.norms) == len(found.words)
    assert options["limit"] is None or len(found.words) <= options["limit"]
    assert all(one_line(note) for note in notes)
    np.asarray(found.matrix)


def _read_fasttext(path: Path, chance: random.Random) -> None:
    _read_vectors(path, chance)
    reading = Reading(str(path))
    with open_stream(str(path)) as stream:
        if not fasttext.matches(stream):
            return
        fasttext.read(stream, reading)
    assert reading.subwords is not None
    for word in ("naïv", "</s>", "a" * 99, "\udcff"):
        made = reading.subwords.make(word)
        assert made is None or (made.shape[0] > 0 and made.dtype == np.float32)


def _read_anything(path: Path, chance: random.Random) -> None:
    found = inspect(path, chance.choice((None, None, 2))).as_dict()
    assert found["words"] >= 0
    assert all(one_line(fault) for fault in found.get("faults", []))


def _language_models() -> list[Files]:
    import tempfile

    found = []
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder, "text")
        text.write_bytes(TEXT)
        for smoothing in ("laplace", "kneser-ney"):
            model = Path(folder, "model")
            train_ngrams(text, smoothing=smoothing, min_count=1, threads=1, output=model)
            found.append({"model": model.read_bytes()})
        for kind, layer in (("feedforward", "hs"), ("recurrent", "softmax")):
            small = {"min_count": 1, "size": 3, "epochs": 1, "threads": 1, layer: True}
            train_language_model(text, model=kind, save_model=model, **small)
            found.append({"model": model.read_bytes()})
    return found


def _read_language_model(path: Path, chance: random.Random) -> None:
    model = load_model(path)
    ids = np.array([*(chance.randint(1, len(model.words)) for _ in range(9)), 0], np.int32)
    assert model.log_probabilities(ids, 0, len(ids)).shape == (len(ids),)


def _read_checkpoint_vectors(path: Path, chance: random.Random) -> None:
    if chance.random() < 0.8:
        path.write_bytes(with_right_checksums(path.read_bytes(), chance))
    chance.choice((_read_vectors, _read_anything))(path, chance)


def _read_vocabulary(path: Path, chance: random.Random) -> None:
    found = Vocabulary.load(path, chance.choice((0, 1, 2)))
    assert found.words[0] == "</s>"
    assert len(set(found.words)) == len(found.words)
    assert (found.counts >= 0).all()
    assert (np.diff(found.counts[1:]) <= 0).all()


def _read_words(path: Path, chance: random.Random) -> None:
    assert all(read_words(path))


def _read_questions(path: Path, chance: random.Random) -> None:
    found = read_questions(path)
    assert found.asked.shape[1] == 4
    assert found.asked.max() < len(found.words)
    assert found.parts[-1].where.stop == len(found.asked)
    assert len(found.others) in (0, len(found.asked))


def _read_pairs(path: Path, chance: random.Random) -> None:
    found = read_pairs(path, chance.choice((None, None, 1, 3)))
    assert len(found.asked) == len(found.scores)
    assert np.isfinite(found.scores).all()


def _read_weat(path: Path, chance: random.Random) -> None:
    for test in read_associations(path):
        assert all(part.words for part in test)
        assert not set(test.x.words) & set(test.y.words)


def _read_corpus(path: Path, chance: random.Random) -> None:
    # Tiny blocks of large files would only take long.
    block_bytes = chance.choice((None, 250 + path.stat().st_size // 1000, 100_000))
    limits = Limits(block_bytes, chance.choice((1 << 20, 1 << 20, 64)))
    found = read_corpus(
        path,
        min_count=chance.choice((1, 1, 2)),
        c_rules=chance.random() < 0.3,
        threads=chance.choice((1, 1, 2)),
        limits=limits,
    )
    counts = np.bincount(found.ids, minlength=len(found.vocabulary))
    assert counts.tolist() == found.vocabulary.counts.tolist()


def one_line(message: str) -> bool:
    """Whether a message is fit for a terminal: no line ends, no control characters."""
    return _UNFIT.search(message) is None


READERS = {
    reader.name: reader
    for reader in (
        Reader("text", _text, _read_vectors),
        Reader("glove", _glove, _read_vectors),
        Reader("binary", _binary, _read_vectors),
        Reader("npy", _npy, _read_vectors),
        Reader("projector", _projector, _read_vectors),
        Reader("sparse", sparse_files, read_sparse_file),
        Reader("fasttext", _fasttext, _read_fasttext),
        Reader("packed-vectors", _packed_vectors, _read_vectors),
        Reader("info", lambda: [*_text(), *_binary(), *_npy(), *_vocabulary()], _read_anything),
        Reader("vocabulary", _vocabulary, _read_vocabulary),
        Reader("words", _words, _read_words),
        Reader("questions", _questions, _read_questions),
        Reader("pairs", _pairs, _read_pairs),
        Reader("weat", _weat, _read_weat),
        Reader("corpus", _corpus, _read_corpus),
        Reader("packed-corpus", _packed_corpus, _read_corpus),
        Reader("checkpoint", _checkpoint, read_checkpoint),
        Reader("language-model", _language_models, _read_language_model),
        Reader("checkpoint-vectors", _checkpoint, _read_checkpoint_vectors),
    )
}
