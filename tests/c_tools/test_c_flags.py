"""The flags of the C programs: parsing, and the hyper-parameters that they set."""

import re

import pytest

from fastw2v.c_tools import word2vec
from fastw2v.c_tools.flags import Flag, as_flag, hyper_parameters, parse
from fastw2v.errors import SettingsError
from fastw2v.settings import PARAMETERS, Settings
from fastw2v.system.cores import usable_cores


class TestFlags:
    FLAGS = (Flag("-size", int, ""), Flag("-alpha", float, ""), Flag("-train", str, ""))

    def test_values_have_their_kinds(self):
        given = parse("x", self.FLAGS, ["-alpha", "1e-2", "-train", "-", "-size", "+7"])
        assert given == {"-alpha": 0.01, "-train": "-", "-size": 7}

    def test_the_first_value_of_a_repeated_flag_is_used(self):
        assert parse("x", self.FLAGS, ["-size", "7", "-size", "9"]) == {"-size": 7}

    def test_unknown_flags_are_ignored_with_one_line(self, capsys):
        given = parse("x", self.FLAGS, ["-sizes", "9", "-size", "7", "--alpha", "word"])
        assert given == {"-size": 7}
        assert capsys.readouterr() == (
            "",
            "x: ignoring unknown flags: -sizes 9 --alpha word\n",
        )

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["-train", "a", "-size"], "-size has no value"),
            (["-size", "x"], "-size is 'x'; it must be a whole number"),
            (["-size", "7.5"], "-size is '7.5'; it must be a whole number"),
            (["-size", "1_0"], "-size is '1_0'; it must be a whole number"),
            (["-size", "9" * 30], "it must be a whole number"),
            (["-alpha", ""], "-alpha is ''; it must be a number"),
        ],
    )
    def test_invalid_values_are_errors(self, arguments, says):
        with pytest.raises(SettingsError, match=re.escape(says)) as caught:
            parse("x", self.FLAGS, arguments)
        assert "\n" not in str(caught.value)


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
