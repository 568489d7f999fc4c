"""Compile kernels for processors that this machine does not have, without running them:
``python -m tests.support.foreign_code [--kernels] TRIPLE CPU ...``. Without ``--kernels`` only the
operations are compiled that kernels consist of, which is faster.

The code that the kernels give LLVM, before it is optimised for this processor, is handed to LLVM's
back ends for the others. Prints one JSON object: for each pair of triple and processor, the fused
multiply-adds of vectors in the assembly, and the calls of functions for what the processor cannot
do; and the intrinsics of a single kind of processor, of which there should be none.
"""

import json
import re
import sys

import llvmlite.binding as llvm
from numba.core import codegen

FUSED = {"aarch64": r"\bfml[as](?:\.4s|\s+v\d+\.4s)", "x86_64": r"\bvfn?m(?:add|sub)\d+ps"}
_OF_ONE_KIND = re.compile(r"llvm\.(?:x86|aarch64|arm|ppc)\.[\w.]+")
_CALL = {"aarch64": r"\bbl\s+_?(\w+)", "x86_64": r"\bcallq?\s+\*?_?(\w+)"}


def record() -> list[str]:
    """From now on, collect the code of everything that is compiled; it is not optimised."""
    found: list[str] = []
    add = codegen.CPUCodeLibrary.add_ir_module

    def recorded(self, module):
        found.append(str(module))
        return add(self, module)

    codegen.CPUCodeLibrary.add_ir_module = recorded
    codegen.CPUCodeLibrary._optimize_functions = lambda self, module: None
    codegen.CPUCodeLibrary._optimize_final_module = lambda self: None
    return found


def assembly(code: str, triple: str, cpu: str) -> str:
    """The assembly of a module for another processor."""
    machine = llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, opt=2)
    code = re.sub(r"target triple = .*", f'target triple = "{triple}"', code)
    code = re.sub(r"target datalayout = .*", f'target datalayout = "{machine.target_data}"', code)
    code = re.sub(r'"target-(?:cpu|features)"="[^"]*"', "", code)
    return machine.emit_assembly(llvm.parse_assembly(code))


def compile_kernels() -> None:
    """Compile what trains skip-gram with negative sampling; the others use the same operations."""
    from tests.support.kernel_cases import small_engine

    engine, *_ = small_engine(3, tokens=70, size=9, model="skipgram", threads=1)
    engine.train()


def compile_operations() -> None:
    """Compile the operations on vectors and on text that kernels consist of."""
    from fastw2v.jit.simd.width import PORTABLE
    from tests.jit import test_lanes

    for portable in (None, PORTABLE):
        test_lanes.test_products_and_weighted_rows(5, portable)
        test_lanes.test_sums_of_products(4, portable)
    test_lanes.test_tiles_are_loaded_and_stored(5)
    test_lanes.test_the_sum_of_a_pair()
    test_lanes.test_horizontal_sums_land_in_their_slots(5)
    test_lanes.test_operators_on_lanes()
    test_lanes.test_pairs_of_slots()
    test_lanes.test_sigmoid_within_its_bound()
    test_lanes.test_prefetching_changes_nothing_and_any_address_is_safe()


def main(arguments: list[str]) -> None:
    whole = "--kernels" in arguments
    pairs = [each for each in arguments if each != "--kernels"]
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    found = record()
    (compile_kernels if whole else compile_operations)()
    ours = [code for code in found if "fastw2v" in code or "test_lanes" in code]
    answer = {"modules": len(ours), "intrinsics": sorted(set(_OF_ONE_KIND.findall("".join(ours))))}
    for triple, cpu in zip(pairs[::2], pairs[1::2], strict=True):
        text = "".join(assembly(code, triple, cpu) for code in ours)
        kind = triple.partition("-")[0]
        answer[triple] = {
            "fused": len(re.findall(FUSED[kind], text)),
            "calls": sorted(each for each in set(re.findall(_CALL[kind], text)) if "fma" in each),
        }
    print(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1:])
