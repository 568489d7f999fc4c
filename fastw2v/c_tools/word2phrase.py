"""``word2phrase``: joins phrases with the flags of the C program, and prints its lines."""

from fastw2v.c_tools.console import Console, CountingLine
from fastw2v.c_tools.flags import Flag, hyper_parameter_flag, parse, usage
from fastw2v.errors import SettingsError
from fastw2v.io.standard_output import write

FLAGS = (
    Flag("-train", str, "The text to read."),
    Flag("-output", str, "The text with its phrases joined goes here."),
    hyper_parameter_flag("min_count")._replace(
        meaning="Words and pairs of words seen less often make no phrase."
    ),
    Flag("-threshold", float, "Pairs that score more are joined; higher means fewer.", 100.0),
    Flag("-debug", int, "0: say little; 1: the size of the vocabulary; 2: progress, too.", 2),
    Flag("-exact", int, "0: keep words whole, and the last of all; C cuts and loses. Not in C.", 1),
)

USAGE = usage(
    "word2phrase",
    "joins words that often stand together, with the flags of the C program, by fastw2v.",
    FLAGS,
    "-train text.txt -output phrases.txt -threshold 200 -min-count 10",
)


def run(arguments: list[str]) -> None:
    """Write the text with its phrases joined. Raises `FastW2VError`."""
    given = parse("word2phrase", FLAGS, arguments)
    for flag in ("-train", "-output"):
        if not given.get(flag):
            raise SettingsError(f"no {flag}: name the text with -train, the new one with -output")
    from fastw2v.phrases import write_phrases

    debug = given.get("-debug", 2)
    write(f"Starting training using file {given['-train']}\n")
    report = write_phrases(
        [given["-train"]],
        given["-output"],
        min_count=given.get("-min-count", 5),
        threshold=given.get("-threshold", 100.0),
        exact=bool(given.get("-exact", 1)),
        progress=Console(debug, CountingLine),
    )
    if debug > 0:
        write(f"\nVocab size (unigrams + bigrams): {_size_as_c(report['passes'][0])}\n")
        write(f"Words in train file: {report['words_read']}\n")


def _size_as_c(report: dict) -> int:
    """The number that the C program prints: it stops half-way when it drops what is rare."""
    rare = report["entries"] - report["entries_kept"]
    return report["entries_kept"] + 1 + rare // 2
