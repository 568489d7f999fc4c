"""The GPU's kernels compile, and keep their rows in registers, on cards from Volta to Hopper."""

import os

import pytest

from fastw2v.engines.cuda import CudaEngine
from fastw2v.settings import Settings
from tests.support import ptx
from tests.support.kernel_cases import small_engine
from tests.support.typed_device import TypedDevice, without_driver

if ptx.ptxas() is None and os.environ.get("FASTW2V_REQUIRE", "0") != "1":
    pytest.skip("needs pip install 'fastw2v[cuda]'", allow_module_level=True)

VOLTA, AMPERE, HOPPER = (7, 0), (8, 0), (9, 0)
CASES = [
    (HOPPER, False, {"model": "skipgram", "size": 128}),
    (AMPERE, False, {"model": "skipgram", "size": 300, "negative": 10}),
    (VOLTA, False, {"model": "cbow", "size": 100}),
    (HOPPER, False, {"model": "skipgram", "size": 128, "hs": True, "negative": 0}),
    (HOPPER, False, {"model": "cbow", "size": 300, "hs": True}),
    (AMPERE, True, {"model": "skipgram", "size": 128, "hs": True}),
    (HOPPER, False, {"model": "skipgram", "size": 1_024}),
]


def _name(case):
    capability, measuring, options = case
    what = "measure" if measuring else "train"
    values = "-".join(str(each) for each in options.values())
    return f"{what}-{values}-sm_{capability[0]}{capability[1]}"


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_rows_stay_in_registers(case):
    capability, measuring, options = case
    found = ptx.compile_kernel(Settings(threads=1, **options), capability, measuring)
    assert (found.stack, found.spilled) == (0, 0)
    assert found.registers <= 255
    assert (found.atomics > 0) != measuring, "changes are added atomically"


@pytest.mark.parametrize("layers", [{"negative": 2}, {"negative": 0, "hs": True}], ids=["ns", "hs"])
def test_all_launches_have_the_types_that_are_compiled(layers):
    """Others, such as those of a learning rate of 1 instead of 1.0, would be compiled again."""
    options = {"device": "cuda", "model": "skipgram", "alpha": 1, "seed": 2**62, "epochs": 2}
    first, model, corpus, settings = small_engine(4, **options, **layers)
    device = TypedDevice()
    with without_driver():
        engine = CudaEngine(corpus, model, settings, device)
        engine.prepare()
        for epoch in range(2):
            engine.start_epoch(epoch)
            engine.train()
            engine.measure()
        assert engine.read_model().inputs.shape == first.read_model().inputs.shape
    assert device.launched == {
        "train": {ptx.signature(measuring=False)},
        "measure": {ptx.signature(measuring=True)},
    }
