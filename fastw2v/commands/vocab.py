"""``fastw2v vocab``: count the words of a corpus."""

import click

from fastw2v.commands.options import corpus_argument, hyper_parameter, quiet_option
from fastw2v.settings import Settings


@click.command(name="vocab")
@corpus_argument
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Where to write the vocabulary, - for standard output.",
)
@hyper_parameter("min_count")
@hyper_parameter("max_vocab")
@hyper_parameter("threads")
@quiet_option
def command(corpus, output, quiet, **settings):
    """Count the words of CORPUS: files, folders, or - for standard input.

    Writes a line "word count" for every word, the commonest first after the sentence end </s>;
    `fastw2v train --read-vocab` and the C program read such files. Compressed text is read as it
    is.

    \b
    Example:
      fastw2v vocab corpus.txt.gz -o vocab.txt --min-count 10
    """
    checked = Settings(**settings)  # before the long imports: a wrong option is told at once
    from fastw2v.atomic import check_writable
    from fastw2v.cores import limit_threads
    from fastw2v.corpus import count_words
    from fastw2v.lists import STDOUT
    from fastw2v.progress import for_terminal

    if output != STDOUT:
        check_writable(output)
    progress = for_terminal(quiet)
    vocabulary = count_words(
        corpus,
        min_count=checked.min_count,
        max_vocab=checked.max_vocab,
        threads=limit_threads(checked.threads, progress),
        progress=progress,
    )
    vocabulary.save(output)
