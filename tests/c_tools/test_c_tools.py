"""The programs named like the C tools: flags, files, messages, exit codes; no C program needed."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.c_tools import (
    PROGRAMS,
    word2phrase,
    word2vec,
)
from fastw2v.c_tools.flags import as_flag, hyper_parameters
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import CorpusError, FastW2VError, OutputError, SettingsError
from fastw2v.settings import PARAMETERS, Settings
from fastw2v.system.cores import usable_cores
from fastw2v.training.api import train
from tests.support.c_tool_cases import program

QUICK = ["-size", "7", "-iter", "2", "-min-count", "3", "-threads", "1"]
PROGRESS = rb"\rAlpha: 0\.\d{6}  Progress: \d+\.\d\d%  Words/thread/sec: \d+\.\d\dk  "


@pytest.fixture
def answers(capfdbinary):
    """Function: what a program's ``run`` prints on standard output for these arguments."""

    def ask(run, arguments) -> bytes:
        capfdbinary.readouterr()
        run([str(argument) for argument in arguments])
        return capfdbinary.readouterr().out

    return ask


class TestMapping:
    def test_every_flag_of_the_c_program_sets_the_parameter_that_names_it(self):
        flags = {
            "-cbow": 0, "-size": 9, "-window": 8, "-negative": 25, "-hs": 1, "-sample": 1e-4,
            "-iter": 15, "-alpha": 0.01, "-min-count": 10, "-threads": 20, "-binary": 1,
        }  # fmt: skip
        assert hyper_parameters(flags) == {
            "model": "skipgram", "size": 9, "window": 8, "negative": 25, "hs": True,
            "sample": 1e-4, "epochs": 15, "alpha": 0.01, "min_count": 10, "threads": 20,
        }  # fmt: skip
        assert {p.c for p in PARAMETERS.values()} - {""} == set(flags) - {"-binary"}

    def test_any_number_but_0_is_true(self):
        assert hyper_parameters({"-cbow": 2, "-hs": -1}) == {"model": "cbow", "hs": True}
        assert hyper_parameters({"-hs": 0}) == {"hs": False}

    def test_defaults_are_those_of_the_c_program(self):
        expected = Settings(
            model="cbow", size=100, window=5, negative=5, hs=False, sample=1e-3, epochs=5,
            alpha=0.05, min_count=5, threads=min(12, usable_cores()),
        )  # fmt: skip
        assert word2vec.settings_of({}) == expected
        assert word2vec.settings_of({"-cbow": 0}).alpha == 0.025
        assert word2vec.settings_of({"-hs": 1}).negative == 5  # both are trained

    def test_flags_that_the_c_program_lacks(self):
        assert word2vec.settings_of({"-exact": 1}).threads == 1
        assert word2vec.settings_of({"-exact": 1, "-threads": 1}).exact
        assert word2vec.settings_of({"-seed": 7}).seed == 7
        with pytest.raises(SettingsError, match="thread"):
            word2vec.settings_of({"-exact": 1, "-threads": 20})

    @pytest.mark.parametrize(
        ("given", "says"),
        [
            ({"-negative": 0}, "-negative is 0 and -hs is off"),
            ({"-iter": 0}, "^-iter is 0; it must be"),
            ({"-threads": 0}, "^-threads is 0"),
            ({"-min-count": -1}, "^-min-count is -1"),
            ({"-classes": -1}, "^-classes is -1"),
        ],
    )
    def test_contradicting_flags_are_refused(self, given, says):
        with pytest.raises(SettingsError) as caught:
            word2vec.settings_of(given)
        assert re.search(says, caught.value.spelled(as_flag))

    def test_names_elsewhere(self):
        names = {"c": "-iter", "gensim": "epochs", "fasttext": "-epoch"}
        assert PARAMETERS["epochs"].elsewhere == names
        assert PARAMETERS["seed"].elsewhere == {"gensim": "seed"}
        assert PARAMETERS["exact"].elsewhere == {}


