"""``word2vec``: trains with the flags of the C program, writes its files and prints its lines."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from fastw2v.c_tools.console import Console, CountingLine, TrainingLine
from fastw2v.c_tools.flags import (
    Flag,
    hyper_parameter_flag,
    hyper_parameters,
    parse,
    usage,
)
from fastw2v.errors import SettingsError, parameter
from fastw2v.io.atomic import replacing
from fastw2v.io.encoding import to_bytes
from fastw2v.settings import PARAMETERS, Settings
from fastw2v.standard_streams import write
from fastw2v.system.cores import limit_threads, usable_cores
from fastw2v.training.options import FilePath, TrainingOptions

if TYPE_CHECKING:
    from fastw2v.corpus.vocabulary import Vocabulary

THREADS = 12  # the C program's default
_DESCRIBED_BELOW = ("model", "threads")  # their flags have a meaning or a default of their own

FLAGS = (
    Flag("-train", str, "The text to train on."),
    Flag("-output", str, "Vectors, or classes, go here; without it only the vocabulary is made."),
    Flag("-cbow", int, "1: continuous bag of words; 0: skip-gram.", 1),
    *(
        hyper_parameter_flag(name)
        for name, parameter in PARAMETERS.items()
        if parameter.c and name not in _DESCRIBED_BELOW
    ),
    Flag("-threads", int, "Threads; no more are started than there are cores.", THREADS),
    Flag("-classes", int, "Write so many classes of words instead of vectors; 0 = vectors.", 0),
    Flag("-binary", int, "1: vectors in binary form; 0: as text. The name does not matter.", 0),
    Flag("-save-vocab", str, "Write the vocabulary here."),
    Flag("-read-vocab", str, "Take the vocabulary from here; count nothing."),
    Flag("-debug", int, "0: say little; 1: the size of the vocabulary; 2: progress, too.", 2),
    Flag("-exact", int, "1: the C program's numbers, byte for byte, in one thread. Not in C.", 0),
    Flag("-force", int, "1: train even if memory or disk space seem too small. Not in C.", 0),
    Flag("-seed", int, "Seed of all random numbers. Not in C.", 1),
)

USAGE = usage(
    "word2vec",
    "word vectors from text, with the flags of the C program, by fastw2v.",
    FLAGS,
    "-train text.txt -output vectors.bin -binary 1 -cbow 0 -size 300 -window 10 -sample 1e-5",
)


def run(arguments: list[str]) -> None:
    """Train as the ``arguments`` say. Raises `FastW2VError`."""
    given = parse("word2vec", FLAGS, arguments)
    if not given.get("-train"):
        raise SettingsError("there is no text to train on: name it with -train")
    settings, options = settings_of(given), options_of(given)
    from fastw2v.training.outputs import file_uses

    text, output = given["-train"], given.get("-output")
    uses = file_uses([text], settings.epochs, options)
    if options.output is None:  # classes
        uses.writes(output or None, parameter("output"))
    uses.check()
    debug = given.get("-debug", 2)
    console = Console(debug, CountingLine)
    write(f"Starting training using file {text}\n")
    if not output:
        _finish_vocabulary(_read_vocabulary(given, settings, console), given)
        return
    from fastw2v.io.failures import Failures
    from fastw2v.training.pipeline import prepare
    from fastw2v.training.rescue import save_or_rescue

    prepared = prepare([text], settings, options, console)
    vocabulary = prepared.text.vocabulary
    failures = Failures()
    with failures.noted():  # known before the training, but worth less than its result
        _finish_vocabulary(vocabulary, given)
    line = partial(TrainingLine, prepared.settings.alpha, prepared.settings.threads)
    trained = prepared.train(Console(debug, line))
    with failures.noted():
        matrix = trained.vectors.matrix
        save_or_rescue(output, lambda path: _save(path, vocabulary.words, matrix, given))
    prepared.finish(failures)


def settings_of(given: Mapping[str, Any]) -> Settings:
    """The `Settings` for the flags ``given``. Raises SettingsError if one is invalid."""
    if given.get("-classes", 0) < 0:
        raise SettingsError(f"-classes is {given['-classes']}; it must be 0 or more")
    asked = hyper_parameters(given)
    asked["exact"] = bool(given.get("-exact", 0))
    asked["seed"] = given.get("-seed", 1)
    asked.setdefault("threads", 1 if asked["exact"] else min(THREADS, usable_cores()))
    return Settings(**asked)


def options_of(given: Mapping[str, Any]) -> TrainingOptions:
    """The `TrainingOptions` for the flags ``given``."""
    vectors = None if given.get("-classes", 0) else given.get("-output")
    return TrainingOptions(
        output=vectors or None,
        format=_format(given),
        save_vocab=given.get("-save-vocab") or None,
        read_vocab=given.get("-read-vocab") or None,
        force=bool(given.get("-force", 0)),
    )


def _read_vocabulary(
    given: Mapping[str, Any], settings: Settings, progress: Console
) -> "Vocabulary":
    """The vocabulary, where nothing is to be trained."""
    from fastw2v.corpus import check_sources, count_words
    from fastw2v.corpus.vocabulary import Vocabulary

    paths = [given["-train"]]
    if given.get("-read-vocab"):
        check_sources(paths)
        return Vocabulary.load(given["-read-vocab"], settings.min_count)
    return count_words(
        paths,
        min_count=settings.min_count,
        threads=limit_threads(settings.threads, progress),
        c_rules=settings.exact,
        progress=progress,
    )


def _finish_vocabulary(vocabulary: "Vocabulary", given: Mapping[str, Any]) -> None:
    """Print its size and save it, if that is asked for."""
    if given.get("-debug", 2) > 0:
        write(f"Vocab size: {len(vocabulary)}\nWords in train file: {vocabulary.total}\n")
    if given.get("-save-vocab"):
        vocabulary.save(given["-save-vocab"])


def _format(given: Mapping[str, Any]) -> str:
    return "binary" if given.get("-binary", 0) else "text"


def _save(output: FilePath, words: list[str], matrix, given: Mapping[str, Any]) -> None:
    """Write vectors or classes. matrix: (V, D) float32."""
    if given.get("-classes", 0):
        from fastw2v.classes import assign_classes_exactly, write_classes

        write_classes(output, words, assign_classes_exactly(matrix, given["-classes"]))
        return
    from fastw2v.formats import FORMATS

    as_c = given.get("-exact", 0) and _format(given) == "text"
    write_rows = _write_six_decimals if as_c else FORMATS[_format(given)].write
    with replacing(output) as file:  # not formats.save: it compresses where the name says so
        write_rows(file, [to_bytes(word) for word in words], matrix)


def _write_six_decimals(file, words: list[bytes], matrix) -> None:
    """The text form byte for byte as in C, which loses digits; ours keeps them.

    matrix: (V, D) float32.
    """
    from fastw2v.formats.lines import write_lines

    file.write(b"%d %d\n" % matrix.shape)
    pattern = b"%b " + b"%f " * matrix.shape[1]
    rows_of_words = zip(words, matrix, strict=True)
    write_lines(file, (pattern % (word, *row.tolist()) for word, row in rows_of_words))
