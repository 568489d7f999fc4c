"""``fastw2v compare``: the models of words on one text, in one table."""

from pathlib import Path

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
from fastw2v.comparison.rows import QUICK_WORDS, ROWS, WORDS
from fastw2v.errors import FastW2VError, SettingsError, parameter
from fastw2v.progress import for_terminal

_FILES = ("output", "questions", "pairs", "html", "state", "column")


@click.command(name="compare")
@corpus_argument
@click.option(
    "-o", "--output", type=Path, metavar="FILE",
    help="Output file for the table, in Markdown; - for standard output.",
)  # fmt: skip
@click.option(
    "--questions", "--analogies", type=InputFile(folder=True), metavar="FILE",
    help="File of analogies, as evaluate reads it.",
)  # fmt: skip
@click.option(
    "--pairs", multiple=True, type=InputFile(), metavar="FILE",
    help="File of word similarities, as evaluate reads it. Repeatable.",
)  # fmt: skip
@click.option(
    "--words", type=int, metavar="N",
    help=f"Use only the first N words of the text; 0 = all.  [default: {WORDS}]",
)  # fmt: skip
@click.option(
    "--quick", is_flag=True,
    help=f"Use only the first {QUICK_WORDS:,} words: some minutes instead of an hour.",
)  # fmt: skip
@click.option(
    "--only", multiple=True, type=click.Choice(list(ROWS)), metavar="ROW",
    help=f"Run only this row; repeatable. Rows: {', '.join(ROWS)}.",
)  # fmt: skip
@click.option("--html", is_flag=True, help="Also write a page that sorts the table: table.html.")
@click.option(
    "--state", type=Path, metavar="FILE",
    help="File that keeps the finished rows.  [default: table.rows.json beside table.md]",
)  # fmt: skip
@hyper_parameter("size")
@hyper_parameter("window")
@hyper_parameter("epochs")
@hyper_parameter("negative")
@hyper_parameter("sample")
@hyper_parameter("min_count")
@hyper_parameter("max_vocab")
@hyper_parameter("threads")
@hyper_parameter("seed")
@column_option
@json_option
@quiet_option
def command(corpus, words, quick, as_json, quiet, **options):
    """Compare the models of words on CORPUS: files, folders, or - for standard input.

    The rows of the table are one-hot vectors, counts (raw, their logarithm, PPMI, and PPMI reduced
    by a singular value decomposition), n-gram, feed-forward and recurrent language models, and
    CBOW and skip-gram with hierarchical softmax and with negative sampling, with and without
    sub-sampling; all with the same words and dimensions. The columns are the accuracy on analogies,
    the correlation with human scores of similarity, the perplexity on the last tenth of the text,
    which is held out, time, speed and peak memory. Each row runs in a process of its own.

    A row that is done is saved. The same command goes on after Ctrl-C, a crash or a power failure
    with the rows that are not; rows of another text or other settings do not count. Needs SciPy:

    \b
      pip install 'fastw2v[svd]'

    Keys of --json: text (words, held_out_words), settings, rows, failures (row: why). Of each of
    rows: row, model, variant, subsampled, seconds, words_per_second, peak_rss_bytes, analogies
    (semantic, syntactic, total: questions, seen, correct) or null, pairs (file, pairs, covered,
    spearman), held_out (tokens, unknown, impossible, perplexity) or null, date, machine. What is
    infinite or undefined is null.

    \b
    Example:
      fastw2v compare corpus.txt -o table.md --questions questions-words.txt --pairs wordsim353.tsv
      fastw2v compare corpus.txt -o table.md --pairs wordsim353.tsv --quick --html
    """
    files = {name: options.pop(name) for name in _FILES}
    output = files["output"]
    if output is None and not as_json:
        raise SettingsError("no output file for the table: name one with -o, or use --json")
    if quick and words is not None:
        raise SettingsError(
            f"{parameter('quick', True)} and {parameter('words')} both say how much of the text is "
            "used: drop one of the two"
        )
    if as_json and str(output) == "-":
        raise SettingsError(
            f"{parameter('as_json', True)} prints to standard output: name a file for "
            f"{parameter('output')}, or leave it out"
        )
    from fastw2v.comparison.comparing import compare  # takes long
    from fastw2v.comparison.settings import ComparisonSettings

    settings = ComparisonSettings(
        words=QUICK_WORDS if quick else WORDS if words is None else words, **options
    )
    progress = for_terminal(quiet)
    found = compare(list(corpus), settings=settings, progress=progress, **files)
    if as_json:
        write_json(_as_json(found, files["pairs"]))
    if output is not None:
        progress.message(f"{output}: {len(found.results)} rows")
    if found.failures:
        reasons = "; ".join(f"{row}: {reason}" for row, reason in found.failures.items())
        raise FastW2VError(f"{len(found.failures)} rows have no result: {reasons}")


def _as_json(found, pairs) -> dict:
    rows = []
    for key, result in found.results.items():
        row = ROWS[key]
        judged = [
            {"file": path, **each} for path, each in zip(pairs, result["pairs"], strict=False)
        ]
        about = {"row": key, "model": row.model, "variant": row.variant}
        rows.append({**about, "subsampled": row.subsampled, **result, "pairs": judged})
    text = found.text
    return {
        "text": {"words": text.words, "held_out_words": text.held_out_words},
        "settings": found.settings.of_rows(),
        "rows": rows,
        "failures": found.failures,
    }
