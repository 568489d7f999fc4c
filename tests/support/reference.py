"""Run the C program from a test, with the settings named as in this package."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from peers import c_options


def run_reference(
    binary: Path,
    corpus: Path,
    output: Path | None,
    *,
    save_vocab: Path | None = None,
    read_vocab: Path | None = None,
    binary_form: bool = True,
    **settings,
) -> None:
    """Train ``corpus`` with the C program into ``output``; None makes only the vocabulary.

    ``settings`` are named as in `fastw2v.train`: model, size, window, negative, hs, sample, epochs,
    alpha, min_count, threads (default 1, for a fixed order of the work).
    Raises `subprocess.CalledProcessError` if it fails.
    """
    # It copies paths into buffers of 100 bytes: hence short names, in a folder of its own.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "corpus.txt").symlink_to(corpus.resolve())
        command = [str(binary), "-train", "corpus.txt", "-debug", "0"]
        command += ["-binary", str(int(binary_form)), *c_options({"threads": 1, **settings})]
        if output is not None:
            command += ["-output", "vectors"]
        if read_vocab is not None:
            (folder / "known.txt").symlink_to(read_vocab.resolve())
            command += ["-read-vocab", "known.txt"]
        if save_vocab is not None:
            command += ["-save-vocab", "vocab.txt"]
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
        if output is not None:
            shutil.move(folder / "vectors", output)
        if save_vocab is not None:
            shutil.move(folder / "vocab.txt", save_vocab)
