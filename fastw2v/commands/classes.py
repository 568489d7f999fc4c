"""``fastw2v classes``: group words into classes by their vectors."""

import click
from click.core import ParameterSource

from fastw2v import classes as grouping
from fastw2v.commands.files import check_files
from fastw2v.commands.options import (
    limit_option,
    quiet_option,
    strict_option,
    vectors_argument,
)
from fastw2v.errors import SettingsError, parameter
from fastw2v.progress import for_terminal
from fastw2v.settings import default_of
from fastw2v.vectors.loading import load_vectors


@click.command(name="classes")
@vectors_argument
@click.option(
    "-n",
    "--number",
    default=grouping.DEFAULT_CLASSES,
    show_default=True,
    type=click.IntRange(1),
    metavar="N",
    help="Number of classes.",
)
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    metavar="FILE",
    help="Output file, - for standard output.",
)
@click.option("--sort", is_flag=True, help="Sort the output by class instead of by word order.")
@click.option("--exact", is_flag=True, help="Reproduce the C program's classes (-classes).")
@click.option(
    "--seed",
    default=default_of("seed"),
    show_default=True,
    type=click.IntRange(0),
    help="Random seed for the initial centroids; the same seed gives the same classes.",
)
@click.option(
    "--rounds",
    default=grouping.MAX_ROUNDS,
    show_default=True,
    type=click.IntRange(1),
    help="Maximum number of k-means rounds.",
)
@limit_option
@strict_option
@quiet_option
def command(vectors, number, output, sort, exact, limit, strict, quiet, **method):
    """Group the words of VECTORS into classes of similar vectors (k-means).

    Writes one line "word class" per word; classes are numbered from 0.

    The default is spherical k-means, which uses only the directions of the vectors. Zero vectors
    get class 0; words whose vectors contain NaN or infinity are skipped.

    --exact uses the k-means of the C program, which also uses the vectors' norms and skips no word.

    \b
    Example:
      fastw2v classes vectors.bin -n 500 -o classes.txt
      fastw2v classes vectors.bin -n 100 --sort | less
    """
    if exact:
        _refuse_given(*method)
    from fastw2v.io.names import check_text_name

    check_text_name(output)
    check_files(vectors, output)
    progress = for_terminal(quiet)
    known = load_vectors(vectors, limit, strict)
    if exact:
        classes = grouping.assign_classes_exactly(known.matrix, number)
        report = grouping.describe_classes(known.matrix, classes, number)
    else:
        classes, _, report = grouping.assign_classes(
            known.matrix, number, **method, progress=progress
        )
    grouping.write_classes(output, known.words, classes, sort)
    progress.message(_summary(report))


def _refuse_given(*names: str) -> None:
    source = click.get_current_context().get_parameter_source
    for name in names:
        if source(name) != ParameterSource.DEFAULT:
            raise SettingsError(
                f"{parameter('exact')} reproduces the C program, which has no {parameter(name)}: "
                "drop one of the two"
            )


def _summary(report: dict) -> str:
    parts = [
        f"{report['words'] - report['left_out']:,} words in {report['classes']:,} classes",
        f"{report['smallest']:,} to {report['largest']:,} words each, median {report['median']:g}",
        f"mean cosine to the class's mean direction {report['cosine']:.3f}",
    ]
    if report["empty"]:
        parts[0] += f", {report['empty']:,} of them empty"
    if report["left_out"]:
        parts[0] += f", {report['left_out']:,} skipped"
    if "rounds" in report:
        parts.append(f"{report['rounds']} rounds{'' if report['settled'] else ', not converged'}")
    return "; ".join(parts)
