"""The engine of a GPU on a device that runs kernels in plain Python."""

import numpy as np
import pytest

from fastw2v.engines import cuda
from fastw2v.engines.crowding import CHUNKS_OF_WARP, HANDS, HANDS_IN_RING, blocks_for, shares
from fastw2v.engines.cuda import CudaEngine, Place
from fastw2v.engines.protocol import EngineStateError
from fastw2v.errors import SettingsError
from fastw2v.gpu import slices
from fastw2v.gpu.shape import CHUNK, shape_for
from fastw2v.gpu.slices import Probes, TextSlices
from fastw2v.model.matrices import Model
from fastw2v.settings import Settings
from tests.support.gpu_device import EmulatedDevice
from tests.support.kernel_cases import small_corpus, small_engine

KIND = {"device": "cuda", "model": "skipgram", "size": 3, "negative": 2, "window": 1}


def trained(engine):
    engine.train()
    return engine


def copy_of(model):
    matrices = [each if each is None else each.copy() for each in (model.inputs, model.outputs)]
    return Model(model.size, *matrices)


@pytest.fixture
def small_launches(monkeypatch):
    """Slices and launches of two chunks of 64 ids, at most."""
    for module in (slices, cuda):
        monkeypatch.setattr(module, "CHUNK", 64)
    monkeypatch.setattr(slices, "SLICE_CHUNKS", 2)
    monkeypatch.setattr(cuda, "FIRST_LAUNCH", 1)
    monkeypatch.setattr(CudaEngine, "_warps", property(lambda engine: 1))
    monkeypatch.setattr(CudaEngine, "_set_pace", lambda engine, chunks, seconds: None)


def test_a_stop_between_any_two_launches_changes_no_byte(small_launches):
    """Here one warp trains: on a device, sums depend on the order of several."""
    whole = trained(small_engine(4, **KIND)[0])
    stopped, _, corpus, settings = small_engine(4, **KIND)
    stops = 0
    while not stopped.epoch_ended():
        note = stopped._note
        stopped._note = lambda chunk, note=note, engine=stopped: (
            engine.request_stop(),
            note(chunk),
        )
        stopped.train()
        stops += 1
        later = CudaEngine(corpus, copy_of(stopped.read_model()), settings, EmulatedDevice())
        later.restore({name: array.copy() for name, array in stopped.state().items()})
        stopped = later
    assert stops == 7  # 400 ids
    for ours, theirs in zip(
        stopped.read_model().matrices, whole.read_model().matrices, strict=True
    ):
        assert ours.tobytes() == theirs.tobytes()
    assert stopped.word_counts() == whole.word_counts()
    assert whole.word_counts().reached == corpus.words_known


def test_epochs_take_the_chunks_in_different_orders(small_launches):
    engine = small_engine(4, **KIND)[0]
    text = TextSlices(np.arange(1, 64 * 40, dtype=np.int32), EmulatedDevice(), 1, 0)
    orders = [text.order_at(epoch, 4).tolist() for epoch in range(8)]
    assert {tuple(each) for each in orders} == {(0, 1), (1, 0)}
    before = [trained(engine).word_counts()]
    engine.start_epoch(1)
    before.append(trained(engine).word_counts())
    assert before[1].reached == 2 * before[0].reached


@pytest.mark.parametrize(("buffers", "copies"), [(0, 15), (3, 11), (4, 8), (5, 5), (9, 5)])
def test_a_text_larger_than_the_memory_is_copied_slice_by_slice(buffers, copies, monkeypatch):
    monkeypatch.setattr(slices, "SLICE_CHUNKS", 2)
    ids = np.arange(1, 9 * CHUNK + 8, dtype=np.int32)
    device = EmulatedDevice()
    text = TextSlices(ids, device, 1, buffers * 8 * CHUNK)
    assert (text.chunks, len(text._buffers)) == (10, min(5, max(2, buffers)))
    writes, write = [], device.write
    device.write = lambda target, values: (writes.append(len(values)), write(target, values))
    for _ in range(3):
        for chunk in range(text.chunks):
            first, end = text.slice_of(chunk)
            found = text.ids_at(chunk)
            text.fetch_next(chunk)
            expected = ids[first * CHUNK : end * CHUNK].tolist()
            assert device.read(found).tolist() == expected, "the next one does not overwrite it"
    assert len(writes) <= copies + 1


