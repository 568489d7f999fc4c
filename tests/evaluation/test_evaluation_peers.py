"""The counts of the C program and of gensim, on the same vectors and the same questions."""

import random
import re
import subprocess

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import fastw2v
from fastw2v.evaluation import analogies, read_questions, similarity
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.reference import run_reference

EVERY_TEST = {"deadline": None, "suppress_health_check": list(HealthCheck)}
pytestmark = pytest.mark.filterwarnings("ignore:::gensim", "ignore::DeprecationWarning")

# Spellings that differ in ASCII letters only, in other letters only; long ones; a colon.
WORDS = ["</s>", "Paris", "france", "paris", "Rome", "PARIS", "pAris", "parIS", "pariS", "walk"]
WORDS += ["walked", "Walk", "WALK", "été", "ÉTÉ", "Été", "Straße", "STRASSE", "strasse", ":)"]
WORDS += ["x" * 49, "y" * 50, "Y" * 51, "é" * 25, "walking", "going", "gone", "go", "zz"]
ASKED = [*WORDS, "pARIS", "wALK", "éTÉ", "y" * 50 + "Y" * 51, "nowhere", "GOING"]


def text_of(sections) -> str:
    """sections: lists of questions, which are lists of four words."""
    lines = []
    for number, questions in enumerate(sections):
        lines += [f": gram{number}" if number % 2 else f": section-{number}"]
        lines += [" ".join(question) for question in questions]
    return "\n".join(lines) + "\n"


def lines_of_c(reference, vectors, questions, threshold) -> list[str]:
    """What compute-accuracy prints for the questions in a file."""
    program = reference.with_name("word2vec-compute-accuracy")
    with open(questions, "rb") as file:
        done = subprocess.run(
            [str(program), vectors.name, str(threshold)],
            stdin=file, cwd=vectors.parent, capture_output=True, timeout=300, check=True,
        )  # fmt: skip
    return done.stdout.decode("utf-8", "surrogateescape").splitlines()


def counted_by_c(lines) -> dict:
    """Sections, last total figures in percent, questions seen and in all."""
    sections = []
    for name, answered in zip(lines[:-1:3], lines[1:-1:3], strict=True):
        correct, seen = re.search(r"\((\d+) / (\d+)\)", answered).groups()
        sections.append((name.removesuffix(":"), int(correct), int(seen)))
    totals = re.findall(r"accuracy: (\S+) %", lines[-2])
    return {"sections": sections, "totals": totals, "seen": lines[-1].split()[4:6]}


def counted_by_us(result) -> dict:
    """The same of an `AnalogyResult`; the C program writes 1 for no questions seen, and -nan."""
    parts = (result.total, result.semantic, result.syntactic)
    return {
        "sections": [(part.name, part.correct, max(1, part.seen)) for part in result.sections],
        "totals": [f"{100 * part.accuracy:.2f}" if part.seen else "-nan" for part in parts],
        "seen": [str(result.total.seen), str(result.total.total)],
    }


def assert_as_c(reference, vectors, path, questions, threshold):
    """vectors: as saved in binary at ``path``."""
    c = counted_by_c(lines_of_c(reference, path, questions, threshold))
    ours = counted_by_us(analogies(vectors, questions, threshold))
    assert c["sections"] == ours["sections"]
    assert c["seen"] == ours["seen"]
    for theirs, mine in zip(c["totals"], ours["totals"], strict=True):
        # Theirs are float32: a half may be rounded the other way.
        assert theirs == mine or float(theirs) == pytest.approx(float(mine), abs=0.0101)


def write_binary(path, words, matrix) -> None:
    """word2vec's binary form, without waiting for the disk."""
    rows = (word.encode() + b" " + row.tobytes() for word, row in zip(words, matrix, strict=True))
    path.write_bytes(b"%d %d\n" % matrix.shape + b"".join(row + b"\n" for row in rows))


QUESTION = st.lists(st.sampled_from(ASKED), min_size=4, max_size=4)
SECTIONS = st.lists(st.lists(QUESTION, max_size=30), min_size=1, max_size=9).filter(any)


