"""Files of questions: what is read, what is refused and in which words."""

import bz2
import gzip
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.errors import FormatError
from fastw2v.evaluation import read_pairs, read_questions
from fastw2v.io.encoding import to_bytes, to_word

READERS = (read_questions, read_pairs)


def spelled(questions):
    """Sections as lists: name, number, questions as words."""
    return [
        (
            name,
            number,
            [[questions.words[word] for word in line] for line in questions.asked[where]],
        )
        for name, number, where, _ in questions.parts
    ]


def paired(pairs):
    return [
        (pairs.words[first], pairs.words[second], score)
        for (first, second), score in zip(pairs.asked, pairs.scores, strict=True)
    ]


def bytes_without(taken: bytes):
    """Words of any bytes but white space, zero, and those that are taken."""
    allowed = sorted(set(range(256)) - set(b"\0\t\n\v\f\r " + taken))
    return st.lists(st.sampled_from(allowed), min_size=1, max_size=5).map(bytes)


WORD = bytes_without(b'"')  # quotes around fields are none of their words
BLANKS = st.sampled_from([b" ", b"\t", b"  ", b" \t "])
LINE_END = st.sampled_from([b"\n", b"\r\n", b" \n", b"\n\n", b"\n \r\n"])
SECTION = st.tuples(
    st.lists(bytes_without(b":#"), max_size=3).map(b" ".join),
    st.lists(st.lists(WORD, min_size=4, max_size=4), max_size=4),
)


@settings(deadline=None, max_examples=80)
@given(st.data(), st.lists(SECTION, min_size=1, max_size=4), st.booleans())
def test_questions_survive_writing_and_reading(data, sections, marked):
    text = b"\xef\xbb\xbf" if marked else b""
    for name, questions in sections:
        text += b": " + name + data.draw(LINE_END)
        for question in questions:
            if question[0] in (b":", b"#"):
                question[0] *= 2
            text += data.draw(BLANKS).join(question) + data.draw(LINE_END)
    if not any(questions for _, questions in sections):
        with pytest.raises(FormatError, match="no questions in it"):
            read_questions(io.BytesIO(text))
        return
    read = read_questions(io.BytesIO(text))
    assert len(read.words) == len(set(read.words))
    assert spelled(read) == [
        (to_word(name), number, [[to_word(word) for word in question] for question in questions])
        for number, (name, questions) in enumerate(sections, 1)
    ]


@settings(deadline=None, max_examples=80)
@given(
    st.lists(st.tuples(bytes_without(b'#"'), WORD, st.floats(-1e6, 1e6)), min_size=1, max_size=6),
    st.sampled_from([b"\t", b"  "]),
    LINE_END,
)
def test_pairs_survive_writing_and_reading(pairs, between, line_end):
    lines = [between.join([first, second, repr(score).encode()]) for first, second, score in pairs]
    read = read_pairs(io.BytesIO(b"".join(line + line_end for line in lines)))
    assert paired(read) == [(to_word(a), to_word(b), score) for a, b, score in pairs]


PIECES = st.sampled_from(
    [b":", b": x\n", b"a b c d\n", b"a\tb\t1.5\n", b"\n", b" ", b"\t", b"\r", b"nan", b"1", b"#"]
)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=40) | st.lists(PIECES | st.binary(max_size=4)).map(b"".join))
@pytest.mark.parametrize("read", READERS)
def test_garbage_is_read_or_refused_in_one_line(tmp_path_factory, read, content):
    path = tmp_path_factory.mktemp("g") / "questions"
    path.write_bytes(content)
    message = ""
    try:
        questions = read(path)
    except FormatError as error:
        message = str(error)
    if message:
        assert message.startswith(f"{path}: ")
        assert len(message.splitlines()) == 1
        return
    assert len(questions.asked) > 0
    assert questions.asked.max() < len(questions.words)
    assert all(to_bytes(word) in content for word in questions.words)


