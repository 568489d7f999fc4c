"""``fastw2v map`` as users meet it."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fastw2v import load
from fastw2v.cli import cli
from fastw2v.commands.map import command
from fastw2v.mapping.projection import PROJECTIONS
from tests.support.map_cases import HOSTILE, read_page, some_vectors


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("vectors") / "v.bin"
    known = some_vectors()
    keep = [row for row, word in enumerate(known.words) if " " not in word]
    type(known)([known.words[row] for row in keep], known.matrix[keep]).save(path)
    return str(path)


@pytest.fixture
def output(tmp_path):
    return tmp_path / "map.html"


def run(*arguments, **options):
    return CliRunner().invoke(cli, ["map", *map(str, arguments)], **options)


def drawn(file, output, *arguments, **options):
    """The words on the page that the command wrote."""
    result = run(file, "-o", output, "--projection", "pca", *arguments, **options)
    assert result.exit_code == 0, result.stderr
    return read_page(output).data["words"]


def test_first_words(file, output):
    result = run(file, "-o", output, "-n", 31, "--projection", "pca")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith(f"{output}: 31 of 59 words, 7 dimensions; PCA, ")
    words = read_page(output).data["words"]
    assert len(words) == 31
    assert words[:4] == ["word0", "word1", "word2", HOSTILE[0]]


def test_default_is_tsne(file, output):
    result = run(file, "-o", output, "-q", "--seed", "7")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert "t-SNE, perplexity 19.3, seed 7" in read_page(output).text


def test_named_words(file, output):
    assert drawn(file, output, "--word", "word9", "--word", "word2") == ["word2", "word9"]


def test_words_of_a_file(file, output, tmp_path):
    (tmp_path / "list").write_bytes("\ufeffword9\r\n\nna".encode() + b"\xffve\nnowhere\nword2")
    arguments = ("--words-from", tmp_path / "list", "--word", "word11")
    assert drawn(file, output, *arguments) == ["word2", "na\udcffve", "word9", "word11"]
    result = run(file, "-o", output, "--projection", "pca", *arguments)
    left_out = "list: skipped 1 of 4 words, not in the vocabulary: 'nowhere'\n"
    assert left_out in result.stderr


def test_words_of_standard_input(file, output):
    assert drawn(file, output, "--words-from", "-", input="word4\nword3\n") == ["word3", "word4"]


def test_near_words(file, output):
    words = drawn(file, output, "--near", "word4", "--near", "word30", "-n", 12)
    assert words[:2] == ["word4", "word30"]
    assert len(words) == 12


def test_limit(file, output):
    assert drawn(file, output, "--limit", 5) == ["word0", "word1", "word2", *HOSTILE[:2]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--word", "word3", "--word", "wrod4"], "'wrod4' is not in the vocabulary; did you mean"),
        (["--near", "word3", "--word", "word4"], "--word and --near are exclusive"),
        (["--word", "word3"], "needs at least 2 words, but got 1"),
        (["-o", "map.pdf"], "cannot write map.pdf: use the extension .html for a web page"),
        (["-o", "no/such/map.html"], "does not exist; create it first"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(file, output, arguments, said):
    result = run(file, "-o", output, "--projection", "pca", *arguments)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert not output.exists()


def test_file_without_known_words(file, output):
    arguments = ("--projection", "pca", "--words-from", "-")
    result = run(file, "-o", output, *arguments, input="x\ny\n")
    assert result.exit_code == 1
    assert "-: skipped 2 of 2 words, not" in result.stderr
    assert "but got 0" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [["-n", "1"], ["--seed", "-1"], ["--projection", "mds"], ["--words-from", "/no/such/file"]],
)
def test_options_out_of_range(file, output, arguments):
    assert run(file, "-o", output, *arguments).exit_code == 2


def test_missing_library_is_told_before_the_vectors_are_read(monkeypatch, tmp_path, output):
    (tmp_path / "broken").write_bytes(b"")
    monkeypatch.setitem(sys.modules, "umap", None)
    result = run(tmp_path / "broken", "-o", output, "--projection", "umap")
    assert result.exit_code == 1
    assert "pip install 'fastw2v[map]'" in result.stderr
    assert result.stderr.count("\n") == 1


def test_choices_are_those_there_are():
    (option,) = [each for each in command.params if each.name == "projection"]
    assert tuple(option.type.choices) == PROJECTIONS


def test_neither_numba_nor_libraries_for_pictures_are_imported(file, output):
    code = (
        "import sys; sys.argv[1:] = ['map', *sys.argv[1:]]\n"
        "from fastw2v.cli import main; main()\n"
        "for name in ('numba', 'sklearn', 'matplotlib', 'umap'): assert name not in sys.modules"
    )
    arguments = [file, "-o", str(output), "--projection", "pca"]
    subprocess.run([sys.executable, "-c", code, *arguments], check=True, capture_output=True)


class TestTwoFiles:
    @pytest.fixture
    def other(self, file, tmp_path):
        known = load(file)
        type(known)(known.words[3:], known.matrix[3:] + 0.1).save(tmp_path / "other.txt")
        return str(tmp_path / "other.txt")

    def test_side_by_side(self, file, other, output):
        result = run(file, other, "-o", output, "--projection", "pca", "-n", 20)
        assert (result.exit_code, result.stdout) == (0, "")
        data = read_page(output).data
        assert [panel["name"] for panel in data["panels"]] == ["v.bin", "other.txt"]
        assert len(data["words"]) == 20
        assert "word0" not in data["words"]
        assert data["drift"]["compared"] == 5
        assert f"{output}: 20 words that all have; v.bin: 59 words" in result.stderr

    def test_one_file_twice(self, file, output):
        assert run(file, file, "-o", output, "--projection", "pca").exit_code == 0
        names = [panel["name"] for panel in read_page(output).data["panels"]]
        assert names == [f"{file} (1)", f"{file} (2)"]

    def test_words_of_a_file_that_one_lacks_are_skipped(self, file, other, output):
        arguments = ("--words-from", "-", "-o", output, "--projection", "pca")
        result = run(file, other, *arguments, input="word0\nword9\nword8\n")
        assert "skipped 1 of 3 words, not in the vocabulary: 'word0'" in result.stderr
        assert read_page(output).data["words"] == ["word8", "word9"]

    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (["--word", "word0", "--word", "word9"], 1, "'word0' is not in the vocabulary"),
            (["-n", "1"], 2, "1 is not in the range"),
        ],
    )
    def test_mistakes_are_one_line(self, file, other, output, arguments, code, said):
        given = [file if each == "THIRD" else each for each in arguments]
        result = run(file, other, "-o", output, "--projection", "pca", *given)
        assert result.exit_code == code
        assert said in result.stderr
        assert not output.exists()

    def test_standard_input_is_read_once(self, output):
        result = run("-", "-", "-o", output)
        assert result.exit_code == 2
        assert "standard input has one file of vectors" in result.stderr

    def test_no_input_is_replaced(self, file, other):
        before = Path(other).read_bytes()
        result = run(file, other, "-o", other, "--projection", "pca")
        assert result.exit_code == 1
        assert Path(other).read_bytes() == before


def test_progress_is_reported_while_projecting(file, output, monkeypatch):
    monkeypatch.setattr("fastw2v.progress.terminal.LINE_EVERY", 0.0)
    result = run(file, "-o", output)
    assert "Projecting: 50%" in result.stderr
    assert "Projecting: 100%" in result.stderr
    assert run(file, "-o", output, "--quiet").stderr == ""
