"""``fastw2v vocab``: count the words of a corpus."""

import click

from fastw2v.commands.options import (
    column_option,
    corpus_argument,
    hyper_parameter,
    local_option,
    quiet_option,
    ranks_option,
)
from fastw2v.commands.param_types import InputFile
from fastw2v.errors import parameter
from fastw2v.settings import Settings


@click.command(name="vocab")
@corpus_argument
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE",
    help="Output file, - for standard output.",
)
@hyper_parameter("min_count")
@hyper_parameter("max_vocab")
@hyper_parameter("threads")
@click.option(
    "--read-vocab",
    type=InputFile(),
    metavar="FILE",
    help="Count only the words of this vocabulary file; its own counts are ignored.",
)
@hyper_parameter("no_sentence_end")
@column_option
@ranks_option
@local_option
@quiet_option
def command(corpus, output, read_vocab, column, ranks, local, quiet, **settings):
    """Count the words of CORPUS: files, folders, or - for standard input.

    Writes one line "word count" per word, the sentence end </s> first and then the most frequent
    words first. `fastw2v train --read-vocab` and the C program read this format. CORPUS may be
    compressed.

    \b
    Example:
      fastw2v vocab corpus.txt.gz -o vocab.txt --min-count 10
      fastw2v vocab new.txt -o recounted.txt --read-vocab vocab.txt --min-count 0
      mpirun -n 4 fastw2v vocab parts/ -o vocab.txt --ranks
    """
    checked = Settings(**settings)  # before the slow imports: errors in options appear at once
    from fastw2v.corpus import count_words, declare_corpus
    from fastw2v.corpus.recounting import recount_words
    from fastw2v.corpus.shares import expanded
    from fastw2v.io.file_uses import FileUses
    from fastw2v.io.names import check_text_name
    from fastw2v.progress import SILENT, for_terminal
    from fastw2v.system.cores import limit_threads

    check_text_name(output)
    if local and not ranks:
        raise click.UsageError("--local says what each rank reads: add --ranks, or drop --local")

    def check():
        uses = FileUses()
        declare_corpus(uses, expanded(corpus) if ranks else corpus, column)
        uses.reads(read_vocab, parameter("read_vocab"))
        uses.writes(output, parameter("output"))
        uses.check()

    progress = for_terminal(quiet)
    how = {"min_count": checked.min_count, "max_vocab": checked.max_vocab, "column": column}
    if not ranks:
        check()
        how |= {"threads": limit_threads(checked.threads, progress), "progress": progress}
        if read_vocab is None:
            vocabulary = count_words(corpus, **how)
        else:
            vocabulary = recount_words(corpus, read_vocab, **how)
        vocabulary.save(output, not checked.no_sentence_end)
        return
    from fastw2v.corpus.rank_reading import count_rank_words, recount_rank_words
    from fastw2v.ranks.opening import opened_ranks
    from fastw2v.ranks.together import together

    with opened_ranks() as job:
        together(job, check)
        progress = progress if job.rank == 0 else SILENT
        how |= {"threads": limit_threads(checked.threads, progress), "progress": progress}
        if read_vocab is None:
            vocabulary = count_rank_words(job, corpus, local=local, **how)
        else:
            vocabulary = recount_rank_words(job, corpus, read_vocab, local=local, **how)
        if job.rank == 0:
            vocabulary.save(output, not checked.no_sentence_end)