class TestQuestions:
    def read(self, text):
        return spelled(read_questions(io.BytesIO(text)))

    def test_questions_before_any_heading_are_section_zero(self):
        read = self.read(b"a b c d\n: x\n:y z\ne f g h\n")
        assert read == [
            ("", 0, [["a", "b", "c", "d"]]),
            ("x", 1, []),
            ("y z", 2, [["e", "f", "g", "h"]]),
        ]

    def test_a_colon_may_start_a_word(self):
        assert self.read(b": x\n:) :( :D :P\n") == [("x", 1, [[":)", ":(", ":D", ":P"]])]
        assert self.read(b": x y z\na b c d") == [("x y z", 1, [["a", "b", "c", "d"]])]

    @pytest.mark.parametrize("words", [1, 3, 5])
    def test_an_invalid_line_is_reported_by_number(self, tmp_path, words):
        (tmp_path / "q").write_text(": x\n\na b c d\n" + "w " * words + "\n")
        expected = f"q: line 4 has {words} words; a question needs four, and a section starts with"
        with pytest.raises(FormatError, match=expected):
            read_questions(tmp_path / "q")


class TestPairs:
    def read(self, text):
        return paired(read_pairs(io.BytesIO(text)))

    def test_heading_comments_and_further_columns(self):
        text = b"# a\tb\t3\n#\n\nword1\tword2\tmean\n# more\n"
        text += b"New York\tcity\t 7.5 \t3\t4\r\na\tb\t-1e-1"
        assert self.read(text) == [("New York", "city", 7.5), ("a", "b", -0.1)]

    @pytest.mark.parametrize("line", ["b c", "b\tc", "b c x", "a b nan", "a\tb\tinf", "a,b,3"])
    def test_an_invalid_line_is_reported_by_number(self, tmp_path, line):
        (tmp_path / "p").write_text(f"a b 1\n{line}\n")
        with pytest.raises(
            FormatError, match="p: line 2 is not two words and a score separated by tabs"
        ):
            read_pairs(tmp_path / "p")

    def test_one_heading_only(self):
        with pytest.raises(FormatError, match="questions: line 2 is not two words and a score"):
            self.read(b"word1 word2 mean\nword word mean\na b 1\n")


@pytest.mark.parametrize("read", READERS)
class TestInvalidFiles:
    def refused(self, tmp_path, read, content):
        (tmp_path / "f").write_bytes(content)
        with pytest.raises(FormatError) as caught:
            read(tmp_path / "f")
        assert str(caught.value).startswith(f"{tmp_path / 'f'}: ")
        return str(caught.value).removeprefix(f"{tmp_path / 'f'}: ")

    def test_missing_or_a_folder(self, tmp_path, read):
        with pytest.raises(FormatError, match="missing: cannot be read: No such file"):
            read(tmp_path / "missing")
        problem = "cannot be read: Is a directory"
        if read is read_questions:
            problem = "no file of analogies in this folder; their names end in .txt"
        with pytest.raises(FormatError, match=problem):
            read(str(tmp_path))

    def test_empty(self, tmp_path, read):
        for content in (b"", b"\n \n\r\n", b"\xef\xbb\xbf"):
            assert self.refused(tmp_path, read, content).startswith("no ")

    def test_utf_16(self, tmp_path, read):
        text = "a b c d\n"
        assert "UTF-16; save it as UTF-8" in self.refused(tmp_path, read, text.encode("utf-16"))
        message = self.refused(tmp_path, read, text.encode("utf-16-le"))
        assert message.startswith("line 1 has a zero byte: not a text file; use")

    def test_one_endless_line(self, tmp_path, read):
        message = self.refused(tmp_path, read, b"a b 3 c\n"[:7] + b"x" * (3 << 20))
        assert message.startswith("line 1 is longer than 1,048,576 bytes")

    def test_broken_compression(self, tmp_path, read):
        packed = gzip.compress(b"a b 3 c\n" * 1000)
        assert "corrupt gzip data" in self.refused(tmp_path, read, packed[:-20])

    @pytest.mark.parametrize("compress", [gzip.compress, bz2.compress])
    def test_compressed_files_are_read(self, tmp_path, read, compress):
        (tmp_path / "f").write_bytes(compress(b"a b 3 4\n" * 1000))
        assert len(read(tmp_path / "f").asked) == 1000


def test_the_usual_sets_are_read_whole(corpora):
    questions = read_questions(corpora / "eval" / "questions-words.txt")
    assert questions.asked.shape == (19_544, 4)
    assert len(questions.parts) == 14
    totals = [
        len(read_pairs(corpora / "eval" / f"{name}.tsv").scores)
        for name in ("wordsim353", "simlex999", "rg65")
    ]
    assert totals == [353, 999, 65]
