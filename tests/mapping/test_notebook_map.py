"""What a notebook shows for word vectors."""

import html
import json
import re
import subprocess
import sys
import time

import numpy as np
import pytest

from fastw2v.vectors.word_vectors import WordVectors
from tests.support.paths import ROOT


def shown(vectors) -> list[str]:
    """The words of the map."""
    return data(vectors._repr_html_())["words"]


def data(text: str) -> dict:
    page = html.unescape(re.search(r'srcdoc="([^"]*)"', text)[1])
    (found,) = re.findall(r"<script[^>]*json[^>]*>(.*?)</script>", page, re.DOTALL)
    return json.loads(found)


def random_vectors(words, **more):
    matrix = np.random.default_rng(2).normal(size=(len(words), 8))
    return WordVectors(words, matrix, **more)


def test_the_first_500_words():
    words = ["</s>", *(f"w{row}" for row in range(700))]
    assert sorted(shown(random_vectors(words))) == sorted(words[1:501])


def test_the_most_frequent_if_counts_are_known():
    words = [f"w{row}" for row in range(700)]
    vectors = random_vectors(words, counts=np.arange(700))
    assert set(shown(vectors)) == set(words[200:])


def test_rows_with_nan_are_left_out():
    vectors = random_vectors(["a", "b", "c", "d"])
    vectors.matrix[1, 2] = np.nan
    assert set(shown(vectors)) == {"a", "c", "d"}


@pytest.mark.parametrize("words", [[], ["a"], ["</s>", "a"]])
def test_too_few_words(words):
    text = random_vectors(words)._repr_html_()
    assert text == f"<code>&lt;WordVectors: {len(words)} words, 8 dimensions&gt;</code>"


def test_words_are_no_html():
    words = ['"><script>alert(1)</script>', "</script>", "a&b", "\udce9", "'", "漢字"]
    text = random_vectors(words)._repr_html_()
    assert text.count("<") == text.count(">") == 6  # of this frame alone
    assert set(data(text)["words"]) == set(words)
    text.encode("utf-8")


def test_it_is_a_frame_without_network():
    text = random_vectors([f"w{row}" for row in range(50)])._repr_html_()
    assert 'sandbox="allow-scripts"' in text
    page = html.unescape(html.unescape(text))
    assert "default-src 'none'" in page
    assert not re.search(r"""(src|href)=["']?(https?:)?//""", page)


ALONE = """
import sys
for name in ("sklearn", "umap", "matplotlib", "scipy"):
    sys.modules[name] = None
import numpy, fastw2v
from fastw2v.vectors.word_vectors import WordVectors
matrix = numpy.random.default_rng(1).normal(size=(900, 300))
vectors = WordVectors([str(row) for row in range(900)], matrix)
print(len(vectors._repr_html_()) > 20_000)
"""


def test_without_other_packages_and_at_once():
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", ALONE], capture_output=True, text=True, cwd=ROOT, timeout=100
    )
    assert done.stdout == "True\n", done.stderr
    assert time.monotonic() - started < 60  # a second when nothing else runs
