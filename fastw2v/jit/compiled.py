"""The one policy by which this package compiles functions with Numba.

No other module calls ``numba.njit``: how compiled code is cached, and which liberties the compiler
takes with floating point, is decided here.
"""

import hashlib
from contextlib import suppress
from functools import wraps
from pathlib import Path

import numba
from numba.extending import overload

from fastw2v.jit.problems import FOLDER_REMEDY, OTHER_NUMBA

# What follows uses inner classes of Numba; `fastw2v.jit` says which.
try:
    from fastw2v.jit.code_cache import CodeCache
except (ImportError, AttributeError):  # they are others: nothing is cached
    CodeCache = None
try:
    from fastw2v.jit.inlining import InlinedCompiler, NoAliasCompiler
except (ImportError, AttributeError):  # they are others: plain inlining
    InlinedCompiler = NoAliasCompiler = None


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
    inline: bool = False,
    noalias: bool = False,
    by_pointer: bool = False,
    parallel: bool = False,
):
    """Compile ``function`` lazily, without holding the interpreter's lock, cached on disk.

    Usable bare (``@compiled``) or with options (``@compiled(inline=True)``).

    inline: always inline the function into its callers: passing tuples of a dozen arrays costs
        more than most such functions do. Only compiled code may call it (in Python:
        ``function.py_func``); it has no machine code of its own (see `fastw2v.jit.inlining`), and
        is cached only as part of its callers.
    noalias: for an inlined function; no two of its arrays overlap, and they are not borrowed, so
        that LLVM may assume that writing to one leaves the others unchanged.
    by_pointer: only compiled code calls the function, by its address (see
        `fastw2v.jit.function_pointers`).
    parallel: let ``prange`` loops run on Numba's threads.

    If no cache folder can be written (read-only install, no home folder), or others may write to
    it, each process compiles the function again; `why_not_kept` says so.
    """

    def decorate(python_function):
        python_function.__qualname__ += f"-{_FINGERPRINT}"
        options = _options(inline, parallel)
        options["no_cpython_wrapper"] = inline or by_pointer
        if inline:
            pipeline = NoAliasCompiler if noalias else InlinedCompiler
            if pipeline is not None:
                options["pipeline_class"] = pipeline
            return numba.njit(**options)(python_function)
        return _kept(numba.njit(**options)(python_function))

    return decorate if function is None else decorate(function)


def _options(inline: bool, parallel: bool) -> dict:
    # The compiler takes no liberties with floating point: what is fused, and the order of sums, is
    # written in the kernels (`fastw2v.jit.simd.lanes`). Said outright: an option left open is
    # inherited from the caller that happens to compile the function first.
    options = {"nogil": True, "parallel": parallel, "fastmath": False}
    options["forceinline"] = inline
    # Entry points for C and for Python take long to compile: only those that are used.
    options["no_cfunc_wrapper"] = True
    return options


def inlined_by_type(function, choose):
    """A function that compiled code replaces by another one, inlined, for each combination of
    argument types.

    function: what is called with the JIT switched off.
    choose: called with the Numba types of the arguments; returns a function made by
        ``compiled(inline=True)``, with the same parameters as ``function``.
    """
    options = _options(inline=True, parallel=False)
    options["no_cpython_wrapper"] = True
    if InlinedCompiler is not None:
        options["pipeline_class"] = InlinedCompiler

    @overload(function, jit_options=options)
    @wraps(choose)
    def chosen(*arguments):
        return choose(*arguments).py_func

    return function


def overloads(*functions) -> int:
    """For how many signatures these functions, made by `compiled`, have been compiled, or loaded
    from the cache, in this process; 0 where Numba's JIT is off."""
    return sum(len(getattr(function, "overloads", ())) for function in functions)


def why_not_kept(*functions) -> str | None:
    """One line that says why compiled code of these functions is lost with the process, or that
    code kept before was not used as it may be somebody else's; or None.

    functions: made by `compiled`, and called before.
    """
    distrusted = None
    for function in functions:
        cache = getattr(function, "_cache", None)
        problem = getattr(cache, "problem", None)
        distrusted = distrusted or getattr(cache, "distrusted", None)
        if CodeCache is None:
            problem = OTHER_NUMBA
        elif type(cache).__name__ == "NullCache":  # Numba's, if it found no folder
            problem = f"no folder for it can be written; {FOLDER_REMEDY}"
        if problem is not None:
            return f"compiled code is not kept, and every run compiles again: {problem}"
    if distrusted is not None:  # and now replaced
        return f"compiled again, as others may have changed the code of the last run: {distrusted}"
    return None


def _kept(function):
    """The same function, with its compiled code kept on disk if possible."""
    with suppress(RuntimeError):  # "cannot cache function: no locator available"
        if CodeCache is not None and hasattr(function, "_cache"):  # absent if Numba's JIT is off
            function._cache = CodeCache(function.py_func)
    return function
