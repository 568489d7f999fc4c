"""Kernels of exchanges count no references in their loops: there that took longer than the rest."""

import numba
import numpy as np
import pytest

from fastw2v.jit.simd.width import SLOTS
from fastw2v.kernels import exchange as kernels
from fastw2v.kernels.merging import LEVELS
from fastw2v.kernels.records import INT8, Records, record_length
from fastw2v.matrix.aligned import aligned_zeros
from tests.support.reference_counts import counted_in_loops

ROWS, SIZE, COLUMNS = 6, 20, 32
pytestmark = pytest.mark.skipif(numba.config.DISABLE_JIT, reason="no compiled code")


def llvm_of(kernel, *arguments) -> str:
    """Compiled again: code from the cache has no text."""
    compiled = numba.njit(nogil=True)(kernel.py_func if hasattr(kernel, "py_func") else kernel)
    compiled(*arguments)
    return "\n".join(compiled.inspect_llvm().values())


def test_kernels_of_exchanges_count_none():
    matrix, base = aligned_zeros(ROWS, COLUMNS), aligned_zeros(ROWS, COLUMNS)
    replica = kernels.Replica(matrix, base, SIZE, INT8)
    records, other = (
        Records.of(np.zeros((ROWS, record_length(SIZE, INT8)), np.int32)) for _ in range(2)
    )
    rule = kernels.Rule(
        np.zeros(ROWS, np.uint8), aligned_zeros(LEVELS, 2 * SLOTS), np.zeros(6, np.int64), None,
        SIZE, INT8,
    )  # fmt: skip
    rows, work = kernels.Rows(0, 1, 0, ROWS), kernels.Work.new(COLUMNS)
    places = kernels.Places(np.zeros(1, np.int64), np.zeros(1, np.int64))
    calls = {
        kernels.take_changes: (replica, rows, records, work),
        kernels.merge_changes: (rows, records, places, rule, other, work),
        kernels.apply_changes: (replica, records.part(0, 0), work),
        kernels.apply_changes_late: (replica, records.part(0, 0), other.part(0, 0), work),
    }
    found = {
        kernel.__name__: counted_in_loops(llvm_of(kernel, *arguments))
        for kernel, arguments in calls.items()
    }
    assert found == dict.fromkeys(found, 0)


LLVM = """
define i32 @"one"(ptr %array) {
  tail call void @NRT_incref(ptr %array)
  br label %B1
B1:
  %n = phi i32 [ 0, %0 ], [ %next, %"B2.x" ]
  %next = add i32 %n, 1
  br i1 %more, label %"B2.x", label %B3
"B2.x":
  OURS
  br label %B1
B3:
  call void @NRT_decref(ptr %array)
  ret i32 0
}

define void @two(ptr %array) {
entry:
  br i1 %some, label %entry, label %end
end:
  OTHERS
  ret void
}
"""


@pytest.mark.parametrize(("ours", "others", "wanted"), [
    ("", "", 0), ("tail call void @NRT_incref(ptr %a)", "", 1), ("", "call void @NRT_decref()", 0),
])  # fmt: skip
def test_what_counts_references_in_a_loop_is_found(ours, others, wanted):
    assert counted_in_loops(LLVM.replace("OURS", ours).replace("OTHERS", others)) == wanted
    entry = "entry:\n  call void @NRT_incref(ptr %a)\n"
    assert counted_in_loops(LLVM.replace("entry:\n", entry)) == 1
