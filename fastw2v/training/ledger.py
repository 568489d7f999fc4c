"""The account of a corpus: where every word that was read has gone."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from fastw2v.engines.protocol import WordCounts
from fastw2v.errors import TrainingError


@dataclass(frozen=True)
class Ledger:
    """The words of one epoch, or of several: ``read`` is the sum of all the others.

    read: words of the text, sentence ends not counted.
    rare: not in the vocabulary.
    subsampled: left out by the sub-sampling of frequent words.
    alone: the only one left in their sentence, so that there is nothing to predict them from.
    trained: centre of a window.
    left_over: read, but left untrained at the end of an epoch; unread: not reached. Both only on
        the exact path, by rules of the C program.
    """

    read: int = 0
    rare: int = 0
    subsampled: int = 0
    alone: int = 0
    trained: int = 0
    left_over: int = 0
    unread: int = 0

    @property
    def unaccounted(self) -> int:
        """Words that were read and are in no other field; anything but 0 is a bug."""
        gone = self.rare + self.subsampled + self.alone + self.trained
        return self.read - gone - self.left_over - self.unread

    def __str__(self) -> str:
        """``10 words read = 3 rare + 2 sub-sampled + 5 trained``; what is 0 is left out."""
        names = {"rare": "rare", "subsampled": "sub-sampled", "alone": "alone in their sentence"}
        names |= {"left_over": "left over", "unread": "unread", "trained": "trained"}
        parts = [
            f"{getattr(self, field):,} {name}"
            for field, name in names.items()
            if getattr(self, field) or field == "trained"
        ]
        return f"{self.read:,} words read = {' + '.join(parts)}"

    def as_dict(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def total(ledgers: Iterable[Ledger]) -> Ledger:
    """The sum of several."""
    ledgers = list(ledgers)
    return Ledger(
        **{f.name: sum(getattr(each, f.name) for each in ledgers) for f in fields(Ledger)}
    )


def counts_of(ledgers: Iterable[Ledger]) -> WordCounts:
    """What the engine had counted at the end of these epochs."""
    done = total(ledgers)
    kept = done.trained + done.alone + done.left_over
    return WordCounts(
        done.read - done.rare - done.unread, kept, done.trained, done.alone, done.left_over
    )


def next_ledger(
    counts: WordCounts, read: int, known: int, before: Iterable[Ledger], exact: bool = False
) -> Ledger:
    """The ledger of the epoch that has just ended.

    counts: of the engine, over all epochs. read, known: words of the text, and those of them in
    the vocabulary. before: the ledgers of the epochs before. exact: whether the engine leaves
    words untrained as the C program does.

    Raises TrainingError if words are unaccounted for: each is counted where it goes, so that a
    word that kernels lose, or train twice, shows.
    """
    now = zip(counts, counts_of(before), strict=True)
    reached, kept, trained, alone, left_over = (count - done for count, done in now)
    ledger = Ledger(
        read, read - known, reached - kept, alone, trained, left_over, unread=known - reached
    )
    lost = 0 if exact else ledger.left_over + ledger.unread
    if ledger.unaccounted or lost or min(ledger.as_dict().values()) < 0:
        raise TrainingError(
            f"the words do not add up ({ledger}; {ledger.unaccounted:,} unaccounted for): this is "
            "a bug in fastw2v; report it with the command and the corpus"
        )
    return ledger
