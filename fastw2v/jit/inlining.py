"""Functions that are always inlined into their callers and get no machine code of their own.

Numba optimises each function it compiles and turns it into machine code before any caller sees
it. If every caller inlines the function, that machine code never runs, and LLVM optimises the
body once more in the caller: most of the compile time went there. Here the library of such a
function holds unoptimised LLVM IR, linked with what the function calls; LLVM optimises it once,
in the caller that has machine code.

This uses inner classes of Numba (see `fastw2v.jit`). Where they do not fit, Numba makes its usual
library and LLVM inlines the function all the same: same results, more time to compile.
"""

from functools import cache

from llvmlite import ir
from numba.core import compiler, typed_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import LoweringPass, register_pass


class InlinedLibrary(JITCodeLibrary):
    """A code library to link with: LLVM IR, no machine code, no address."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        reloads = getattr(self, "_reload_init", set())  # since Numba 0.63
        for library in dict.fromkeys(self._linking_libraries):
            reloads.update(getattr(library, "_reload_init", ()))
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> "InlinedLibrary":
        return self  # Numba asks for it only to call `set_env`

    def set_env(self, name: str, environment) -> None:
        """Do nothing: an environment serves the interpreter, which no kernel calls."""


class NoAliasLibrary(InlinedLibrary):
    """The library of a function whose arrays do not overlap.

    LLVM reads ``noalias`` from the arguments and notes it at each load and store when it inlines
    the function. By then it must have traced these back to the arguments, hence the optimisation.
    """

    def finalize(self) -> None:
        super().finalize()
        self._optimize_final_module()


@cache
@global_compiler_lock
def libraries_fit(codegen) -> bool:
    """Whether the two classes above work with this Numba: tried once, on empty functions."""
    try:
        callee = _with_function(InlinedLibrary(codegen, "fastw2v.callee"))
        for library_class in (InlinedLibrary, NoAliasLibrary):
            inlined = _with_function(library_class(codegen, f"fastw2v.{library_class.__name__}"))
            inlined.add_linking_library(callee)
            caller = _with_function(codegen.create_library("fastw2v.caller"))
            caller.add_linking_library(inlined)
            caller.finalize()
    except Exception:  # what a changed class raises can be of any kind
        return False
    return True


def _with_function(library):
    """The same library with a function that does nothing."""
    module = library.create_ir_module(library.name)
    function = ir.Function(module, ir.FunctionType(ir.VoidType(), ()), library.name)
    ir.IRBuilder(function.append_basic_block()).ret_void()
    library.add_ir_module(module)
    return library


@register_pass(mutates_CFG=False, analysis_only=True)
class _TakeLibrary(LoweringPass):
    """Set the library before Numba makes one of its own class."""

    _name = "take_library"

    def __init__(self):
        LoweringPass.__init__(self)

    def run_pass(self, state) -> bool:
        library_class = state.pipeline.library_class
        codegen = state.targetctx.codegen()
        if libraries_fit(codegen):
            state.library = library_class(codegen, state.func_id.func_qualname)
            state.flags.noalias = library_class is NoAliasLibrary
        return False


class InlinedCompiler(compiler.CompilerBase):
    """Numba's usual pipeline with a library of ``library_class``."""

    library_class = InlinedLibrary

    def define_pipelines(self) -> list:
        passes = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_TakeLibrary, typed_passes.AnnotateTypes)
        passes.finalize()
        return [passes]


class NoAliasCompiler(InlinedCompiler):
    library_class = NoAliasLibrary
