"""Phrases: words that stand side by side more often than chance, joined by ``_`` into one.

With the scoring ``original`` the text written is what the C program ``word2phrase`` writes, byte
for byte. Its rules, some of them odd, are these:

- Words are split as everywhere (`fastw2v.corpus.blocks`). In the output a blank stands before
  every word, the first of a line too, and a newline where there was one.
- Words and pairs of neighbours are counted by their spelling, in one table: the word ``new_york``
  and the pair ``new york`` share a count, and so do ``a_b c`` and ``a b_c``.
- The last word of a line and the first of the next count as a pair, but are never joined.
- A pair scores ``(count - min_count) / count of the first / count of the second * words`` in
  float32, ``words`` being those of the whole text, and is joined where that is over the threshold;
  never where the pair or one of its words is seen less than ``min_count`` times. From left to
  right: a word that was just joined does not begin a second phrase.

Where the C program fails, this one does not follow. It cuts words after 58 bytes, and pairs after
59; it loses a last word with nothing behind it (``exact`` follows it in these three). It forgets
rare words past 350 million words and pairs, counts a pair of the first word and what happens to
lie in memory before it, and, where nothing is under the minimum count (which is always so for a
minimum of 1), loses the last of the rarest words and pairs. A word that starts with ``</s>_`` in
the text makes it join words to line ends.

The scoring ``npmi`` is that of gensim's ``Phrases``: pairs within a line only, and the same words
joined.

Sources: Mikolov et al., "Distributed Representations of Words and Phrases and their
Compositionality" (2013), section 4; Bouma, "Normalized (Pointwise) Mutual Information in
Collocation Extraction" (2009), section 3.2.

Neither NumPy nor Numba is imported before a function needs it.
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
    list_to: StrPath | None = None,
    progress: Progress = SILENT,
    **settings: Any,
) -> dict[str, Any]:
    """Write the text of ``corpus`` with its phrases joined. The same for any number of threads.

    corpus: files, folders or ``-``, one or several, as for `fastw2v.corpus.read_corpus`; read once.
    output: a path, compressed where it ends in .gz, .bz2 or .xz, or ``-`` for standard output.
        What stood there stays until the new file is complete. It may be one of the corpus.
    list_to: where to write the phrases found, in the same way: lines ``phrase score count pass``
        with tabs between, pass after pass, the best first.
    settings: by the names of `PhraseSettings`.

    Returns a dict: ``settings``; ``words_read`` and ``words_written`` (sentence ends excluded);
    ``phrases`` found and tokens ``joined``, over all passes; ``read_seconds``, ``join_seconds``,
    ``write_seconds``; and ``passes``, a dict for each: ``threshold``; ``words``;
    ``distinct_words``; ``distinct_bigrams``, pairs of neighbours; ``entries``, distinct spellings
    of both, and ``entries_kept``, those seen ``min_count`` times; ``phrases`` over the threshold;
    and ``joined``.

    Memory hangs on the distinct words and pairs, not on the length of the text, of which the ids
    are kept, in memory or, when many, in a temporary file.

    Raises SettingsError for settings out of range, CorpusError where the text cannot be read or
    holds no words, OutputError where a file cannot be written; the latter before reading, too.
    """
    from fastw2v.phrases.passes import run

    report: dict[str, Any] = run(corpus, output, list_to, PhraseSettings(**settings), progress)
    return report
