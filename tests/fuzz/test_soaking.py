"""The soak itself; `soaking.py` runs it for as long as wanted."""

import pytest

from tests.fuzz.killing import make_text
from tests.fuzz.soaking import converter, grown, trainer


def samples(memory) -> list[dict[str, int]]:
    return [{"memory": round(each), "files": 5, "threads": 3} for each in memory]


@pytest.mark.parametrize(
    ("memory", "grows"),
    [
        ([10**8] * 40, False),
        ([10**7] * 10 + [10**8] * 30, False),  # at the beginning, before all is loaded
        ([10**8 + 10**6 * number for number in range(40)], True),
        ([10**8] * 30 + [2 * 10**8] * 10, True),
        ([10**8] * 38 + [2 * 10**8] * 2, False),  # a peak
    ],
)
def test_growth_is_seen(memory, grows):
    assert bool(grown(samples(memory))) == grows


def test_a_leak_of_files_is_seen():
    leaking = [{"memory": 1, "files": 5 + number // 4, "threads": 3} for number in range(40)]
    (line,) = grown(leaking)
    assert line.startswith("files from")


@pytest.mark.parametrize("role", [trainer, converter])
def test_a_few_rounds(role, tmp_path):
    make_text(tmp_path / "text.txt", 300)
    (tmp_path / "work").mkdir()
    rounds = role(tmp_path / "work")
    for _ in range(2):
        next(rounds)
