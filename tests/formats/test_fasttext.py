"""fastText models: words, vectors, n-grams, versions, damage; the files are written by the tests.

`test_fasttext_peers.py` compares with the official package.
"""

import gzip

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from fastw2v.errors import FormatError, UnknownWordError
from fastw2v.formats import subwords
from fastw2v.formats.subwords import SubwordRows
from tests.support.commands import error_line, run_command, succeeded
from tests.support.fasttext_files import (
    model_bytes,
    naive_ngrams,
    naive_vector,
    quantised_bytes,
)
from tests.support.paths import ROOT

WORDS = ["</s>", "the", "naïve", "日本語", "x", "a\udcffb", "internationalisation", "a.b"]
SPELLED = [word.encode("utf-8", "surrogateescape") for word in WORDS]
UNKNOWN = [
    "naïv",
    "日本",
    "inter",
    "éé",
    "\udcff\udcfe",
    "thé",
    "日本\U00010348",
    "a b",
    "z" * 300,
    "\x80",
]
BUCKETS, DIMENSIONS = 40, 7
INPUTS = np.random.default_rng(5).normal(size=(len(WORDS) + BUCKETS, DIMENSIONS)).astype("f4")


def saved(tmp_path, *, inputs=INPUTS, **options):
    path = tmp_path / "model.bin"
    path.write_bytes(model_bytes(WORDS, inputs, buckets=BUCKETS, **options))
    return path


def twin(word, minn=3, maxn=6, inputs=INPUTS, pruned=None):
    spelled = word.encode("utf-8", "surrogateescape")
    return naive_vector(spelled, SPELLED, inputs, minn, maxn, BUCKETS, pruned)


@pytest.mark.parametrize(("minn", "maxn"), [(3, 6), (1, 1), (1, 3), (0, 2), (2, 30), (5, 5)])
@pytest.mark.parametrize("version", [0, 11, 12])
def test_vectors_are_bit_for_bit_the_means_of_the_rows(tmp_path, minn, maxn, version):
    vectors = fastw2v.load(saved(tmp_path, minn=minn, maxn=maxn, version=version))
    assert vectors.words == WORDS
    assert vectors.notes == []
    for word in WORDS + UNKNOWN:
        expected = twin(word, minn, maxn)
        if expected is None:
            with pytest.raises(UnknownWordError, match="not in the vocabulary"):
                vectors[word]
        else:
            assert vectors[word].tobytes() == expected.tobytes(), word
    assert vectors.matrix.dtype == np.float32


def test_a_model_without_ngrams(tmp_path):
    vectors = fastw2v.load(saved(tmp_path, minn=0, maxn=0, inputs=INPUTS[: len(WORDS)]))
    assert vectors.matrix.tobytes() == INPUTS[: len(WORDS)].tobytes()
    with pytest.raises(UnknownWordError, match="'naiv' is not in the vocabulary; did you mean"):
        vectors.similar("naiv")


@pytest.mark.parametrize("version", [0, 11, 12])
def test_supervised_models_have_words_and_no_labels(tmp_path, version):
    path = saved(tmp_path, model=3, version=version, labels=["__label__a", "__label__é"])
    vectors = fastw2v.load(path)
    assert vectors.words == WORDS
    # Before version 12 they had no n-grams, whatever their settings.
    expected = INPUTS[1] if version < 12 else twin("the")
    assert vectors["the"].tobytes() == expected.tobytes()
    assert "__label__a" not in vectors


class TestQuantised:
    @pytest.mark.parametrize(("width", "norms"), [(2, True), (3, False), (7, True)])
    def test_rows_are_decoded(self, tmp_path, width, norms):
        packed, matrix = quantised_bytes(*INPUTS.shape, width, norms=norms)
        vectors = fastw2v.load(saved(tmp_path, inputs=matrix, quantised=packed))
        for word in WORDS + UNKNOWN[:3]:
            assert vectors[word].tobytes() == twin(word, inputs=matrix).tobytes()

    def test_pruned_ngrams_have_no_rows(self, tmp_path):
        pruned = [(bucket, place) for place, bucket in enumerate([39, 3, 17, 8, 30, 2, 11, 25])]
        rows = len(WORDS) + len(pruned)
        packed, matrix = quantised_bytes(rows, DIMENSIONS, 2)
        options = {"inputs": matrix, "quantised": packed, "pruned": pruned}
        vectors = fastw2v.load(saved(tmp_path, **options))
        fewer = 0
        for word in WORDS + UNKNOWN:
            expected = twin(word, inputs=matrix, pruned=pruned)
            fewer += expected is None
            if expected is not None:
                assert vectors[word].tobytes() == expected.tobytes()
        assert 0 < fewer < len(UNKNOWN)  # of some unknown words no n-gram is kept

    def test_all_ngrams_pruned(self, tmp_path):
        packed, matrix = quantised_bytes(len(WORDS), DIMENSIONS, 2)
        vectors = fastw2v.load(saved(tmp_path, inputs=matrix, quantised=packed, pruned=[]))
        assert vectors.matrix.tobytes() == matrix.tobytes()
        with pytest.raises(UnknownWordError):
            vectors["naïv"]


