"""What started this process: variables of mpirun and srun with the rank of a process."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

# Variables with the rank and the number of ranks: Open MPI; MPICH, Intel MPI and srun with PMI;
# MVAPICH; Cray's PALS; PMIx without more; srun, which may give no MPI: the last.
_VARIABLES = (
    ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE"),
    ("PMI_RANK", "PMI_SIZE"),
    ("MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE"),
    ("PALS_RANKID", "PALS_SIZE"),
    ("PMIX_RANK", ""),
    ("SLURM_PROCID", "SLURM_STEP_NUM_TASKS"),
)


class Launched(NamedTuple):
    """A rank as the launcher numbers it. size: None if it does not say how many there are."""

    rank: int
    size: int | None


def launched(environment: Mapping[str, str] = os.environ) -> Launched | None:
    """The rank that mpirun or srun gave to this process; None if neither started it.

    >>> launched({"PMI_RANK": "3", "PMI_SIZE": "8"})
    Launched(rank=3, size=8)
    """
    for rank, size in _VARIABLES:
        number, count = environment.get(rank, ""), environment.get(size, "")
        if number.isdecimal():
            return Launched(int(number), int(count) if count.isdecimal() else None)
    return None
