"""`epoch_end`: a function of the user that is called after each epoch."""

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import SettingsError, TrainingError

SMALL = {"size": 5, "threads": 1, "min_count": 1, "epochs": 4}


def test_it_gets_the_number_a_copy_of_the_vectors_and_the_loss(tiny_corpus):
    seen = []

    def look(epoch, vectors, loss):
        seen.append((epoch, vectors.matrix.copy(), loss))
        assert vectors.words[0] == "</s>"
        assert len(vectors.similar("the", n=2)) == 2
        vectors.matrix[:] = np.nan  # a copy

    vectors = fastw2v.train(tiny_corpus, epoch_end=look, **SMALL)
    plain = fastw2v.train(tiny_corpus, **SMALL)
    assert [epoch for epoch, _, _ in seen] == [1, 2, 3, 4]
    assert [loss for _, _, loss in seen] == vectors.report["loss"] == plain.report["loss"]
    assert seen[-1][1].tobytes() == vectors.matrix.tobytes() == plain.matrix.tobytes()
    assert not np.allclose(seen[0][1], seen[1][1])


def test_stop_ends_the_training_with_the_vectors_of_this_epoch(tiny_corpus, tmp_path):
    messages, last = [], []

    def enough(epoch, vectors, loss):
        last.append(vectors.matrix)
        return "stop" if epoch == 2 else None

    state = tmp_path / "state"
    vectors = fastw2v.train(
        tiny_corpus,
        epoch_end=enough,
        checkpoint=state,
        progress=lambda report: messages.append(report.message),
        **SMALL,
    )
    assert vectors.report["epochs_trained"] == 2
    assert vectors.matrix.tobytes() == last[-1].tobytes()
    assert "stopped by epoch_end after epoch 2" in messages
    resumed = fastw2v.train(tiny_corpus, resume=state, epochs=6)
    assert resumed.report["epochs_trained"] == 6


@pytest.mark.parametrize("answer", [None, 0, 1.5, [], np.float64(2)], ids=repr)
def test_other_answers_change_nothing(tiny_corpus, answer):
    vectors = fastw2v.train(tiny_corpus, epoch_end=lambda *_: answer, **SMALL | {"epochs": 2})
    assert vectors.report["epochs_trained"] == 2


@pytest.mark.parametrize("answer", [True, False, np.False_, "Stop", ""], ids=repr)
def test_answers_that_may_mean_either_are_refused(tiny_corpus, answer):
    with pytest.raises(TrainingError, match=r'epoch_end returned .* return "stop" to end'):
        fastw2v.train(tiny_corpus, epoch_end=lambda *_: answer, **SMALL)


def test_what_it_raises_is_passed_on_and_the_training_is_saved(tiny_corpus, tmp_path):
    class Mine(Exception):
        pass

    def fail(epoch, vectors, loss):
        if epoch == 2:
            raise Mine("on purpose")

    state = tmp_path / "state"
    with pytest.raises(Mine, match="on purpose"):
        fastw2v.train(tiny_corpus, epoch_end=fail, checkpoint=state, **SMALL)
    resumed = fastw2v.train(tiny_corpus, resume=state)
    assert resumed.matrix.tobytes() == fastw2v.train(tiny_corpus, **SMALL).matrix.tobytes()


def test_it_must_be_a_function(tiny_corpus):
    with pytest.raises(SettingsError, match="epoch_end is 3; it must be a function"):
        fastw2v.train(tiny_corpus, epoch_end=3)


def test_progress_of_a_training_as_reports(tiny_corpus):
    reports = []
    vectors = fastw2v.train(tiny_corpus, progress=reports.append, alpha=0.05, **SMALL)
    training = [each for each in reports if each.stage == "Training" and not each.message]
    assert {each.epoch for each in training} <= {1, 2, 3, 4}
    assert {each.epochs for each in training} == {4}
    assert training[0].learning_rate == 0.05
    assert training[-1].done == training[-1].total
    assert training[-1].loss == vectors.report["loss"][-2]  # of the last epoch but one
    rates = [each.learning_rate for each in training]
    assert rates == sorted(rates, reverse=True)
    assert training[-1].words_per_second > 0


def test_what_a_progress_function_raises_is_passed_on(tiny_corpus):
    def fail(report):
        if report.epoch == 2:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fastw2v.train(tiny_corpus, progress=fail, **SMALL)


def test_ctrl_c_in_python_says_what_would_have_helped(tiny_corpus, tmp_path):
    def interrupt(*_):
        raise KeyboardInterrupt

    messages = []
    listening = {"progress": lambda report: messages.append(report.message), **SMALL}
    with pytest.raises(KeyboardInterrupt):
        fastw2v.train(tiny_corpus, epoch_end=interrupt, **listening)
    assert messages[-1].startswith(
        "Interrupted; nothing was saved. With checkpoint='train.state' it would have been"
    )
    with pytest.raises(KeyboardInterrupt):
        fastw2v.train(tiny_corpus, epoch_end=interrupt, checkpoint=tmp_path / "s", **listening)
    assert "resume" in messages[-1]
    assert "nothing was saved" not in messages[-1]
