"""``fastw2v counts``: word vectors from co-occurrence counts."""

from pathlib import Path

import click

from fastw2v.commands.options import (
    column_option,
    corpus_argument,
    given_words_option,
    hyper_parameter,
    quiet_option,
    vectors_format_option,
)
from fastw2v.counts.settings import DISTANCE_WEIGHTINGS, WEIGHTINGS, CountSettings
from fastw2v.errors import SettingsError, parameter
from fastw2v.progress import for_terminal

_COUNTING = (
    "window", "distance_weighting", "sample", "weighting", "shift", "context_smoothing",
    "eigenvalue_power", "size", "seed",
)  # fmt: skip


@click.command(name="counts")
@corpus_argument
@click.option(
    "-o",
    "--output",
    type=Path,
    metavar="FILE",
    help="Output file; the extension selects the format, as in train; .npz: the weighted counts "
    "as a sparse matrix, without reduction.",
)
@column_option
@hyper_parameter("window")
@click.option(
    "--weighting",
    type=click.Choice(WEIGHTINGS),
    default=CountSettings.weighting,
    show_default=True,
    help="raw: counts; log: log(1 + count); ppmi: positive pointwise mutual information.",
)
@hyper_parameter("size")
@hyper_parameter("min_count")
@hyper_parameter("max_vocab")
@hyper_parameter("threads")
@given_words_option
@click.option(
    "--distance-weighting",
    type=click.Choice(DISTANCE_WEIGHTINGS),
    default=CountSettings.distance_weighting,
    show_default=True,
    help="Weight of a word at a distance d. none: 1; harmonic: 1 / d, as GloVe; dynamic: "
    "(window - d + 1) / window, as word2vec on average.",
)
@click.option(
    "--sample",
    type=float,
    default=CountSettings.sample,
    show_default=True,
    help="Sub-sampling threshold: randomly skip words of a higher relative frequency; 0 = off.",
)
@click.option(
    "--shift",
    type=float,
    help="Subtract the logarithm of this from PPMI, as if word2vec had so many negative samples.  "
    "[default: 1]",
)
@click.option(
    "--context-smoothing",
    type=float,
    metavar="POWER",
    help="PPMI: raise the counts of context words to this power; 1 = off.  [default: 0.75]",
)
@click.option(
    "--eigenvalue-power",
    type=float,
    default=CountSettings.eigenvalue_power,
    show_default=True,
    metavar="POWER",
    help="Power of the singular values that dimensions are scaled by; 0: all alike.",
)
@hyper_parameter("seed")
@vectors_format_option
@click.option(
    "--save-counts",
    type=Path,
    metavar="FILE",
    help="Save the counts to this .npz file, which scipy.sparse.load_npz reads; the words go to a "
    "second file, NAME.words.txt.",
)
@click.option(
    "--one-hot",
    is_flag=True,
    help="Write one-hot vectors of the vocabulary to a .npz file instead. Their cosine is 1 for a "
    "word and itself, and 0 for any two words: they know nothing about similarity.",
)
@quiet_option
@click.pass_context
def command(click_context, corpus, output, file_format, save_counts, one_hot, quiet, **options):
    """Make word vectors from the counts of words in each other's window in CORPUS.

    The counts are weighted and reduced to --size dimensions by a truncated singular value
    decomposition. Windows end at sentence ends. On similarity such vectors are often as good as
    those of word2vec (Levy, Goldberg, Dagan 2015). The result does not depend on --threads. Counts
    that do not fit in 1 GB go to the folder for temporary files (TMPDIR). Needs SciPy:

    \b
      pip install 'fastw2v[svd]'

    More than 5,000 words are decomposed by random projection. A .npz output needs no SciPy.

    \b
    Example:
      fastw2v counts corpus.txt -o vectors.bin --window 2 --size 300
      fastw2v counts corpus.txt --save-counts counts.npz
      fastw2v counts corpus.txt -o one-hot.npz --one-hot
    """
    given = {name: options.pop(name) for name in ("read_vocab", "column")}
    settings = CountSettings(**options)
    if output is None and (one_hot or save_counts is None):
        raise SettingsError("no output file: name one with -o, or --save-counts")
    progress = for_terminal(quiet)
    from fastw2v.counts.vectors import count_vectors, write_one_hot  # takes long

    if one_hot:
        _check_one_hot(click_context, file_format, save_counts)
        words = write_one_hot(list(corpus), output, settings, **given, progress=progress)
        progress.message(f"{output}: {words:,} one-hot vectors")
        return
    vectors = count_vectors(
        list(corpus),
        settings,
        output=output,
        format=file_format,
        save_counts=save_counts,
        **given,
        progress=progress,
    )
    if vectors is not None:
        progress.message(f"{output}: {len(vectors):,} vectors of {settings.size} dimensions")


def _check_one_hot(context: click.Context, file_format, save_counts) -> None:
    """Raise SettingsError for options that one-hot vectors have no use for."""
    given = [name for name in _COUNTING if _is_given(context, name)]
    given += [name for name, value in (("format", file_format), ("save_counts", save_counts))
              if value is not None]  # fmt: skip
    if given:
        raise SettingsError(
            f"{parameter(given[0])} is of no use with {parameter('one_hot')}, which counts no "
            "windows: drop one of the two"
        )


def _is_given(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
