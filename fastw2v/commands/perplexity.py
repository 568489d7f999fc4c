"""``fastw2v perplexity``: how well a language model predicts a text."""

import math
import os

import click

from fastw2v.commands.options import (
    column_option,
    corpus_argument,
    hyper_parameter,
    json_option,
    quiet_option,
)
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import InputFile
from fastw2v.errors import SettingsError
from fastw2v.progress import for_terminal
from fastw2v.settings import Settings
from fastw2v.standard_streams import tell, write


@click.command(name="perplexity")
@click.argument("model", type=InputFile())
@corpus_argument
@column_option
@click.option(
    "--sentences",
    is_flag=True,
    help="Also print a line per sentence: its number, perplexity, tokens and unknown words, "
    "separated by tabs.",
)
@click.option(
    "--unknown",
    type=click.Choice(["score", "skip"]),
    default="score",
    show_default=True,
    help="Unknown words. score: as the word <unk>; skip: leave them out of the perplexity.",
)
@hyper_parameter("threads")
@json_option
@quiet_option
def command(model, corpus, column, sentences, unknown, threads, as_json, quiet):
    """Measure how well the language model in MODEL predicts CORPUS, by its perplexity.

    MODEL is a file of `fastw2v ngram`, or of `fastw2v lm --save-model` or --checkpoint. CORPUS:
    files, folders, or - for standard input; every line is a sentence. Perplexity is
    exp(-log P / tokens), in which sentence ends are tokens, too; empty lines are not. A token that
    the model holds to be impossible makes it infinite.

    Keys of --json: model, description, unknown_rule, tokens (scored), sentences, unknown (words),
    impossible (tokens), log_probability (natural), bits (per token), perplexity; with --sentences
    also by_sentence, a list of tokens, unknown, impossible, log_probability and perplexity. What is
    infinite or undefined is null.

    \b
    Example:
      fastw2v perplexity corpus.lm held-out.txt
      fastw2v perplexity corpus.lm held-out.txt --sentences | sort -k 2 -g | tail
    """
    checked = Settings(threads=threads)
    from fastw2v.language_models.files import load_model
    from fastw2v.language_models.perplexity import score_sentences, total
    from fastw2v.language_models.text import read_text
    from fastw2v.system.cores import limit_threads

    progress = for_terminal(quiet)
    language_model = load_model(model)
    threads = limit_threads(checked.threads, progress)
    how = {"threads": threads, "progress": progress, "column": column}
    ids = read_text(list(corpus), language_model.words, **how)
    scores = score_sentences(language_model, ids, unknown=unknown, progress=progress)
    listed = []
    parts = []  # sums of some sentences each: a text may have millions
    for number, score in enumerate(scores, 1):
        parts.append(score)
        if len(parts) == 1000:
            parts = [total(parts)]
        if sentences and as_json:
            listed.append(_as_json(score))
        elif sentences:
            write(f"{number}\t{_figure(score.perplexity)}\t{score.tokens}\t{score.unknown}\n")
    score = total(parts)
    if as_json:
        about = {"model": os.fspath(model), "description": language_model.description}
        answer = {**about, "unknown_rule": unknown, **_as_json(score)}
        write_json(answer | ({"by_sentence": listed} if sentences else {}))
    else:
        write(_table(language_model.description, score, unknown))
    if score.impossible and not quiet:
        tell(
            f"{score.impossible:,} of {score.tokens:,} tokens have no probability, so that the "
            "perplexity is infinite: --unknown skip leaves unknown words out; smoothing (fastw2v "
            "ngram --smoothing) gives unseen n-grams a probability"
        )
    if not score.tokens:
        raise SettingsError("all words are unknown, and no token was scored: use --unknown score")


def _as_json(score) -> dict:
    bits = -score.log_probability / math.log(2) / score.tokens if score.tokens else math.nan
    return {
        "tokens": score.tokens,
        "sentences": score.sentences,
        "unknown": score.unknown,
        "impossible": score.impossible,
        "log_probability": _finite(score.log_probability),
        "bits": _finite(bits),
        "perplexity": _finite(score.perplexity),
    }


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _figure(number: float) -> str:
    return "-" if math.isnan(number) else f"{number:.6g}"


def _table(description: str, score, unknown: str) -> str:
    left_out = ", left out" if unknown == "skip" else ", as <unk>"
    return (
        f"{description}\n"
        f"perplexity  {_figure(score.perplexity)}\n"
        f"tokens      {score.tokens:,}, of {score.sentences:,} sentences\n"
        f"unknown     {score.unknown:,}{left_out}\n"
    )
