"""The engine of one NVIDIA GPU: warps train chunks of the text on one shared model, by atomic
additions (see `fastw2v.gpu`).

The matrices are in the device's memory; the host has a copy that `read_model` brings up to date.
A launch takes about a tenth of a second, and between two launches `train` looks whether it is to
stop. Every random number depends on the seed, the epoch and the place in the text alone, but sums
depend on which warp comes first, so that no two runs have the same last digits.
"""

import math
import time
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.allocation import MEASURED_IDS, MEASURED_SHARE, MEASURING, PROBE
from fastw2v.engines.cpu import SAMPLED_ROWS
from fastw2v.engines.crowding import blocks_for, shares
from fastw2v.engines.loss import Loss, mean_loss
from fastw2v.engines.protocol import (
    NONE_FROZEN,
    WHOLE_TEXT,
    EngineStateError,
    TextPart,
    WordCounts,
)
from fastw2v.gpu.arrays import Counters, DeviceText, Launch, LossSums, Matrices, Tables
from fastw2v.gpu.device import Device
from fastw2v.gpu.kernels import measuring_kernel, training_kernel
from fastw2v.gpu.shape import CHUNK, shape_for
from fastw2v.gpu.slices import SLICE_CHUNKS, Probes, TextSlices
from fastw2v.kernels.layers.registry import Layers, new_layers, untrained_loss
from fastw2v.kernels.state import LOSS_SUMS
from fastw2v.model.learning_rate import decrease
from fastw2v.model.matrices import Model
from fastw2v.model.subsampling import keep_thresholds, kept_words
from fastw2v.settings import Settings

LAUNCH_SECONDS = 0.1
FIRST_LAUNCH = 8_192  # chunks: some hundredths of a second
SAMPLING_SECONDS = 0.5  # between two looks at the rows that are trained most
LEAST_CHUNKS = 4  # of a warp, in a launch: with fewer, most warps wait for the last ones
_FREE_SHARE = 0.8  # of the free memory, for the text: others use the device, too


class Place(NamedTuple):
    """How far the training is. Words are counted over all epochs."""

    epoch: int = 0
    chunk: int = 0  # chunks of this epoch that are trained
    read: int = 0
    kept: int = 0
    trained: int = 0


