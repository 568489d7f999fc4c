"""Evaluation files in the forms in which they are published: separators, columns, BATS."""

import io

import numpy as np
import pytest

from fastw2v.errors import FormatError, SettingsError
from fastw2v.evaluation import analogies, read_pairs, read_questions, similarity
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.paths import ROOT

INPUTS = ROOT.parent / "shared/reports/inputs"
PAIRS = [("river", "stone", 6.5), ("cloud", "lamp", 1.25), ("chair", "apple", 2.0)]


def pairs_of(text, **options):
    content = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
    read = read_pairs(io.BytesIO(content), **options)
    return [
        (read.words[first], read.words[second], score)
        for (first, second), score in zip(read.asked, read.scores, strict=True)
    ]


def written(row, *, quoted=False, decimal="."):
    """A line with the separator ``row``, of a pair."""
    lines = []
    for first, second, score in PAIRS:
        fields = [first, second, str(score).replace(".", decimal)]
        lines.append(row.join([f'"{field}"' for field in fields] if quoted else fields))
    return lines


class TestPairs:
    @pytest.mark.parametrize("quoted", [False, True], ids=["plain", "quoted"])
    @pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
    @pytest.mark.parametrize("heading", ["", "Word 1{0}Word 2{0}Human (mean)", '"a"{0}"b"{0}"c"'])
    @pytest.mark.parametrize("row", ["\t", ";", ",", " ", ", "], ids=repr)
    def test_separators_headings_and_quotes(self, row, quoted, end, heading):
        lines = written(row, quoted=quoted)
        if row == " ":
            heading = heading.replace("d ", "d").replace(" (", "(")
        if heading:
            lines.insert(0, heading.format(row))
        text = "\ufeff# a comment, with; separators\t1" + end + end.join(lines)
        assert pairs_of(text) == PAIRS

    def test_decimal_commas(self):
        for row in ("\t", ";", " "):
            assert pairs_of("\n".join(written(row, decimal=","))) == PAIRS

    def test_words_with_spaces_and_separators(self):
        assert pairs_of("New York,big city,3\nthe Hague,town,1\n")[0] == ("New York", "big city", 3)
        assert pairs_of('"a, b","say ""hi""",3\nx,y,2\n')[0] == ("a, b", 'say "hi"', 3)
        assert pairs_of('"New York" "Los Angeles" 5\n') == [("New York", "Los Angeles", 5)]
        assert pairs_of(";\t,\t3\n") == [(";", ",", 3)]
        assert pairs_of('"\tb\t3\n') == [('"', "b", 3)]  # a quotation mark that is a word

    def test_the_score_is_the_first_number_after_the_words(self):
        text = "word1\tword2\tPOS\tscore\tother\n1984\t7\tN\t6.5\t9\ncloud\tlamp\tN\t1.25\t8\n"
        assert pairs_of(text) == [("1984", "7", 6.5), ("cloud", "lamp", 1.25)]
        assert [score for *_, score in pairs_of(text, score_column=5)] == [9, 8]

    def test_numbers_in_a_heading(self):
        assert pairs_of("1, 2, 3 (mean)\na, b, 3\n") == [("a", "b", 3)]
        years = "word1 word2 2015 score\na b N 3\nc d N 4\n"
        assert pairs_of(years, score_column=4) == [("a", "b", 3), ("c", "d", 4)]
        with pytest.raises(FormatError, match=r"line 2 .* choose the column of the score with"):
            pairs_of(years)
        with pytest.raises(FormatError, match="line 2 is not two words and a score"):
            pairs_of("a b 1\na,b,3\n")

    def test_the_column_of_the_first_pair_holds_for_all(self):
        with pytest.raises(FormatError, match=r"line 2 is not two words and a score in column 4 "):
            pairs_of("a b N 3\nc d 4 N\n")

    def test_the_score_may_come_first(self):
        assert pairs_of("6.5,river,stone\n1.25,cloud,lamp\n", score_column=1) == PAIRS[:2]
        assert pairs_of("river,6.5,stone\n", score_column=2) == PAIRS[:1]

    @pytest.mark.parametrize("column", [0, -1])
    def test_columns_start_at_1(self, column):
        with pytest.raises(SettingsError, match="score_column is"):
            pairs_of("a b 1\n", score_column=column)

    def test_refusals_name_line_and_remedy(self):
        with pytest.raises(FormatError) as caught:
            pairs_of("a,b,1\n\nc,d,\n")
        assert str(caught.value) == (
            "questions: line 3 is not two words and a score separated by commas; correct the line, "
            "mark it as a comment with #, or choose the column of the score with score_column"
        )
        with pytest.raises(FormatError) as caught:
            pairs_of("a b c\nd e f\n", score_column=3)
        assert str(caught.value) == (
            "questions: line 2 is not two words and a score in column 3, separated by tabs, "
            "spaces, commas or semicolons; choose the column of the score with score_column"
        )

    @pytest.mark.parametrize(
        ("name", "number"),
        [
            ("pairs-comma-with-header.csv", 4),
            ("pairs-comma-quoted-crlf.csv", 4),
            ("pairs-score-in-fourth-column.txt", 4),
            ("pairs-with-word-classes-men-like.txt", 4),
        ],
    )
    def test_the_files_that_were_reported(self, name, number):
        if not INPUTS.is_dir():
            pytest.skip("no ../shared/reports beside the project")
        read = read_pairs(INPUTS / name)
        assert len(read.asked) == number
        assert read.scores.tolist() == [6.5, 1.25, 2.0, 0.5]


