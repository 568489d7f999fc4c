"""A training on several ranks: what each of them is given.

Every rank reads and trains its part of the text. Rank 0 alone reports and writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from socket import gethostname
from typing import TYPE_CHECKING, TypeVar

from fastw2v.errors import CorpusError, SettingsError, parameter
from fastw2v.io.streams import is_stream
from fastw2v.ranks.together import together
from fastw2v.settings import Settings
from fastw2v.system.cores import usable_cores
from fastw2v.training.options import FilePath, TrainingOptions

if TYPE_CHECKING:
    from fastw2v.ranks.job import RankJob
    from fastw2v.ranks.protocol import Ranks

_Result = TypeVar("_Result")


def saves(job: RankJob | None) -> bool:
    """Whether this process writes files."""
    return job is None or job.ranks.rank == 0


def agreed(job: RankJob | None, check: Callable[[], _Result]) -> _Result:
    """``check()``; see `together` if there are several ranks."""
    return check() if job is None else together(job.ranks, check)


def ranks_on_this_machine(job: RankJob | None) -> int:
    """How many ranks share this machine's memory. All ranks call this."""
    if job is None:
        return 1
    return job.ranks.allgather_json(gethostname()).count(gethostname())


def check_for_ranks(corpus: Sequence[FilePath], settings: Settings) -> None:
    """Raise SettingsError or CorpusError for what several ranks cannot do."""
    if settings.exact:
        raise SettingsError(
            f"{parameter('exact', True)} trains in one thread of one process: drop "
            f"{parameter('ranks', True)}"
        )
    for path in corpus:
        if is_stream(path):
            raise CorpusError(
                f"{path}: only files can be shared by several ranks, no pipe: name files that all "
                f"of them see, or with {parameter('local', True)} files of each machine"
            )


def choose_cards(settings: Settings, ranks: Ranks) -> None:
    """Give each rank of a machine a GPU of its own, if GPUs are to train. All ranks call this.

    Raises SharedError on all if a machine has fewer.
    """
    if settings.device != "cuda":
        return
    from fastw2v.gpu.cards import choose_card

    hosts = ranks.allgather_json(gethostname())
    own = hosts[ranks.rank]
    together(ranks, lambda: choose_card(hosts[: ranks.rank].count(own), hosts.count(own)))


def settings_of_all(settings: Settings, ranks: Ranks) -> Settings:
    """The settings with as many threads as the smallest of the machines allows: all ranks are to
    have as many. All ranks call this."""
    import numpy as np

    threads = settings.threads
    if not settings.deterministic:
        threads = min(threads, usable_cores())
    least = int(ranks.allreduce(np.array([threads]), "min")[0])
    replicas = None if settings.replicas is None else min(settings.replicas, least)
    return replace(settings, threads=least, replicas=replicas)


def options_of(options: TrainingOptions, ranks: Ranks) -> TrainingOptions:
    """The options of this rank. Rank 0 has all of them; the others write no file, and evaluate
    only if that decides when training stops."""
    if ranks.rank == 0:
        return options
    silent = replace(
        options, output=None, save_vocab=None, report=None, save_every=0, checkpoint=None
    )
    if options.stop_early:
        return silent
    return replace(silent, eval_analogies=(), eval_pairs=())
