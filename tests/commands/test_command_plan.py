"""``fastw2v plan`` as a user types it."""

import json

import pytest

from fastw2v.planning.rates import COPIED
from fastw2v.system.cores import usable_cores
from tests.support.commands import error_line, run_command, succeeded

TEXT = "--words 1e9 --vocabulary 1e6"
RATE = "--rate 5e5 --read-rate 1e7"


def failed(*arguments, code=1) -> str:
    result = run_command("plan", *arguments)
    assert result.exit_code == code, result.output
    if code == 1:  # Click's runner also prints the usage
        assert result.stderr.count("\n") == 1, result.stderr
    return error_line(result)


def planned(line: str) -> dict:
    return json.loads(succeeded("plan", *line.split(), "--json").stdout)


@pytest.fixture
def vocabulary(tmp_path):
    path = tmp_path / "vocab.txt"
    lines = ["</s> 300\n", "naïve 700\n", *(f"w{n} {5 + 4_000 // n}\n" for n in range(1, 200))]
    path.write_bytes("".join(lines).encode())
    return path


def test_the_table_has_a_line_for_each_number_of_machines():
    shown = succeeded("plan", *f"{TEXT} {RATE} --machines 6 --cores 8 -q".split()).stdout
    table, notes = shown.split("\n\n", 1)
    header, *lines = (line.split() for line in table.splitlines())
    assert header[:3] == ["machines", "memory", "bytes/word"]
    assert [line[0] for line in lines] == ["1", "2", "4", "6"]
    assert len({len(line) for line in table.splitlines()}) == 1
    assert "500,000 words/s of a core, as given" in notes
    assert "10,000,000 words/s of a core, as given" in notes
    assert "6 machines need " in notes


def test_a_gpu_of_each_machine_trains():
    line = f"{TEXT} --rate 2e8 --machines 2 --cores 8 --device cuda"
    found = planned(line)
    assert found["rates"]["training_words_per_second"] == 2e8
    assert found["rates"]["reading_words_per_second"] == 8e7
    on_cpus = planned(line.replace("--device cuda", ""))["rates"]
    of_gpu, of_cpus = (
        each["exchange_seconds_per_number_compared"] for each in (found["rates"], on_cpus)
    )
    assert of_gpu == pytest.approx(of_cpus + COPIED)
    assert found["predictions"][1]["in_turns"] > 10**7
    shown = succeeded("plan", *line.split(), "-q").stdout
    assert "200,000,000 words/s of a GPU, as given" in shown


def test_json_has_the_figures_of_the_table():
    found = planned(f"{TEXT} {RATE} --machines 4 --cores 8 --bandwidth 2.5GB/s --size 50")
    assert (found["words"], found["vocabulary"]) == (10**9, 10**6)
    assert found["bandwidth_bytes_per_second"] == 2.5e9
    assert found["settings"]["size"] == 50
    assert found["rates"]["training_words_per_second"] == 8 * 5e5
    assert found["rates"]["reading_words_per_second"] == 8e7
    assert set(found["rates"]["sources"]) == {"training", "reading", "exchange"}
    one, two, four = found["predictions"]
    assert one["training_seconds"] == pytest.approx(5 * 1e9 / 4e6)
    in_turns = four["in_turns"] / found["words_kept_of_epoch"] * 1e9 / 4e6
    assert 0 < in_turns < 10
    assert four["training_seconds"] == pytest.approx(one["training_seconds"] / 4 + in_turns)
    assert one["bytes_sent"] == 0 < two["bytes_sent"]
    assert found["machines_that_pay"] >= 1


def test_what_a_hundred_million_words_would_need_is_said():
    line = "--words 1e11 --vocabulary 1e8 --size 300 --machines 64 --cores 32 --rate 5e5"
    shown = succeeded("plan", *line.split(), "-q").stdout
    assert "64 machines need " in shown
    assert "vocabulary of 100,000,000" in shown
    assert "GB of memory each" in shown
    assert "assumed, not measured" in shown


@pytest.mark.parametrize(
    ("typed", "bytes_per_second"),
    [
        ("10Gbit", 1.25e9),
        ("10 Gbit/s", 1.25e9),
        ("100Mbps", 1.25e7),
        ("1Gb", 1.25e8),
        ("1.5GB", 1.5e9),
        ("900kB/s", 9e5),
        ("1e-1Tbit", 1.25e10),
    ],
)
def test_bandwidths_in_bits_and_bytes(typed, bytes_per_second):
    from fastw2v.commands.param_types import Bandwidth

    assert Bandwidth().convert(typed, None, None) == pytest.approx(bytes_per_second)


