"""``fastw2v watch``: a training in a web page."""

from pathlib import Path

import click

from fastw2v.commands.options import corpus_argument, hyper_parameter, quiet_option
from fastw2v.progress import for_terminal
from fastw2v.watching.watch_settings import LAYERS, MODELS, WatchSettings


@click.command(name="watch")
@corpus_argument
@click.option(
    "-o",
    "--output",
    required=True,
    type=Path,
    metavar="FILE",
    help="Output file, a web page (.html).",
)
@click.option(
    "--model",
    type=click.Choice(MODELS),
    default=WatchSettings.model,
    show_default=True,
    help="skipgram: a context word predicts the centre word; cbow: the mean of the context does.",
)
@click.option(
    "--output-layer",
    type=click.Choice(LAYERS),
    default=WatchSettings.output_layer,
    show_default=True,
    help="What scores the words.",
)
@click.option(
    "--size",
    type=int,
    default=WatchSettings.size,
    show_default=True,
    help="Dimensions of the vectors, up to 32.",
)
@click.option(
    "--window",
    type=int,
    default=WatchSettings.window,
    show_default=True,
    help="Number of context words on each side of the centre word, up to 10.",
)
@click.option(
    "--negative",
    type=int,
    default=WatchSettings.negative,
    show_default=True,
    help="Number of negative samples per training pair, up to 20.",
)
@click.option(
    "--alpha",
    type=float,
    default=WatchSettings.alpha,
    show_default=True,
    help="Learning rate; it does not decrease.",
)
@hyper_parameter("cbow_update")
@click.option(
    "--min-count",
    type=int,
    default=1,
    show_default=True,
    help="Ignore words that occur less often than this.",
)
@hyper_parameter("max_vocab")
@click.option(
    "--seed", type=int, default=WatchSettings.seed, show_default=True, help="Random seed."
)
@quiet_option
def command(corpus, output, min_count, max_vocab, quiet, **settings):
    """Watch a training on CORPUS in a web page: files, folders, or - for standard input.

    The page trains in the browser, step by step or by itself: it shows the network, both matrices,
    the window in hand, which vectors each step moves and where to, the loss, and the input vectors
    in a plane. Model, output layer and all settings can be changed there, and other texts chosen or
    typed. It is a single file and works offline.

    For small texts: up to 200 different words and 100,000 in all. `fastw2v train --save-every 1`
    and `fastw2v map` show a real training.

    \b
    Example:
      fastw2v watch small.txt -o page.html
      head -n 50 corpus.txt | fastw2v watch - -o page.html --output-layer softmax
    """
    from fastw2v.watching.watch_page import write_page

    progress = for_terminal(quiet)
    line = write_page(
        list(corpus),
        output,
        WatchSettings(**settings),
        min_count=min_count,
        max_vocab=max_vocab,
        progress=progress,
    )
    progress.message(line)
