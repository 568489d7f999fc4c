"""The files that a training writes, checked before it begins."""

import os
from collections.abc import Sequence

from fastw2v import formats
from fastw2v.corpus import paths_of
from fastw2v.errors import OutputError, parameter
from fastw2v.io import atomic
from fastw2v.training.options import FilePath, TrainingOptions


def check_outputs(corpus: Sequence[FilePath], options: TrainingOptions) -> None:
    """Raise OutputError if a file cannot be written, would replace one that is read, or is named
    twice. Writes nothing.

    corpus: files and folders to be read; CorpusError if one cannot be.
    """
    named = [options.output, options.save_vocab, options.report, options.checkpoint_path]
    targets = [os.path.realpath(path) for path in named if path is not None]
    targets = [path for path in targets if os.path.isfile(path) or not os.path.exists(path)]
    if len(set(targets)) < len(targets):
        names = [parameter(name) for name in ("output", "save_vocab", "report", "checkpoint")]
        raise OutputError(
            f"two of {', '.join(names[:-1])} and {names[-1]} name the same file: use one for each"
        )
    beside = None
    if options.output is not None:
        formats.check_writable(options.output, format=options.format)
        beside = formats.words_path(options.output, format=options.format)
    for path in (options.save_vocab, options.report):
        if path is not None:
            atomic.check_writable(path)
    evaluated = (*options.eval_analogies, *options.eval_pairs)
    texts = paths_of(corpus) if corpus else []
    atomic.check_not_input([*named, beside], [*texts, *evaluated])