def test_a_vocabulary_file_has_the_counts(vocabulary):
    found = planned(f"--read-vocab {vocabulary} {RATE} --machines 2")
    assert found["vocabulary"] == 200
    assert found["words"] == 700 + sum(5 + 4_000 // n for n in range(1, 200))
    assert found["cores"] == usable_cores()
    fewer = planned(f"--read-vocab {vocabulary} {RATE} --min-count 100")
    assert fewer["vocabulary"] < 100


def test_a_corpus_is_counted_and_its_reading_timed(tmp_path):
    text = tmp_path / "text.txt"
    text.write_bytes("a b b naïve naïve naïve\r\nb a\n".encode() * 50)
    found = planned(f"{text} --rate 1e6 --min-count 100 --machines 1")
    assert (found["words"], found["vocabulary"]) == (50 * 8, 3)
    assert "of the text that was read here" in found["rates"]["sources"]["reading"]
    assert found["predictions"][0]["efficiency"] == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("", "give the text in one way"),
        ("text.txt --words 5 --vocabulary 2", "give the text in one way"),
        ("--words 5", "--vocabulary is missing"),
        ("--vocabulary 5", "--words is missing"),
        ("--words 5 --vocabulary 6", "a text of 5 words cannot have a vocabulary of 6"),
        ("--words 5 --vocabulary 2 --column text", "--column is for a corpus"),
        ("--words 5 --vocabulary 2 --max-vocab 3", "--max-vocab is for a corpus"),
        ("--words 5 --vocabulary 1", "needs two words or more"),
        ("missing.txt", "missing.txt: no such file or folder"),
        ("--words 1e9 --vocabulary 1e6 --softmax", "softmax"),
        ("--words 1e9 --vocabulary 1e6 --negative 0", "no output layer to train"),
        ("--words 1e9 --vocabulary 1e6 --size 0", "--size is 0"),
    ],
)
def test_what_cannot_be_planned_is_one_line(line, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert said in failed(*line.split(), "--rate", "1000")


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e400", "1.5", "", "12x", "1e99"])
@pytest.mark.parametrize("name", ["--words", "--vocabulary", "--machines", "--cores", "--rate"])
def test_numbers_are_whole_and_above_0(name, value):
    said = failed(*TEXT.split(), name, value, code=2)
    assert f"{value!r} is not a whole number from 1 to" in said


@pytest.mark.parametrize(
    "value", ["10", "0Gbit", "-1Gbit", "nanGbit", "1e400Gbit", "Gbit", "10gbit/h", "5bit", ""]
)
def test_a_bandwidth_has_a_unit(value):
    said = failed(*TEXT.split(), "--bandwidth", value, code=2)
    assert f"{value!r} is not a bandwidth; use for example 10Gbit" in said


def test_a_vocabulary_without_counts_is_refused(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_text("a 0\nb 0\n")
    said = failed("--read-vocab", path, "--min-count", 0, "--rate", 1000)
    assert "vocab.txt" in said
    assert "--min-count" in said


def test_rates_are_measured_where_none_are_given(monkeypatch):
    """With short texts: what is measured is real, but not for long."""
    from fastw2v.planning import measured

    for name, value in {"_IDS": 3_000, "_SECONDS": 0.0, "_READ_WORDS": 20_000}.items():
        monkeypatch.setattr(measured, name, value)
    monkeypatch.setattr(measured, "_EXCHANGED_BYTES", 1)
    line = "--words 1e6 --vocabulary 500 --size 16 --model skipgram --cores 1000 --machines 2"
    found = planned(line)
    rates = found["rates"]
    threads = min(1_000, usable_cores())
    for name in ("training", "reading"):
        assert f"measured here with {threads} thread" in rates["sources"][name]
        assert "in proportion for 1,000 cores" in rates["sources"][name]
        assert rates[f"{name}_words_per_second"] > 1_000
    assert "a vocabulary of 500 words" in rates["sources"]["training"]
    costs = [rates[f"exchange_seconds_{each}"] for each in ("per_number_handled", "fixed")]
    costs.append(rates["exchange_seconds_per_number_compared"])
    assert min(costs) >= 0 < sum(costs)  # of so few rows, one may be lost in noise
    assert found["predictions"][1]["exchange_seconds"] > 0
