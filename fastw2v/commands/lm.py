"""``fastw2v lm``: train a neural language model."""

import os
from pathlib import Path

import click

from fastw2v.commands.options import (
    checkpoint_every_option,
    checkpoint_option,
    corpus_argument,
    given_words_option,
    hyper_parameter,
    quiet_option,
    vectors_format_option,
)
from fastw2v.commands.param_types import InputFile
from fastw2v.errors import SettingsError, parameter
from fastw2v.progress import for_terminal


@click.command(name="lm")
@corpus_argument
@click.option(
    "-o",
    "--output",
    type=Path,
    metavar="FILE",
    help="Output file for the word vectors; the extension selects the format, as in train.",
)
@click.option(
    "--save-model",
    type=Path,
    metavar="FILE",
    help="Save the model to this file, which fastw2v perplexity reads.",
)
@click.option(
    "--model",
    type=click.Choice(["feedforward", "recurrent"]),
    default="feedforward",
    show_default=True,
    help="feedforward: predicts from a fixed number of words; recurrent: from all words of the "
    "sentence.",
)
@hyper_parameter("size")
@click.option(
    "--hidden",
    type=int,
    metavar="N",
    help="Hidden units of the feed-forward model.  [default: 100]",
)
@click.option(
    "--order",
    type=int,
    metavar="N",
    help="Feed-forward model: predict a word from the N - 1 words before it.  [default: 5]",
)
@click.option(
    "--direct",
    is_flag=True,
    help="Feed-forward model: also connect the word vectors directly with the output.",
)
@click.option(
    "--bptt",
    type=int,
    metavar="N",
    help="Recurrent model: propagate errors back through N words.  [default: 10]",
)
@click.option("--hs", is_flag=True, help="Use hierarchical softmax.  [default: from 10,000 words]")
@click.option(
    "--softmax", is_flag=True, help="Use the full softmax.  [default: up to 10,000 words]"
)
@hyper_parameter("epochs")
@click.option(
    "--alpha",
    "--lr",
    type=float,
    default=0.1,
    show_default=True,
    help="Learning rate at the start, which decreases linearly to almost 0.",
)
@hyper_parameter("seed")
@hyper_parameter("min_count")
@hyper_parameter("max_vocab")
@given_words_option
@click.option(
    "--threads",
    "--workers",
    type=int,
    help="Threads that read the text; one trains.  [default: the cores this process may use]",
)
@vectors_format_option
@click.option(
    "--report", type=Path, metavar="FILE", help="Write a report (settings, times, loss) as JSON."
)
@checkpoint_option
@checkpoint_every_option
@click.option(
    "--resume",
    type=InputFile(),
    metavar="FILE",
    help="Resume from this checkpoint, with the same corpus and options, or more --epochs.",
)
@click.option(
    "--force",
    is_flag=True,
    help="Train even if memory seems too small; overwrite an unfinished checkpoint.",
)
@quiet_option
def command(corpus, quiet, output, save_model, file_format, **options):
    """Train a neural language model on CORPUS: files, folders, or - for standard input.

    It predicts each word, and the end of each sentence, from the words before it: the feed-forward
    model of Bengio et al. (2003) from the last few, the recurrent model of Mikolov et al. (2010)
    from all words of the sentence. Words outside the vocabulary become <unk>, one more word. The
    vectors of the words are those of the input layer; --size is also the number of hidden units of
    the recurrent model.

    One thread trains, by gradient descent with Adagrad on blocks of up to 160 words; the same seed
    gives the same bytes, whatever --threads. With hierarchical softmax training is many times
    faster for large vocabularies, and perplexity a little higher.

    \b
    Example:
      fastw2v lm corpus.txt -o vectors.bin --save-model corpus.lm --model recurrent
      fastw2v perplexity corpus.lm held-out.txt
    """
    if output is None and save_model is None:
        raise SettingsError(f"no output file: name one with -o, or {parameter('save_model')}")
    from fastw2v.language_models.neural.training import train_language_model

    progress = for_terminal(quiet)
    trained = train_language_model(
        list(corpus),
        output=output,
        save_model=save_model,
        format=file_format,
        progress=progress,
        **options,
    )
    report = trained.report
    files = " and ".join(os.fspath(each) for each in (output, save_model) if each is not None)
    progress.message(
        f"{files}: {trained.model.description}, {len(trained.vectors):,} words; trained in "
        f"{report['train_seconds']:.1f} s, {report['words_per_second']:,.0f} words/s"
    )
