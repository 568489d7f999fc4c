"""``fastw2v map`` as users meet it."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

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