class TestWord2vec:
    def test_prints_what_the_c_program_prints(self, tiny_corpus, tmp_path, answers):
        output = tmp_path / "vectors"
        said = answers(word2vec.run, ["-train", tiny_corpus, "-output", output, *QUICK])
        vocabulary = Vocabulary.load(self.saved_vocabulary(tiny_corpus, tmp_path))
        assert said.startswith(b"Starting training using file %b\n" % os.fsencode(tiny_corpus))
        sizes = b"Vocab size: %d\nWords in train file: %d\n"
        expected = sizes % (len(vocabulary), vocabulary.total)
        assert re.search(re.escape(expected) + rb"(?:%b)+\Z" % PROGRESS, said)

    @staticmethod
    def saved_vocabulary(corpus, folder):
        path = folder / "vocabulary"
        word2vec.run(["-train", str(corpus), "-save-vocab", str(path), "-min-count", "3"])
        return path

    def test_rate_falls_and_the_share_rises_to_all(self, tiny_corpus, tmp_path, answers):
        arguments = ["-train", tiny_corpus, "-output", tmp_path / "v", *QUICK, "-alpha", "0.04"]
        said = answers(word2vec.run, arguments)
        rates = [float(rate) for rate in re.findall(rb"Alpha: ([\d.]+)", said)]
        shares = [float(share) for share in re.findall(rb"Progress: ([\d.]+)%", said)]
        assert rates == sorted(rates, reverse=True)
        assert shares == sorted(shares)
        assert shares[-1] == pytest.approx(100, abs=0.02)
        for rate, share in zip(rates, shares, strict=True):
            assert rate == pytest.approx(0.04 * max(1e-4, 1 - share / 100), abs=1e-5)

    @pytest.mark.parametrize(("debug", "lines"), [(0, 1), (1, 3)])
    def test_debug(self, tiny_corpus, tmp_path, capfdbinary, debug, lines):
        arguments = ["-train", str(tiny_corpus), "-output", str(tmp_path / "v"), *QUICK]
        word2vec.run([*arguments, "-debug", str(debug)])
        out, err = capfdbinary.readouterr()
        assert (out.count(b"\n"), out.count(b"\r")) == (lines, 0)
        assert err == b""

    @pytest.mark.parametrize(("binary", "name"), [(0, "v.bin"), (1, "v.txt"), (0, "v.txt.gz")])
    def test_the_format_follows_the_flag_not_the_name(self, tiny_corpus, tmp_path, binary, name):
        path = tmp_path / name
        arguments = ["-train", str(tiny_corpus), "-output", str(path), *QUICK]
        word2vec.run([*arguments, "-binary", str(binary)])
        trained = train(tiny_corpus, size=7, epochs=2, min_count=3, threads=1)
        words, matrix = formats.load(path)
        assert words == trained.words
        assert np.array_equal(matrix, trained.matrix)
        header = b"%d 7\n" % len(words)
        rows = path.read_bytes().removeprefix(header)
        if binary:
            assert rows.startswith(b"</s> " + trained.matrix[0].tobytes() + b"\n")
        else:
            assert re.match(rb"</s> (-?[0-9.e-]+ ){7}\n", rows)

    def test_exact_text_has_six_decimals_as_in_c(self, tiny_corpus, tmp_path):
        arguments = ["-train", str(tiny_corpus), "-output", str(tmp_path / "v"), *QUICK]
        word2vec.run([*arguments, "-exact", "1"])
        trained = train(tiny_corpus, size=7, epochs=2, min_count=3, exact=True)
        first, *lines = (tmp_path / "v").read_text().split("\n")
        assert first == f"{len(trained)} 7"
        assert lines.pop() == ""
        for line, word, vector in zip(lines, trained.words, trained.matrix, strict=True):
            assert line == " ".join([word, *(f"{number:.6f}" for number in vector), ""])

    def test_classes_are_those_of_the_vectors(self, tiny_corpus, tmp_path):
        from fastw2v.classes import assign_classes_exactly

        path = tmp_path / "classes.txt"
        arguments = ["-train", str(tiny_corpus), "-output", str(path), *QUICK]
        word2vec.run([*arguments, "-classes", "5"])
        trained = train(tiny_corpus, size=7, epochs=2, min_count=3, threads=1)
        classes = assign_classes_exactly(trained.matrix, 5)
        expected = [f"{word} {one}" for word, one in zip(trained.words, classes, strict=True)]
        assert path.read_text().splitlines() == expected
        assert len(set(classes)) > 1

    def test_without_output_only_the_vocabulary_is_made(self, tiny_corpus, tmp_path, answers):
        path = tmp_path / "vocab.txt"
        said = answers(
            word2vec.run, ["-train", tiny_corpus, "-save-vocab", path, "-min-count", "3"]
        )
        vocabulary = Vocabulary.load(path)
        assert b"Alpha" not in said
        assert said.endswith(b"\nWords in train file: %d\n" % vocabulary.total)
        assert path.read_text().startswith("</s> 3001\n")
        assert vocabulary.counts[1:].min() >= 3
        assert os.listdir(tmp_path) == ["vocab.txt"]

    def test_read_vocab(self, tiny_corpus, tiny_twins, tmp_path, answers):
        first, second = tiny_twins[0]
        (tmp_path / "known").write_text(f"</s> 9\nnever 4\n{second} 900\n{first} 800\nrare 2\n")
        arguments = ["-train", tiny_corpus, "-read-vocab", tmp_path / "known", *QUICK]
        said = answers(word2vec.run, [*arguments, "-output", tmp_path / "v"])
        assert b"Vocab size: 4\nWords in train file: 1713\n" in said
        assert formats.load(tmp_path / "v")[0] == ["</s>", second, first, "never"]
        again = answers(word2vec.run, [*arguments, "-save-vocab", tmp_path / "again"])
        assert b"Vocab size: 4\n" in again
        expected = f"</s> 9\n{second} 900\n{first} 800\nnever 4\n"
        assert (tmp_path / "again").read_text() == expected

    @pytest.mark.parametrize(
        ("arguments", "error"),
        [
            (["-output", "v"], SettingsError),
            (["-train", "missing.txt", "-output", "v"], CorpusError),
            (["-train", "text", "-output", "no/v"], OutputError),
            (["-train", "text", "-output", "text"], OutputError),
            (["-train", "text", "-save-vocab", "no/v"], OutputError),
            (["-train", "text", "-output", "v", "-read-vocab", "missing"], FastW2VError),
            (["-train", "missing.txt", "-read-vocab", "known"], CorpusError),
        ],
    )
    def test_failures(self, tmp_path, monkeypatch, arguments, error):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "text").write_text("one two three\n" * 9)
        (tmp_path / "known").write_text("</s> 9\none 9\n")
        with pytest.raises(error) as caught:
            word2vec.run(arguments)
        assert "\n" not in str(caught.value)
        assert not (tmp_path / "v").exists()

    def test_the_same_checks_as_of_train(self, tiny_corpus, tmp_path, monkeypatch):
        from fastw2v.errors import ResourceError, TrainingError
        from fastw2v.system import resources

        output = tmp_path / "v"
        arguments = ["-train", str(tiny_corpus), "-output", str(output), *QUICK]
        with pytest.raises(OutputError, match="is the same file"):
            word2vec.run([*arguments, "-save-vocab", str(output)])
        with pytest.raises(TrainingError, match="diverged"):
            word2vec.run([*arguments, "-alpha", "1e6"])
        monkeypatch.setattr(resources, "free_memory", lambda: 1_000_000)
        with pytest.raises(ResourceError, match="more memory"):
            word2vec.run(arguments)
        assert not output.exists()
        word2vec.run([*arguments, "-force", "1"])
        assert output.exists()


