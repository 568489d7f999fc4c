"""The operations of kernels for processors that this machine does not have: ARM's, as in Apple's
computers, and code for Windows. They are compiled, not run."""

import json
import os
import subprocess
import sys

from tests.support.commands import FOLDER

MAC, WINDOWS = "aarch64-apple-darwin", "x86_64-pc-windows-msvc"


def test_operations_compile_to_vector_code_of_other_processors(tmp_path):
    command = ["tests.support.foreign_code", MAC, "apple-m1", WINDOWS, "haswell"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *command],
        cwd=FOLDER,
        env=os.environ | {"PYTHONPATH": str(FOLDER), "NUMBA_CACHE_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["modules"] > 10
    assert found["intrinsics"] == []  # none of x86 alone
    for triple in (MAC, WINDOWS):
        assert found[triple]["fused"] > 10
        assert found[triple]["calls"] == []  # the processor has the instruction
