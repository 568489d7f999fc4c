"""Which card each rank of a machine trains on."""

import pytest

from fastw2v.errors import TrainingError
from fastw2v.gpu import cards
from fastw2v.gpu.cards import VISIBLE, check_one_rank_a_card, choose_card
from fastw2v.ranks.threads import run_ranks
from fastw2v.ranks.together import SharedError
from tests.support.gpu_device import EmulatedDevice


def chosen(given, place, processes):
    variables = {} if given is None else {VISIBLE: given}
    choose_card(place, processes, variables)
    return variables[VISIBLE]


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A machine with three cards."""
    for number in range(3):
        (tmp_path / f"0000:0{number}:00.0").mkdir()
    monkeypatch.setattr(cards, "_CARDS", tmp_path)


@pytest.mark.parametrize("given", [None, "0,1,2"])
def test_each_rank_has_a_card_of_its_own(machine, given):
    assert [chosen(given, place, 3) for place in range(3)] == ["0", "1", "2"]
    assert chosen(given, 0, 1) == "0"


def test_cards_that_are_named_are_taken_in_their_order(machine):
    assert [chosen("2, GPU-8f2e", place, 2) for place in range(2)] == ["2", "GPU-8f2e"]


def test_what_a_scheduler_gave_to_one_rank_is_kept(machine):
    assert [chosen("1", place, 4) for place in range(4)] == ["1"] * 4


def test_cards_that_are_hidden_stay_hidden(machine):
    assert chosen("", 0, 2) == ""


def test_more_ranks_than_cards(machine):
    for given, found in ((None, "3 GPUs there are"), ("0,2", "2 GPUs that CUDA_VISIBLE_DEVICES")):
        with pytest.raises(TrainingError, match=f"4 ranks on .*, and {found}.*one rank for each"):
            chosen(given, 3, 4)


def test_where_cards_cannot_be_counted_the_driver_has_the_last_word(monkeypatch, tmp_path):
    monkeypatch.setattr(cards, "_CARDS", tmp_path / "none")
    assert chosen(None, 1, 2) == "1"


def test_two_ranks_on_one_card_are_refused_on_all():
    def work(ranks):
        device = EmulatedDevice()
        check_one_rank_a_card(device, ranks)
        device.identity = "GPU-1" if ranks.rank else "GPU-0"
        with pytest.raises(SharedError, match=r"^ranks 1 and 2 both use the same GPU of "):
            check_one_rank_a_card(device, ranks)
        return True

    assert run_ranks(3, work) == [True] * 3
