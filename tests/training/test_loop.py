"""Training as a whole: repeatable, stoppable, in shards, with a loss that falls."""

import threading

import numpy as np
import pytest

from fastw2v.engines.allocation import shard_bounds
from fastw2v.engines.factory import new_engine
from fastw2v.errors import SettingsError, TrainingError
from fastw2v.jit.simd.width import SLOTS
from fastw2v.kernels.targets import tiles_for
from fastw2v.model.matrices import new_model
from fastw2v.progress import Progress
from fastw2v.settings import Settings
from fastw2v.training.loop import check_vocabulary
from tests.support.kernel_cases import LAYERS, small_corpus
from tests.support.training_cases import train_model

MODELS = [{"model": model, **layer} for model in ("skipgram", "cbow") for layer in LAYERS.values()]


def trained(corpus, **settings):
    return train_model(corpus, Settings(**({"threads": 1, "size": 12} | settings)))


@pytest.mark.parametrize("settings", MODELS, ids=str)
def test_loss_falls_in_every_model(settings):
    corpus = small_corpus(21, words=40, tokens=20_000)
    # Text with something to learn: each word calls for the next one.
    corpus.ids[:] = np.where(corpus.ids == 0, 0, np.arange(corpus.ids.size) % 39 + 1)
    outcome = trained(corpus, epochs=4, window=2, sample=0.0, alpha=0.05, **settings)
    assert len(outcome.loss) == 4
    assert np.all(np.diff(outcome.loss) < 0)
    assert outcome.loss_stderr == [0.0] * 4  # so small a text is measured whole


def test_one_thread_and_one_seed_give_the_same_bytes():
    corpus = small_corpus(4, tokens=5_000)
    first, second = (trained(corpus, seed=5).model for _ in range(2))
    assert first.inputs.tobytes() == second.inputs.tobytes()
    assert first.outputs.tobytes() == second.outputs.tobytes()
    other = trained(corpus, seed=6).model
    assert not np.allclose(first.inputs, other.inputs, atol=1e-3)


@pytest.mark.parametrize("ids", [0, 1, 2, 7])
def test_more_shards_than_ids(ids):
    corpus = small_corpus(4, tokens=max(ids, 1))
    corpus.ids = corpus.ids[:ids]
    corpus.words_known = corpus.words_read = int(np.count_nonzero(corpus.ids))
    outcome = trained(corpus, threads=5, epochs=2)
    assert np.isfinite(outcome.model.inputs).all()


def test_shards_cover_the_text_without_overlap():
    for ids, shards in [(0, 3), (10, 3), (2**40 + 1, 7), (5, 9)]:
        bounds = shard_bounds(ids, shards)
        assert bounds[0] == 0
        assert bounds[-1] == ids
        assert np.diff(bounds).min() >= 0
        assert np.ptp(np.diff(bounds)) <= 1


def test_padded_scratch_has_room_for_the_longest_path_and_all_negatives():
    corpus = small_corpus(9, words=50)
    settings = Settings(threads=2, hs=True, negative=3, window=4, model="skipgram")
    engine = new_engine(corpus, new_model(50, settings), settings)
    longest = int(np.diff(engine.layers.hierarchical.start).max())
    scratch = engine.shared.scratch
    assert scratch.rows.shape[1] >= longest + SLOTS
    assert scratch.rows.shape == scratch.labels.shape == scratch.weights.shape
    assert scratch.context_ptrs.shape[1] >= 8
    sixes, fours = tiles_for.py_func(longest)
    assert 6 * sixes + 4 * fours >= longest > 6
    assert scratch.gradients.shape[1] >= (sixes + fours) * 8 * SLOTS


class Interrupting(Progress):
    """Raises `KeyboardInterrupt` in the main thread's first look at a running training."""

    def stage(self, label, total):
        outer = self

        class Stage:
            def __enter__(self):
                return self

            def __exit__(self, *failure):
                return False

            def update(self, done, note="", figures=None):
                outer.seen = done
                raise KeyboardInterrupt

        return Stage()


def test_ctrl_c_stops_the_kernels_and_leaves_no_thread():
    corpus = small_corpus(3, words=60, tokens=400_000)
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        train_model(corpus, Settings(threads=2, epochs=1_000, size=100), Interrupting())
    assert threading.active_count() == before


def test_vocabularies_that_cannot_be_trained():
    with pytest.raises(TrainingError, match="is empty: lower min_count"):
        check_vocabulary(1, Settings())
    with pytest.raises(TrainingError, match="two words"):
        check_vocabulary(2, Settings())
    check_vocabulary(2, Settings(negative=0, hs=True))
    check_vocabulary(50_001, Settings(softmax=True))
    with pytest.raises(TrainingError, match="50,000"):
        check_vocabulary(50_002, Settings(softmax=True))


def test_vectors_in_out_sum_mean():
    model = trained(small_corpus(4)).model
    inside, outside = model.vectors("in"), model.vectors("out")
    assert inside.shape == outside.shape == (23, 12)
    np.testing.assert_allclose(model.vectors("sum"), inside + outside)
    np.testing.assert_allclose(model.vectors("mean"), (inside + outside) / 2)
    with pytest.raises(SettingsError, match="tree nodes"):
        trained(small_corpus(4), hs=True, negative=0).model.vectors("out")
    with pytest.raises(SettingsError, match="one of in, out, sum, mean, both"):
        model.vectors("all")
