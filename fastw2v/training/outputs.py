"""The files that a training reads and writes, checked before it begins."""

import os
from collections.abc import Sequence
from typing import Any

from fastw2v import formats
from fastw2v.corpus import declare_corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import parameter
from fastw2v.formats import declare_read, declare_written, marked_path
from fastw2v.io.file_uses import FileUses
from fastw2v.matrix.arrays import Array
from fastw2v.model.matrices import Model
from fastw2v.settings import Settings
from fastw2v.training.options import FilePath, TrainingOptions


def file_uses(corpus: Sequence[FilePath], epochs: int, options: TrainingOptions) -> FileUses:
    """All files that a training of so many epochs reads and writes.

    corpus: files and folders to be read; CorpusError if one cannot be.
    """
    uses = FileUses()
    if corpus:
        declare_corpus(uses, corpus, options.column_of_files)
    declare_read(uses, _path(options.init), parameter("init"))
    uses.reads(_path(options.freeze), parameter("freeze"))
    uses.reads(options.read_vocab, parameter("read_vocab"))
    for name in ("eval_analogies", "eval_pairs"):
        for path in getattr(options, name):
            uses.reads(path, parameter(name))
    resumed = None if options.resume is None else options.resume.path
    uses.reads(resumed, parameter("resume"))

    name = parameter("output")
    if options.output is not None:
        for path, part in vector_files(options.output, "", options):
            declare_written(uses, path, name, part=part, format=format_of(options))
    uses.writes(options.save_vocab, parameter("save_vocab"))
    uses.writes(options.report, parameter("report"))
    uses.writes(options.checkpoint_path, parameter("checkpoint"), over=[resumed])
    for epoch, epoch_file in epoch_paths(epochs, options):
        for path, part in vector_files(epoch_file, f"epoch {epoch}", options):
            declare_written(uses, path, name, part=part, format=format_of(options))
    return uses


def check_outputs(corpus: Sequence[FilePath], epochs: int, options: TrainingOptions) -> FileUses:
    """Raise OutputError if a file cannot be written, would replace one that is read, or is named
    twice. Writes nothing. Returns all files; see `file_uses`."""
    if options.output is not None:
        for path, _ in vector_files(options.output, "", options):
            formats.check_writable(path, format=format_of(options))
    uses = file_uses(corpus, epochs, options)
    uses.check()
    return uses


def epoch_paths(epochs: int, options: TrainingOptions) -> list[tuple[int, FilePath]]:
    """The epochs after which vectors will be saved, and where to."""
    if not options.save_every or options.output is None:
        return []
    done = 0 if options.resume is None else options.resume.epochs_trained
    first = done - done % options.save_every + options.save_every
    saved = range(first, epochs + 1, options.save_every)
    return [(epoch, epoch_path(options.output, epoch)) for epoch in saved]


def epoch_path(path: FilePath, epoch: int) -> FilePath:
    """``vectors.bin.gz`` of epoch 2 is ``vectors.epoch-2.bin.gz``."""
    return marked_path(path, f"epoch-{epoch}")


def vector_files(path: FilePath, part: str, options: TrainingOptions) -> list[tuple[FilePath, str]]:
    """The files of vectors that saving to ``path`` writes, and what each has, for messages.

    part: of what the option names, or "".
    """
    files = [(path, part)]
    if options.vectors == "both":
        what = "the output vectors"
        files.append((formats.outputs_path(path), f"{what} of {part}" if part else what))
    return files


def format_of(options: TrainingOptions) -> str | None:
    """The format of the vectors, also of files beside ``output``, whose extension selects it."""
    if options.format is not None or options.output is None or options.vectors != "both":
        return options.format
    return formats.format_of_name(options.output)


def written_words(vocabulary: Vocabulary, settings: Settings) -> list[str]:
    """The words that get a row in files of vectors: all, or all but the sentence end."""
    return vocabulary.words[1:] if settings.no_sentence_end else vocabulary.words


def written_rows(model: Model, which: str, words: list[str]) -> tuple[Array, Array | None]:
    """Of the words that get a row, (V, D) float32: the vectors, and with ``both`` the output
    vectors; views of the model if nothing must be computed."""
    first = len(model.inputs) - len(words)
    outputs = model.vectors("out")[first:] if which == "both" else None
    rows = model.vectors(which)
    return rows[first:] if first else rows, outputs


def _path(source: Any) -> FilePath | None:
    """A path, if that is what was given."""
    return source if isinstance(source, (str, os.PathLike)) else None
