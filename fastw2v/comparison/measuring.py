"""One row: train the model, measure it, evaluate it."""

from __future__ import annotations

import math
import time
from typing import Any

from fastw2v import evaluation
from fastw2v.comparison.models import make
from fastw2v.comparison.rows import ROWS, Row
from fastw2v.corpus import read_corpus
from fastw2v.language_models.perplexity import score_sentences, total
from fastw2v.language_models.protocol import LanguageModel
from fastw2v.language_models.text import read_text
from fastw2v.progress import SILENT, Progress
from fastw2v.system.cores import processor_name
from fastw2v.system.memory import peak_rss_bytes
from fastw2v.vectors.sparse_vectors import AnyVectors


def measure(task: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Train and evaluate the model of a row; the peak of memory is that of this process.

    task: ``row``, its key; ``settings``, see `ComparisonSettings.of_rows`; ``text``, a
        `PreparedText` as a dictionary; ``questions``, a path or None; ``pairs``, paths.

    Returns the result for JSON: seconds, words_per_second, peak_rss_bytes, analogies, pairs,
    held_out, date, machine. Raises FastW2VError.
    """
    row, settings, text = ROWS[task["row"]], task["settings"], task["text"]
    _compile(row, text, settings)
    made = make(row, text["train"], settings, progress)
    words = made.epochs * text["words"]
    result = {
        "seconds": round(made.seconds, 3),
        "words_per_second": round(words / max(made.training_seconds, 1e-9), 1),
        "peak_rss_bytes": peak_rss_bytes(),  # before the evaluation, which needs memory, too
        "analogies": None,
        "pairs": [],
        "held_out": None,
        "date": time.strftime("%Y-%m-%d"),
        "machine": processor_name(),
    }
    if made.vectors is not None:
        if task["questions"] is not None:
            result["analogies"] = _analogies(made.vectors, task["questions"])
        result["pairs"] = [_similarity(made.vectors, path) for path in task["pairs"]]
    if made.language_model is not None:
        result["held_out"] = _perplexity(made.language_model, text["held_out"], settings, progress)
    return result


def _compile(row: Row, text: dict[str, Any], settings: dict[str, Any]) -> None:
    """Let all kernels be compiled before the time is taken: those of the model, and those that
    read a text with all threads, of which a small text needs only one."""
    read_corpus(text["train"], threads=settings["threads"], min_count=1)
    small = settings | {"min_count": 1, "max_vocab": None, "epochs": 1}
    make(row, text["warm_up"], small, SILENT)


def _analogies(vectors: AnyVectors, path: str) -> dict[str, Any]:
    answered = evaluation.analogies(vectors, path)
    parts = (answered.semantic, answered.syntactic, answered.total)
    return {
        part.name: {"questions": part.total, "seen": part.seen, "correct": part.correct}
        for part in parts
    }


def _similarity(vectors: AnyVectors, path: str) -> dict[str, Any]:
    found = evaluation.similarity(vectors, path)
    spearman = None if math.isnan(found.spearman) else round(found.spearman, 6)
    return {"pairs": found.total, "covered": found.covered, "spearman": spearman}


def _perplexity(
    model: LanguageModel, path: str, settings: dict[str, Any], progress: Progress
) -> dict[str, Any]:
    """Unknown words are scored, too, as the one word that stands for them."""
    ids = read_text(path, model.words, threads=settings["threads"], progress=progress)
    score = total(list(score_sentences(model, ids, progress=progress)))
    finite = math.isfinite(score.perplexity)
    return {
        "tokens": score.tokens,
        "unknown": score.unknown,
        "impossible": score.impossible,
        "perplexity": round(score.perplexity, 6) if finite else None,
    }
