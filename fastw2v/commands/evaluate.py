"""``fastw2v evaluate``: scores on analogies and word similarities."""

import math
import os

import click

from fastw2v.commands.options import json_option, strict_option, vectors_argument
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import InputFile
from fastw2v.standard_streams import write
from fastw2v.vectors.loading import load_vectors

_FILE = InputFile()


@click.command(name="evaluate")
@vectors_argument
@click.option(
    "--analogies", multiple=True, type=_FILE, metavar="FILE",
    help="File of analogies: lines 'a b c d'; ': name' starts a section. Repeatable.",
)  # fmt: skip
@click.option(
    "--pairs", multiple=True, type=_FILE, metavar="FILE",
    help="File of word pairs: word, word, human score per line, tab-separated. Repeatable.",
)  # fmt: skip
@click.option(
    "--limit", type=click.IntRange(0), metavar="N",
    help="Use only the first N words; 0 = all.  [default: 30000; 300000 with --rule gensim]",
)  # fmt: skip
@click.option(
    "--rule", type=click.Choice(["c", "gensim"]), default="c", show_default=True,
    help="Score by the rules of the C program or of gensim.",
)  # fmt: skip
@json_option
@strict_option
def command(vectors, analogies, pairs, limit, rule, as_json, strict):
    """Score the word vectors in VECTORS on analogies, on word similarities, or both.

    Analogies: a is to b as c is to d. An answer is correct if d is the word nearest to b - a + c.
    Questions with an unknown word are skipped. Similarities: the correlation of cosines with human
    scores, over the pairs with both words known. Both use only the first words of VECTORS (see
    --limit).

    Keys of --json: vectors, rule, limit, words (number of words used); analogies, for each file:
    file, sections, semantic, syntactic, total, and for each of these: name, questions, seen,
    correct, skipped, accuracy (0 to 1); pairs, for each file: file, pairs, covered, spearman,
    pearson. Undefined values are null.

    \b
    Example:
      fastw2v evaluate vectors.bin --analogies questions-words.txt --pairs wordsim353.tsv
    """
    if not (analogies or pairs):
        raise click.UsageError("nothing to evaluate; specify --analogies FILE or --pairs FILE")
    from fastw2v import evaluation
    from fastw2v.evaluation.rules import RULES

    limit = RULES[rule].limit if limit is None else limit
    # Questions first: their errors are reported before the vectors are loaded.
    questions = [evaluation.read_questions(path) for path in analogies]
    judged = [evaluation.read_pairs(path) for path in pairs]
    known = load_vectors(vectors, limit or None, strict)
    answered = [evaluation.analogies(known, each, limit, rule) for each in questions]
    agreed = [evaluation.similarity(known, each, limit, rule) for each in judged]
    about = {"vectors": os.fspath(vectors), "rule": rule, "limit": limit, "words": len(known)}
    results = {
        **about,
        "analogies": [_analogies(*each) for each in zip(analogies, answered, strict=True)],
        "pairs": [_pairs(*each) for each in zip(pairs, agreed, strict=True)],
    }
    if as_json:
        write_json(results)
    else:
        write(_tables(results))


# --- what --json writes -------------------------------------------------------------------------


def _analogies(path: str, result) -> dict:
    sums = {part.name: _section(part) for part in (result.semantic, result.syntactic, result.total)}
    return {"file": path, "sections": [_section(part) for part in result.sections], **sums}


def _section(section) -> dict:
    return {
        "name": section.name,
        "questions": section.total,
        "seen": section.seen,
        "correct": section.correct,
        "skipped": section.skipped,
        "accuracy": _number(section.accuracy),
    }


def _pairs(path: str, result) -> dict:
    return {
        "file": path,
        "pairs": result.total,
        "covered": result.covered,
        "spearman": _number(result.spearman),
        "pearson": _number(result.pearson),
    }


def _number(figure: float) -> float | None:
    return None if math.isnan(figure) else round(figure, 6)


# --- tables -------------------------------------------------------------------------------------

_COUNTS = ("questions", "seen", "correct", "skipped")


def _tables(results: dict) -> str:
    """Plain text tables: one for each file of analogies, and one for all files of pairs."""
    words = f"rule {results['rule']}, {results['words']:,} words used"
    parts = [f"{each['file']}: {words}\n{_table_of(each)}" for each in results["analogies"]]
    if results["pairs"]:
        lines = [["pairs", "pairs", "covered", "Spearman", "Pearson"]]
        for each in results["pairs"]:
            figures = [_three_digits(each[name]) for name in ("spearman", "pearson")]
            lines.append([each["file"], str(each["pairs"]), str(each["covered"]), *figures])
        lines[0][0] = f"similarity ({words})"
        parts.append(_aligned(lines))
    return "\n".join(parts)


def _table_of(answered: dict) -> str:
    lines = [["section", *_COUNTS, "accuracy"]]
    sums = [answered[name] for name in ("semantic", "syntactic", "total")]
    for section in (*answered["sections"], *sums):
        counts = [str(section[name]) for name in _COUNTS]
        lines.append([section["name"] or "(no heading)", *counts, _percent(section["accuracy"])])
    return _aligned(lines)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.2%}"


def _three_digits(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.3f}"


def _aligned(lines: list[list[str]]) -> str:
    """Aligned columns, two spaces apart: the first to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    aligned = []
    for first, *others in lines:
        figures = [f"{text:>{width}}" for text, width in zip(others, widths[1:], strict=True)]
        aligned.append("  ".join([f"{first:{widths[0]}}", *figures]) + "\n")
    return "".join(aligned)
