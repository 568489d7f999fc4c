"""What happens between epochs: files saved, scores taken, training stopped early."""

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner

import fastw2v
from fastw2v.cli import cli
from fastw2v.errors import FormatError, SettingsError, TrainingError
from fastw2v.model.matrices import new_model
from fastw2v.progress import Lines
from fastw2v.settings import Settings
from fastw2v.training import epoch_end
from fastw2v.training.epoch_end import EpochLog, epoch_path, mean_score
from fastw2v.training.options import TrainingOptions

SMALL = {"size": 7, "epochs": 3, "threads": 1, "min_count": 1, "model": "skipgram"}


@pytest.fixture
def pairs(tmp_path, tiny_twins):
    """Twins are alike, and the more alike the commoner; other pairs are not."""
    lines = [f"{first}\t{second}\t{9 - i}" for i, (first, second) in enumerate(tiny_twins[:4])]
    lines += [f"{tiny_twins[i][0]}\t{tiny_twins[i + 1][0]}\t{1 + i / 9}" for i in range(5)]
    path = tmp_path / "pairs.tsv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture
def questions(tmp_path, tiny_twins):
    (a, b), (c, d), (e, f) = tiny_twins[:3]
    path = tmp_path / "questions.txt"
    path.write_text(f": twins\n{a} {b} {c} {d}\n{c} {d} {e} {f}\n{a} {b} {e} nowhere\n")
    return path


def test_vectors_of_epochs_are_saved_and_are_those_of_shorter_trainings(tiny_corpus, tmp_path):
    output = tmp_path / "vectors.txt.gz"
    last = fastw2v.train(tiny_corpus, save_every=2, output=output, **SMALL)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["vectors.epoch-2.txt.gz", "vectors.txt.gz"]
    saved = fastw2v.load(tmp_path / "vectors.epoch-2.txt.gz")
    assert saved.words == last.words
    assert np.abs(saved.matrix - last.matrix).max() > 1e-5


def test_scores_after_each_epoch_are_those_of_the_vectors(tiny_corpus, pairs, questions):
    files = {"eval_analogies": [questions], "eval_pairs": pairs}
    trained = fastw2v.train(tiny_corpus, **files, **SMALL)
    scores = trained.report["scores"]
    assert len(scores) == trained.report["epochs_trained"] == 3
    from fastw2v import evaluation

    last = evaluation.similarity(trained, pairs).spearman
    assert scores[-1][str(pairs)] == pytest.approx(last, abs=1e-12)
    right = evaluation.analogies(trained, questions).total
    assert right.seen == 2
    assert scores[-1][str(questions)] == right.accuracy
    assert trained.report["best_epoch"] is None


def test_early_stop_takes_the_best_epoch(tiny_corpus, pairs, monkeypatch):
    course = iter([0.2, 0.5, 0.4, 0.3, 0.9])
    matrices = []

    def score(log, vectors):
        matrices.append(vectors.matrix.copy())
        return {"pairs": next(course)}

    monkeypatch.setattr(epoch_end.EpochLog, "_score", score)
    wanted = SMALL | {"epochs": 9}
    trained = fastw2v.train(tiny_corpus, eval_pairs=[pairs], stop_early=2, **wanted)
    assert trained.report["epochs_trained"] == len(trained.report["loss"]) == 4
    assert trained.report["best_epoch"] == 2
    assert trained.matrix.tobytes() == matrices[1].tobytes() != matrices[3].tobytes()
    words = sum(len(line.split()) for line in tiny_corpus.read_text().splitlines())
    assert trained.report["words_read"] == 4 * words


def test_no_question_that_can_be_answered_is_an_error_before_training(tiny_corpus, tmp_path):
    pairs, questions = tmp_path / "foreign.tsv", tmp_path / "foreign.txt"
    pairs.write_text("foreign\tstrange\t3\nthe\tof\t2\n")  # one pair gives no correlation
    questions.write_text("the of the strange\n")
    files = {"eval_pairs": [pairs], "eval_analogies": [questions]}
    output = tmp_path / "v.bin"
    with pytest.raises(TrainingError, match=r"foreign\.txt, .*foreign\.tsv: no question"):
        fastw2v.train(tiny_corpus, **files, stop_early=1, output=output, **SMALL)
    assert not output.exists()
    trained = fastw2v.train(tiny_corpus, **files, **SMALL)
    assert trained.report["scores"] == [{str(pairs): None, str(questions): None}] * 3


