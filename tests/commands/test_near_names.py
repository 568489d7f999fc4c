"""A wrong command, option or choice: one line that names the one that was meant."""

import subprocess
import sys

import pytest

from fastw2v.cli import COMMANDS
from fastw2v.errors import SettingsError, near_names
from fastw2v.settings import PARAMETERS, Settings
from tests.support.commands import FOLDER, error_line, run_command


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("trian x", "no command 'trian'; did you mean train?"),
        ("TRAIN x", "no command 'TRAIN'; did you mean train?"),
        ("ctools", "no command 'ctools'; did you mean c-tools?"),
        ("word-analogy v", "no command 'word-analogy'; did you mean analogy?"),
        ("most_similar v", "no command 'most_similar'; did you mean similar?"),
        ("--versoin", "no option --versoin; did you mean --version?"),
        ("train x --negativ 5", "no option --negativ; did you mean --negative?"),
        ("train x --negativ=5", "no option --negativ; did you mean --negative?"),
        ("train x --min_count 5", "no option --min_count; did you mean --min-count?"),
        ("train x --min", "no option --min; did you mean --min-alpha, --min-count?"),
        ("train x --ns_exponent 1", "no option --ns_exponent; did you mean --noise-exponent?"),
        ("train x -output v.bin", "no option -output; did you mean --output?"),
        ("train x -size 5", "no option -size; did you mean --size?"),
        ("train x -cbow 1", "no option -cbow; did you mean --model?"),
        ("train x -minCount 1", "no option -minCount; did you mean --min-count?"),
        ("train x -loss ns", "no option -loss; did you mean --hs, --softmax?"),
        ("train -train x", "no option -train; did you mean CORPUS without an option?"),
        ("train x -o -size --sise 5", "no option --sise; did you mean --size?"),
        ("vocab x -min-count 2 -o v", "no option -min-count; did you mean --min-count?"),
        ("similar v --topn 3", "no option --topn; did you mean --neighbours?"),
        ("similar v -n5x -neighbours 2", "no option -neighbours; did you mean --neighbours?"),
        ("evaluate v --analogy x", "no option --analogy; did you mean --analogies?"),
        ("map v --projecton pca", "no option --projecton; did you mean --projection?"),
        ("phrases x -treshold 4", "no option -treshold; did you mean --threshold?"),
        (
            "similar v -xylo",
            "no option -xylo; see fastw2v similar --help, and put -- before a word or file that "
            "begins with -",
        ),
        (
            "train x --model skip-gram",
            "Invalid value for '--model': 'skip-gram' is not cbow or skipgram; did you mean "
            "skipgram?",
        ),
        (
            "map v -o m.html --projection t-SNE",
            "Invalid value for '--projection': 't-SNE' is not tsne, umap or pca; did you mean "
            "tsne?",
        ),
        (
            "convert a b --format bin",
            "Invalid value for '--format': 'bin' is not binary, text, npy, glove, projector or "
            "spacy; did you mean binary?",
        ),
        (
            "phrases a -o b --scoring zzz",
            "Invalid value for '--scoring': 'zzz' is not original or npmi",
        ),
    ],
)
def test_the_near_one_is_named(line, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a", "v", "x"):
        (tmp_path / name).write_text("1 1\nking 1\n")
    result = run_command(*line.split(), prog_name="fastw2v")
    assert error_line(result) == f"Error: {message}"
    assert result.exit_code == 2
    assert sorted(each.name for each in tmp_path.iterdir()) == ["a", "v", "x"]


def test_without_a_near_command_all_are_named():
    line = error_line(run_command("xyzzy"))
    assert line == f"Error: no command 'xyzzy'; the commands are: {', '.join(COMMANDS)}"


@pytest.mark.parametrize(
    "line",
    [
        "train x -ovectors.bin -q --epochs=0",
        "train x -qo vectors.bin --epochs 0",
        "train x -o=vectors.bin --epochs -1",
        "train -o vectors.bin --epochs 0 -- -size",
        "similar none -n5 -- -king",
        "similar none -n 5 -",
    ],
)
def test_options_that_exist_are_not_refused(line):
    assert "no option" not in error_line(run_command(*line.split()))


def test_near_names():
    known = ["--size", "--sample", "--save-vocab", "--min-count"]
    assert near_names("-SIZE", known) == ["--size"]
    assert near_names("--sam", known) == ["--sample"]
    assert near_names("--sa", known) == ["--sample", "--save-vocab"]
    assert near_names("--savevocab", known) == ["--save-vocab"]
    for none in ("", "-", "--", "---", "x", "zzzzz", "é", "\udcff", "q" * 100_000):
        assert near_names(none, known) == []


def test_wrong_choices_in_python():
    for name, known in PARAMETERS.items():
        for choice in known.choices:
            with pytest.raises(SettingsError, match=rf"; did you mean {choice}\?$"):
                Settings(**{name: f"{choice}x"})
    with pytest.raises(SettingsError, match=r"cbow or skipgram$"):
        Settings(model=3)


def tool(*arguments, cwd):
    done = subprocess.run(
        [sys.executable, "-m", "fastw2v.c_tools", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(FOLDER), "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stderr.splitlines()


def test_flags_and_names_of_the_c_tools(tmp_path):
    code, lines = tool("distnce", "x", cwd=tmp_path)
    assert (code, len(lines)) == (1, 1)
    assert lines[0].endswith("compute-accuracy; did you mean distance?")
    code, lines = tool("word2vec", "-negatve", "5", "-frob", "1", cwd=tmp_path)
    assert lines[0] == (
        "word2vec: ignoring unknown flags: -negatve (did you mean -negative?) 5 -frob 1"
    )
    code, lines = tool("word2phrase", "--Min-Count", "5", cwd=tmp_path)
    assert lines[0].endswith("flags: --Min-Count (did you mean -min-count?) 5")
