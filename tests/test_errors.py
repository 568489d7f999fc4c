"""Errors name a parameter as the user writes it, on one line."""

import pytest

from fastw2v.c_tools.flags import as_flag
from fastw2v.errors import FormatError, SettingsError, as_option, parameter
from fastw2v.settings import Settings
from tests.support.commands import run_command


def refusal(**settings) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        Settings(**settings)
    return caught.value


def test_a_parameter_is_an_argument_an_option_or_a_flag():
    error = refusal(min_count=-1)
    assert str(error).startswith("min_count is -1; it must be")
    assert error.spelled(as_option).startswith("--min-count is -1; it must be")
    assert error.spelled(as_flag).startswith("-min-count is -1; it must be")


def test_every_parameter_of_a_message_is_spelled_with_its_value():
    error = refusal(negative=0)
    assert str(error).endswith("negative is 0 and hs is off; set negative=5 or hs=True")
    options = error.spelled(as_option)
    assert options.endswith("--negative is 0 and --hs is off; set --negative 5 or --hs")
    flags = error.spelled(as_flag)
    assert flags.endswith("-negative is 0 and -hs is off; set -negative 5 or -hs 1")


def test_a_text_as_value_is_quoted_in_python_only():
    error = SettingsError(f"set {parameter('cbow_update', 'corrected')}")
    assert str(error) == "set cbow_update='corrected'"
    assert error.spelled(as_option) == "set --cbow-update corrected"
    assert error.spelled(as_flag) == "set --cbow-update corrected of fastw2v"


def test_a_c_tool_names_the_c_programs_flags():
    assert as_flag("epochs", "3") == "-iter 3"
    assert as_flag("model", "'skipgram'") == "-cbow 0"
    assert as_flag("model", None) == "-cbow"
    assert as_flag("read_vocab", None) == "-read-vocab"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        (("--threads", 0), "--threads"),
        (("--workers", 0), "--workers"),
        (("--workers=0",), "--workers"),
        (("--threads", 3, "--workers", 0), "--workers"),
    ],
)
def test_the_command_line_names_the_option_that_was_typed(typed, named, tmp_path):
    result = run_command("train", "corpus.txt", "-o", tmp_path / "v.bin", *typed)
    assert result.stderr.startswith(f"Error: {named} is 0; it must be a whole number")


def test_an_option_with_one_name_is_named_with_its_dashes(tmp_path):
    result = run_command("train", "corpus.txt", "-o", tmp_path / "v.bin", "--min-count", -1)
    assert result.stderr.startswith("Error: --min-count is -1;")


def test_a_short_option_is_named_as_typed(tmp_path):
    (tmp_path / "v.txt").write_text("2 2\na 1 2\nb 3 4\n")
    for typed, named in (("-n", "-n"), ("--number", "--number"), ("--number=9", "--number")):
        arguments = [typed] if "=" in typed else [typed, 9]
        result = run_command("classes", tmp_path / "v.txt", *arguments)
        assert (
            result.stderr == f"Error: {named} is 9, but there are only 2 words: use fewer classes\n"
        )


def test_control_characters_of_a_path_neither_break_the_line_nor_look_like_parameters():
    message = str(FormatError("a\nb\x0eno name\x0f: damaged"))
    assert message == "a\\nb\\x0eno name\\x0f: damaged"
