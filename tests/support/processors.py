"""The same trainings for several kinds of processor, as far as one processor can be compiled for as
if it were another: `python -m tests.support.processors` compares the bytes of all output layers.

Each kind is a process with compiled code of its own. A vector width of 16 is that of AVX-512; its
instructions are not needed for it, since LLVM splits vectors that do not fit a register.
"""

import hashlib
import os
import subprocess
import sys
import tempfile

import numpy as np

KINDS = {
    "this processor": {},
    "16 lanes": {"TEST_LANES": "16"},
    "no fused multiply-add": {"NUMBA_CPU_NAME": "generic"},
    "16 lanes, no fused multiply-add": {"TEST_LANES": "16", "NUMBA_CPU_NAME": "generic"},
    "older libraries": {
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX512F,-AVX",
        "NPY_DISABLE_CPU_FEATURES": "AVX2 FMA3 AVX512F AVX512_SKX",
    },
}
"""What differs between the processes: environment variables."""

LAYERS = {
    "both": {"hs": True, "threads": 2},
    "negative": {"threads": 2},
    "hs": {"hs": True, "negative": 0, "threads": 3},
    "nce": {"nce": True, "threads": 2},
    "softmax": {"softmax": True, "threads": 1},
}


def digests(names: list[str], deterministic: bool = True) -> list[str]:
    """Train each of these layers with both architectures; a line for each."""
    from tests.support.kernel_cases import small_engine

    lines = []
    for name in names:
        for model in ("skipgram", "cbow"):
            settings = LAYERS[name] | {"model": model, "deterministic": deterministic}
            engine, trained, *_ = small_engine(
                12, tokens=6_000, size=90, sample=0.01, alpha=0.05, epochs=2, **settings
            )
            for epoch in range(2):
                engine.start_epoch(epoch)
                engine.train()
            matrices = b"".join(np.ascontiguousarray(each).tobytes() for each in trained.matrices)
            loss = engine.measure().mean.hex()
            lines.append(f"{name} {model} {hashlib.md5(matrices).hexdigest()} {loss}")
    return lines


def run(kind: str, names: list[str], cache: str, deterministic: bool = True) -> list[str]:
    """`digests` in a process of this kind. cache: a folder for compiled code; that for this
    processor is where it always is."""
    environment = {**os.environ, **KINDS[kind]}
    if KINDS[kind]:
        environment["NUMBA_CACHE_DIR"] = os.path.join(cache, kind.replace(" ", "-"))
    if "x86" not in os.uname().machine:
        environment.pop("NUMBA_CPU_NAME", None)
    command = [sys.executable, "-m", "tests.support.processors", str(int(deterministic)), *names]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if found.returncode:
        raise RuntimeError(f"{kind}: exit status {found.returncode}\n{found.stderr}")
    return found.stdout.splitlines()


def _set_lanes(lanes: int) -> None:
    """Compile for vectors of so many lanes; nothing of the kernels may have been imported."""
    from fastw2v.jit.simd import width

    width.WIDTH, width.LANES_BYTES = lanes, 4 * lanes


def main(arguments: list[str]) -> None:
    if "TEST_LANES" in os.environ:
        _set_lanes(int(os.environ["TEST_LANES"]))
    if arguments:
        deterministic, *names = arguments
        print("\n".join(digests(names, bool(int(deterministic)))))
        return
    with tempfile.TemporaryDirectory() as cache:
        found = {kind: run(kind, list(LAYERS), cache) for kind in KINDS}
    for lines in zip(*found.values(), strict=True):
        for kind, line in zip(found, lines, strict=True):
            print("same" if line == lines[0] else "DIFFERENT", line, kind)
    if len({tuple(lines) for lines in found.values()}) > 1:
        raise SystemExit("not all are the same")


if __name__ == "__main__":
    main(sys.argv[1:])