def test_without_any_score_training_goes_on_to_its_end(tiny_corpus, tmp_path, capsys):
    path = tmp_path / "constant.tsv"
    path.write_text("the\tof\t2\nof\tthe\t2\n")  # no variance
    trained = fastw2v.train(tiny_corpus, eval_pairs=[path], stop_early=1, progress=Lines(), **SMALL)
    assert trained.report["scores"] == [{str(path): None}] * 3
    assert trained.report["epochs_trained"] == 3
    assert trained.report["best_epoch"] is None
    assert "Warning: epoch 2 has no score; training goes on" in capsys.readouterr().err
    same = fastw2v.train(tiny_corpus, **SMALL)
    assert trained.matrix.tobytes() == same.matrix.tobytes()


def test_scores_that_are_no_numbers_count_as_worst(tiny_corpus, pairs, monkeypatch):
    course = iter([0.2, math.nan, math.nan])
    monkeypatch.setattr(epoch_end.EpochLog, "_score", lambda log, vectors: {"p": next(course)})
    trained = fastw2v.train(tiny_corpus, eval_pairs=[pairs], stop_early=2, **SMALL)
    assert trained.report["best_epoch"] == 1
    assert mean_score({"a": math.nan}) == -math.inf
    assert mean_score({"a": math.nan, "b": 0.25, "c": 0.75}) == 0.5


def test_a_log_without_wishes_goes_on_and_reports_nothing():
    log = EpochLog(TrainingOptions())
    log.bind_vocabulary(["</s>", "a"])
    assert log(1, new_model(2, Settings(size=3)), 0.5) is True
    assert log.report() == {}


def test_wishes_that_make_no_sense():
    with pytest.raises(SettingsError, match="eval_analogies or eval_pairs"):
        TrainingOptions(stop_early=2)
    with pytest.raises(SettingsError, match="save_every needs output"):
        TrainingOptions(save_every=1)
    with pytest.raises(SettingsError, match="save_every is -1"):
        TrainingOptions(save_every=-1, output="vectors.bin")
    with pytest.raises(FormatError, match="no such questions"):
        fastw2v.train("no such file", eval_analogies=["no such questions"])


def test_names_of_saved_epochs():
    assert epoch_path("a b/vectors.bin", 2).as_posix() == "a b/vectors.epoch-2.bin"
    assert epoch_path("v.2.TXT.gz", 10).name == "v.2.epoch-10.TXT.gz"
    assert epoch_path("vectors", 1).name == "vectors.epoch-1"


def test_words_that_the_output_cannot_hold_are_told_before_training(tmp_path):
    text = tmp_path / "text.txt"
    text.write_bytes(b"na\xffve king queen\n" * 20)
    output = tmp_path / "v.spacy.txt"
    output.write_text("stood before")
    done = CliRunner().invoke(cli, ["train", str(text), "-o", str(output), "--min-count", "1"])
    assert done.exit_code == 1
    assert "UTF-8" in done.stderr.splitlines()[-1]
    assert "Training" not in done.stderr
    assert "trained in" not in done.stderr
    assert output.read_text() == "stood before"


def test_the_command_line(tiny_corpus, tmp_path, pairs, questions):
    output, report = tmp_path / "v.bin", tmp_path / "report.json"
    arguments = ["train", str(tiny_corpus), "-o", str(output), "--report", str(report)]
    arguments += ["--size", "7", "--epochs", "2", "--threads", "1", "--save-every", "1"]
    arguments += ["--eval-pairs", str(pairs), "--eval-analogies", str(questions)]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "epoch 1: questions " in done.stderr
    assert "epoch 2: questions " in done.stderr
    assert (tmp_path / "v.epoch-1.bin").exists()
    assert (tmp_path / "v.epoch-2.bin").read_bytes() == output.read_bytes()
    assert len(json.loads(report.read_text())["scores"]) == 2

    again = CliRunner().invoke(
        cli,
        [
            "train",
            str(tiny_corpus),
            "-o",
            str(tmp_path / "w.bin"),
            "--init",
            str(output),
            "--size",
            "9",
        ],
    )
    assert again.exit_code == 1
    assert again.stderr.count("\n") == 1
    assert "set --size 7" in again.stderr
