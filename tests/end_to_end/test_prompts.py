"""Prompts as people meet them: input and output on one terminal."""

import fcntl
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from contextlib import suppress

import pytest

from fastw2v import formats

WORDS = ["king", "queen", "man", "été", "EXIT"]
MATRIX = [[3, 1, 0], [3, 2, 0], [1, 3, 0], [0, 1, 1], [0, 0, 1]]
UP, LEFT, BACKSPACE, END_OF_INPUT, INTERRUPT = b"\x1b[A", b"\x1b[D", b"\x7f", b"\x04", b"\x03"
_WITHOUT = "import sys; sys.modules['readline'] = None; from fastw2v.cli import main; main()"
_C_TOOL = "import sys; from fastw2v.c_tools.__main__ import main; main()"


class Typist:
    """A command on a terminal of its own. Context manager."""

    def __init__(self, folder, *arguments, code=None, **environment):
        self._ours, theirs = pty.openpty()
        start = ["-c", code] if code else ["-m", "fastw2v"]
        home = {"HOME": str(folder), "TERM": "vt100", "INPUTRC": os.devnull}

        def take_terminal():
            os.setsid()
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # ignored in what a shell runs behind
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self._process = subprocess.Popen(
            [sys.executable, *start, *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs,
            env=os.environ | home | environment,
            preexec_fn=take_terminal,
        )  # fmt: skip
        os.close(theirs)
        self._shown = b""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def until(self, text: bytes) -> bytes:
        """What is shown up to ``text``; it is shown only once."""
        deadline = time.monotonic() + 60
        while text not in self._shown:
            assert time.monotonic() < deadline, self._shown
            try:
                self._shown += os.read(self._ours, 1 << 16)
            except OSError:  # it has ended
                raise AssertionError(self._shown) from None
        before, _, self._shown = self._shown.partition(text)
        return before

    def types(self, keys: bytes) -> None:
        os.write(self._ours, keys)

    def interrupt(self) -> None:
        """Ctrl-C until it is noticed: Python misses one that comes just before it waits."""
        for _ in range(12):
            self.types(INTERRUPT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=5)
                return

    def end(self) -> tuple[int, str]:
        """Exit code, and the rest of what is shown, without the sequences that draw a line."""
        while True:
            try:
                data = os.read(self._ours, 1 << 16)
            except OSError:
                break
            if not data:
                break
            self._shown += data
        shown = re.sub(r"\x1b\[[?0-9;]*[a-zA-Z]", "", self._shown.decode())
        return self._process.wait(timeout=60), shown.replace("\r", "")


@pytest.fixture
def folder(tmp_path):
    formats.save(tmp_path / "v.bin", WORDS, MATRIX)
    (tmp_path / "home").mkdir()
    return tmp_path


def typist(folder, *arguments, **options):
    return Typist(folder / "home", *arguments, **options)


PROMPT = b"to quit): "


@pytest.mark.parametrize(
    ("leave", "code"),
    [
        (b"EXIT\n", None),
        (END_OF_INPUT, None),
        (b"\n", None),
        (b" EXIT \n", _WITHOUT),
        (END_OF_INPUT, _WITHOUT),
    ],
    ids=["exit", "end", "empty", "exit, no readline", "end, no readline"],
)
def test_similar_answers_until_it_is_left(folder, leave, code):
    with typist(folder, "similar", str(folder / "v.bin"), "-n", "1", code=code) as one:
        assert b"Words (EXIT or an empty line" in one.until(PROMPT)
        one.types("été\n".encode())
        assert b"EXIT\t0.707107" in one.until(PROMPT).replace(b"EXIT ", b"EXIT")
        one.types(leave)
        code, rest = one.end()
    assert code == 0
    assert rest.endswith("\n")  # the shell's prompt begins a line
    assert list((folder / "home").iterdir()) == []  # no history is written


def test_lines_are_edited_and_repeated(folder):
    pytest.importorskip("readline")
    with typist(folder, "similar", str(folder / "v.bin"), "-n", "1") as one:
        one.until(PROMPT)
        one.types(b"quen" + LEFT + b"e\n")
        assert b"king" in one.until(PROMPT)
        one.types(b"nothing" + 7 * BACKSPACE + UP + b"\n")
        assert b"king" in one.until(PROMPT)
        one.types(b"\n")
        assert one.end()[0] == 0


def test_similarity_and_analogy(folder):
    for command, line, answer in (
        ("similarity", b"king queen\n", b"king\tqueen\t0.964764"),
        ("analogy", b"king queen man\n", "été".encode()),
    ):
        with typist(folder, command, str(folder / "v.bin"), LC_ALL="C") as one:
            one.until(PROMPT)
            one.types(line)
            assert answer in one.until(PROMPT).replace(b"        ", b"\t")
            one.types(b"king nobody woman\n")
            assert b"Error: " in one.until(PROMPT)
            one.types(END_OF_INPUT)
            assert one.end()[0] == 0


def test_an_interrupt_at_the_prompt_ends_it(folder):
    with typist(folder, "similar", str(folder / "v.bin")) as one:
        one.until(PROMPT)
        one.types(b"que")
        one.interrupt()
        code, shown = one.end()
    assert code == 130
    assert "Traceback" not in shown
    assert "Interrupted." in shown


@pytest.mark.parametrize("leave", [b"EXIT\n", END_OF_INPUT])
def test_prompts_of_the_c_tools(folder, leave):
    pytest.importorskip("readline")
    with typist(folder, "distance", str(folder / "v.bin"), code=_C_TOOL) as one:
        one.until(b"(EXIT to break): ")
        one.types(b"king\n")
        assert b"queen" in one.until(b"(EXIT to break): ")
        one.types(UP + b"\n")
        assert b"Word: king" in one.until(b"(EXIT to break): ")
        one.types(leave)
        assert one.end()[0] == 0


def test_words_of_a_pipe_named_exit_are_words(folder):
    done = subprocess.run(
        [sys.executable, "-m", "fastw2v", "similar", str(folder / "v.bin"), "-n", "1"],
        input=b"EXIT\nking\n",
        capture_output=True,
    )
    assert done.stdout.count(b"\t") == 2
