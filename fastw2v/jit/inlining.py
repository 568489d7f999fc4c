"""What Numba keeps functions in that only ever melt into their callers.

Numba optimises each function it compiles and turns it into machine code before any caller sees
it. Of a function that every caller takes in, that machine code is never run, and the caller is
optimised once more with the function's body inside: most of the time of compiling was spent so.
Here a function's library is only what Numba wrote down, linked with what the function calls; all
of it is optimised where it ends up.

This rests on the inner classes of Numba imported below.
"""

from numba.core import compiler, typed_passes
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler_machinery import LoweringPass, register_pass


class InlinedLibrary(JITCodeLibrary):
    """A code library to link with, and nothing else: no machine code, no address."""

    def finalize(self) -> None:
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        return 0

    @property
    def codegen(self) -> "InlinedLibrary":
        return self  # whoever asks wants the next method

    def set_env(self, name: str, environment) -> None:
        """No environment to set: it is for what needs the interpreter, which no kernel does."""


class NoAliasLibrary(InlinedLibrary):
    """The library of a function whose arrays lie apart.

    LLVM is told by the arguments, and takes note of it at each load and store when the function
    melts: by then it must have seen which arguments these go back to.
    """

    def finalize(self) -> None:
        super().finalize()
        self._optimize_final_module()


@register_pass(mutates_CFG=False, analysis_only=True)
class _TakeLibrary(LoweringPass):
    """Before Numba makes a library of its own kind."""

    _name = "take_library"

    def __init__(self):
        LoweringPass.__init__(self)

    def run_pass(self, state) -> bool:
        library_class = state.pipeline.library_class
        state.library = library_class(state.targetctx.codegen(), state.func_id.func_qualname)
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