class CudaEngine:
    """Implements `fastw2v.engines.protocol.PartEngine`.

    share: the part of the text on which the loss is measured.
    """

    def __init__(
        self,
        corpus: Corpus,
        model: Model,
        settings: Settings,
        device: Device,
        frozen: np.ndarray = NONE_FROZEN,
        part: TextPart = WHOLE_TEXT,
        rate_growth: float = 1.0,
    ):
        """Ready for the first epoch: what training needs is copied to the device.

        frozen: (V,) bool, words whose input vectors are not to be moved; empty for none.
        part: what the corpus is of a text that several engines train.
        rate_growth: what the learning rate is multiplied by.
        Raises TrainingError if the device's memory is too small.
        """
        counts = corpus.vocabulary.counts
        self._model, self._settings, self._device = model, settings, device
        self._layers = new_layers(counts, model, settings)
        tree = self._layers.hierarchical
        levels = 0 if tree is None else tree.subsampled_levels
        self._shape = shape_for(settings, levels, bool(frozen.any()))
        shared = device.multiprocessors, device.shared_memory
        self._grid = blocks_for(len(corpus.ids), self._shape, *shared), self._shape.warps
        self._upload(counts, frozen)
        self._alpha, self._seed = rate_growth * settings.alpha, settings.seed + part.streams
        self._sums = _new_probes(corpus.ids, part.all_ids)
        self._probes = device.put(self._sums.ids)
        self.share = self._sums.share
        room = int(_FREE_SHARE * device.free_memory())
        self._text = TextSlices(corpus.ids, device, settings.seed, room)
        self._ids = len(corpus.ids)
        self._train = training_kernel(device.lanes, self._shape)
        self._measure = measuring_kernel(device.lanes, self._shape)
        self._place, self._stopped = Place(), False
        self._launch_chunks = max(self._warps, FIRST_LAUNCH)
        self._order = device.empty((min(SLICE_CHUNKS, self._text.chunks),), np.int32)
        self._sampled, self._sampled_at = self._host_rows(), time.perf_counter()
        self._changed = False  # whether the device's matrices are newer than the host's

    @property
    def _warps(self) -> int:
        return self._grid[0] * self._grid[1]

    def _upload(self, counts: np.ndarray, frozen: np.ndarray) -> None:
        """Copy the matrices and all tables to the device."""
        put, width = self._device.put, self._shape.width
        none = np.zeros((1, width), np.float32)
        matrices = (self._model.inputs, self._model.outputs, self._model.nodes)
        self._matrices = Matrices(*(put(none if each is None else each) for each in matrices))
        moves = shares(counts, self._settings, self._warps, self._shape.slots)
        if frozen.any():
            moves["inputs"][frozen] = 0
        tables = [*_layer_tables(self._layers), *(moves[n] for n in ("inputs", "outputs", "nodes"))]
        self._tables = Tables(*(put(each) for each in tables))
        self._keep = put(keep_thresholds(counts, self._settings.sample))
        kept = kept_words(counts, self._settings.sample)
        self._kept_of_chunk = CHUNK * kept / max(1, int(counts.sum()))
        self._counters = Counters(put(np.zeros(1, np.int32)), put(np.zeros(3, np.int64)))

    @property
    def epoch(self) -> int:
        return self._place.epoch

    @property
    def untrained_loss(self) -> float:
        return max(untrained_loss(self._layers), float(np.log(len(self._model.inputs))))

    def arrangement(self) -> dict[str, Any]:
        return {"replicas": 1, "warps": self._warps, "gpu": self._device.name}

    def turn(self) -> AbstractContextManager[None]:
        return nullcontext()

    def prepare(self) -> str | None:
        self._launch_training(Launch(0, 0, CHUNK, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0))
        self._launch_measuring(0)
        self._device.wait()
        return None

    @property
    def least_words(self) -> int:
        return int(LEAST_CHUNKS * self._warps * self._kept_of_chunk)

    def train(self) -> None:
        self._train_until(math.inf)

    def train_words(self, words: int) -> None:
        self._train_until(self._place.kept + words)

    def _train_until(self, kept: float) -> None:
        """Train to the end of the epoch, or until so many words are kept, over all epochs."""
        slice_begin = -1
        while not self._stopped and not self.epoch_ended() and self._place.kept < kept:
            first, end = self._text.slice_of(self._place.chunk)
            if first != slice_begin:
                order, slice_begin = self._text.order_at(self._place.epoch, first), first
                self._device.write(self._order[: len(order)], order)
            began = time.perf_counter()
            chunks = min(self._launch_chunks, self._chunks_of(kept - self._place.kept))
            last = min(end, self._place.chunk + chunks)
            self._train_chunks(self._place.chunk - first, last - first, first)
            self._set_pace(last - self._place.chunk, time.perf_counter() - began)
            self._note(last)
        self._sample()

    def _chunks_of(self, words: float) -> int:
        """Chunks of which about so many words are kept, of the rest of the epoch."""
        left = self._text.chunks - self._place.chunk
        return max(1, round(min(float(left), words / max(1e-9, self._kept_of_chunk))))

    def _train_chunks(self, first: int, last: int, slice_begin: int) -> None:
        """Train chunks of a slice, in its order, while the next slice is copied."""
        chunks, epochs = self._text.chunks, self._settings.epochs
        done = (self._place.epoch * chunks + slice_begin + first) / (epochs * chunks)
        number = self._place.epoch * chunks + slice_begin
        rate = (self._alpha, *decrease(self._settings))
        launch = Launch(
            first, last, CHUNK, number, self._seed % 2**32, *rate, done,
            1 / (epochs * chunks),
        )  # fmt: skip
        self._changed = True
        self._launch_training(launch, slice_begin)
        self._text.fetch_next(slice_begin)
        self._device.wait()

    def _launch_training(self, launch: Launch, slice_begin: int = 0) -> None:
        text = DeviceText(self._text.ids_at(slice_begin), self._order, self._keep)
        self._device.write(self._counters.queue, np.zeros(1, np.int32))
        self._device.launch(
            self._train, self._grid,
            text, self._matrices, self._tables, launch.typed(), self._counters,
        )  # fmt: skip

    def _set_pace(self, chunks: int, seconds: float) -> None:
        """Choose how many chunks the next launch trains; at most twice as many as this one, which
        does not count if it was short for another reason."""
        if chunks < self._launch_chunks and seconds < LAUNCH_SECONDS:
            return
        wanted = chunks * LAUNCH_SECONDS / max(seconds, LAUNCH_SECONDS / 2)
        self._launch_chunks = max(self._warps, int(wanted))

    def _note(self, chunk: int) -> None:
        """Note that all chunks before this one are trained; now and then, the most trained rows."""
        read, kept, trained = self._device.read(self._counters.words).tolist()
        if time.perf_counter() - self._sampled_at > SAMPLING_SECONDS:
            self._sample()
        self._place = Place(self._place.epoch, chunk, read, kept, trained)

    def _sample(self) -> None:
        self._sampled = [
            self._device.read(getattr(self._matrices, name), rows)
            for name, rows in self._sampled_rows()
        ]
        self._sampled_at = time.perf_counter()

    def request_stop(self) -> None:
        self._stopped = True

    def clear_stop(self) -> None:
        self._stopped = False

    def ids_read(self) -> int:
        return min(self._ids, self._place.chunk * CHUNK)

    def epoch_ended(self) -> bool:
        return self._place.chunk >= self._text.chunks or self._ids == 0

    def start_epoch(self, epoch: int) -> None:
        self._place = self._place._replace(epoch=epoch, chunk=0)

    def word_counts(self) -> WordCounts:
        _, _, read, kept, trained = self._place
        return WordCounts(read, kept, trained, kept - trained, 0)

    def learning_rate(self) -> float:
        chunks, epochs = self._text.chunks, self._settings.epochs
        done = (self._place.epoch * chunks + self._place.chunk) / (epochs * chunks)
        falling = decrease(self._settings)
        return self._alpha * max(falling.lowest, 1 - falling.slope * done)

    def measure(self) -> Loss:
        return mean_loss(self.measured_sums(), self.share)

    def measured_sums(self) -> np.ndarray:
        probes = self._sums.count
        pairs, loss = (self._device.read(each) for each in self._launch_measuring(probes))
        sums = np.zeros(1, LOSS_SUMS)
        sums["pairs"], sums["loss"] = pairs.sum(), loss.sum()
        sums["pairs_squared"], sums["loss_squared"] = (pairs**2).sum(), (loss**2).sum()
        sums["pairs_times_loss"] = (pairs * loss).sum()
        return sums

    def _launch_measuring(self, probes: int) -> LossSums:
        """Start to measure so many probes."""
        put = self._device.put
        order = put(np.arange(max(1, probes), dtype=np.int32))
        sums = LossSums(put(np.zeros(max(1, probes), np.int64)), put(np.zeros(max(1, probes))))
        text = DeviceText(self._probes, order, self._keep)
        launch = Launch(
            0, probes, self._sums.stride, MEASURING - 1 - probes, self._seed % 2**32,
            0.0, 0.0, 0.0, 0.0, 0.0,
        )  # fmt: skip
        self._device.launch(
            self._measure, self._grid, text, self._matrices, self._tables, launch.typed(), sums
        )
        return sums

    def _sampled_rows(self) -> list[tuple[str, slice]]:
        """The rows of each matrix that are trained most."""
        rows = {"inputs": slice(SAMPLED_ROWS), "outputs": slice(SAMPLED_ROWS)}
        rows["nodes"] = slice(max(0, len(self._model.inputs) - SAMPLED_ROWS), None)
        return [(n, each) for n, each in rows.items() if getattr(self._model, n) is not None]

    def _host_rows(self) -> list[np.ndarray]:
        return [getattr(self._model, name)[rows].copy() for name, rows in self._sampled_rows()]

    def sample_rows(self) -> list[np.ndarray]:
        return self._sampled

    def read_model(self) -> Model:
        if self._changed:
            for name in Matrices._fields:
                matrix = getattr(self._model, name)
                if matrix is not None:
                    self._device.read_into(matrix, getattr(self._matrices, name))
            self._changed = False
        return self._model

    def model_changed(self) -> None:
        for name in Matrices._fields:
            matrix = getattr(self._model, name)
            if matrix is not None:
                self._device.write(getattr(self._matrices, name), matrix)
        self._changed = False

    def state(self) -> dict[str, np.ndarray]:
        return {"place": np.array(self._place, np.int64)}

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        place = arrays.get("place")
        if place is None:
            raise EngineStateError("no 'place'")
        if place.shape != (len(Place._fields),) or place.dtype != np.int64:
            raise EngineStateError(
                f"'place' is {place.dtype} {place.shape} instead of int64 {(len(Place._fields),)}"
            )
        found = Place(*place.tolist())
        sound = found.epoch >= 0 and 0 <= found.chunk <= self._text.chunks
        if not sound or not 0 <= found.trained <= found.kept <= found.read:
            raise EngineStateError("its place does not fit the text")
        self._set_place(found)

    def start_from(self, epoch: int, counts: WordCounts) -> None:
        self._set_place(Place(epoch, 0, counts.reached, counts.kept, counts.trained))

    def _set_place(self, place: Place) -> None:
        counts = np.array([place.read, place.kept, place.trained], np.int64)
        self._device.write(self._counters.words, counts)
        self._place = place


def _layer_tables(layers: Layers) -> list[np.ndarray]:
    """The fields ``noise``, ``start`` and ``steps`` of `Tables`."""
    noise = np.zeros((1, 2), np.uint32) if layers.negative is None else layers.negative.table
    tree = layers.hierarchical
    if tree is None:
        return [noise, np.zeros(1, np.int64), np.zeros(1, np.int32)]
    return [noise, tree.start, tree.steps.astype(np.int32, copy=False)]


def _new_probes(ids: np.ndarray, all_ids: int) -> Probes:
    """As `fastw2v.engines.allocation.probes` samples the text."""
    share = min(1.0, max(MEASURED_SHARE, MEASURED_IDS / max(1, all_ids, len(ids))))
    probe = CHUNK - 1 if share == 1 else PROBE
    return Probes(ids, probe, round(probe / share), share)
