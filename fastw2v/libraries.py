"""What Numba keeps compiled functions in, changed for two kinds of them.

Numba optimises each function it compiles and turns it into machine code before any caller sees
it. Of a function that every caller takes in, that machine code is never run: such a function is
only kept to be linked with.

Where it all ends up, once is not enough: optimised once, skip-gram with negative sampling ran a
tenth slower than when Numba melted the walk into one function after the other and optimised each
(`benchmarks/notebook/compiling.md`).

This rests on the inner classes of Numba imported below.
"""

from numba.core import compiler, typed_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_machinery import LoweringPass, register_pass


class MeltingLibrary(JITCodeLibrary):
    """A code library to link with, and nothing else: no machine code, no address."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._optimize_final_module()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> "MeltingLibrary":
        return self  # whoever asks wants the next method

    def set_env(self, name: str, environment) -> None:
        """No environment to set: it is for what needs the interpreter, which no kernel does."""


class TwiceOptimisedLibrary(JITCodeLibrary):
    """A library of a function into which all that is hot has melted."""

    def _optimize_final_module(self) -> None:
        super()._optimize_final_module()
        super()._optimize_final_module()


@register_pass(mutates_CFG=False, analysis_only=True)
class _TakeLibrary(LoweringPass):
    """Before Numba makes a library of its own kind."""

    _name = "take_library"

    def __init__(self):
        LoweringPass.__init__(self)

    def run_pass(self, state) -> bool:
        library_class = state.pipeline.library_class
        state.library = library_class(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library.enable_object_caching()
        return False


class _LibraryCompiler(compiler.CompilerBase):
    """Numba's usual pipeline with a library of ``library_class``."""

    library_class = JITCodeLibrary

    def define_pipelines(self) -> list:
        passes = compiler.DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.add_pass_after(_TakeLibrary, typed_passes.AnnotateTypes)
        passes.finalize()
        return [passes]


class MeltingCompiler(_LibraryCompiler):
    library_class = MeltingLibrary


class TwiceOptimisingCompiler(_LibraryCompiler):
    library_class = TwiceOptimisedLibrary
