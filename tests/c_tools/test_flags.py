"""How the C tools' flags are read."""

import re

import pytest

from fastw2v.c_tools.flags import Flag, parse
from fastw2v.errors import SettingsError


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
            "x: ignoring unknown flags: -sizes (did you mean -size?) 9 "
            "--alpha (did you mean -alpha?) word\n",
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