class TestWord2phrase:
    def test_text_and_lines(self, tmp_path, monkeypatch, answers):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "text").write_text("a b c\n" * 9 + "d e\n")
        said = answers(word2phrase.run, ["-train", "text", "-output", "out", "-threshold", "1"])
        assert (tmp_path / "out").read_text() == " a_b c\n" * 9 + " d e\n"
        # a, b, c, a_b, b_c and c_a are common; C counts half of d, e, c_d and d_e, and one more.
        end = b"\nVocab size (unigrams + bigrams): 9\nWords in train file: 29\n"
        assert said.startswith(b"Starting training using file text\n")
        assert said.endswith(end)

    def test_flags(self, tmp_path, monkeypatch, capfdbinary):
        monkeypatch.chdir(tmp_path)
        (tmp_path / "text").write_text("a b c\n" * 9 + "d e\n")
        flags = ["-threshold", "1", "-min-count", "9", "-debug", "0"]
        word2phrase.run(["-train", "text", "-output", "out", *flags])
        assert (tmp_path / "out").read_text() == (tmp_path / "text").read_text().replace(
            "a ", " a "
        ).replace("d ", " d ")
        assert capfdbinary.readouterr() == (b"Starting training using file text\n", b"")

    @pytest.mark.parametrize("arguments", [["-train", "text"], ["-output", "out"]])
    def test_both_files_must_be_named(self, arguments):
        with pytest.raises(SettingsError, match=r"-(train|output) is missing"):
            word2phrase.run(arguments)


