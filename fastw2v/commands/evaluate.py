"""``fastw2v evaluate``: scores on analogies and word similarities, and bias."""

import math
import os

import click

from fastw2v.commands.options import json_option, strict_option, vectors_argument
from fastw2v.commands.output import write_json
from fastw2v.commands.param_types import InputFile
from fastw2v.errors import one_line
from fastw2v.io.encoding import quoted
from fastw2v.standard_streams import tell, write
from fastw2v.vectors.loading import load_for_evaluation

_FILE = InputFile()
_MISSING = 5  # missing words that are named


@click.command(name="evaluate")
@vectors_argument
@click.option(
    "--analogies", multiple=True, type=InputFile(folder=True), metavar="FILE",
    help="File of analogies: lines 'a b c d'; ': name' starts a section; or pairs of words, or a"
    " folder of such files, as BATS. Repeatable.",
)  # fmt: skip
@click.option(
    "--pairs", multiple=True, type=_FILE, metavar="FILE",
    help="File of word pairs: word, word, human score per line, separated by tabs, commas,"
    " semicolons or spaces. Repeatable.",
)  # fmt: skip
@click.option(
    "--score-column", type=click.IntRange(1), metavar="N",
    help="Column of the score in --pairs.  [default: the first number after the words]",
)  # fmt: skip
@click.option(
    "--weat", multiple=True, type=_FILE, metavar="FILE",
    help="File of association tests (bias): four sections ': name' with the words of two sets of"
    " targets and two of attributes. Repeatable.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(0), default=1, show_default=True, metavar="N",
    help="Seed of the random partitions of --weat.",
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
def command(vectors, analogies, pairs, weat, limit, as_json, strict, **options):
    """Score the word vectors in VECTORS on analogies and word similarities, and test for bias.

    Analogies: a is to b as c is to d. An answer is correct if d is the word nearest to b - a + c.
    Questions with an unknown word are skipped. Similarities: the correlation of cosines with human
    scores, over the pairs with both words known. All use only the first words of VECTORS (see
    --limit). VECTORS may also be a sparse matrix of `fastw2v counts`, a .npz file.

    Bias (WEAT): are targets X closer to attributes A, and Y to B? The effect size is in standard
    deviations; p is the part of all divisions of the targets, or of 100,000 random ones, with a
    greater difference.

    Keys of --json: vectors, rule, limit, words (number of words used); analogies, for each file:
    file, sections, semantic, syntactic, total, and for each of these: name, questions, seen,
    correct, skipped, accuracy (0 to 1); pairs, for each file: file, pairs, covered, spearman,
    pearson; weat, for each file: file, tests, and for each of these: x, y, a, b (names), used,
    missing (words), effect_size, p_value, partitions, exact. Undefined values are null.

    \b
    Example:
      fastw2v evaluate vectors.bin --analogies questions-words.txt --pairs wordsim353.tsv
      fastw2v evaluate vectors.bin --weat flowers-insects.txt
    """
    if not (analogies or pairs or weat):
        raise click.UsageError(
            "nothing to evaluate; specify --analogies FILE, --pairs FILE or --weat FILE"
        )
    if options["score_column"] is not None and not pairs:
        raise click.UsageError("--score-column is of no use without --pairs FILE")
    from fastw2v import evaluation
    from fastw2v.evaluation.coverage import why_none
    from fastw2v.evaluation.rules import RULES

    rule = options["rule"]
    limit = RULES[rule].limit if limit is None else limit
    # Questions first: their errors are reported before the vectors are loaded.
    questions = [evaluation.read_questions(path) for path in analogies]
    judged = [evaluation.read_pairs(path, options["score_column"]) for path in pairs]
    tests = [evaluation.read_associations(path) for path in weat]
    known = load_for_evaluation(vectors, limit or None, strict)
    answered = [evaluation.analogies(known, each, limit, rule) for each in questions]
    agreed = [evaluation.similarity(known, each, limit, rule) for each in judged]
    seed = options["seed"]
    tested = [evaluation.associations(known, each, limit, rule, seed=seed) for each in tests]
    for path, asked, result in zip(analogies, questions, answered, strict=True):
        if not result.total.seen:
            tell(one_line(f"{path}: no question is covered: {why_none(known, asked, rule)}"))
    for path, asked, result in zip(pairs, judged, agreed, strict=True):
        if not result.covered:
            tell(one_line(f"{path}: no pair is covered: {why_none(known, asked, rule)}"))
    for path, results in zip(weat, tested, strict=True):
        _tell_missing(path, results)
    about = {"vectors": os.fspath(vectors), "rule": rule, "limit": limit, "words": len(known)}
    results = {
        **about,
        "analogies": [_analogies(*each) for each in zip(analogies, answered, strict=True)],
        "pairs": [_pairs(*each) for each in zip(pairs, agreed, strict=True)],
        "weat": [_weat(*each) for each in zip(weat, tested, strict=True)],
    }
    if as_json:
        write_json(results)
    else:
        write(_tables(results))


def _tell_missing(path: str, results) -> None:
    """Report the words of association tests that have no vector."""
    for result in results:
        if result.missing:
            named = ", ".join(map(quoted, result.missing[:_MISSING]))
            more = ", ..." if len(result.missing) > _MISSING else ""
            words = len(result.missing) + result.used
            tell(
                one_line(
                    f"{path}: {result.name}: {len(result.missing)} of {words} words are not in the "
                    f"vocabulary and were left out: {named}{more}"
                )
            )


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


def _weat(path: str, results) -> dict:
    return {"file": path, "tests": [_association(result) for result in results]}


def _association(result) -> dict:
    return {
        **{name: part.name for name, part in result.test._asdict().items()},
        "used": result.used,
        "missing": list(result.missing),
        "effect_size": _number(result.effect_size),
        "p_value": _number(result.p_value),
        "partitions": result.partitions,
        "exact": result.exact,
    }


def _number(figure: float) -> float | None:
    return None if math.isnan(figure) else round(figure, 6)


# --- tables -------------------------------------------------------------------------------------

_COUNTS = ("questions", "seen", "correct", "skipped")


def _tables(results: dict) -> str:
    """Plain text tables: one for each file of analogies, and one for all files of a kind."""
    words = f"rule {results['rule']}, {results['words']:,} words used"
    parts = [f"{each['file']}: {words}\n{_table_of(each)}" for each in results["analogies"]]
    if results["pairs"]:
        lines = [["pairs", "pairs", "covered", "Spearman", "Pearson"]]
        for each in results["pairs"]:
            figures = [_three_digits(each[name]) for name in ("spearman", "pearson")]
            lines.append([each["file"], str(each["pairs"]), str(each["covered"]), *figures])
        lines[0][0] = f"similarity ({words})"
        parts.append(_aligned(lines))
    if results["weat"]:
        lines = [[f"association ({words})", "used", "missing", "effect size", "p", "partitions"]]
        for each in results["weat"]:
            lines += [_association_line(test) for test in each["tests"]]
        parts.append(_aligned(lines))
    return "\n".join(parts)


def _association_line(test: dict) -> list[str]:
    name = f"{test['x']}, {test['y']} / {test['a']}, {test['b']}"
    counts = [str(test["used"]), str(len(test["missing"]))]
    figures = [_three_digits(test["effect_size"]), _probability(test["p_value"])]
    return [name, *counts, *figures, f"{test['partitions']:,}"]


def _probability(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:.2g}"


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
