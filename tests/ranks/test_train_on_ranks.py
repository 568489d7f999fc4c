"""``fastw2v train --ranks`` under mpirun."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest

from fastw2v import WordVectors
from fastw2v.errors import CheckpointError, ResourceError
from fastw2v.progress import SILENT
from fastw2v.ranks.job import ChangeFormat, RankJob
from fastw2v.ranks.threads import ThreadRanks, run_ranks
from fastw2v.ranks.together import SharedError
from fastw2v.settings import Settings
from fastw2v.training import first_checks, pipeline
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.on_ranks import options_of
from fastw2v.training.options import TrainingOptions
from tests.support.commands import run_command
from tests.support.rank_jobs import environment, lines_of_ours, mpirun, run_job

WORDS = ["the", "cat", "dog", "sat", "ran", "on", "mat", "hill", "and", "then", "ate", "old"]
OPTIONS = ["--ranks", "--threads", "1", "--size", "8", "--epochs", "2", "--min-count", "1"]


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    rng = np.random.default_rng(5)
    path = tmp_path_factory.mktemp("text") / "text.txt"
    lines = [" ".join(rng.choice(WORDS, 9)) for _ in range(1_500)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def trained(text):
    """(folder, completed process): a training on two ranks with all outputs."""
    folder = text.parent
    done = run_job(
        2, "train", text, "-o", "v.bin", *OPTIONS, "--report", "r.json", "--save-vocab", "w.txt",
        "--checkpoint", "c.state", timeout=200, cwd=folder,
    )  # fmt: skip
    return folder, done


def test_rank_0_alone_speaks_and_writes(trained):
    folder, done = trained
    assert done.returncode == 0, done.stderr
    assert done.stdout == b""
    lines = lines_of_ours(done.stderr)
    assert sum("2 ranks of 1 thread exchange" in line for line in lines) == 1
    assert sum("words read =" in line for line in lines) == 1
    names = {path.name for path in folder.iterdir()}
    assert names == {"text.txt", "v.bin", "r.json", "w.txt", "c.state"}
    assert set(WordVectors.load(folder / "v.bin").words) >= set(WORDS)


def test_the_report_is_of_all_ranks(trained):
    folder, _ = trained
    report = json.loads((folder / "r.json").read_text("utf-8"))
    assert report["ranks"] == 2
    assert report["words_read"] == 2 * 9 * 1_500
    assert sum(report["words_kept_by_rank"]) == report["words_kept"]
    assert min(report["words_kept_by_rank"]) > 0.4 * report["words_kept"]
    assert min(report["bytes_sent"]) > 1_000
    assert min(report["exchange_seconds"]) > 0
    assert report["exchanges"] > 5
    for ledger in report["ledger"]:
        gone = sum(number for name, number in ledger.items() if name != "read")
        assert ledger["read"] == gone == 9 * 1_500


def test_twice_the_same_bytes(trained, tmp_path):
    folder, _ = trained
    done = run_job(2, "train", folder / "text.txt", "-o", "v.bin", *OPTIONS, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "v.bin").read_bytes() == (folder / "v.bin").read_bytes()


def test_what_ranks_cannot_do_is_said_once(trained):
    folder, _ = trained
    done = run_job(2, "train", "-", "-o", "no.bin", *OPTIONS, cwd=folder)
    assert done.returncode == 1
    (line,) = lines_of_ours(done.stderr)
    assert line.startswith("Error: -: only files can be shared by several ranks")
    assert not (folder / "no.bin").exists()


def long_job(text, folder, *options) -> subprocess.Popen:
    """Three ranks that train for a very long time, and have begun."""
    arguments = ["train", text, "-o", "v.bin", *OPTIONS[:-4], "--epochs", "1000000", *options]
    command = [*mpirun(), "-n", "3", sys.executable, "-m", "fastw2v", *map(str, arguments)]
    command += ["--min-count", "1", "--checkpoint", "c.state"]
    job = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), cwd=folder
    )
    while b"exchange their changes" not in job.stderr.readline():
        assert job.poll() is None
    while not job.stderr.readline().startswith(b"Training"):
        assert job.poll() is None
    return job


def test_sigusr1_saves_and_only_as_many_ranks_go_on_within_an_epoch(text, tmp_path):
    """Schedulers send it some time before they end a job, and mpirun hands it on."""
    job = long_job(text, tmp_path)
    job.send_signal(signal.SIGUSR1)
    _, stderr = job.communicate(timeout=60)
    assert job.returncode != 0
    again = "mpirun -n 3 fastw2v train --resume c.state --ranks"
    assert lines_of_ours(stderr)[-1] == f"Interrupted by SIGUSR1; resume with: {again}"
    state = tmp_path / "c.state"
    assert Checkpoint(state).epochs_trained > 0
    hint = "on 3 ranks, resume with: mpirun -n 3 fastw2v train --resume FILE --ranks"
    assert hint in run_command("info", state).stdout
    if Checkpoint(state)._within_epoch:
        refused = run_command("train", "--resume", state)
        assert refused.exit_code == 1
        assert "was trained on 3 ranks and saved within an epoch, so that 1 " in refused.stderr
        assert "resume with mpirun -n 3 fastw2v train --ranks" in refused.stderr


def test_sigterm_ends_all_ranks_and_leaves_a_checkpoint_that_is_whole(text, tmp_path):
    """Open MPI kills ranks half a second after it: then the checkpoint is the one before."""
    job, state = long_job(text, tmp_path, "--checkpoint-every", "1s"), tmp_path / "c.state"
    while not state.exists():
        assert job.poll() is None
        job.stderr.readline()
    before = Checkpoint(state).epochs_trained
    job.send_signal(signal.SIGTERM)
    _, stderr = job.communicate(timeout=60)
    assert job.returncode != 0
    assert b"Traceback" not in stderr
    assert Checkpoint(state).epochs_trained >= before
    saved = run_job(3, "train", "--resume", state, "--ranks", "--epochs", "1000001", "--quiet",
                    "--eval-pairs", "missing.tsv", cwd=tmp_path)  # fmt: skip
    assert "missing.tsv" in lines_of_ours(saved.stderr)[-1], "it was read until there"


def test_gpus_are_ranks(text, tmp_path):
    """Of plain Python. The second part goes on with what the first has saved."""
    corpus = tmp_path / "small.txt"
    corpus.write_text("".join(text.read_text().splitlines(keepends=True)[:40]))
    options = ["--ranks", "--device", "cuda", "--size", "3", "--negative", "2", "--window", "1",
               "--min-count", "1", "--threads", "1", "--checkpoint", "c.state"]  # fmt: skip
    reports = []
    for more in (["--epochs", "1"], ["--epochs", "2", "--resume", "c.state"]):
        given = options if more[-1] != "c.state" else ["--ranks"]
        done = run_job(
            2, "train", corpus, "-o", "v.bin", "--report", "r.json", *given, *more,
            module="tests.support.emulated_gpu", cwd=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        reports.append(json.loads((tmp_path / "r.json").read_text("utf-8")))
        assert any("2 ranks of one GPU" in line for line in lines_of_ours(done.stderr))
    assert [each["gpu"] for each in reports] == ["an emulated GPU"] * 2
    assert [each["read"] for each in reports[1]["ledger"]] == [9 * 40] * 2
    assert reports[1]["loss"][0] == reports[0]["loss"][0]
    assert reports[1]["loss"][1] < reports[1]["loss"][0]
    assert reports[0]["words_in_turns"] > 0


def test_options_of_ranks_need_ranks(text, tmp_path):
    for option in (["--local"], ["--exchange", "float32"], ["--in-turns", "1e6"]):
        done = run_command("train", text, "-o", tmp_path / "v.bin", *option)
        assert done.exit_code == 2
        assert f"{option[0]} is for several processes: add --ranks" in done.stderr


SETTINGS = Settings(size=8, epochs=2, min_count=1, threads=1)


def train(size, corpus, settings=SETTINGS, resume=None, job=None, **options):
    """Train on ranks that are threads; corpus: of each rank. Returns what each trained."""

    def work(ranks):
        checkpoint = None if resume is None else Checkpoint(resume)
        own = options_of(TrainingOptions(**options, resume=checkpoint), ranks)
        of_rank = RankJob(ranks, **(job or {}))
        return pipeline.run([corpus(ranks.rank)], settings, own, SILENT, of_rank)

    return run_ranks(size, work)


def test_threads_do_as_processes_do(trained):
    folder, _ = trained
    vectors = train(2, lambda rank: folder / "text.txt")[1].vectors
    vectors.save(folder / "threads.bin")
    assert (folder / "threads.bin").read_bytes() == (folder / "v.bin").read_bytes()


def test_each_rank_holds_its_part_only(text):
    def work(ranks):
        return pipeline.prepare([text], SETTINGS, job=RankJob(ranks)).text

    parts = run_ranks(3, work)
    ids = [len(part.ids) for part in parts]
    assert sum(ids) == parts[0].all_ids == 1_500 * 10
    assert max(ids) < 0.4 * sum(ids)


def test_local_files_are_those_of_each_rank(text, tmp_path):
    lines = text.read_text().splitlines(keepends=True)
    for rank in range(2):
        (tmp_path / str(rank)).mkdir()
        for part in range(2):
            start = 750 * rank + 375 * part
            path = tmp_path / str(rank) / f"part-{part}.txt"
            path.write_text("".join(lines[start : start + 375]))
    shared = train(2, lambda rank: text)[0]
    local = train(2, lambda rank: tmp_path / str(rank) / "part-*.txt", job={"local": True})[0]
    assert local.vectors.report["words_read"] == 2 * 9 * 1_500
    # The whole text is the same, though it may be cut elsewhere.
    assert local.vocabulary.words == shared.vocabulary.words
    assert local.vocabulary.counts.tolist() == shared.vocabulary.counts.tolist()


def test_words_in_turns_are_kept_by_a_checkpoint(text, tmp_path):
    state, epochs = tmp_path / "c.state", replace(SETTINGS, epochs=1)
    job = {"in_turns": 1_000}
    options = {"checkpoint": state, "output": tmp_path / "v.bin"}
    first = train(2, lambda rank: text, epochs, job=job, **options)[0].vectors
    assert first.report["words_in_turns"] == 1_000
    ranks = ThreadRanks.alone()
    assert Checkpoint(state).job(ranks, {}).in_turns == 1_000
    assert Checkpoint(state).job(ranks, {"in_turns": 5}).in_turns == 5
    assert Checkpoint(state).job(ranks, {}).exchange == "int8"
    without = train(2, lambda rank: text, epochs)[0].vectors
    assert without.report["words_in_turns"] == 0
    assert not np.array_equal(first.matrix, without.matrix)
    again = train(2, lambda rank: text, epochs, job=job)[0].vectors
    assert np.array_equal(first.matrix, again.matrix)


def test_shorter_formats_send_less_and_train_the_same(text):
    sent, vectors = {}, {}
    for form in get_args(ChangeFormat):
        trained = train(2, lambda rank: text, job={"exchange": form})[0]
        sent[form] = trained.vectors.report["bytes_sent_per_kept_word"][1]
        vectors[form] = trained.vectors.matrix
        assert trained.vectors.report["exchange_format"] == form
    # Of a small model sizes, figures and curvatures are the most of what is sent.
    assert sent["float32"] > 1.05 * sent["bfloat16"] > 1.05 * 1.01 * sent["int8"]
    for form in ("bfloat16", "int8"):
        assert not np.array_equal(vectors["float32"], vectors[form])
        assert np.abs(vectors["float32"] - vectors[form]).max() < 0.2


@pytest.mark.parametrize("size", [1, 3])
def test_another_number_of_ranks_goes_on_at_the_beginning_of_an_epoch(trained, size, tmp_path):
    folder, _ = trained
    checkpoint = Checkpoint(folder / "c.state")
    more = replace(checkpoint.settings({}), epochs=3)
    state = tmp_path / "c.state"
    state.write_bytes((folder / "c.state").read_bytes())
    corpus = folder / "text.txt"
    if size == 1:
        options = TrainingOptions(resume=Checkpoint(state))
        found = [pipeline.run([corpus], more, options)]
    else:
        found = train(size, lambda rank: corpus, more, state)
    assert all(each.result.ledgers == found[0].result.ledgers for each in found)
    assert [ledger.read for ledger in found[0].result.ledgers] == 3 * [9 * 1_500]
    assert found[0].vectors.report["epochs_trained"] == 3
    assert found[0].result.loss[2] <= found[0].result.loss[1] + 0.05


def test_within_an_epoch_another_number_is_refused(trained):
    folder, _ = trained
    checkpoint = Checkpoint(folder / "c.state")
    checkpoint._within_epoch = True
    checkpoint.check_ranks(2)
    for ranks, remedy in ((1, "mpirun -n 2 "), (3, "mpirun -n 2 ")):
        with pytest.raises(CheckpointError, match=f"so that {ranks} cannot go on.*{remedy}"):
            checkpoint.check_ranks(ranks)


def test_another_text_is_an_error_of_all_ranks(trained, tmp_path):
    folder, _ = trained
    other = tmp_path / "other.txt"
    other.write_text((folder / "text.txt").read_text().replace("cat", "dog", 1))
    with pytest.raises(SharedError, match="was trained on another text"):
        train(2, lambda rank: other, resume=folder / "c.state")


def test_memory_is_checked_for_all_ranks_of_a_machine(text, monkeypatch):
    wanted = []
    monkeypatch.setattr(first_checks, "check_memory", wanted.append)
    train(2, lambda rank: text)
    pipeline.run([text], SETTINGS)
    assert wanted[0] == wanted[1] > 2 * wanted[2]  # besides the model, that of the last exchange

    def check(need):
        raise ResourceError(f"{need > 0}")

    monkeypatch.setattr(first_checks, "check_memory", check)
    with pytest.raises(SharedError, match="True"):
        train(2, lambda rank: text)
