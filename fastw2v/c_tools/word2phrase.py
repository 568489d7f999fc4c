"""``word2phrase``: joins phrases, with the flags and output of the C program."""

from fastw2v.c_tools.console import Console, CountingLine
from fastw2v.c_tools.flags import Flag, hyper_parameter_flag, parse, usage
from fastw2v.errors import SettingsError
from fastw2v.standard_streams import write

FLAGS = (
    Flag("-train", str, "Input text."),
    Flag("-output", str, "Output file: the text with phrases joined."),
    hyper_parameter_flag("min_count")._replace(
        meaning="Ignore words and pairs with fewer occurrences."
    ),
    Flag("-threshold", float, "Join pairs with a higher score; higher means fewer phrases.", 100.0),
    Flag("-debug", int, "0: quiet; 1: print the vocabulary size; 2: also progress.", 2),
    Flag("-exact", int, "1: cut words and lose the last as C does; 0: keep them. Not in C.", 1),
)

USAGE = usage(
    "word2phrase",
    "joins frequent word pairs, with the flags of the C program, by fastw2v.",
    FLAGS,
    "-train text.txt -output phrases.txt -threshold 200 -min-count 10",
)


def run(arguments: list[str]) -> None:
    """Write the text with phrases joined. Raises `FastW2VError`."""
    given = parse("word2phrase", FLAGS, arguments)
    for flag in ("-train", "-output"):
        if not given.get(flag):
            raise SettingsError(
                f"{flag} is missing: give the input text with -train, the output file with -output"
            )
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
    """The number printed by the C program, which decrements it for half of the rare entries."""
    rare = report["entries"] - report["entries_kept"]
    return report["entries_kept"] + 1 + rare // 2
