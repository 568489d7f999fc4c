"""Texts for language models: no word is left out, unknown ones become `UNKNOWN`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fastw2v.corpus import Corpus, read_corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.counts.runs import Column
from fastw2v.errors import CorpusError, parameter
from fastw2v.io.encoding import quoted
from fastw2v.jit.compiled import compiled
from fastw2v.language_models.protocol import UNKNOWN
from fastw2v.progress import SILENT, Progress

_CHUNK = 1 << 20  # ids


def read_training_text(
    paths,
    *,
    min_count: int = 5,
    max_vocab: int | None = None,
    vocabulary: Vocabulary | None = None,
    threads: int = 1,
    progress: Progress = SILENT,
    column: str | None = None,
) -> tuple[list[str], np.ndarray]:
    """``(words, ids)``: V words, the sentence end first, and the text as (N,) int32.

    Words below ``min_count``, beyond the ``max_vocab`` most frequent, or outside a given
    ``vocabulary`` have the id V; so has `UNKNOWN`. Every sentence ends with 0, and none is empty.
    column: the files are tables, see `fastw2v.tables`, and this column has the text.

    Raises CorpusError as `read_corpus`, and if no word is frequent enough.
    """
    corpus = read_corpus(paths, min_count=1, threads=threads, progress=progress, column=column)
    if vocabulary is not None:
        words = [each for each in vocabulary.words if each != UNKNOWN]
    else:
        kept = int((corpus.vocabulary.counts[1:] >= min_count).sum())
        if max_vocab is not None:
            kept = min(kept, max_vocab)
        words = [each for each in corpus.vocabulary.words[: kept + 1] if each != UNKNOWN]
    if len(words) < 2 or not {*words[1:]} & {*corpus.vocabulary.words}:
        raise CorpusError(_why_none(corpus, vocabulary))
    return words, _with_ids(corpus, words)


def read_text(
    paths,
    words: Sequence[str],
    *,
    threads: int = 1,
    progress: Progress = SILENT,
    column: str | None = None,
) -> np.ndarray:
    """The ids of a text in the vocabulary ``words``, as those of `read_training_text`."""
    corpus = read_corpus(paths, min_count=1, threads=threads, progress=progress, column=column)
    return _with_ids(corpus, words)


def _with_ids(corpus: Corpus, words: Sequence[str]) -> np.ndarray:
    known = {word: word_id for word_id, word in enumerate(words)}
    final = [known.get(word, len(words)) for word in corpus.vocabulary.words]
    final_ids = np.array(final, np.int32)
    column = Column(len(corpus.ids) + 1, np.int32)
    last = 0
    for start in range(0, len(corpus.ids), _CHUNK):
        part = _without_empty(corpus.ids[start : start + _CHUNK], final_ids, last)
        column.append(part)
        last = int(part[-1]) if len(part) else last
    if last != 0:
        column.append(np.zeros(1, np.int32))
    return column.finish()


@compiled
def _without_empty(ids, final_ids, last):
    """Final ids, without sentence ends that follow another one. last: the id before."""
    out = np.empty(ids.size, np.int32)
    done = 0
    for place in range(ids.size):
        word = final_ids[ids[place]]
        if word == 0 and last == 0:
            continue
        out[done] = word
        last = word
        done += 1
    return out[:done]


def _why_none(corpus: Corpus, vocabulary: Vocabulary | None) -> str:
    if vocabulary is not None:
        return "no word of the text is in the given vocabulary; use the vocabulary of this text"
    word, count = corpus.vocabulary.words[1], int(corpus.vocabulary.counts[1])
    return (
        f"no word is in the vocabulary; the most frequent, {quoted(word)}, occurs {count:,} times: "
        f"lower {parameter('min_count')} or raise {parameter('max_vocab')}"
    )
