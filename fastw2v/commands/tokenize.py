"""``fastw2v tokenize``: raw text -> words and sentences."""

import click

from fastw2v.commands.options import (
    column_option,
    corpus_argument,
    hyper_parameter,
    quiet_option,
)
from fastw2v.settings import Settings
from fastw2v.tokens.options import NUMBERS, TokenOptions


@click.command(name="tokenize")
@corpus_argument
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    metavar="FILE",
    help="Output file, - for standard output; .gz, .bz2 and .xz compress it.",
)
@click.option("--lower", is_flag=True, help="Make all words lower case.")
@click.option(
    "--numbers",
    type=click.Choice(NUMBERS),
    default="keep",
    show_default=True,
    help="keep numbers, replace their digits by zeros, replace them by the word <num>, or drop "
    "them.",
)
@click.option("--keep-hyphens", is_flag=True, help="Do not split words at hyphens.")
@click.option(
    "--wrapped",
    is_flag=True,
    help="Lines are broken at some width: only an empty line ends a sentence.",
)
@column_option
@hyper_parameter("threads")
@quiet_option
def command(corpus, output, column, threads, keep_hyphens, quiet, **rules):
    """Split raw text into words: files, folders, or - for standard input.

    Writes the words separated by spaces, one sentence per line, without punctuation, as `fastw2v
    train` reads them. The text is UTF-8, is normalised to NFC and may be compressed. The result
    does not depend on the number of threads.

    \b
    Example:
      fastw2v tokenize articles.txt -o corpus.txt --lower
      fastw2v tokenize - < articles.txt | fastw2v train - -o vectors.bin
    """
    hyphens = "keep" if keep_hyphens else "split"
    options = TokenOptions(hyphens=hyphens, **rules)
    checked = Settings(threads=threads)  # before the slow imports: errors appear at once
    from fastw2v.progress import for_terminal
    from fastw2v.tokens.files import write_tokens

    progress = for_terminal(quiet)
    write_tokens(corpus, output, options, column=column, threads=checked.threads, progress=progress)
