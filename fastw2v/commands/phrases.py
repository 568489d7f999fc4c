"""``fastw2v phrases``: join words that often occur together."""

from pathlib import Path

import click

from fastw2v.commands.options import (
    column_option,
    corpus_argument,
    hyper_parameter,
    quiet_option,
)
from fastw2v.phrases import DEFAULT_THRESHOLDS, PhraseSettings, write_phrases
from fastw2v.progress import for_terminal

_DEFAULTS = "; ".join(f"{value:g} for {scoring}" for scoring, value in DEFAULT_THRESHOLDS.items())


@click.command(name="phrases")
@corpus_argument
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Output file, - for standard output; .gz, .bz2 and .xz compress it.",
)
@click.option(
    "--min-count",
    default=PhraseSettings.min_count,
    show_default=True,
    type=int,
    help="Ignore words and pairs that occur less often than this.",
)
@click.option(
    "--threshold",
    multiple=True,
    type=float,
    help="Join pairs with a higher score; repeatable, one for each pass (the last is reused).  "
    f"[default: {_DEFAULTS}]",
)
@click.option(
    "--scoring",
    default=PhraseSettings.scoring,
    show_default=True,
    type=click.Choice(list(DEFAULT_THRESHOLDS)),
    help="original: the C program's score; npmi: normalised pointwise mutual information.",
)
@click.option(
    "--passes",
    type=int,
    help="Number of passes: one joins two words, two up to four.  [default: the number of "
    "thresholds]",
)
@click.option(
    "--exact",
    is_flag=True,
    help="Reproduce the C program, which truncates words and may drop the last one.",
)
@hyper_parameter("threads")
@click.option("--report", type=Path, help="Write a report (counts, times) to this file as JSON.")
@click.option(
    "--list",
    "list_to",
    metavar="FILE",
    help="Write the phrases to FILE: phrase, score, count and pass per line, best first.",
)
@column_option
@quiet_option
def command(corpus, output, report, list_to, column, quiet, **settings):
    """Join words of CORPUS that often occur together: new york becomes new_york.

    CORPUS: files, folders, or - for standard input; optionally compressed. In the output a space
    precedes every word, as in that of the C program word2phrase.

    \b
    Example:
      fastw2v phrases corpus.txt -o joined.txt --threshold 200 --threshold 100
      fastw2v phrases corpus.txt.gz -o joined.txt.gz --list phrases.tsv
      fastw2v phrases corpus.txt -o - | fastw2v train - -o vectors.bin
    """
    PhraseSettings(**settings)  # before the slow imports: errors in options appear at once
    progress = for_terminal(quiet)
    told = write_phrases(
        list(corpus),
        output,
        column=column,
        list_to=list_to,
        report=report,
        progress=progress,
        **settings,
    )
    seconds = told["read_seconds"] + told["join_seconds"] + told["write_seconds"]
    progress.message(f"{output}: {told['words_written']:,} words in {seconds:.1f} s")
