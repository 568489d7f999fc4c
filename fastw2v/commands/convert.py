"""``fastw2v convert``: word vectors in another format."""

from pathlib import Path

import click

from fastw2v.commands.options import (
    limit_option,
    normalise_option,
    quiet_option,
    strict_option,
    vectors_format_option,
)
from fastw2v.commands.param_types import InputFile
from fastw2v.progress import for_terminal


@click.command(name="convert")
@click.argument("source", metavar="IN", type=InputFile(dash=True))
@click.argument("target", metavar="OUT", type=Path)
@vectors_format_option
@limit_option
@click.option(
    "--words",
    type=InputFile(),
    metavar="FILE",
    help="Keep only the words in FILE (one per line), in its order; unknown words are skipped.",
)
@normalise_option
@strict_option
@quiet_option
def command(source, target, file_format, quiet, **options):
    """Convert the word vectors in IN to the format of OUT, without changing their values.

    The extension of OUT selects the format; the format of IN is detected from its content.

    \b
    .bin                 word2vec binary
    .txt, .vec, none     word2vec text, as read by fastText and gensim
    .glove.txt           GloVe: text without a header
    .spacy.txt           word2vec text for `spacy init vectors`
    .npy                 NumPy matrix; words in a second file, NAME.words.txt
    .tsv                 TensorBoard projector; words in a second file, NAME.metadata.tsv
                         (metadata.tsv for vectors.tsv)

    Add .gz, .bz2 or .xz to compress the first four formats (spaCy: only .gz). IN and OUT may be
    the same file. IN may be a fastText model: words of --words that are not in its vocabulary get
    vectors made from their n-grams. - is standard input or output: text is written there, or what
    --format asks for.

    \b
    Example:
      fastw2v convert vectors.bin vectors.txt.gz
      fastw2v convert vectors.bin top.tsv --limit 10000 --normalise
      fastw2v convert - vectors.bin < vectors.txt
      fastw2v convert glove.6B.100d.txt small.npy --words list.txt
    """
    from fastw2v.vectors.conversion import convert

    progress = for_terminal(quiet)
    notes: list[str] = []
    count = convert(source, target, format=file_format, notes=notes, **options)
    for note in notes:
        progress.message(note)
    progress.message(f"{target}: {count:,} vectors")
