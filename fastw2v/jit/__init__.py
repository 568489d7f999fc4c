"""Compiling with Numba: the one policy, and everything that depends on Numba's inner parts.

Read this room again at every Numba release: run ``tests/jit`` and ``tests/kernels`` with it, then
raise the upper bound in ``pyproject.toml``. Parts of Numba that are not public, by module, and what
happens if a release changes them:

`compiled`: ``Dispatcher._cache``. Otherwise each process compiles again.

`code_cache`: ``caching.FunctionCache``, ``CompileResultCacheImpl`` and its ``_locator_classes``,
``serialize.dumps``. Otherwise each process compiles again.

`inlining`: ``codegen.JITCodeLibrary`` with ``_final_module``, ``_linking_libraries``,
``_reload_init``, ``_finalized``, ``_raise_if_finalized``, ``_get_module_for_linking`` and
``_optimize_final_module``; ``compiler.CompilerBase``, ``compiler.DefaultPassBuilder``,
``typed_passes.AnnotateTypes``, ``compiler_machinery.register_pass``, ``flags.noalias``,
``compiler_lock``. Otherwise plain inlining: the same results after a longer compilation.

`borrowed`, `function_pointers`, `atomic_flag`, `atomic_sum`, `simd`: ``cgutils``,
``AttributeTemplate``, ``models``, ``lower_getattr_generic``, ``make_helper``, the calling
convention ``call_conv``, the members ``meminfo`` and ``parent`` of arrays,
``CompileResult.library`` and ``fndesc``. Otherwise Numba raises an error when the first kernel is
compiled, before any training.

`threading_layer`: ``np.ufunc.omppool.openmp_vendor``. Otherwise any OpenMP counts as GNU's.
"""

from fastw2v.jit.environment import check_environment

check_environment()  # before any module of this room imports Numba