class TestProcess:
    @pytest.fixture
    def vectors(self, tmp_path):
        formats.save(tmp_path / "v.bin", ["king", "queen", "man"], [[1, 2], [3, 1], [2, -1]])
        return tmp_path / "v.bin"

    @pytest.mark.parametrize("name", PROGRAMS)
    def test_without_arguments_the_usage_is_printed(self, name):
        done = program(name)
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.startswith(name.encode() + b": ")
        assert program(name, "--help").stdout == done.stdout

    def test_usage_lists_every_flag_with_its_default(self):
        for flag, default in {
            "-size": "100", "-window": "5", "-sample": "0.001", "-hs": "0", "-negative": "5",
            "-threads": "12", "-iter": "5", "-min-count": "5", "-classes": "0", "-debug": "2",
            "-binary": "0", "-cbow": "1", "-alpha": "0.025; cbow: 0.05",
        }.items():  # fmt: skip
            expected = rf"  {flag} <(int|float)>\n      .*  \[default: {re.escape(default)}\]\n"
            assert re.search(expected, word2vec.USAGE), flag
        for flag in ("-train", "-output", "-save-vocab", "-read-vocab"):
            assert f"  {flag} <file>\n" in word2vec.USAGE

    def test_usage_and_answers_need_no_compiler(self, vectors):
        code = (
            "import sys; from fastw2v.c_tools.__main__ import main\n"
            "for arguments in (['word2vec'], ['distance', sys.argv[1]]):\n"
            "    sys.argv[1:] = arguments; main()\n"
            "assert 'numba' not in sys.modules"
        )
        command = [sys.executable, "-c", code, str(vectors)]
        subprocess.run(command, check=True, capture_output=True, input=b"king\n")

    @pytest.mark.parametrize(
        "arguments",
        [
            ["word2vec", "-train", "missing"],
            ["word2vec", "-size"],
            ["word2phrase", "-train", "missing", "-output", "out"],
            ["distance", "missing"],
            ["word-analogy", "missing"],
            ["compute-accuracy", "missing"],
        ],
    )
    def test_failures_are_one_line_of_the_program(self, arguments, tmp_path):
        done = program(*arguments, cwd=tmp_path)
        assert done.returncode == 1
        last = done.stderr.decode().splitlines()
        assert len(last) == 1
        assert last[0].startswith(f"{arguments[0]}: ")
        assert os.listdir(tmp_path) == []

    def test_unknown_program(self):
        done = program("word3vec")
        assert done.returncode == 1
        assert b"one of word2vec, word2phrase" in done.stderr

    def test_a_closed_output_pipe_ends_it_silently(self, vectors):
        command = f"'{sys.executable}' -m fastw2v.c_tools distance '{vectors}' | head -n 1"
        done = subprocess.run(
            ["sh", "-c", command], input=b"king\n" * 9000, capture_output=True, timeout=120
        )
        assert (done.stdout, done.stderr) == (
            b"Enter word or sentence (EXIT to break): \n",
            b"",
        )