class TestTheCProgram:
    @settings(**EVERY_TEST, max_examples=30)
    @given(
        sections=SECTIONS,
        threshold=st.sampled_from([0, 9, 20, 27, 1000]),
        numbers=st.sampled_from(["few", "normal", "alike"]),
        seed=st.integers(0, 2**32 - 1),
    )
    def test_random_words_and_questions(
        self, reference, tmp_path_factory, sections, threshold, numbers, seed
    ):
        folder = tmp_path_factory.mktemp("c")
        rng = np.random.default_rng(seed)
        if numbers == "few":  # equal vectors, scores that tie, vectors of zeros
            matrix = rng.integers(-1, 2, size=(len(WORDS), 3))
        else:
            matrix = rng.normal(size=(len(WORDS), 7)) + (5000 if numbers == "alike" else 0)
        words = WORDS[:-1]
        rng.shuffle(words)
        words.append(WORDS[-1])
        # What a long word at the end runs into is no memory of the C program: it crashes.
        assume(len(words[: threshold or None][-1].encode()) < 50)
        matrix = matrix.astype(np.float32)
        write_binary(folder / "v.bin", words, matrix)
        (folder / "q").write_text(text_of(sections))
        vectors = WordVectors(words, matrix)
        assert_as_c(reference, vectors, folder / "v.bin", folder / "q", threshold)

    @pytest.mark.parametrize("threshold", [0, 40])
    def test_its_own_vectors_of_made_text(
        self, reference, tiny_corpus, tiny_questions, tmp_path, threshold
    ):
        path = tmp_path / "v.bin"
        chosen = {"size": 17, "epochs": 9, "min_count": 2, "hs": True, "negative": 0}
        run_reference(reference, tiny_corpus, path, **chosen)
        vectors = WordVectors.load(path)
        assert analogies(vectors, tiny_questions, threshold).total.correct > 0
        assert_as_c(reference, vectors, path, tiny_questions, threshold)

    @pytest.fixture(scope="class")
    def of_real_text(self, reference, wiki_slice, tmp_path_factory):
        path = tmp_path_factory.mktemp("real") / "v.bin"
        chosen = {"size": 17, "epochs": 2, "min_count": 9, "hs": True, "negative": 0}
        run_reference(reference, wiki_slice, path, model="skipgram", **chosen)
        return path

    @pytest.mark.parametrize("threshold", [0, 1000, 30000])
    def test_its_own_vectors_of_real_text(self, reference, of_real_text, corpora, threshold):
        path = of_real_text
        questions = corpora / "eval" / "questions-words.txt"
        vectors = WordVectors.load(path, limit=threshold or None)
        result = analogies(vectors, questions, threshold)
        assert 0 < result.total.correct < result.total.seen < result.total.total
        assert_as_c(reference, vectors, path, questions, threshold)

    def test_questions_before_any_section_and_no_last_newline(self, reference, tmp_path):
        rng = np.random.default_rng(4)
        matrix = rng.normal(size=(len(WORDS), 3)).astype(np.float32)
        write_binary(tmp_path / "v.bin", WORDS, matrix)
        questions = [" ".join(rng.choice(WORDS, 4)) for _ in range(400)]
        headings = [f": {n}\n" + "\n".join(questions[n::7]) for n in range(7)]
        (tmp_path / "q").write_text("\n".join([*questions[:50], *headings]))
        vectors = WordVectors(WORDS, matrix)
        c = counted_by_c(lines_of_c(reference, tmp_path / "v.bin", tmp_path / "q", 0))
        ours = counted_by_us(analogies(vectors, tmp_path / "q", 0))
        assert ours["sections"].pop(0)[0] == ""  # counted in the totals, not shown
        assert c == ours


@pytest.fixture
def tiny_questions(tiny_twins, tmp_path):
    """Questions on the twins of `tiny_corpus`, some in other cases, some with unknown words."""
    chance = random.Random(5)
    sections = []
    for number in range(7):
        questions = []
        for _ in range(25):
            (a, b), (c, d) = chance.choices(tiny_twins, k=2)  # at times the same twins
            question = [a, b, c, d]
            if chance.random() < 0.3:
                question[chance.randrange(4)] = chance.choice(("the", "nowhere", a, c))
            questions.append([word.upper() if number == 3 else word for word in question])
        sections.append(questions)
    (tmp_path / "tiny-questions").write_text(text_of(sections))
    return tmp_path / "tiny-questions"


@pytest.fixture(scope="module")
def keyed_vectors():
    """Function: gensim's object for the same words and vectors."""
    models = pytest.importorskip("gensim.models")

    def of(vectors):
        keyed = models.KeyedVectors(vectors.matrix.shape[1])
        keyed.add_vectors(vectors.words, vectors.matrix)
        return keyed

    return of


def assert_as_gensim(keyed, vectors, questions, limit):
    _, sections = keyed.evaluate_word_analogies(str(questions), restrict_vocab=limit or None)
    theirs = [
        (part["section"], len(part["correct"]), len(part["correct"]) + len(part["incorrect"]))
        for part in sections
    ]
    result = analogies(vectors, questions, limit, rule="gensim")
    total = result.total
    ours = [(part.name, part.correct, part.seen) for part in result.sections]
    assert theirs == [*ours, ("Total accuracy", total.correct, total.seen)]


