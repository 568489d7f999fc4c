"""The files that maps are drawn into: the page as text, pictures, and what is in their way."""

import base64
import hashlib
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastw2v import WordVectors
from fastw2v.errors import OutputError, UnknownWordError
from fastw2v.mapping import check_possible, draw_map
from fastw2v.mapping.layout import lay_out
from fastw2v.mapping.page import COSINES, GRID
from fastw2v.pages.escape import escape_unprintable
from tests.support.map_cases import HOSTILE, hide, read_page, some_vectors


@pytest.fixture(scope="module")
def vectors():
    return some_vectors()


@pytest.fixture(scope="module")
def page_file(vectors, tmp_path_factory):
    path = tmp_path_factory.mktemp("map") / "map.html"
    draw_map(vectors, path, projection="pca", number=50)
    return path


class TestPage:
    def test_the_page_holds_all_words(self, vectors, page_file):
        data = read_page(page_file).data
        assert data["words"] == vectors.words[:50]
        assert set(HOSTILE) < set(data["words"])
        (panel,) = data["panels"]
        assert panel["rows"] == list(range(50))
        assert panel["total"] == 61

    def test_no_word_becomes_markup(self, page_file, tmp_path):
        tame = WordVectors([f"w{i}" for i in range(50)], some_vectors().matrix[:50])
        draw_map(tame, tmp_path / "tame.html", projection="pca")
        assert read_page(page_file).tags == read_page(tmp_path / "tame.html").tags

    def test_script_text_has_no_markup_and_no_line_separator(self, page_file):
        data = read_page(page_file).scripts[0]
        assert not set(data) & set("<>&\u2028\u2029")

    def test_unprintable_words_have_escaped_labels(self, vectors, page_file):
        labels = read_page(page_file).data["labels"]
        of_word = {vectors.words[int(number)]: label for number, label in labels.items()}
        assert of_word == {
            "line\u2028end": r"line\u2028end",
            "na\udcffve": r"na\xffve",
            "bell\x07": r"bell\u0007",
            "\u00a0": "␣",
        }

    def test_policy_lets_only_the_page_itself_run(self, page_file):
        page = read_page(page_file)
        (style,), (_, script) = page.styles, page.scripts

        def digest(text):
            found = hashlib.sha256(text.encode("utf-8")).digest()
            return f"'sha256-{base64.b64encode(found).decode()}'"

        assert page.policy == {
            "default-src": "'none'",
            "script-src": digest(script),
            "style-src": digest(style),
            "img-src": "data:",
            "base-uri": "'none'",
            "form-action": "'none'",
        }

    def test_the_page_refers_to_no_other_resource(self, page_file):
        page = read_page(page_file)
        asked = [
            attributes[name]
            for _, attributes in page.tags
            for name in ("src", "href", "srcset", "action", "style")
            if name in attributes
        ]
        assert len(asked) == 1  # the icon
        assert asked[0].startswith("data:image/svg+xml,")
        assert "url(" not in page.styles[0]
        assert "//" not in page.policy.values()

    def test_the_footer_describes_the_projection(self, page_file):
        text = read_page(page_file).text
        assert "50 of 61 words, 7 dimensions; PCA, " in text
        assert "% of the variance" in text

    def test_places_and_neighbours(self, vectors, page_file):
        data = read_page(page_file).data
        word_map = lay_out(vectors, list(range(50)), "pca", 1)
        (panel,), (expected,) = data["panels"], word_map.panels
        places = np.array([panel["x"], panel["y"]]).T / GRID
        np.testing.assert_allclose(places, expected.points, atol=0.51 / GRID)
        assert panel["neighbours"] == expected.neighbours.tolist()
        cosines = np.array(panel["cosines"]) / COSINES
        np.testing.assert_allclose(cosines, expected.cosines, atol=0.51 / COSINES)
        assert data["groups"] == word_map.groups.of_word.tolist()
        assert sorted(data["order"]) == list(range(50))

    @given(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=9, unique=True))
    def test_any_words(self, tmp_path_factory, words):
        path = tmp_path_factory.getbasetemp() / "any.html"
        matrix = np.random.default_rng(3).normal(size=(len(words), 3))
        draw_map(WordVectors(words, matrix), path, projection="pca")
        page = read_page(path)
        assert page.data["words"] == words
        assert len(page.scripts) == 2


def test_same_seed_same_bytes(vectors, tmp_path):
    for name in ("one.html", "two.html"):
        draw_map(vectors, tmp_path / name, projection="pca", seed=2)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


