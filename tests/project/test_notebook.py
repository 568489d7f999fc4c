"""The example notebook runs, shows progress, and hands its vectors to other libraries."""

import ast
import json
import os
import shutil
import subprocess
import sys

import pytest

from fastw2v.docs.pages import FOLDER
from tests.support.paths import ROOT

NOTEBOOK = FOLDER / "notebook.ipynb"
NEEDED = ("nbconvert", "ipykernel", "ipywidgets", "tqdm", "pandas", "faiss", "sklearn",
          "matplotlib", "gensim")  # fmt: skip


def text_of(cell) -> str:
    """What a cell prints and returns, as text."""
    parts = []
    for output in cell["outputs"]:
        parts += output.get("text", []), output.get("data", {}).get("text/plain", [])
    return "".join("".join(part) for part in parts)


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """``(cells, whole text)`` of the notebook after it was run."""
    from importlib.util import find_spec

    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}: pip install 'fastw2v[test]'")
    folder = tmp_path_factory.mktemp("notebook")
    shutil.copy(NOTEBOOK, folder)  # it is run in its folder, and writes there
    paths = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--output-dir",
         str(folder), "--output", "executed.ipynb", NOTEBOOK.name],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths, "IPYTHONDIR": str(folder / "ipython")},
        capture_output=True,
        text=True,
        timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    text = (folder / "executed.ipynb").read_text("utf-8")
    return [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"], text


def cell_with(cells, part: str) -> str:
    (found,) = [cell for cell in cells if part in "".join(cell["source"])]
    return text_of(found)


def test_no_outputs_are_kept_in_the_project():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    assert all(not cell.get("outputs") for cell in cells)
    assert len({cell["id"] for cell in cells}) == len(cells) > 15


def test_progress_is_shown_in_html(executed):
    cells, text = executed
    assert "application/vnd.jupyter.widget-state+json" in text
    assert "epoch 20 of 20, 100%" in text.replace("\u2007", " ").replace("\\u2007", " ")
    assert "words read" in cell_with(cells, "sg=1")
    assert "WordVectors" in cell_with(cells, "sg=1")
    assert "stderr" not in text, "nothing is shown as an error"


def test_training_learns_and_stops(executed):
    cells, _ = executed
    first, last = [float(word) for word in cell_with(cells, 'report["loss"]').split()
                   if word[0].isdigit()]  # fmt: skip
    assert last < 0.95 * first
    watched = cell_with(cells, "epoch_end=watch")
    assert [f"epoch {epoch}: loss" in watched for epoch in (1, 2, 3, 4)] == [True] * 3 + [False]


def test_other_libraries_give_the_same_neighbours(executed):
    cells, _ = executed
    gensims, ours = [ast.literal_eval(line) for line in cell_with(cells, "keyed =").splitlines()]
    assert gensims == ours
    assert len(ours) == 5
    (asked,) = [cell for cell in cells if cell["source"][0].startswith("vectors.most_similar")]
    assert [word for word, _ in ast.literal_eval(text_of(asked))] == ours
    assert ast.literal_eval(cell_with(cells, "faiss")) == ours
    group = ast.literal_eval(cell_with(cells, "KMeans"))
    assert 1 < len(group) <= 12
    assert {*group} & {*ours, "tuple"}


def test_the_map_is_shown(executed):
    cells, _ = executed
    (cell,) = [cell for cell in cells if "draw_map" in "".join(cell["source"])]
    (svg,) = [out["data"]["image/svg+xml"] for out in cell["outputs"] if "data" in out]
    assert "".join(svg).count("<text") + "".join(svg).count("<use") > 100
