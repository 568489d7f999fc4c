"""Random small trainings with every array of the kernels between two pages that nobody may touch:
`python -m tests.support.guarded --trainings 200`. What reads or writes beyond an array is killed.

Every other training has its arrays flush with the page after them, as far as their alignment
permits, the others with the page before them.
"""

import argparse
import ctypes
import mmap
import sys

import numpy as np

ALIGNMENT = 64  # bytes: kernels load whole cache lines
PAGE = mmap.PAGESIZE
_PROT_NONE = 0


class Guard:
    """Allocates arrays between two unreadable pages.

    at_end: arrays end where the page after them begins; otherwise they begin a page.
    """

    def __init__(self):
        self.at_end = True
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._maps: list[mmap.mmap] = []

    def zeros(self, *shape: int, kind=np.float32) -> np.ndarray:
        count = int(np.prod(shape, dtype=np.int64))
        size = count * np.dtype(kind).itemsize
        pages = max(1, -(-size // PAGE))
        memory = mmap.mmap(-1, (pages + 2) * PAGE)
        first = ctypes.addressof(ctypes.c_char.from_buffer(memory))
        for page in (first, first + (pages + 1) * PAGE):
            if self._libc.mprotect(ctypes.c_void_p(page), PAGE, _PROT_NONE):
                raise OSError(ctypes.get_errno(), "mprotect")
        offset = PAGE
        if self.at_end:
            offset += (pages * PAGE - size) // ALIGNMENT * ALIGNMENT
        self._maps.append(memory)
        return np.frombuffer(memory, kind, count, offset).reshape(shape)

    def copy_of(self, value):
        """The same with all arrays in it copied between guards; named tuples are looked into."""
        if isinstance(value, tuple):
            parts = [self.copy_of(each) for each in value]
            return type(value)(*parts) if hasattr(value, "_fields") else tuple(parts)
        if isinstance(value, np.ndarray):
            copy = self.zeros(*value.shape, kind=value.dtype)
            copy[...] = value
            return copy
        return value

    def allocate_everywhere(self) -> None:
        """Replace the package's own allocation; before modules import it."""
        from fastw2v.matrix import aligned

        aligned.aligned_zeros = self.zeros


def settings_of(rng) -> dict:
    """Random settings; few kinds of layers, since each is compiled by itself."""
    layers = [{"hs": True, "negative": 0}, {"nce": True, "hs": True}, {"softmax": True}, {}]
    wanted = layers[rng.integers(4)].copy()
    if wanted.get("negative") != 0:
        wanted["negative"] = int(rng.choice([1, 2, 5, 12, 51, 60]))
    if "softmax" in wanted:
        del wanted["negative"]
    wanted["threads"] = 1 if "softmax" in wanted else int(rng.integers(1, 5))
    wanted["deterministic"] = bool(rng.integers(2)) or wanted["threads"] > 1
    return wanted | {
        "model": str(rng.choice(["skipgram", "cbow"])),
        "size": int(rng.choice([1, 7, 16, 33, 48, 100, 112])),
        "window": int(rng.integers(1, 12)),
        "window_mode": str(rng.choice(["fixed", "shrink"])),
        "sample": float(rng.choice([0.0, 0.01])),
        "alpha": 0.02,
    }


def train_once(seed: int, guard: Guard) -> None:
    from tests.support.kernel_cases import small_engine

    rng = np.random.default_rng(seed)
    guard.at_end = seed % 2 == 0
    frozen = rng.choice(np.arange(1, 23), 3, replace=False).tolist() if rng.integers(2) else ()
    tokens = int(rng.integers(1, 600))
    wanted = settings_of(rng)
    print(seed, wanted, tokens, flush=True)
    engine, *_ = small_engine(seed, tokens=tokens, frozen=frozen, seed=seed, **wanted)
    text = guard.copy_of(engine.shared.text)
    engine.shared = engine.shared._replace(text=text)
    engine.measured = engine.measured._replace(text=text)
    outputs = {layer.outputs.ctypes.data: layer.outputs for layer in engine.layers if layer}
    layers = []
    for layer in engine.layers:
        copy = guard.copy_of(layer)
        layers.append(copy and copy._replace(outputs=outputs[layer.outputs.ctypes.data]))
    engine.layers = type(engine.layers)(*layers)
    with engine.turn():  # starts Numba's threads, which code from the cache needs
        engine.train()
        engine.measure()
    assert all(np.isfinite(each).all() for each in engine.read_model().matrices)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trainings", type=int, default=200)
    parser.add_argument("--first", type=int, default=0, help="seed of the first")
    parser.add_argument("--beyond", action="store_true", help="read beyond an array, as a check")
    chosen = parser.parse_args()
    guard = Guard()
    guard.allocate_everywhere()
    if chosen.beyond:
        array = guard.zeros(16)
        sys.exit(ctypes.c_float.from_address(array.ctypes.data + array.nbytes).value > 0)
    for seed in range(chosen.first, chosen.first + chosen.trainings):
        train_once(seed, guard)


if __name__ == "__main__":
    main()
