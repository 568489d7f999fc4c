"""A small text -> a page that trains on it."""

import os

import numpy as np

from fastw2v.corpus import Corpus, declare_corpus, read_corpus
from fastw2v.corpus.sources import check_sources, describe
from fastw2v.errors import CorpusError, OutputError, parameter
from fastw2v.io import atomic
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.pages.assembly import PageParts, assemble
from fastw2v.pages.escape import escape_unprintable
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import Settings
from fastw2v.standard_streams import DASH
from fastw2v.watching.watch_settings import MOST_TOKENS, MOST_WORDS, WatchSettings

_PARTS = PageParts(
    "fastw2v.watching",
    "watch.html",
    "watch.css",
    (
        "text.js",
        "training.js",
        "plane.js",
        "presets.js",
        "board.js",
        "network.js",
        "charts.js",
        "watch.js",
    ),
)


def write_page(
    corpus,
    output: StrPath,
    settings: WatchSettings | None = None,
    *,
    min_count: int = 1,
    max_vocab: int | None = None,
    progress: Progress = SILENT,
) -> str:
    """Write a web page that trains on a small text, step by step, in the browser of its reader.

    corpus: a file, folder or ``-`` (standard input), or several of them; up to 200 different words
        and 100,000 in all.
    output: path of the page, one file that works offline: ``.html``; or ``-``: standard output.
    min_count, max_vocab: which words form the vocabulary; the others are left out of the text.

    Returns a line that describes the page. Raises CorpusError for a text with too many words or
    without two different ones in a sentence, OutputError, SettingsError.

        >>> fastw2v.watching.watch_page.write_page("corpus.txt", "page.html")
        'page.html: 11 words, 8 different'
    """
    settings = settings or WatchSettings()
    Settings(min_count=min_count, max_vocab=max_vocab)  # which checks them
    _check_extension(output)
    uses = FileUses()
    declare_corpus(uses, corpus)
    uses.writes(output, parameter("output"))
    uses.check()
    name = describe(check_sources(corpus))
    read = read_corpus(corpus, min_count=min_count, max_vocab=max_vocab, progress=progress)
    _check(read, name)
    tokens = int((read.ids > 0).sum())
    counted = f"{tokens:,} words, {len(read.vocabulary) - 1:,} different"
    shown = os.path.basename(name)  # a page may be shared, the reader's folders are not
    caption = f"{escape_unprintable(shown)}: {counted}"
    text = assemble(_PARTS, "Watch word2vec learn", caption, page_data(read, shown, settings))
    with atomic.replacing(output) as file:
        file.write(text.encode("utf-8"))
    return f"{output}: {counted}"


def _check_extension(output: StrPath) -> None:
    path = os.fspath(output)
    if path != DASH and not path.lower().endswith((".html", ".htm")):
        raise OutputError(f"cannot write {path}: it is a web page; use the extension .html")


def page_data(corpus: Corpus, name: str, settings: WatchSettings) -> dict:
    """The data for the script of the page.

    name: of the text; words: without the sentence end; labels: {word: text} for words that need
    escapes; sentences: lists of indices of words; settings: as the script's `Training` takes them;
    mostWords, mostTokens: limits of a text.
    """
    words = corpus.vocabulary.words[1:]
    return {
        "name": escape_unprintable(name),
        "words": words,
        "labels": {word: label for word in words if (label := escape_unprintable(word)) != word},
        "sentences": _sentences(corpus.ids),
        "settings": {
            "model": settings.model,
            "layer": settings.output_layer,
            "size": settings.size,
            "window": settings.window,
            "negative": settings.negative,
            "alpha": settings.alpha,
            "seed": settings.seed,
            "corrected": settings.cbow_update == "corrected",
        },
        "mostWords": MOST_WORDS,
        "mostTokens": MOST_TOKENS,
    }


def _sentences(ids: np.ndarray) -> list[list[int]]:
    parts = np.split(ids, np.flatnonzero(ids == 0))
    return [found for part in parts if (found := (part[part > 0] - 1).tolist())]


def _check(corpus: Corpus, name: str) -> None:
    """Raise CorpusError for a text that no page can show, or that trains nothing."""
    different = len(corpus.vocabulary) - 1
    if different > MOST_WORDS:
        raise CorpusError(
            f"{name}: {different:,} different words, but a page shows up to {MOST_WORDS}; use "
            f"{parameter('max_vocab', MOST_WORDS)}, a higher {parameter('min_count')}, or a "
            "shorter text"
        )
    if corpus.words_known > MOST_TOKENS:
        raise CorpusError(
            f"{name}: {corpus.words_known:,} words, but a page holds up to {MOST_TOKENS:,}; use a "
            "part of it, for example its first lines: head -n 1000 FILE | fastw2v watch - ..."
        )
    if different < 2:
        raise CorpusError(f"{name}: one word only; a page needs two different words or more")
    inside = corpus.ids > 0
    if not (inside[1:] & inside[:-1]).any():
        raise CorpusError(
            f"{name}: no two words of the vocabulary are in one line, so no word has a context; "
            f"put sentences in lines, or lower {parameter('min_count')}"
        )