@pytest.mark.parametrize("length", [1, 5, 49, 50, 51, 100, 149, 150, 151])
def test_probes_have_the_id_before_and_end_where_the_text_ends(length):
    ids = np.arange(10, 10 + length, dtype=np.int32)
    probes = Probes(ids, 20, 50, 0.4)
    for number in range(probes.count):
        first = number * probes.stride
        one = probes.ids[first : first + probes.stride]
        begin = 50 * number
        assert one[0] == (ids[begin - 1] if begin else 0)
        expected = ids[begin : begin + 20]
        assert one[1 : 1 + len(expected)].tolist() == expected.tolist()
    ends_with_text = 50 * (probes.count - 1) + 20 >= length
    used = (probes.count - 1) * probes.stride + 1 + min(20, length - 50 * (probes.count - 1))
    assert len(probes.ids) == used + (not ends_with_text)


def test_few_warps_for_a_small_text_and_all_for_a_large_one():
    shape = shape_for(Settings(device="cuda", size=100), 0, False)
    card = shape, 132, 228 * 1024
    assert shape.warps == 4
    assert blocks_for(1_000, *card) == 1
    assert blocks_for(CHUNK * CHUNKS_OF_WARP * 4 * 5, *card) == 5
    assert blocks_for(10**9, *card) == 132 * 4
    assert blocks_for(10**9, shape, 132, 100 * 1024) == 132 * 2, "the rings need room"


def test_rows_in_many_hands_move_less():
    counts = np.array([5, 1_000_000, 1_000, 10, 10], np.int64)
    settings = Settings(model="skipgram", sample=0.0, hs=True)
    found = shares(counts, settings, 1_000, 0)
    centre = 1_000_000 / 1_001_020
    assert found["inputs"][1] == pytest.approx(HANDS / (1_000 * centre))
    assert found["inputs"][3] == 1
    assert found["nodes"][3] == pytest.approx(HANDS / 1_000)  # the root, in each window
    cbow = shares(counts, Settings(model="cbow", sample=0.0), 1_000, 0)
    assert cbow["inputs"][1] < found["inputs"][1], "its rows are held while all are"
    ring = shares(counts, settings, 1_000, 11)
    assert ring["inputs"][1] == pytest.approx(HANDS_IN_RING / (11_000 * centre))


def test_frozen_words_stay(small_launches):
    engine = small_engine(4, frozen=(1, 3), **KIND)[0]
    before = engine.read_model().inputs.copy()
    after = trained(engine).read_model().inputs
    assert after[[1, 3]].tobytes() == before[[1, 3]].tobytes()
    assert (after[2] != before[2]).any()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (None, "no 'place'"),
        (np.zeros(5, np.int32), "'place' is int32"),
        (np.zeros(4, np.int64), r"\(4,\)"),
        (np.array(Place(chunk=2)), "does not fit"),
        (np.array(Place(epoch=-1)), "does not fit"),
        (np.array(Place(read=1, kept=2)), "does not fit"),
    ],
)
def test_states_that_do_not_fit_are_refused(place, message):
    engine = small_engine(4, **KIND)[0]
    with pytest.raises(EngineStateError, match=message):
        engine.restore({} if place is None else {"place": place})
    assert engine.state()["place"].tolist() == [0] * 5


@pytest.mark.parametrize(
    "other",
    [{"exact": True}, {"deterministic": True}, {"softmax": True}, {"nce": True}, {"replicas": 2},
     {"size": 1_025}],
    ids=str,
)  # fmt: skip
def test_what_a_gpu_does_not_do_is_refused_by_name(other):
    name = next(iter(other))
    with pytest.raises(SettingsError, match=name):
        Settings(device="cuda", **({"threads": 2} if name == "replicas" else {}), **other)


def test_text_without_ids():
    corpus = small_corpus(4)
    corpus.ids = np.empty(0, np.int32)
    engine = small_engine(4, **KIND)[0]
    engine = CudaEngine(corpus, engine.read_model(), Settings(**KIND), EmulatedDevice())
    assert trained(engine).word_counts() == (0, 0, 0, 0, 0)
    assert engine.measure().mean == 0
