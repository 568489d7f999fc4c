"""The report of a training: what was done, with what, and how fast."""

import platform
from typing import Any

import llvmlite
import numba
import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.settings import Settings
from fastw2v.system.memory import peak_rss_bytes
from fastw2v.training.ledger import total
from fastw2v.training.result import TrainingResult
from fastw2v.version import __version__


def make_report(text: Corpus, result: TrainingResult, settings: Settings) -> dict[str, Any]:
    """The report, for JSON. Words are counted over all epochs; times are in seconds."""
    words = total(result.ledgers)
    raw = words.read - words.rare - words.unread
    return {
        "settings": settings.as_dict(),
        "versions": {
            "fastw2v": __version__,
            "python": platform.python_version(),
            "numba": numba.__version__,
            "llvmlite": llvmlite.__version__,
            "numpy": np.__version__,
        },
        "epochs_trained": len(result.loss),
        "words_read": words.read,
        "words_raw": raw,
        "words_kept": raw - words.subsampled,
        "words_rare": words.rare,
        "ledger": [each.as_dict() for each in result.ledgers],
        "sentences": text.sentences,
        "vocab_size": len(text.vocabulary),
        "threads": settings.threads,
        **result.arrangement,
        "vocab_seconds": text.count_seconds,
        "encode_seconds": text.encode_seconds,
        "compile_seconds": result.compile_seconds,
        "train_seconds": result.train_seconds,
        "peak_rss_bytes": peak_rss_bytes(),
        "loss": result.loss,
        "loss_stderr": result.loss_stderr,
    }
