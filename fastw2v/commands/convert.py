"""``fastw2v convert``: word vectors in another format."""

from pathlib import Path

import click

from fastw2v.commands.options import limit_option, quiet_option, strict_option
from fastw2v.progress import for_terminal


@click.command(name="convert")
@click.argument("source", metavar="IN", type=click.Path(exists=True, dir_okay=False))
@click.argument("target", metavar="OUT", type=Path)
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["binary", "text", "npy", "glove", "projector", "spacy"]),
    help="Format of OUT, whatever its name.",
)
@limit_option
@click.option(
    "--words",
    type=click.Path(exists=True, dir_okay=False),
    metavar="FILE",
    help="Only the words of this file, one a line, in its order; unknown ones are left out.",
)
@click.option("--normalise", is_flag=True, help="Scale vectors to length 1; zeros stay zeros.")
@strict_option
@quiet_option
def command(source, target, file_format, quiet, **options):
    """Write the word vectors of IN to OUT, bit for bit the same, in the format of OUT's name.

    \b
    .bin                 word2vec binary
    .txt, .vec, others   word2vec text, which fastText and gensim read
    .glove.txt           GloVe: text without header
    .spacy.txt           word2vec text that spaCy can read: spacy init vectors
    .npy                 NumPy matrix, its words in NAME.words.txt beside it
    .tsv                 for TensorBoard's projector, words in NAME.metadata.tsv beside it,
                         those of vectors.tsv in metadata.tsv

    .gz, .bz2 or .xz behind the first four compresses (of spaCy's only .gz). What IN is, is told
    by its content. IN and OUT may be the same file.

    \b
    Example:
      fastw2v convert vectors.bin vectors.txt.gz
      fastw2v convert vectors.bin top.tsv --limit 10000 --normalise
      fastw2v convert glove.6B.100d.txt small.npy --words list.txt
    """
    from fastw2v.vectors.conversion import convert

    progress = for_terminal(quiet)
    notes: list[str] = []
    count = convert(source, target, format=file_format, notes=notes, **options)
    for note in notes:
        progress.message(note)
    progress.message(f"{target}: {count:,} vectors")
