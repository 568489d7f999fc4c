"""``distance``, ``word-analogy`` and ``compute-accuracy``: every byte that they print."""

import math

import numpy as np
import pytest

from fastw2v import formats
from tests.support.c_tool_cases import program, stdout_of

WORDS = ["first", "king", "queen", "man", "woman", "été", "na\udcffve"]
MATRIX = [[0, 1, 2], [3, 1, 0], [3, 2, 0], [1, 3, 0], [1, 5, 1], [5, 1, -1], [-1, 0, 2]]


@pytest.fixture
def vectors(tmp_path):
    formats.save(tmp_path / "v.bin", WORDS, MATRIX)
    return tmp_path / "v.bin"


def dot(first, second):
    """As in C: float32, number after number."""
    total = np.float32(0)
    for one, other in zip(first, second, strict=True):
        total += one * other
    return total


def unit(vector):
    vector = np.array(vector, np.float32)
    return vector / np.sqrt(dot(vector, vector))


def rows(query, left_out):
    """Words not in ``left_out`` and their cosines to a query vector, best first."""
    found = [
        (dot(unit(vector), unit(query)), word)
        for word, vector in zip(WORDS, MATRIX, strict=True)
        if word not in left_out
    ]
    return [(word, cosine) for cosine, word in sorted(found, reverse=True)]


def table(heading, found, lowest):
    found = [pair for pair in found if pair[1] > lowest]
    found += [("", lowest)] * (40 - len(found))
    lines = [b"\n%50b%22b\n" % (b"Word", heading), b"-" * 72 + b"\n"]
    for word, cosine in found:
        lines.append(b"%50b\t\t%f\n" % (word.encode("utf-8", "surrogateescape"), cosine))
    return b"".join(lines)


class TestDistance:
    PROMPT = b"Enter word or sentence (EXIT to break): "

    def test_table(self, vectors):
        expected = (
            self.PROMPT
            + b"\nWord: king  Position in vocabulary: 1\n"
            + table(b"Cosine distance", rows(MATRIX[1], {"king"}), -1)
            + self.PROMPT
        )
        assert stdout_of("distance", vectors, input=b"king\nEXIT\nqueen\n") == expected

    def test_several_words_and_bytes_that_are_not_ascii(self, vectors):
        query = unit(MATRIX[1]) + unit(MATRIX[5]) + unit(MATRIX[5])
        expected = (
            self.PROMPT
            + b"\nWord: king  Position in vocabulary: 1\n"
            + b"\nWord: \xc3\xa9t\xc3\xa9  Position in vocabulary: 5\n" * 2
            + table(b"Cosine distance", rows(query, {"king", "été"}), -1)
            + self.PROMPT
        )
        said = stdout_of("distance", vectors, input="king  été été \r\n".encode())
        assert said == expected
        assert b"\n" + b" " * 45 + b"na\xffve\t\t-" in said

    def test_unknown_words(self, vectors):
        said = stdout_of("distance", vectors, input=b"king kinng queen\n\n")
        assert said == (
            self.PROMPT
            + b"\nWord: king  Position in vocabulary: 1\n"
            + b"\nWord: kinng  Position in vocabulary: -1\nOut of dictionary word!\n"
            + self.PROMPT
            + b"\nWord:   Position in vocabulary: -1\nOut of dictionary word!\n"
            + self.PROMPT
        )

    def test_forty_of_more(self, tmp_path):
        matrix = np.random.default_rng(3).normal(size=(97, 5))
        formats.save(tmp_path / "v.txt", [f"w{row}" for row in range(97)], matrix)
        lines = stdout_of("distance", tmp_path / "v.txt", input=b"w7\n").splitlines()
        cosines = [float(line.split(b"\t\t")[1]) for line in lines if b"\t\t" in line]
        assert len(cosines) == 40
        assert cosines == sorted(cosines, reverse=True)
        assert cosines[-1] > -1

    def test_a_vector_with_nan_has_no_neighbours(self, tmp_path):
        formats.save(tmp_path / "v.txt", ["a", "b", "c"], [[1, 2], [math.nan, 1], [2, 1]])
        done = program("distance", tmp_path / "v.txt", input=b"b\n")
        assert b"NaN" in done.stderr
        assert done.stdout.count(b" " * 50 + b"\t\t-1.000000\n") == 40


