"""A Numba of other inner classes: the same numbers, with plain inlining and without a cache."""

import os
import subprocess
import sys

import pytest

from fastw2v.jit import compiled, inlining
from tests.support.paths import ROOT

TRAIN = """
import hashlib
from tests.support.kernel_cases import small_engine
from fastw2v.jit import compiled

engine, model, *_ = small_engine(1, model="skipgram")
engine.train()
for matrix in (model.inputs, model.outputs):
    print(hashlib.md5(matrix.tobytes()).hexdigest())
print(compiled.why_not_kept(*engine.kernels))
"""

OTHER_NUMBA = {
    "has no such classes": """
import numba.core.ccallback, numba.core.dispatcher
del numba.core.caching.FunctionCache
del numba.core.codegen.JITCodeLibrary
""",
    "has changed these classes": """
from numba.core.caching import FunctionCache
from fastw2v.jit.inlining import InlinedLibrary
FunctionCache._index_key = None
InlinedLibrary._raise_if_finalized = None
""",
}


def train(cache, before: str = "") -> tuple[list[str], str]:
    """Digests of the trained matrices, and what `why_not_kept` said, after running ``before``."""
    done = subprocess.run(
        [sys.executable, "-c", f"import numba\n{before}\n{TRAIN}"],
        cwd=ROOT,
        env=os.environ | {"NUMBA_CACHE_DIR": str(cache)},
        check=True,
        capture_output=True,
        text=True,
        timeout=600,
    )
    *digests, problem = done.stdout.splitlines()
    return digests, problem


@pytest.fixture(scope="module")
def digests() -> list[str]:
    """What this Numba gives with the classes of `inlining` and `code_cache`."""
    found, problem = train(os.environ["NUMBA_CACHE_DIR"])
    assert len(set(found)) == 2
    assert problem == "None"
    return found


@pytest.mark.parametrize("other", OTHER_NUMBA)
def test_a_numba_that_differs_trains_the_same(other, tmp_path, digests):
    found, problem = train(tmp_path, OTHER_NUMBA[other])
    assert found == digests
    assert "install a Numba that fastw2v supports" in problem
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_this_numba_needs_no_fallback():
    from numba.core.registry import cpu_target

    assert compiled.CodeCache is not None
    assert compiled.InlinedCompiler is inlining.InlinedCompiler
    assert inlining.libraries_fit(cpu_target.target_context.codegen())