class TestGensim:
    @settings(**EVERY_TEST, max_examples=60)
    @given(
        sections=SECTIONS,
        limit=st.sampled_from([0, 9, 20, 27, 1000]),
        seed=st.integers(0, 2**32 - 1),
        spread=st.sampled_from([1, 0.01]),
    )
    def test_random_words_and_questions(
        self, keyed_vectors, tmp_path_factory, sections, limit, seed, spread
    ):
        folder = tmp_path_factory.mktemp("g")
        rng = np.random.default_rng(seed)
        words = list(WORDS)
        rng.shuffle(words)
        matrix = 1 + spread * rng.normal(size=(len(words), 7))
        vectors = WordVectors(words, matrix.astype(np.float32))
        (folder / "q").write_text(text_of(sections), encoding="utf-8")
        assert_as_gensim(keyed_vectors(vectors), vectors, folder / "q", limit)

    @pytest.mark.parametrize("limit", [0, 40])
    def test_trained_vectors(self, keyed_vectors, tiny_corpus, tiny_questions, tmp_path, limit):
        vectors = fastw2v.train(str(tiny_corpus), size=17, epochs=9, min_count=2, threads=1)
        assert analogies(vectors, tiny_questions, limit, "gensim").total.correct > 0
        assert_as_gensim(keyed_vectors(vectors), vectors, tiny_questions, limit)

    def test_usual_sets_on_trained_vectors(self, keyed_vectors, wiki_slice, corpora):
        vectors = fastw2v.train(str(wiki_slice), size=17, epochs=1, min_count=9, threads=1)
        keyed = keyed_vectors(vectors)
        questions = corpora / "eval" / "questions-words.txt"
        assert read_questions(questions).asked.shape == (19_544, 4)
        assert_as_gensim(keyed, vectors, questions, 300_000)
        for name in ("wordsim353", "simlex999", "rg65"):
            pairs = corpora / "eval" / f"{name}.tsv"
            pearson, spearman, unknown = keyed.evaluate_word_pairs(str(pairs))
            ours = similarity(vectors, pairs, rule="gensim")
            assert ours.skipped / ours.total == pytest.approx(unknown / 100, abs=1e-12)
            assert (ours.pearson, ours.spearman) == pytest.approx(
                (pearson[0], spearman[0]), abs=1e-5
            )

    @pytest.mark.parametrize("variants", [4, 5])
    def test_looks_at_five_rows(self, keyed_vectors, tmp_path, variants):
        spelled = ["bbb", "bbB", "bBb", "bBB", "Bbb", "BBB"][: variants + 1]
        near = [[0, 1, 0.01 * number] for number in range(len(spelled))]
        others = np.random.default_rng(8).normal(size=(20, 3)) - [0, 9, 0]
        matrix = np.array([[1, 0, 0], [1, 0, 0.1], *near, [0, 1, 1], *others], np.float32)
        words = ["a", "c", *spelled, "d", *(f"w{number}" for number in range(20))]
        vectors = WordVectors(words, matrix)
        (tmp_path / "q").write_text(": x\na bbb c BBB\n: y\na bbb c d\n")
        assert_as_gensim(keyed_vectors(vectors), vectors, tmp_path / "q", 0)

    def test_pairs(self, keyed_vectors, tmp_path):
        rng = np.random.default_rng(6)
        vectors = WordVectors(WORDS, rng.normal(size=(len(WORDS), 7)).astype(np.float32))
        # No word beside itself: with gensim the cosines of these are 1 but for rounding.
        pairs = [pair for pair in rng.choice(ASKED, (90, 2)).tolist()
                 if len({word.upper() for word in pair}) == 2]  # fmt: skip
        lines = [f"{first}\t{second}\t{rng.normal():.2f}\n" for first, second in pairs]
        (tmp_path / "p").write_text("# made\nfirst\tsecond\tmean\n" + "".join(lines))
        for limit in (0, 20):
            pearson, spearman, unknown = keyed_vectors(vectors).evaluate_word_pairs(
                str(tmp_path / "p"), restrict_vocab=limit or None
            )
            ours = similarity(vectors, tmp_path / "p", limit, rule="gensim")
            assert 0 < ours.covered < ours.total == len(pairs)
            assert 100 * ours.skipped / ours.total == pytest.approx(unknown, abs=1e-9)
            assert (ours.pearson, ours.spearman) == pytest.approx(
                (pearson[0], spearman[0]), abs=1e-6
            )
