"""Other programs: what their output says, command lines from templates, texts that suit them."""

import sys
from pathlib import Path

import peers
import pytest
import run_fasttext
from builds import run_command
from hypothesis import given, settings
from hypothesis import strategies as st

C_SAID = (
    "Vocab size: 71291\nWords in train file: 16718843\n"
    "\rAlpha: 0.024990  Progress: 0.06%  Words/thread/sec: 151.07k  "
    "\rAlpha: 0.000003  Progress: 100.04%  Words/thread/sec: 148.42k  "
)
FASTTEXT_SAID = (
    "\rProgress:  49.9% words/sec/thread:  140127 lr:  0.012514 avg.loss:  2.31 ETA:   0h 0m 1s"
    "\rProgress: 100.0% words/sec/thread:  141324 lr:  0.000000 avg.loss:  2.13 ETA:   0h 0m 0s\n"
)
GENSIM_SAID = (
    "/lib/site.py:3: UserWarning: something\n"
    '{"words_raw": 600, "words_kept": 420, "words_read": 700, "train_seconds": 1.5}\n'
)


# --- whose output says what -----------------------------------------------------------------


def test_the_c_programs_last_speed_counts():
    assert peers.c_speed(C_SAID, "c-O3") == pytest.approx(148_420)


def test_a_text_too_short_for_the_c_program_is_told():
    with pytest.raises(peers.PeerError, match="c-O3: under 10,000 words"):
        peers.c_speed("Vocab size: 3\n", "c-O3")


def test_fasttexts_last_speed_counts():
    assert run_fasttext.speed_told(FASTTEXT_SAID) == 141_324
    assert run_fasttext.speed_told("Read 0M words\n") == 0


def test_a_scripts_last_line_counts():
    run = peers.script_run("gensim", GENSIM_SAID, wall=9.0, memory=77, threads=2)
    assert run.words_per_second == pytest.approx(200)  # 600 words in 1.5 s by 2 threads
    assert run.kept_share == pytest.approx(0.7)
    assert (run.wall_seconds, run.peak_rss_bytes) == (9.0, 77)


def test_a_script_that_does_not_tell_kept_words():
    run = peers.script_run("fasttext", '{"words_raw": 6, "train_seconds": 2}', 1.0, 1, 1)
    assert run.kept_share is None
    assert run.words_per_second == 3


def test_memory_is_that_of_the_command_not_of_who_started_it(tmp_path):
    ballast = bytearray(b"x" * 300_000_000)
    said, _, memory = run_command([sys.executable, "-S", "-c", "print('said')"], tmp_path)
    assert said == "said\n"
    assert 1_000_000 < memory < len(ballast) / 3


def test_a_command_that_fails_is_one_line(tmp_path, capfd):
    with pytest.raises(peers.PeerError, match="failed with 3") as caught:
        run_command([sys.executable, "-c", "import sys; print('why'); sys.exit(3)"], tmp_path)
    assert "\n" not in str(caught.value)
    assert "why" in capfd.readouterr().err
    with pytest.raises(peers.PeerError, match="no-such-program"):
        run_command(["no-such-program"], tmp_path)


# --- templates ------------------------------------------------------------------------------


def test_a_template_is_filled_in():
    peer = peers.template_peer(
        "koan=koan -f {corpus} -v {output} --cbow {cbow} -d {size} -n {negative} -e {epochs} "
        "-t {threads} -w {window} -a {alpha} -r {sample} --mode {model} --hs {hs} --sg={sg}"
    )
    command = peers.template_command(
        peer, {"model": "skipgram", "size": 300, "hs": True}, Path("a text"), Path("o.bin")
    )
    assert (peer.name, peer.kind) == ("koan", "template")
    assert " ".join(command[:5]) == "koan -f a text -v o.bin"
    assert command[2] == "a text"
    assert " ".join(command[5:]) == (
        "--cbow 0 -d 300 -n 5 -e 5 -t 1 -w 5 -a 0.025 -r 0.001 --mode skipgram --hs 1 --sg=1"
    )


def test_a_template_may_have_some_models_only():
    some = peers.template_peer("p:skipgram-ns,skipgram-hs=p {corpus} {output} {is_cbow}")
    assert [model for model in peers.SIX_MODELS if some.has(model)] == [
        "skipgram-ns",
        "skipgram-hs",
    ]
    command = peers.template_command(some, {"model": "cbow"}, Path("c"), Path("o"))
    assert command == ["p", "c", "o", "true"]


def test_cbow_gets_its_own_learning_rate():
    assert peers.full_settings({"model": "cbow"})["alpha"] == 0.05
    assert peers.full_settings({"model": "cbow", "alpha": 0.1})["alpha"] == 0.1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("koan", "write it as NAME="),
        ("=koan {corpus} {output}", "write it as NAME="),
        ("a b=koan {corpus} {output}", "write it as NAME="),
        ("koan=", "write it as NAME="),
        ("gensim=x {corpus} {output}", "in the table already"),
        ("koan:glove=x {corpus} {output}", "koan: glove is not one of"),
        ("koan=x {corpus}", "names no"),
        ("koan=x {corpus} {output} {dimension}", "'dimension' is not one of"),
        ("koan=x {corpus} {output} {}", "is not one of"),
        ("koan=x {corpus} {output} {size", "koan"),
        ("koan=x {corpus} '{output}", "koan"),
    ],
)
def test_a_wrong_template_is_told_in_one_line(text, says):
    with pytest.raises(peers.PeerError, match=says) as caught:
        peers.template_peer(text)
    assert "\n" not in str(caught.value)


def test_a_template_is_run_and_its_words_counted(tmp_path):
    text = tmp_path / "some words.txt"
    text.write_text("a b a\nrare a b\n" * 3)
    peer = peers.template_peer("copy=cp {corpus} {output}")
    asked = {"min_count": 4, "epochs": 10, "threads": 2}
    run = peers.train(peer, text, tmp_path / "vectors.txt", asked)
    assert (tmp_path / "vectors.txt").read_text() == text.read_text()
    words = 3 * (3 + 2)  # a and b: the other is under the minimum count
    assert run.words_per_second * run.wall_seconds * 2 == pytest.approx(words * 10)


def test_a_template_that_writes_nothing_is_told(tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("a b")
    peer = peers.template_peer("lazy=echo {corpus} {output}")
    with pytest.raises(peers.PeerError, match="lazy: it wrote no"):
        peers.train(peer, text, tmp_path / "vectors.txt", {})


# --- texts ----------------------------------------------------------------------------------


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from([b"word", b"x" * 50, b"\n", b" ", b"y" * 7000])))
def test_lines_are_cut_and_words_are_not(tmp_path_factory, parts):
    folder = tmp_path_factory.mktemp("lines")
    text = b" ".join(parts * 40)
    (folder / "text").write_bytes(text)
    lines = peers.in_lines(folder / "text", folder / "lines").read_bytes()
    assert lines.split() == text.split()
    assert len(lines) == len(text)
    assert all(len(line) <= peers.LINE_BYTES + 7001 for line in lines.split(b"\n"))