class TestWordAnalogy:
    PROMPT = b"Enter three words (EXIT to break): "

    def test_table_has_only_what_is_above_0(self, vectors):
        query = unit(MATRIX[1]) - unit(MATRIX[3]) + unit(MATRIX[4])
        found = rows(query, {"man", "king", "woman"})
        assert found[-1][1] < 0 < found[0][1]
        expected = (
            self.PROMPT
            + b"\nWord: man  Position in vocabulary: 3\n"
            + b"\nWord: king  Position in vocabulary: 1\n"
            + b"\nWord: woman  Position in vocabulary: 4\n"
            + table(b"Distance", found, 0)
            + self.PROMPT
        )
        assert stdout_of("word-analogy", vectors, input=b"man king woman\nEXIT\n") == expected

    def test_words_after_the_third_are_excluded(self, vectors):
        query = unit(MATRIX[1]) - unit(MATRIX[3]) + unit(MATRIX[4])
        said = stdout_of("word-analogy", vectors, input=b"man king woman queen\n")
        assert b"Word: queen  Position in vocabulary: 2\n" in said
        assert said.endswith(
            table(b"Distance", rows(query, {"man", "king", "woman", "queen"}), 0) + self.PROMPT
        )

    def test_too_few_words(self, vectors):
        said = stdout_of("word-analogy", vectors, input=b"man king\n\n")
        needed = b"three words are needed at the input to perform the calculation\n"
        assert said == (
            self.PROMPT
            + b"Only 2 words were entered.. " + needed + self.PROMPT
            + b"Only 1 words were entered.. " + needed + self.PROMPT
        )  # fmt: skip

    def test_unknown_words(self, vectors):
        said = stdout_of("word-analogy", vectors, input=b"man kinng woman\n")
        assert said == (
            self.PROMPT
            + b"\nWord: man  Position in vocabulary: 3\n"
            + b"\nWord: kinng  Position in vocabulary: 0\nOut of dictionary word!\n"
            + self.PROMPT
        )

    def test_the_first_word_of_the_file_is_known(self, vectors):
        said = stdout_of("word-analogy", vectors, input=b"first king man\n")
        assert b"Out of dictionary" not in said
        assert said.count(b"\t\t") == 40


class TestComputeAccuracy:
    QUESTIONS = b"""a b c d
up left down far
: one
Left up right DOWN
left up down right
left up nowhere right
: two
nowhere a b c
: three
: four
: five
: six
left up right down
"""

    @pytest.fixture
    def compass(self, tmp_path):
        """up - left + right = down, to the nearest; the other way round the answer is wrong."""
        words = ["left", "up", "right", "down", "far"]
        matrix = [[1, 0, 0], [1, 1, 0], [0, 0, 1], [0, 1, 1], [-1, 5, 1]]
        formats.save(tmp_path / "v.txt", words, matrix)
        return tmp_path / "v.txt"

    def said(self, *arguments) -> str:
        return stdout_of("compute-accuracy", *arguments, input=self.QUESTIONS).decode()

    def test_every_line(self, compass):
        sections = [
            ("one", "50.00 %  (1 / 2)", "33.33", "33.33", "-nan"),
            ("two", "0.00 %  (0 / 1)", "33.33", "33.33", "-nan"),
            ("three", "0.00 %  (0 / 1)", "33.33", "33.33", "-nan"),
            ("four", "0.00 %  (0 / 1)", "33.33", "33.33", "-nan"),
            ("five", "0.00 %  (0 / 1)", "33.33", "33.33", "-nan"),
            ("six", "100.00 %  (1 / 1)", "50.00", "33.33", "100.00"),
        ]
        expected = [
            f"{name}:\nACCURACY TOP1: {top}\nTotal accuracy: {total} %   "
            f"Semantic accuracy: {semantic} %   Syntactic accuracy: {syntactic} % \n"
            for name, top, total, semantic, syntactic in sections
        ]
        end = "Questions seen / total: 4 7   57.14 % \n"
        assert self.said(compass) == "".join(expected) + end

    def test_threshold_counts_words(self, compass):
        end = "\nQuestions seen / total: 0 7   0.00 % \n"
        assert self.said(compass, 3).endswith(end)
        end = "\nQuestions seen / total: 3 7   42.86 % \n"
        assert self.said(compass, 4).endswith(end)

    def test_no_questions(self, compass):
        done = program("compute-accuracy", compass, input=b"\n")
        assert (done.returncode, done.stdout) == (1, b"")
        assert done.stderr.startswith(b"compute-accuracy: ")

    @pytest.mark.parametrize("threshold", ["-1", "many"])
    def test_an_invalid_threshold_is_an_error(self, compass, threshold):
        done = program("compute-accuracy", compass, threshold)
        assert done.returncode == 1
        assert done.stderr.startswith(b"compute-accuracy: threshold is ")
        assert done.stderr.count(b"\n") == 1
