"""Shared fixtures: real and generated corpora, and the C reference program."""

import gc
import lzma
import os
import random
import sys
from pathlib import Path

import pytest

from tests.support.paths import CORPORA, REQUIRED, ROOT

SLICE_WORDS = 200_000

# Shared by the session and the processes that tests start, so that nothing is compiled twice. Must
# be set before anything imports Numba.
os.environ.setdefault("NUMBA_CACHE_DIR", str(ROOT / ".cache" / "numba"))
sys.path.append(str(ROOT / "benchmarks"))  # peers.py: the one table of who runs how


# --- FASTW2V_REQUIRE=1: nothing may be skipped but for want of a GPU -------------------------


def _forbid_skip(report):
    if REQUIRED and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
        if not reason.removeprefix("Skipped: ").startswith(("there is no GPU", "there is a GPU")):
            report.outcome = "failed"
            report.longrepr = f"{reason} (FASTW2V_REQUIRE=1: nothing may be skipped)"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return _forbid_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return _forbid_skip((yield))


# --- names of tests: the same in every process that runs a part of them ---------------------


def pytest_make_parametrize_id(val, argname):
    """Compressed and other binary data may hold the time at which it was made: not for a name."""
    if isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable()):
        return argname
    return None


# --- speed ----------------------------------------------------------------------------------


def pytest_collection_finish(session):
    """Thousands of tests are hundreds of thousands of objects: not to be looked through whenever
    the collector of cycles runs, which is in every training that compiles something."""
    gc.collect()
    gc.freeze()


# --- real text ------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of real corpora and evaluation sets, which the project does not ship."""
    if not CORPORA.is_dir():
        pytest.skip("no ../shared/corpora beside the project")
    return CORPORA


@pytest.fixture(scope="session")
def wiki_words(corpora) -> list[bytes]:
    """The first 200,000 words of English Wikipedia text."""
    with lzma.open(corpora / "wiki17m.txt.xz") as file:
        return file.read(10 * SLICE_WORDS).split()[:SLICE_WORDS]


@pytest.fixture(scope="session")
def wiki_slice(wiki_words, tmp_path_factory) -> Path:
    """200,000 words in lines of 1 to 60 words, a few of over 1,000, blank lines among them."""
    chance = random.Random(20240)
    lines = []
    start = 0
    while start < len(wiki_words):
        length = chance.randint(1001, 2600) if chance.random() < 0.004 else chance.randint(1, 60)
        lines.append(b" ".join(wiki_words[start : start + length]))
        start += length
        if chance.random() < 0.05:
            lines += [b""] * chance.randint(1, 3)
    path = tmp_path_factory.mktemp("wiki") / "lines.txt"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


@pytest.fixture(scope="session")
def wiki_slice_one_line(wiki_words, tmp_path_factory) -> Path:
    """The same 200,000 words without any newline, not even at the end."""
    path = tmp_path_factory.mktemp("wiki") / "one-line.txt"
    path.write_bytes(b" ".join(wiki_words))
    return path


# --- text made by code ----------------------------------------------------------------------

TOPICS = 12
CONTEXTS = 7  # words a topic has besides its twins
TINY_SENTENCES = 3000


def _topic_words() -> list[list[str]]:
    """Per topic the two twins, then the context words; spellings of uneven length."""
    chance = random.Random(7)
    spellings = set()
    while len(spellings) < TOPICS * (2 + CONTEXTS):
        syllables = chance.randint(1, 4)
        spellings.add(
            "".join(
                chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(syllables)
            )
        )
    words = sorted(spellings)
    chance.shuffle(words)
    return [words[topic::TOPICS] for topic in range(TOPICS)]


@pytest.fixture(scope="session")
def tiny_twins() -> list[tuple[str, str]]:
    """Pairs of words that share their contexts in `tiny_corpus`, most frequent pair first."""
    return [(words[0], words[1]) for words in _topic_words()]


@pytest.fixture(scope="session")
def tiny_corpus(tmp_path_factory) -> Path:
    """3,000 short sentences on 12 topics, about 19,000 words of 110 kinds; needs no data.

    In each stands one of the topic's two twins among the topic's own words, so that twins become
    neighbours. Topics and twins are of different frequency; sentences have 4 to 9 words.
    """
    chance = random.Random(11)
    topics = _topic_words()
    weights = [1 / (topic + 2) for topic in range(TOPICS)]
    lines = ["the of the"]  # makes the most frequent words the first ones
    for _ in range(TINY_SENTENCES):
        first, second, *contexts = chance.choices(topics, weights)[0]
        sentence = chance.choices(contexts, range(len(contexts), 0, -1), k=chance.randint(2, 6))
        sentence.insert(
            chance.randint(0, len(sentence)), first if chance.random() < 0.6 else second
        )
        sentence.insert(chance.randint(0, len(sentence)), chance.choice(("the", "the", "of")))
        lines.append(" ".join(sentence))
    path = tmp_path_factory.mktemp("tiny") / "tiny.txt"
    path.write_text("\n".join(lines) + "\n")
    return path


# --- commands with odd standard streams -------------------------------------------------------


@pytest.fixture(scope="session")
def forks(tmp_path_factory):
    """Runs commands quickly in forks, in a folder with the files of `stream_cases`."""
    from tests.support.forks import Forks
    from tests.support.stream_cases import write_files

    folder = tmp_path_factory.mktemp("streams")
    write_files(folder)
    with Forks(folder) as forks:
        yield forks


@pytest.fixture
def folder(forks) -> Path:
    """The folder of `forks`."""
    return forks.folder


# --- the C program --------------------------------------------------------------------------


@pytest.fixture(scope="session")
def reference() -> Path:
    """The C program in its strict build, whose output `--exact` reproduces byte for byte."""
    from peers import built

    binary = built("c-strict")
    if binary is None:
        pytest.skip("the C program is not built: python benchmarks/peers.py --build c-strict")
    return binary
