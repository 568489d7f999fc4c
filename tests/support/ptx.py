"""Compile the GPU's kernels without a GPU: to PTX by numba-cuda, then by ``ptxas``, which says how
many registers a kernel takes and whether values had to be moved to memory for want of them."""

import importlib.util
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

from fastw2v.gpu import arrays
from fastw2v.gpu.kernels import measuring_kernel, training_kernel
from fastw2v.gpu.lanes import cuda_lanes
from fastw2v.gpu.shape import shape_for

LEVELS = 8  # of the tree that are sub-sampled


class Compiled(NamedTuple):
    registers: int
    stack: int  # bytes
    spilled: int  # bytes
    atomics: int  # atomic additions of float32


def ptxas():
    """The program, or None."""
    found = list(Path(sys.prefix).glob("lib/python*/site-packages/nvidia/**/bin/ptxas"))
    return found[0] if found and importlib.util.find_spec("numba_cuda") else None


def compile_kernel(settings, capability, measuring=False):
    """The `Compiled` kernel for a card of this compute capability, such as (9, 0)."""
    from numba import cuda

    shape = shape_for(settings, LEVELS if settings.hs else 0, frozen=False)
    lanes = cuda_lanes()._replace(kernel=lambda function: function)
    kernel = (measuring_kernel if measuring else training_kernel)(lanes, shape)
    with _card(capability):
        text, _ = cuda.compile_ptx(kernel, signature(measuring), cc=capability, fastmath=True)
    return _assembled(text, capability)


def _card(capability):
    """While it is entered, functions are compiled as if there were such a card."""
    from unittest import mock

    from numba.cuda import dispatcher

    card = SimpleNamespace(compute_capability=capability)
    return mock.patch.object(dispatcher, "get_current_device", return_value=card)


def signature(measuring):
    """The types of a kernel's arguments."""
    from numba.cuda import types

    def array(kind, dimensions=1):
        return types.Array(kind, dimensions, "C")

    def named(cls, *fields):
        return types.BaseTuple.from_types(fields, cls)  # as those of arguments are made

    i32, i64, u32 = types.int32, types.int64, types.uint32
    f32, f64 = types.float32, types.float64
    report = named(arrays.Counters, array(i32), array(i64))
    if measuring:
        report = named(arrays.LossSums, array(i64), array(f64))
    return (
        named(arrays.DeviceText, array(i32), array(i32), array(u32)),
        named(arrays.Matrices, *[array(f32, 2)] * 3),
        named(arrays.Tables, array(u32, 2), array(i64), array(i32), *[array(f32)] * 3),
        named(arrays.Launch, *[i64] * 5, *[f64] * 5),
        report,
    )


def _assembled(text, capability):
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "kernel.ptx"
        source.write_text(text)
        architecture = "-arch=sm_{}{}".format(*capability)
        done = subprocess.run(
            [ptxas(), architecture, "-v", source, "-o", source.with_suffix(".cubin")],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
    told = done.stderr
    spilled = sum(int(each) for each in re.findall(r"(\d+) bytes spill", told))
    registers, stack = (
        int(re.search(pattern, told)[1]) for pattern in (r"Used (\d+) reg", r"(\d+) bytes stack")
    )
    return Compiled(registers, stack, spilled, len(re.findall(r"(?:atom|red)\S*\.add\.f32", text)))
