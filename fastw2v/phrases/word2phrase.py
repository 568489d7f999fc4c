"""Phrases: adjacent words that occur together more often than by chance, joined by ``_``.

With the scoring ``original`` the output is that of the C program ``word2phrase``, byte for byte.
Its rules, some of them unusual:

- Words are split as everywhere (`fastw2v.corpus.blocks`). In the output a space precedes every
  word, including the first of a line, and newlines are kept.
- Words and pairs of adjacent words are counted by spelling, in one table: the word ``new_york`` and
  the pair ``new york`` share a count, and so do ``a_b c`` and ``a b_c``.
- The last word of a line and the first of the next count as a pair, but are never joined.
- A pair scores ``(count - min_count) / count of the first / count of the second * words`` in
  float32, ``words`` being those of the whole text, and is joined if the score is above the
  threshold, unless the pair or one of its words has less than ``min_count`` occurrences. Joining
  runs from left to right: a word that was just joined does not begin a second phrase.

Defects of the C program are not reproduced. It cuts words after 58 bytes, and pairs after 59; it
loses a last word without separator after it (``exact`` reproduces these three). It drops rare words
past 350 million words and pairs, counts a pair of the first word and the memory before it, and, if
nothing is below the minimum count (always so for a minimum of 1), loses the last of the rarest
words and pairs. A word that starts with ``</s>_`` makes it join words to line ends.

The scoring ``npmi`` is that of gensim's ``Phrases``: pairs within a line only, with the same words
joined.

Sources: Mikolov et al., "Distributed Representations of Words and Phrases and their
Compositionality" (2013), section 4; Bouma, "Normalized (Pointwise) Mutual Information in
Collocation Extraction" (2009), section 3.2.

NumPy and Numba are imported only when a function needs them.
"""

from collections.abc import Sequence
from typing import Any

from fastw2v.io.files import StrPath
from fastw2v.phrases.settings import DEFAULT_THRESHOLDS, PhraseSettings
from fastw2v.progress import SILENT, Progress

__all__ = ["DEFAULT_THRESHOLDS", "PhraseSettings", "write_phrases"]


def write_phrases(
    corpus: StrPath | Sequence[StrPath],
    output: StrPath,
    *,
    column: str | None = None,
    list_to: StrPath | None = None,
    report: StrPath | None = None,
    progress: Progress = SILENT,
    **settings: Any,
) -> dict[str, Any]:
    """Write the text of ``corpus`` with its phrases joined.

    The result does not depend on the number of threads.

    corpus: files, folders or ``-``, one or several, as for `fastw2v.corpus.read_corpus`; read once.
    column: the files are tables, see `fastw2v.tables`, and this column has the text.
    output: a path, compressed if it ends in .gz, .bz2 or .xz, or ``-`` for standard output. An
        existing file, which may be one of the corpus, is replaced once the new one is complete.
    list_to: a path for the list of phrases: lines ``phrase score count pass`` separated by tabs, by
        pass, best first.
    report: a path for what is returned, as JSON.
    settings: by the names of `PhraseSettings`.

    Returns a dict: ``settings``; ``words_read`` and ``words_written`` (excluding sentence ends);
    ``phrases`` found and tokens ``joined``, over all passes; ``read_seconds``, ``join_seconds``,
    ``write_seconds``; and ``passes``, a dict for each: ``threshold``; ``words``;
    ``distinct_words``; ``distinct_bigrams``, pairs of adjacent words; ``entries``, distinct
    spellings of both, and ``entries_kept``, those with ``min_count`` occurrences; ``phrases`` above
    the threshold; and ``joined``.

    Memory depends on the number of distinct words and pairs, and on the length of the text only by
    its ids, which go to a temporary file if there are many.

    Raises SettingsError for settings out of range, CorpusError if the text cannot be read or has no
    words, OutputError if a file cannot be written, where possible before reading; the failure of
    one output does not prevent the others.

        >>> report = fastw2v.phrases.write_phrases(
        ...     "corpus.txt", "joined.txt", threshold=1, min_count=1, threads=1
        ... )
        >>> from pathlib import Path
        >>> print(Path("joined.txt").read_text().split("\\n")[0].strip())
        the king of new_york
    """
    from fastw2v.phrases.passes import Outputs, run

    outputs = Outputs(output, list_to, report)
    told: dict[str, Any] = run(corpus, outputs, PhraseSettings(**settings), progress, column)
    return told