class TestAnalogies:
    @pytest.mark.parametrize("line", ["a,b,c,d", "a;b;c;d", "a, b, c, d", '"a","b","c","d"'])
    def test_separators(self, line):
        read = read_questions(io.BytesIO(f"\ufeff: x\r\n{line}\r\n".encode()))
        assert [read.words[word] for word in read.asked[0]] == list("abcd")
        assert read.parts[0].name == "x"

    def test_words_with_spaces(self):
        read = read_questions(io.BytesIO(b"New York\tUSA\tThe Hague\tThe Netherlands\n"))
        assert read.words == ["New York", "USA", "The Hague", "The Netherlands"]

    def test_comments(self):
        text = b"# x y, z\n#\n#comment\n: a\n#w x y z\n# no question here\na b c d\n"
        read = read_questions(io.BytesIO(text))
        assert [read.words[number] for number in read.asked[:, 0]] == ["#w", "a"]


WORDS = ["river", "rivers", "streams", "stone", "stones", "cloud", "clouds", "other"]
# An axis for each thing, and the last for plurals; "streams" is nearest to "rivers".
PLACES = np.array(
    [
        *([1, 0, 0, 0, 0], [1, 0, 0, 0, 1], [1, 0, 0, 0.1, 1]),
        *([0, 1, 0, 0, 0], [0, 1, 0, 0, 1], [0, 0, 1, 0, 0], [0, 0, 1, 0, 1], [0, 0, 0, 1, 0]),
    ]
)


class TestBats:
    TEXT = "river\trivers/streams\nstone\tstones\ncloud\tclouds\n"

    def ask(self, text, **options):
        read = read_questions(io.BytesIO(text.encode()))
        return read, analogies(WordVectors(WORDS, PLACES), read, **options)

    def test_all_pairs_of_pairs(self):
        read, result = self.ask(self.TEXT)
        questions = {tuple(read.words[word] for word in line) for line in read.asked}
        pairs = [("river", "rivers"), ("stone", "stones"), ("cloud", "clouds")]
        assert questions == {(*one, *other) for one in pairs for other in pairs if one != other}
        assert (result.total.total, result.total.seen, result.total.correct) == (6, 6, 6)

    @pytest.mark.parametrize("rule", ["c", "gensim"])
    @pytest.mark.parametrize("row", ["\t", " ", ";"])
    @pytest.mark.parametrize("between", ["/", ","])
    def test_any_of_the_answers_is_right(self, row, between, rule):
        text = f"stone{row}stones\nriver{row}nowhere{between}streams{between}rivers\n"
        read, result = self.ask(text, rule=rule)
        # stone : stones = river : rivers or streams. The other way, "nowhere" is unknown.
        assert len(read.asked) == 2
        assert (result.total.seen, result.total.correct) == (1, 1)
        text = f"stone{row}stones\nriver{row}nowhere{between}cloud\n"
        _, result = self.ask(text, rule=rule)
        assert (result.total.seen, result.total.correct) == (1, 0)
        text = f"stone{row}stones\nriver{row}nowhere{between}never\n"
        assert self.ask(text, rule=rule)[1].total.seen == 0

    def test_sections_are_not_mixed(self):
        text = ": x\nriver rivers\nstone stones\n: y\ncloud clouds\nother others\n"
        read, _ = self.ask(text)
        assert [(part.name, part.where) for part in read.parts] == [
            ("x", slice(0, 2)), ("y", slice(2, 4)),
        ]  # fmt: skip

    def test_folders(self, tmp_path):
        inside = tmp_path / "BATS"
        for name in ("1_Inflection/I01 [plural].txt", "3_Encyclopedia/E10 [x].txt", "4/other.csv"):
            path = inside / name
            path.parent.mkdir(parents=True)
            path.write_text(self.TEXT)
        (inside / "README.md").write_text("# no questions\n")
        (inside / "4" / "_hidden.txt").write_text("one\n")
        result = analogies(WordVectors(WORDS, PLACES), inside)
        assert [(part.name, part.total, part.syntactic) for part in result.sections] == [
            ("I01 [plural]", 6, True), ("E10 [x]", 6, False), ("other", 6, False),
        ]  # fmt: skip
        assert result.total.correct == 18

    def test_refusals(self, tmp_path):
        with pytest.raises(FormatError, match="line 3 has 4 words; as in line 1, a line needs"):
            self.ask("a\tb\nc\td\na b c d\n")
        with pytest.raises(FormatError, match="each section needs two pairs of words at least"):
            self.ask("a\tb\n")
        (tmp_path / "bad.txt").write_text("a\tb\nx\n")
        with pytest.raises(FormatError, match=r"bad\.txt: line 2 has 1 words; as in line 1"):
            read_questions(tmp_path)

    def test_too_many_pairs(self):
        text = "".join(f"w{number}\tv{number}\n" for number in range(2300))
        with pytest.raises(FormatError, match="make more than 5,000,000 questions; divide it"):
            self.ask(text)

    def test_the_file_that_was_reported(self):
        path = INPUTS / "analogies-pairs-of-words-bats-like.txt"
        if not path.exists():
            pytest.skip("no ../shared/reports beside the project")
        assert analogies(WordVectors(WORDS, PLACES), path).total.correct == 6


def test_similarity_does_not_depend_on_the_form(tmp_path):
    vectors = WordVectors(
        ["river", "stone", "cloud", "lamp", "chair", "apple"],
        np.random.default_rng(1).normal(size=(6, 4)),
    )
    found = set()
    for row in ("\t", ";", ",", " "):
        (tmp_path / "pairs").write_text("\n".join(written(row)))
        found.add(similarity(vectors, tmp_path / "pairs"))
    assert len(found) == 1
