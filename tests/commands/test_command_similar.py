"""``fastw2v similar`` as users meet it: what comes out, where, and with which exit code."""

import json
import os
import pty
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner

from fastw2v import formats
from fastw2v.cli import cli

WORDS = ["</s>", "king", "queen", "man", "New York", "na\udcffve", "été"]
MATRIX = [[0, 0, 1], [3, 1, 0], [3, 2, 0], [1, 3, 0], [0, 2, 1], [5, 1, 1], [-1, 0, 2]]
COMMAND = [sys.executable, "-m", "fastw2v", "similar"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "my vectors.txt"
    formats.save(path, WORDS, MATRIX)
    return str(path)


def run(*arguments, **options):
    return CliRunner().invoke(cli, ["similar", *arguments], **options)


def cosine(first, second):
    first, second = np.array(first, float), np.array(second, float)
    return first @ second / np.linalg.norm(first) / np.linalg.norm(second)


def test_lines_of_word_and_cosine(file):
    result = run(file, "king", "-n", "2")
    assert result.exit_code == 0
    near = [(WORDS[5], cosine(MATRIX[1], MATRIX[5])), (WORDS[2], cosine(MATRIX[1], MATRIX[2]))]
    expected = "".join(f"{word}\t{c:.6f}\n" for word, c in near)
    assert result.stdout_bytes == expected.encode("utf-8", "surrogateescape")
    assert result.stderr == ""


def test_json_is_one_object_in_sound_utf8(file):
    result = run(file, "king", "New York", "-n", "9", "--json")
    assert result.exit_code == 0
    assert result.stdout_bytes.decode("utf-8").count("\n") == 1
    answer = json.loads(result.stdout)
    assert answer["query"] == ["king", "New York"]
    found = [neighbour["word"] for neighbour in answer["neighbours"]]
    assert sorted(found) == sorted(set(WORDS) - {"king", "New York"})
    assert "été" in result.stdout
    cosines = [neighbour["cosine"] for neighbour in answer["neighbours"]]
    assert cosines == sorted(cosines, reverse=True)


def test_unknown_word_is_one_line(file):
    result = run(file, "kinng")
    assert result.exit_code == 1
    assert result.stdout == ""
    expected = "Error: 'kinng' is not in the vocabulary; did you mean king?\n"
    assert result.stderr == expected


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5"])
def test_number_out_of_range(file, number):
    result = run(file, "king", "-n", number)
    assert result.exit_code == 2
    assert "Invalid value for '-n' / '--neighbours'" in result.stderr


def test_missing_file(tmp_path):
    result = run(str(tmp_path / "missing"), "king")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


def test_file_that_is_none(tmp_path):
    (tmp_path / "v").write_bytes(b"\x80\x04K\x01.")
    result = run(str(tmp_path / "v"), "king")
    assert result.exit_code == 1
    assert "Python pickle" in result.stderr
    assert result.stderr.count("\n") == 1


def test_faults_are_noted_and_strict_fails(tmp_path):
    (tmp_path / "v").write_bytes(b"9 2\na 1 2\nb 3 4\n")
    result = run(str(tmp_path / "v"), "a")
    assert result.exit_code == 0
    assert result.stdout == "b\t0.983870\n"
    assert "declares 9 words" in result.stderr
    result = run(str(tmp_path / "v"), "a", "--strict")
    assert result.exit_code == 1
    assert result.stdout == ""


def test_limit(file):
    result = run(file, "king", "--limit", "3", "--json")
    found = [neighbour["word"] for neighbour in json.loads(result.stdout)["neighbours"]]
    assert found == ["queen", "</s>"]


class TestStandardInput:
    def test_one_query_a_line(self, file):
        lines = b"king\r\n\n  man\tqueen \nNew York\nna\xffve"
        result = run(file, "--json", "-n", "1", input=lines)
        assert result.exit_code == 0
        asked = [json.loads(line)["query"] for line in result.stdout.splitlines()]
        assert asked == [["king"], ["man", "queen"], ["New York"], ["na\udcffve"]]

    def test_answers_are_parted_by_an_empty_line(self, file):
        result = run(file, "-n", "1", input="queen\nman\n")
        assert [line.split("\t")[0] for line in result.stdout.split("\n")] == [
            "king",
            "",
            "New York",
            "",
        ]

    def test_unknown_words_are_reported_at_once_and_in_the_exit_code(self, file):
        result = run(file, "-n", "1", input="qeen\nman\nman kinng\n")
        assert result.exit_code == 1
        assert result.stdout.startswith("New York\t")
        assert result.stderr.splitlines() == [
            "Error: 'qeen' is not in the vocabulary; did you mean queen?",
            "Error: 'kinng' is not in the vocabulary; did you mean king?",
            "Error: 2 queries failed (see above)",
        ]

    def test_words_without_a_direction_are_reported_too(self, tmp_path):
        formats.save(tmp_path / "v.bin", ["a", "b", "bad"], [[1, 2], [3, 4], [np.nan, 1]])
        result = run(str(tmp_path / "v.bin"), input="bad\na\n")
        assert result.exit_code == 1
        assert result.stdout.startswith("b\t")
        assert "vector of 'bad' has NaN" in result.stderr
        assert "1 query failed (see above)" in result.stderr

    def test_many_are_as_one_by_one(self, file):
        words = [word for word in WORDS if word != "na\udcffve"] * 30
        lines = "".join(f"{word}\n" for word in words)
        result = run(file, "--json", "-n", "3", input=lines)
        answers = [run(file, word, "--json", "-n", "3").stdout for word in dict.fromkeys(words)]
        assert result.stdout == "".join(answers) * 30

    def test_nothing(self, file):
        result = run(file, input="")
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")


class TestWordsFrom:
    def test_a_file_is_as_standard_input(self, file, tmp_path):
        lines = b"king\r\n\nman\tqueen\nqeen\nNew York"
        (tmp_path / "words.txt").write_bytes(lines)
        expected = run(file, "--json", input=lines)
        result = run(file, "--json", "--words-from", str(tmp_path / "words.txt"))
        assert result.stdout_bytes == expected.stdout_bytes
        assert result.stdout.count("\n") == 3
        assert (result.stderr, result.exit_code) == (expected.stderr, 1)
        result = run(file, "--json", "--words-from", "-", input=lines)
        assert result.stdout_bytes == expected.stdout_bytes

    def test_not_together_with_words(self, file):
        result = run(file, "king", "--words-from", file)
        assert result.exit_code == 2
        assert "not both" in result.stderr

    def test_missing_file(self, file):
        result = run(file, "--words-from", f"{file}.missing")
        assert result.exit_code == 2
        assert "does not exist" in result.stderr


class TestProcess:
    def test_who_waits_for_an_answer_gets_it(self, file):
        with subprocess.Popen(
            [*COMMAND, file, "-n", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            answers = []
            for query in (b"queen\n", b"man\nking\n"):
                process.stdin.write(query)
                process.stdin.flush()
                answers += [process.stdout.readline() for _ in range(2 * query.count(b"\n") - 1)]
                if len(answers) == 1:
                    answers.append(b"")
            process.stdin.close()
        # The empty line that parts the answers comes with the later one.
        assert [line.split(b"\t")[0] for line in answers] == [
            b"king",
            b"",
            b"\n",
            b"New York",
            b"\n",
        ]

    def test_exit_codes(self, file):
        for words, code in ((["king"], 0), (["kinng"], 1), (["king", "-n", "0"], 2)):
            done = subprocess.run([*COMMAND, file, *words], capture_output=True, check=False)
            assert done.returncode == code
            assert b"Traceback" not in done.stderr
            assert (done.stdout == b"") == (code != 0)

    def test_odd_bytes_in_a_plain_locale(self, file):
        environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
        done = subprocess.run(
            [*COMMAND, file, b"\xc3\xa9t\xc3\xa9"], capture_output=True, check=True, env=environment
        )
        assert b"na\xffve\t" in done.stdout

    @pytest.mark.parametrize("command", ["similar", "analogy"])
    def test_words_of_the_command_line_are_utf8_in_any_locale(self, tmp_path, command):
        words = ["café", "naïve", "thé", "d"]
        formats.save(tmp_path / "v.txt", words, [[1, 2], [2, 1], [1, 3], [0, 1]])
        plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        asked = [word.encode() for word in (words[:1] if command == "similar" else words[:3])]
        done = subprocess.run(
            [*COMMAND[:-1], command, tmp_path / "v.txt", *asked],
            capture_output=True,
            env={**os.environ, **plain},
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1].startswith(b"d\t") or command == "similar"

    def test_words_typed_in_the_encoding_of_the_locale_are_found(self, monkeypatch):
        from fastw2v.commands.param_types import Word

        def as_latin_1(text):
            return text.encode("latin-1", "surrogateescape")

        monkeypatch.setattr(os, "fsencode", as_latin_1)
        assert Word().convert("café", None, None) == "café"  # typed in a terminal of latin-1
        assert Word().convert("cafÃ©", None, None) == "café"  # typed in one of UTF-8

    def test_numba_is_not_imported(self, file):
        code = (
            "import sys; sys.argv[1:] = ['similar', sys.argv[1], 'king']\n"
            "from fastw2v.cli import main; main(); assert 'numba' not in sys.modules"
        )
        subprocess.run([sys.executable, "-c", code, file], check=True, capture_output=True)

    def test_on_a_terminal_it_asks_until_an_empty_line(self, file):
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [*COMMAND, file, "-n", "1"],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            os.close(theirs)
            os.write(ours, b"queen\nqeen\nman\n\nnever read\n")
            out, err = process.communicate(timeout=60)
        os.close(ours)
        assert process.returncode == 0
        assert [line.split(b"\t")[0] for line in out.split(b"\n")] == [
            b"king",
            b"",
            b"New York",
            b"",
        ]
        assert err.count(b"empty line to quit") == 4
        assert b"'qeen' is not in the vocabulary" in err