class TestMemory:
    def test_vectors_are_made_on_demand_if_memory_is_short(self, tmp_path, monkeypatch):
        path = saved(tmp_path)
        whole = fastw2v.load(path)
        assert isinstance(whole.matrix, np.ndarray)
        monkeypatch.setattr("fastw2v.formats.reading.free_memory", lambda: 100)
        vectors = fastw2v.load(path)
        assert isinstance(vectors.matrix, SubwordRows)
        assert np.asarray(vectors.matrix).tobytes() == whole.matrix.tobytes()
        assert vectors.similar("the") == whole.similar("the")
        assert vectors.matrix[3].tobytes() == whole.matrix[3].tobytes()
        assert vectors.matrix[1:4].shape == (3, DIMENSIONS)
        assert vectors.matrix.select(np.array([4, 2]))[1].tobytes() == whole.matrix[2].tobytes()
        assert isinstance(formats.load(path)[1], np.ndarray)
        succeeded("convert", path, tmp_path / "out.txt", "-q")
        assert fastw2v.load(tmp_path / "out.txt").matrix.tobytes() == whole.matrix.tobytes()

    def test_small_blocks_change_nothing(self, tmp_path, monkeypatch):
        path = saved(tmp_path, minn=1, maxn=30)
        whole = fastw2v.load(path)
        monkeypatch.setattr(subwords, "_WORDS", 2)
        monkeypatch.setattr(subwords, "MOST_NGRAMS", 500)
        again = fastw2v.load(path)
        assert again.matrix.tobytes() == whole.matrix.tobytes()

    def test_words_beyond_the_limit_keep_their_vectors(self, tmp_path):
        path = saved(tmp_path)
        vectors = fastw2v.load(path, limit=2)
        assert vectors.words == WORDS[:2]
        assert vectors["日本語"].tobytes() == twin("日本語").tobytes()


class TestQueries:
    def test_unknown_words_are_queries_like_others(self, tmp_path):
        vectors = fastw2v.load(saved(tmp_path))
        made = twin("naïv").astype(float)
        unit = vectors.matrix / np.linalg.norm(vectors.matrix, axis=1)[:, None]
        cosines = unit @ (made / np.linalg.norm(made))
        best = vectors.similar("naïv", len(WORDS))
        assert [word for word, _ in best] == [WORDS[row] for row in np.argsort(-cosines)]
        assert best[0][1] == pytest.approx(cosines.max(), abs=1e-6)
        assert vectors.most_similar("naïv", topn=2) == best[:2]
        assert vectors.similarity("naïv", "naïv") == pytest.approx(1)
        assert "naïv" not in vectors
        two = vectors[["the", "naïv"]]
        assert two[1].tobytes() == twin("naïv").tobytes()
        assert "the" not in dict(vectors.similar(["the", "naïv"], 99))
        for rule in ("add", "multiply"):
            found = dict(vectors.analogy("the", "naïv", "x", 99, rule))
            assert len(found) == len(WORDS) - 2

    def test_commands_say_that_a_vector_is_made_from_ngrams(self, tmp_path):
        path = saved(tmp_path)
        result = succeeded("similar", path, "naïv", "-n", 2)
        assert result.stderr == (
            "'naïv' is not in the vocabulary: its vector is made from its n-grams\n"
        )
        assert result.stdout.count("\t") == 2
        assert succeeded("similar", path, "the").stderr == ""
        lines = succeeded("similar", path, "--json", stdin="inter\nthe\n")
        assert lines.stdout.count('"neighbours"') == 2
        assert lines.stderr.startswith("'inter' is not in the vocabulary")
        result = succeeded("analogy", path, "the", "inter", "x")
        assert result.stderr.startswith("'inter' is not in the vocabulary")

    def test_the_other_commands(self, tmp_path):
        path = saved(tmp_path)
        assert "fastText model\n" in succeeded("info", path).stdout
        assert succeeded("words", path).stdout_bytes.split(b"\n")[:-1] == SPELLED
        assert len(succeeded("classes", path, "-n", 2, "-q").stdout_bytes.splitlines()) == 8
        (tmp_path / "list").write_text("the\nnaïv\n", "utf-8")
        result = succeeded("convert", path, tmp_path / "o.txt", "--words", tmp_path / "list")
        assert "1 of 2 words are not in the vocabulary" in result.stderr
        assert "made from n-grams (the first: 'naïv')" in result.stderr
        written = fastw2v.load(tmp_path / "o.txt")
        assert written["naïv"].tobytes() == twin("naïv").tobytes()
        assert written["the"].tobytes() == twin("the").tobytes()


