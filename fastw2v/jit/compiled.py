"""The one policy by which this package compiles functions with Numba.

Nobody else calls ``numba.njit``: how compiled code is cached, and which liberties the compiler
takes with floating point, is decided here and only here.
"""

import hashlib
from contextlib import suppress
from functools import wraps
from pathlib import Path

import numba
from numba.core.caching import NullCache
from numba.extending import overload

from fastw2v.jit.code_cache import CodeCache
from fastw2v.jit.inlining import InlinedCompiler, NoAliasCompiler

# Fused multiply-add and re-ordered sums, which let loops run in vector registers; yet NaN and
# infinity keep their meaning, so that divergence can be seen. Exact kernels take none of it.
FAST = frozenset({"reassoc", "contract", "nsz", "arcp"})


def fingerprint(package: Path) -> str:
    """A hash of every source file of a package.

    Numba notices a change only in the file of the cached function, not in helpers it imports.
    With the fingerprint as part of the function's name, any change starts a fresh cache. No file
    is left out: one that compiles nothing itself may hold what compiled code is made of.
    """
    digest = hashlib.blake2b(digest_size=6)
    for path in sorted(package.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


_FINGERPRINT = fingerprint(Path(__file__).parents[1])


def compiled(
    function=None,
    *,
    fast: bool = False,
    inline: bool = False,
    noalias: bool = False,
    by_pointer: bool = False,
    parallel: bool = False,
):
    """Compile ``function`` lazily, without holding the interpreter's lock, cached on disk.

    Usable bare (``@compiled``) or with options (``@compiled(fast=True)``).

    fast: let the compiler fuse and re-order float arithmetic (see ``FAST``).
    inline: always melt the function into its callers: what these pass, tuples of a dozen arrays,
        costs more than most such functions do. Only compiled code may call it (in Python:
        ``function.py_func``); by itself it gets no machine code (see `fastw2v.jit.inlining`),
        and is cached only as part of them.
    noalias: for an inlined function; no number is in two of the arrays it is given, and they are
        not borrowed, so that LLVM need not fear that writing to one changes another.
    by_pointer: other compiled code calls the function by its address (see
        `fastw2v.jit.function_pointers`), and nobody else.
    parallel: let ``prange`` loops run on Numba's threads.

    Where no cache folder can be written (read-only install, no home folder) the function is
    compiled anew in each process; `why_not_kept` tells.
    """

    def decorate(python_function):
        python_function.__qualname__ += f"-{_FINGERPRINT}"
        options = _options(fast, inline, parallel)
        options["no_cpython_wrapper"] = inline or by_pointer
        if inline:
            options["pipeline_class"] = NoAliasCompiler if noalias else InlinedCompiler
            return numba.njit(**options)(python_function)
        return _kept(numba.njit(**options)(python_function))

    return decorate if function is None else decorate(function)


def _options(fast: bool, inline: bool, parallel: bool) -> dict:
    # Said outright also where it is False: what is left open, Numba lets a function inherit
    # from the caller that happens to compile it first, and the exact path goes astray.
    options = {"nogil": True, "parallel": parallel, "fastmath": set(FAST) if fast else False}
    options["forceinline"] = inline
    # Doors for C and for Python take long to compile: only those that somebody goes through.
    options["no_cfunc_wrapper"] = True
    return options


def inlined_by_type(function, choose):
    """A function of which compiled code inlines another one for each combination of types.

    function: what it does with the JIT switched off.
    choose: returns for the Numba types of the arguments a function made by
        ``compiled(inline=True)``, of the same signature as ``function``.
    """
    options = _options(False, True, False)
    options |= {"no_cpython_wrapper": True, "pipeline_class": InlinedCompiler}

    @overload(function, jit_options=options)
    @wraps(choose)
    def chosen(*arguments):
        return choose(*arguments).py_func

    return function


def why_not_kept(*functions) -> str | None:
    """One line that says why compiled code of these functions is lost with the process, or None.

    functions: made by `compiled`, and called before.
    """
    for function in functions:
        cache = getattr(function, "_cache", None)
        problem = getattr(cache, "problem", None)
        if isinstance(cache, NullCache):
            problem = "no folder for it can be written"
        if problem is not None:
            return (
                f"compiled code is not kept, and every run compiles anew: {problem}; "
                "set NUMBA_CACHE_DIR to a folder with room that can be written"
            )
    return None


def _kept(function):
    """The same function, its compiled code to be kept on disk where that can be."""
    with suppress(RuntimeError):  # "cannot cache function: no locator available"
        if hasattr(function, "_cache"):  # it has none where Numba's compiling is switched off
            function._cache = CodeCache(function.py_func)
    return function
