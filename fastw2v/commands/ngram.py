"""``fastw2v ngram``: train an n-gram language model."""

from pathlib import Path

import click

from fastw2v.commands.options import (
    column_option,
    corpus_argument,
    given_words_option,
    hyper_parameter,
    quiet_option,
)
from fastw2v.progress import for_terminal


@click.command(name="ngram")
@corpus_argument
@click.option(
    "-o", "--output", required=True, type=Path, metavar="FILE", help="Output file for the model."
)
@column_option
@click.option(
    "--order",
    type=int,
    default=3,
    show_default=True,
    metavar="N",
    help="Number of words in the longest n-grams, up to 10; 1: words without context.",
)
@click.option(
    "--smoothing",
    type=click.Choice(["none", "laplace", "kneser-ney"]),
    default="kneser-ney",
    show_default=True,
    help="none: relative frequencies; laplace: add 1 to every count; kneser-ney: discount counts "
    "and interpolate with shorter contexts.",
)
@click.option(
    "--discount",
    type=float,
    metavar="D",
    help="Kneser-Ney: one discount for all counts.  [default: estimated; three for each length]",
)
@hyper_parameter("min_count")
@hyper_parameter("max_vocab")
@given_words_option
@hyper_parameter("threads")
@quiet_option
def command(corpus, output, quiet, **options):
    """Train an n-gram language model on CORPUS: files, folders, or - for standard input.

    It predicts each word, and the end of each sentence, from the N - 1 words before it. Words
    outside the vocabulary become <unk>, one more word: rare ones (see --min-count) give it its
    probability. Kneser-Ney is the interpolated, modified form of Chen and Goodman (1999); with
    --discount there is one discount, as in NLTK. With laplace, V is the number of words, <unk> and
    the sentence end included.

    `fastw2v perplexity` reads the model. Arrays of more than 1 GB go to the folder for temporary
    files (TMPDIR).

    \b
    Example:
      fastw2v ngram corpus.txt -o corpus.lm --order 3
      fastw2v perplexity corpus.lm held-out.txt
    """
    from fastw2v.language_models.ngram_training import train_ngrams

    progress = for_terminal(quiet)
    model = train_ngrams(list(corpus), output=output, progress=progress, **options)
    sizes = ", ".join(f"{len(level.lasts):,}" for level in model.levels)
    progress.message(f"{output}: {model.description}; n-grams by length: {sizes}")
