"""Which GPU a process trains on, where several processes of a machine train at once."""

import os
from collections.abc import MutableMapping
from pathlib import Path
from socket import gethostname

from fastw2v.errors import TrainingError
from fastw2v.gpu.device import Device
from fastw2v.ranks.protocol import Ranks
from fastw2v.ranks.together import SharedError

VISIBLE = "CUDA_VISIBLE_DEVICES"
"""The driver reads this environment variable once, when it is opened."""
_CARDS = Path("/proc/driver/nvidia/gpus")  # a folder for each, on Linux


def choose_card(
    place: int, processes: int, variables: MutableMapping[str, str] = os.environ
) -> None:
    """Let this process see one GPU only: the first process of a machine the first, and so on.

    To be called before the driver is opened. Where a scheduler has given the process a single
    card, that is kept, and where all are hidden the driver says so. place: of this process among
    those of its machine, from 0. Raises TrainingError if there are fewer cards than processes.
    """
    given = variables.get(VISIBLE)
    named = [card.strip() for card in (given or "").split(",") if card.strip()]
    if given is not None and len(named) <= 1:
        return
    cards = named or [str(number) for number in range(_count(processes))]
    if processes > len(cards):
        whose = f"that {VISIBLE} names" if named else "there are"
        raise TrainingError(
            f"{processes} ranks on {gethostname()}, and {len(cards)} GPUs {whose}: start one rank "
            "for each GPU"
        )
    variables[VISIBLE] = cards[place]


def _count(otherwise: int) -> int:
    """The GPUs of this machine, as far as that is known without opening the driver."""
    try:
        return len(list(_CARDS.iterdir()))
    except OSError:
        return otherwise


def check_one_rank_a_card(device: Device, ranks: Ranks) -> None:
    """Raise SharedError if two ranks use the same card. All ranks call this."""
    all_cards = [tuple(each) for each in ranks.allgather_json([gethostname(), device.identity])]
    for rank, card in enumerate(all_cards):
        first = all_cards.index(card)
        if first != rank:
            raise SharedError(
                f"ranks {first} and {rank} both use the same GPU of {card[0]}: start one rank for "
                "each GPU"
            )