@pytest.mark.parametrize(
    ("word", "shown"),
    [
        ("plain", "plain"),
        ("naïve", "naïve"),
        ("new york", "new york"),
        ("\udc80\udcff", r"\x80\xff"),
        ("\x00", r"\u0000"),
        ("a\tb", r"a\u0009b"),
        ("\ufffe", r"\ufffe"),
        ("", "␣"),
        ("  ", "␣␣"),
        ("👩\u200d🔬", "👩\u200d🔬"),
    ],
)
def test_escape_unprintable(word, shown):
    assert escape_unprintable(word) == shown


class TestOutput:
    def test_unknown_extensions_are_refused(self, vectors, tmp_path):
        for name in ("map", "map.pdf", "map.html.gz"):
            with pytest.raises(OutputError, match=r"use the extension \.html"):
                draw_map(vectors, tmp_path / name, projection="pca")

    def test_extensions_ignore_case(self, vectors, tmp_path):
        draw_map(vectors, tmp_path / "M.HTM", projection="pca")
        assert read_page(tmp_path / "M.HTM").data["words"] == vectors.words

    def test_a_missing_folder_is_reported_before_work(self, tmp_path):
        with pytest.raises(OutputError, match="does not exist"):
            check_possible(tmp_path / "no" / "map.html", "pca")

    def test_the_old_file_stays_after_a_failure(self, vectors, tmp_path):
        path = tmp_path / "map.html"
        path.write_text("old")
        with pytest.raises(UnknownWordError):
            draw_map(vectors, path, words=["nowhere"], projection="pca")
        assert path.read_text() == "old"
        assert list(tmp_path.iterdir()) == [path]


class TestPicture:
    SVG = "{http://www.w3.org/2000/svg}"

    @pytest.fixture(autouse=True)
    def matplotlib(self):
        return pytest.importorskip("matplotlib", reason="no matplotlib: pip install 'fastw2v[map]'")

    def texts(self, path):
        root = ElementTree.parse(path).getroot()
        assert root.tag == f"{self.SVG}svg"
        return ["".join(text.itertext()) for text in root.iter(f"{self.SVG}text")]

    def test_png_is_written(self, vectors, tmp_path):
        path = tmp_path / "map.png"
        draw_map(vectors, path, projection="pca")
        content = path.read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert content.endswith(b"IEND\xaeB`\x82")
        width, height = np.frombuffer(content[16:24], ">u4")
        assert (width, height) == (2100, 1575)

    def test_svg_has_the_words_as_text(self, tmp_path):
        known = WordVectors(HOSTILE, some_vectors().matrix[: len(HOSTILE)])
        path = tmp_path / "map.svg"
        draw_map(known, path, projection="pca")
        *labels, caption = self.texts(path)
        assert len(labels) > len(HOSTILE) / 2
        assert set(labels) <= {escape_unprintable(word) for word in HOSTILE}
        assert "<b>bold</b>" in labels
        assert "$x^2$" in labels
        assert caption.startswith("21 of 21 words, 7 dimensions; PCA")

    def test_same_map_same_bytes(self, vectors, tmp_path):
        for name in ("one.svg", "two.svg"):
            draw_map(vectors, tmp_path / name, projection="pca")
        assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()

    def test_labels_do_not_overlap_and_the_first_words_win(self, tmp_path):
        chance = np.random.default_rng(6)
        known = WordVectors([f"word{i}" for i in range(1500)], chance.normal(size=(1500, 3)))
        path = tmp_path / "map.svg"
        draw_map(known, path, number=1500, projection="pca")
        labels = self.texts(path)[:-1]
        numbers = [int(label.removeprefix("word")) for label in labels]
        assert 100 < len(labels) < 1000
        assert np.median(numbers) < 700
        boxes = []
        for text in list(ElementTree.parse(path).getroot().iter(f"{self.SVG}text"))[:-1]:
            x, y = float(text.get("x")), float(text.get("y"))
            wide = 18 if "text-anchor: start" in text.get("style") else -18  # at the very least
            boxes.append([min(x, x + wide), y - 7, max(x, x + wide), y])
        left, bottom, right, top = np.array(boxes).T
        across = (left[:, None] < right) & (right[:, None] > left)
        down = (bottom[:, None] < top) & (top[:, None] > bottom)
        assert (across & down).sum() == len(labels)  # each with itself alone

    def test_missing_matplotlib(self, vectors, tmp_path, monkeypatch):
        hide(monkeypatch, "matplotlib")
        with pytest.raises(OutputError, match=r"need matplotlib: pip install 'fastw2v\[map\]'"):
            draw_map(vectors, tmp_path / "map.svg", projection="pca")