class TestDamage:
    def refused(self, tmp_path, content, **options):
        (tmp_path / "v").write_bytes(content)
        with pytest.raises(FormatError) as caught:
            formats.read(tmp_path / "v", **options)
        assert str(caught.value).startswith(f"{tmp_path / 'v'}: a fastText model")
        assert str(caught.value).isprintable()
        return str(caught.value)

    @pytest.mark.parametrize("version", [0, 12])
    def test_every_truncation_is_refused_or_noted(self, tmp_path, version):
        whole = model_bytes(WORDS, INPUTS, buckets=BUCKETS, version=version)
        without_output = model_bytes(WORDS, INPUTS, buckets=BUCKETS, version=version, output=False)
        for size in range(90 if version == 0 else 5, len(without_output), 37):
            message = self.refused(tmp_path, whole[:size])
            assert "the file ends within" in message or "dictionary is damaged" in message
        for size in (len(without_output), len(whole) - 1):
            (tmp_path / "v").write_bytes(whole[:size])
            vectors = fastw2v.load(tmp_path / "v")
            assert vectors.notes == [
                f"{tmp_path / 'v'}: the file ends within the output matrix of the model, which "
                "word vectors do not need"
            ]
            with pytest.raises(FormatError, match="output matrix"):
                fastw2v.load(tmp_path / "v", strict=True)
        (tmp_path / "v").write_bytes(whole + b"more")
        assert fastw2v.load(tmp_path / "v").notes == [f"{tmp_path / 'v'}: ignored 4 trailing bytes"]

    @pytest.mark.parametrize(
        ("options", "problem"),
        [
            ({"version": 13}, "unknown version 13"),
            ({"model": 7}, "unknown model type 7"),
            ({"buckets": 0}, "n-grams in 0 buckets"),
            ({"buckets": 41}, "its matrix has 48 rows instead of 49"),
            ({"pruned": [(1, 0)]}, "pruned and its matrix is not quantised"),
            ({"maxn": 1 << 30, "words": ["y" * 9000]}, "word number 1 has too many n-grams"),
            ({"words": ["a\nb"]}, "its word number 1 has a newline"),
            ({"words": ["y" * 70_000]}, "dictionary is damaged at word number 1, byte 92"),
            ({"words": []}, "it has no words; use a model with words"),
        ],
    )
    def test_what_is_wrong_is_named(self, tmp_path, options, problem):
        options = {"words": WORDS, "inputs": INPUTS, "buckets": BUCKETS, **options}
        assert problem in self.refused(tmp_path, model_bytes(**options))

    def test_compressed_models_and_pipes(self, tmp_path):
        whole = saved(tmp_path).read_bytes()
        assert "decompress it first" in self.refused_packed(tmp_path, gzip.compress(whole))
        line = error_line(run_command("similar", "-", "the", stdin=whole))
        assert "save it to one first" in line

    def refused_packed(self, tmp_path, content):
        (tmp_path / "v.gz").write_bytes(content)
        with pytest.raises(FormatError, match="a compressed fastText model") as caught:
            formats.read(tmp_path / "v.gz")
        return str(caught.value)

    def test_the_file_of_2016_that_was_reported(self):
        """Its settings lack a number, so it can only be named."""
        path = ROOT.parent / "shared/reports/inputs/fasttext-model-of-2016-without-magic.bin"
        if not path.exists():
            pytest.skip("no ../shared/reports beside the project")
        line = error_line(run_command("similar", path, "river"))
        assert "a fastText model of 2016, but its header declares" in line

    def test_settings_that_lack_a_number(self, tmp_path):
        whole = model_bytes(WORDS, INPUTS, version=0)
        shifted = whole[:16] + whole[20:48] + bytes(4) + whole[48:]
        assert "a fastText model of 2016, but its header" in self.refused(tmp_path, shifted)


def test_the_twin_makes_the_ngrams_of_the_paper():
    """The example in section 3.2 of the paper, n = 3, and characters of several bytes."""
    assert naive_ngrams(b"where", 3, 3) == [b"<wh", b"whe", b"her", b"ere", b"re>"]
    assert naive_ngrams("éa".encode(), 1, 1) == ["é".encode(), b"a"]
