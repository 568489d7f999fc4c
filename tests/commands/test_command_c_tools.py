"""``fastw2v c-tools``: what stands in the folder afterwards, and what never is replaced."""

import os
import shlex
import subprocess

import pytest
from click.testing import CliRunner

from fastw2v.c_tools import PROGRAMS
from fastw2v.cli import cli


def run(*arguments):
    return CliRunner().invoke(cli, ["c-tools", *map(str, arguments)])


def test_writes_five_programs_and_tells_the_path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my 'tools'" / "bin"
    result = run("my 'tools'/bin")
    assert result.exit_code == 0, result.stderr
    assert sorted(os.listdir(folder)) == sorted(PROGRAMS)
    assert result.stdout == f'export PATH={shlex.quote(str(folder))}:"$PATH"\n'
    assert all(name in result.stderr for name in PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_programs_run_from_the_path_that_was_told(tmp_path, name):
    told = run(tmp_path / "tools").stdout
    done = subprocess.run(
        ["sh", "-c", f"{told}{name}"], cwd=tmp_path, capture_output=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(name.encode() + b": ")


def test_arguments_pass_through(tmp_path):
    run(tmp_path)
    (tmp_path / "my text").write_text("to be or not to be\n" * 9)
    command = ["-train", "my text", "-save-vocab", "the vocab", "-debug", "0"]
    done = subprocess.run(
        [tmp_path / "word2vec", *command], cwd=tmp_path, capture_output=True, timeout=60
    )
    assert done.stdout == b"Starting training using file my text\n"
    assert (tmp_path / "the vocab").read_text() == "</s> 9\nto 18\nbe 18\nor 9\nnot 9\n"


def test_a_module_where_one_stands_is_not_taken_for_ours(tmp_path):
    run(tmp_path / "tools")
    (tmp_path / "click.py").write_text("raise SystemExit('not this one')\n")
    done = subprocess.run(
        [tmp_path / "tools" / "distance"], cwd=tmp_path, capture_output=True, timeout=60
    )
    assert done.returncode == 0, done.stderr


def test_its_own_programs_are_written_anew(tmp_path):
    run(tmp_path)
    before = (tmp_path / "distance").read_bytes()
    (tmp_path / "distance").write_bytes(before + b"# older\n")
    (tmp_path / "word2vec").unlink()
    assert run(tmp_path).exit_code == 0
    assert (tmp_path / "distance").read_bytes() == before
    assert os.access(tmp_path / "word2vec", os.X_OK)


def test_other_programs_are_kept_and_nothing_is_written(tmp_path):
    (tmp_path / "distance").write_bytes(b"\x7fELF another program")
    result = run(tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert "distance" in result.stderr
    assert "--force" in result.stderr
    assert os.listdir(tmp_path) == ["distance"]
    assert (tmp_path / "distance").read_bytes() == b"\x7fELF another program"


def test_force_replaces_them_but_not_what_links_point_to(tmp_path):
    (tmp_path / "original").write_text("the C program")
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "word2vec").symlink_to(tmp_path / "original")
    (tmp_path / "tools" / "word2phrase").symlink_to("nowhere")
    (tmp_path / "tools" / "distance").write_text("another program")
    assert run(tmp_path / "tools").exit_code == 1
    assert run(tmp_path / "tools", "--force").exit_code == 0
    assert (tmp_path / "original").read_text() == "the C program"
    for name in PROGRAMS:
        path = tmp_path / "tools" / name
        assert path.is_file()
        assert not path.is_symlink()
        assert os.access(path, os.X_OK)


def test_folder_that_cannot_be(tmp_path):
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "tools"):
        result = run(folder)
        assert result.exit_code in (1, 2)
        assert "file" in result.stderr
        assert "Traceback" not in result.stderr
