"""``fastw2v train`` from the outside: files, report, messages, exit codes."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

import fastw2v
from fastw2v.commands.train import command as train_command
from tests.support.commands import run_command, run_process


def train(*arguments):
    return run_command("train", *arguments)


def failed_line(result) -> str:
    assert result.exit_code not in (0, None)
    last = result.stderr.strip().splitlines()[-1]
    assert "Traceback" not in result.stderr
    return last


def test_trains_and_reports(tiny_corpus, tiny_twins, tmp_path):
    out, report_file, vocab = tmp_path / "v.bin", tmp_path / "r.json", tmp_path / "vocab.txt"
    settings = ["--model", "skipgram", "--size", 24, "--epochs", 12, "--alpha", 0.05, "--seed", 3]
    files = ["--report", report_file, "--save-vocab", vocab, "--threads", 2]
    result = train(tiny_corpus, "-o", out, *settings, *files)
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "v.bin" in result.stderr
    vectors = fastw2v.load(out)
    assert vectors.words[0] == "</s>"
    first, second = tiny_twins[0]
    assert second in [word for word, _ in vectors.similar(first, n=5)]
    report = json.loads(report_file.read_text())
    assert report["settings"]["seed"] == 3
    assert report["settings"]["alpha"] == 0.05
    words = len(tiny_corpus.read_text().split())
    assert report["words_read"] == 12 * words == report["words_raw"] + report["words_rare"]
    assert report["vocab_size"] == len(vectors) == len(vocab.read_text().splitlines())
    assert 0 < report["words_kept"] < report["words_raw"]
    assert len(report["loss"]) == len(report["loss_stderr"]) == 12
    assert report["loss"][-1] < report["loss"][0]
    assert report["peak_rss_bytes"] > 10_000_000
    for key in ("vocab_seconds", "encode_seconds", "compile_seconds", "train_seconds"):
        assert report[key] >= 0
    assert {"fastw2v", "python", "numba", "numpy"} <= report["versions"].keys()


def test_replicas_are_reported(tiny_corpus, tmp_path):
    report_file = tmp_path / "r.json"
    options = ["--epochs", 1, "--threads", 2, "--deterministic", "--report", report_file]
    result = train(tiny_corpus, "-o", tmp_path / "v.bin", *options, "--replicas", 2)
    assert result.exit_code == 0
    report = json.loads(report_file.read_text())
    rows, words = report["replicated_rows"], report["words_between_mergings"]
    assert (report["replicas"], rows) == (2, report["vocab_size"])
    assert report["learning_rate_growth"] == pytest.approx(2**0.2)
    told = f"2 threads train 2 replicas of {rows:,} words, merged every {words:,} words"
    assert f"{told}; learning rate times 1.15" in result.stderr


def test_replicas_of_one_thread_are_one(tiny_corpus, tmp_path):
    report_file = tmp_path / "r.json"
    options = ["--epochs", 1, "--threads", 1, "--replicas", "auto", "--report", report_file]
    result = train(tiny_corpus, "-o", tmp_path / "v.bin", *options)
    assert result.exit_code == 0
    assert "replicas of" not in result.stderr
    report = json.loads(report_file.read_text())
    assert report["replicas"] == 1
    assert report["settings"]["replicas"] is None


@pytest.mark.parametrize("value", ["few", "1.5", "0", "3"])
def test_impossible_replicas(tiny_corpus, tmp_path, value):
    options = ["--threads", 1, "--replicas", value]
    result = train(tiny_corpus, "-o", tmp_path / "v.bin", *options)
    assert "--replicas" in failed_line(result)


def test_two_processes_give_the_same_bytes(tiny_corpus, tmp_path):
    for name in ("one.bin", "two.bin"):
        done = run_process("train", tiny_corpus, "-o", tmp_path / name, "--threads", 1, "-q")
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (tmp_path / "one.bin").read_bytes() == (tmp_path / "two.bin").read_bytes()


def test_aliases_mean_the_same(tiny_corpus, tmp_path):
    plain = ["--size", 9, "--epochs", 2, "--threads", 1, "--alpha", 0.1]
    others = [
        ["--dim", 9, "--iter", 2, "--workers", 1, "--lr", 0.1],
        ["--vector-size", 9, "--iter", 2, "--workers", 1, "--lr", 0.1],
    ]
    for number, options in enumerate([plain, *others]):
        assert train(tiny_corpus, "-o", tmp_path / f"{number}.bin", *options).exit_code == 0
    first = (tmp_path / "0.bin").read_bytes()
    assert first == (tmp_path / "1.bin").read_bytes() == (tmp_path / "2.bin").read_bytes()


@pytest.mark.parametrize("name", ["v.txt", "v.vec.gz", "v.npy", "v.bin"])
def test_format_follows_the_name(tiny_corpus, tmp_path, name):
    assert train(tiny_corpus, "-o", tmp_path / "same.bin", "--threads", 1).exit_code == 0
    assert train(tiny_corpus, "-o", tmp_path / name, "--threads", 1).exit_code == 0
    ours, same = fastw2v.load(tmp_path / name), fastw2v.load(tmp_path / "same.bin")
    assert ours.words == same.words
    assert ours.matrix.tobytes() == same.matrix.tobytes()


def test_vocabulary_limits_and_files(tiny_corpus, tmp_path):
    out, vocab = tmp_path / "v.txt", tmp_path / "vocab.txt"
    options = ["--threads", 1, "--epochs", 1, "--size", 5]
    result = train(tiny_corpus, "-o", out, "--max-vocab", 20, "--save-vocab", vocab, *options)
    assert result.exit_code == 0
    kept = [line.rsplit(" ", 1)[0] for line in vocab.read_text().splitlines()]
    assert kept[0] == "</s>"
    assert len(kept) == 21
    again = tmp_path / "again.txt"
    assert train(tiny_corpus, "-o", again, "--read-vocab", vocab, *options).exit_code == 0
    assert again.read_bytes() == out.read_bytes()


@pytest.mark.parametrize("which", ["out", "sum", "mean"])
def test_other_vectors(tiny_corpus, tmp_path, which):
    options = ["--threads", 1, "--epochs", 1, "--size", 6]
    train(tiny_corpus, "-o", tmp_path / "in.bin", *options)
    train(tiny_corpus, "-o", tmp_path / "out.bin", "--vectors", "out", *options)
    train(tiny_corpus, "-o", tmp_path / "it.bin", "--vectors", which, *options)
    names = ("in.bin", "out.bin", "it.bin")
    inside, outside, it = (fastw2v.load(tmp_path / name).matrix for name in names)
    expected = {"out": outside, "sum": inside + outside, "mean": (inside + outside) / 2}
    np.testing.assert_array_equal(it, expected[which])
    assert np.abs(inside - outside).max() > 0.01


def test_standard_input_and_several_files(tiny_corpus, tmp_path):
    lines = tiny_corpus.read_bytes().splitlines(keepends=True)
    (tmp_path / "a.txt").write_bytes(b"".join(lines[:1000]))
    (tmp_path / "b.txt").write_bytes(b"".join(lines[1000:]))
    options = ["--threads", "1", "--epochs", "1", "-q"]
    piped = run_process(
        "train", "-", "-o", tmp_path / "p.bin", *options, stdin=tiny_corpus.read_bytes()
    )
    assert piped.returncode == 0, piped.stderr
    files = [tmp_path / "a.txt", tmp_path / "b.txt"]
    assert train(*files, "-o", tmp_path / "f.bin", *options).exit_code == 0
    assert (tmp_path / "p.bin").read_bytes() == (tmp_path / "f.bin").read_bytes()


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        (["--size", 0], ["size", "0"]),
        (["--model", "glove"], ["glove", "skipgram"]),
        (["--negative", 0], ["hs"]),
        (["--softmax", "--hs"], ["softmax", "hs"]),
        (["--softmax", "--nce"], ["--softmax", "--nce"]),
        (["--nce", "--negative", 0], ["--nce", "--negative"]),
        (["--exact", "--threads", 2], ["exact", "thread"]),
        (["--hs", "--negative", 0, "--vectors", "out"], ["tree nodes"]),
        (["--min-count", 10**6], ["min-count", "the"]),
        (["--window", "five"], ["five"]),
        (["--unknown", 1], ["--unknown"]),
    ],
    ids=str,
)
def test_bad_options_are_one_line(tiny_corpus, tmp_path, options, parts):
    result = train(tiny_corpus, "-o", tmp_path / "v.bin", *options)
    line = failed_line(result)
    assert all(part in line for part in parts), line
    assert not (tmp_path / "v.bin").exists()


def test_bad_files_are_one_line_and_harm_nothing(tiny_corpus, tmp_path):
    out = tmp_path / "v.bin"
    out.write_bytes(b"what was there")
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    missing = tmp_path / "missing.txt"
    assert str(missing) in failed_line(train(missing, "-o", out))
    assert str(empty) in failed_line(train(empty, "-o", out))
    assert out.read_bytes() == b"what was there"
    nowhere = tmp_path / "nowhere" / "v.bin"
    assert "nowhere" in failed_line(train(tiny_corpus, "-o", nowhere))
    assert "nowhere" in failed_line(train(tiny_corpus, "-o", out, "--report", nowhere))
    assert "missing.txt" in failed_line(train(tiny_corpus, "-o", out, "--read-vocab", missing))
    assert out.read_bytes() == b"what was there"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.txt", "v.bin"]


def test_errors_leave_the_process_with_one_line(tmp_path):
    done = run_process("train", tmp_path / "missing.txt", "-o", tmp_path / "v.bin", fresh=True)
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert done.stderr.startswith(b"Error: ")


def test_more_threads_than_cores_is_said(tiny_corpus, tmp_path):
    result = train(tiny_corpus, "-o", tmp_path / "v.bin", "--threads", 5_000, "--epochs", 1)
    assert result.exit_code == 0
    assert "5000 threads requested" in result.stderr


OPTIONS = """
--model --size --window --negative --hs --softmax --nce --sample --epochs --alpha --min-count
--max-vocab --threads --seed --exact --cbow-update --window-mode --noise-exponent --vectors
--save-vocab --read-vocab --report --quiet --dim --vector-size --iter --workers --lr
"""


def test_help_names_every_option():
    text = CliRunner().invoke(train_command, ["--help"]).output
    assert [option for option in OPTIONS.split() if option not in text] == []
    assert "Example" in text
