"""``fastw2v phrases``: join words that often stand together."""

from pathlib import Path

import click

from fastw2v.commands.options import corpus_argument, hyper_parameter, quiet_option
from fastw2v.commands.output import write_report
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
    help="Where to write the text, - for standard output; .gz, .bz2 and .xz are compressed.",
)
@click.option(
    "--min-count",
    default=PhraseSettings.min_count,
    show_default=True,
    type=int,
    help="Words and pairs seen less often make no phrase.",
)
@click.option(
    "--threshold",
    multiple=True,
    type=float,
    help="Join pairs that score more; may be given for each pass, the last one is taken again.  "
    f"[default: {_DEFAULTS}]",
)
@click.option(
    "--scoring",
    default=PhraseSettings.scoring,
    show_default=True,
    type=click.Choice(list(DEFAULT_THRESHOLDS)),
    help="The C program's score, or normalised mutual information as in gensim.",
)
@click.option(
    "--passes",
    type=int,
    help="Join so many times: phrases of two words, then of up to four.  [default: as many as "
    "there are thresholds]",
)
@click.option("--exact", is_flag=True, help="Cut words and lose a last one as the C program does.")
@hyper_parameter("threads")
@click.option("--report", type=Path, help="Write what was found, and how fast, as JSON.")
@click.option(
    "--list",
    "list_to",
    metavar="FILE",
    help="Write the phrases found: phrase, score, count and pass a line, the best first.",
)
@quiet_option
def command(corpus, output, report, list_to, quiet, **settings):
    """Join words of CORPUS that often stand together: new york becomes new_york.

    CORPUS: files, folders, or - for standard input; compressed files are read as they are. The
    output is the text with a blank before every word, as the C program word2phrase writes it.

    \b
    Example:
      fastw2v phrases corpus.txt -o joined.txt --threshold 200 --threshold 100
      fastw2v phrases corpus.txt.gz -o joined.txt.gz --list phrases.tsv
      fastw2v phrases corpus.txt -o - | fastw2v train - -o vectors.bin
    """
    PhraseSettings(**settings)  # before the long imports: a wrong option is told at once
    if report is not None:
        from fastw2v.corpus import paths_of
        from fastw2v.io.atomic import check_not_input, check_writable

        check_not_input([report], paths_of(corpus))
        check_writable(report)
    progress = for_terminal(quiet)
    told = write_phrases(list(corpus), output, list_to=list_to, progress=progress, **settings)
    if report is not None:
        write_report(report, told)
    seconds = told["read_seconds"] + told["join_seconds"] + told["write_seconds"]
    progress.message(f"{output}: {told['words_written']:,} words in {seconds:.1f} s")
