"""What is done at the end of each epoch: vectors saved, scored, training stopped early."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean

import numpy as np

from fastw2v import formats
from fastw2v.errors import SettingsError
from fastw2v.evaluation import analogies, read_pairs, read_questions, similarity
from fastw2v.model.matrices import Model
from fastw2v.progress import SILENT, Progress
from fastw2v.vectors.word_vectors import WordVectors

COMMONEST = 30_000  # words among which analogies are asked, as the C program's users do


@dataclass(frozen=True)
class EpochEnd:
    """What is wanted at the end of each epoch.

    analogies, pairs: files of questions (see `fastw2v.evaluation`).
    stop_early: end the training when so many epochs in a row brought no better score, and take
        the vectors of the best one; 0: never.
    save_every: save the vectors after every so many epochs; 0: never.
    save_as: the name of the vectors; those of epoch 2 of ``vectors.bin`` are
        ``vectors.epoch-2.bin``. Words that such a file cannot hold are told before training.
    save_format: as `fastw2v.formats.save` takes it.
    """

    analogies: Sequence = ()
    pairs: Sequence = ()
    stop_early: int = 0
    save_every: int = 0
    save_as: str | Path | None = None
    save_format: str | None = None

    def __post_init__(self):
        for name in ("stop_early", "save_every"):
            if getattr(self, name) < 0:
                raise SettingsError(f"{name} is {getattr(self, name)}; it must be 0 or more")
        if self.stop_early and not (self.analogies or self.pairs):
            raise SettingsError("to stop early, scores are needed: name analogies or pairs")
        if self.save_every and self.save_as is None:
            raise SettingsError("save_every needs save_as, the name of the files")

    @property
    def looks(self) -> bool:
        """Whether vectors are looked at before the end of the training."""
        return bool(self.save_every or self.analogies or self.pairs)


@dataclass
class EpochLog:
    """Does what an `EpochEnd` wants, and keeps the record. Call it after each epoch.

    which: the vectors to look at, as in `Model.vectors`. words: by word_id, once `meet` was called.

    Reads the questions at once, so that faults in them are told before the training.
    Raises FormatError.
    """

    wanted: EpochEnd
    which: str = "in"
    progress: Progress = SILENT
    words: list[str] = field(default_factory=list)
    scores: list[dict[str, float]] = field(default_factory=list)  # one for each epoch, from 1
    best_epoch: int = 0
    best_vectors: np.ndarray | None = None  # (V, D) float32; kept where stopping early is wanted

    def __post_init__(self):
        self._questions = {str(path): read_questions(path) for path in self.wanted.analogies}
        self._pairs = {str(path): read_pairs(path) for path in self.wanted.pairs}

    def meet(self, words: list[str]) -> None:
        """Learn the vocabulary. Raises OutputError for words that the files to be written cannot
        hold: now, not after the training."""
        self.words = words
        if self.wanted.save_as is not None:
            formats.check_writable(self.wanted.save_as, words, format=self.wanted.save_format)

    def __call__(self, epoch: int, model: Model) -> bool:
        """After ``epoch`` epochs (from 1): save, score; returns whether to go on."""
        saves = self.wanted.save_every and epoch % self.wanted.save_every == 0
        asks = self._questions or self._pairs
        if not (saves or asks):
            return True
        vectors = WordVectors(self.words, model.vectors(self.which))
        if saves:
            vectors.save(epoch_path(self.wanted.save_as, epoch), format=self.wanted.save_format)
        if not asks:
            return True
        scores = self._score(vectors)
        self.scores += [{}] * (epoch - 1 - len(self.scores))
        self.scores[epoch - 1 :] = [scores]
        self.progress.message(f"epoch {epoch}: {_told(scores)}")
        return not self.wanted.stop_early or self._may_get_better(epoch, vectors)

    def state(self, epochs: int) -> tuple[list, int, np.ndarray | None]:
        """What `restore` wants, as of the end of so many epochs: scores, the best epoch, and its
        vectors. A later epoch may be half scored, where that was cut short; it does not count."""
        scores = _for_json(self.scores[:epochs])
        if self.best_vectors is None or self.best_epoch > epochs:
            return scores, 0, None
        return scores, self.best_epoch, self.best_vectors

    def restore(self, scores: list, best_epoch: int, best_vectors: np.ndarray | None) -> None:
        """Go on from what `state` gave, in this process or another."""
        self.scores = [
            {name: math.nan if score is None else score for name, score in each.items()}
            for each in scores
        ]
        self.best_epoch = best_epoch if best_vectors is not None else 0
        self.best_vectors = best_vectors

    def report(self) -> dict:
        """What goes into the training's report: nothing, where no scores were wanted."""
        if not self.scores:
            return {}
        return {"scores": _for_json(self.scores), "best_epoch": self.best_epoch or None}

    def _score(self, vectors: WordVectors) -> dict[str, float]:
        found = {}
        for name, questions in self._questions.items():
            found[name] = analogies(vectors, questions, limit=COMMONEST).total.accuracy
        for name, pairs in self._pairs.items():
            found[name] = similarity(vectors, pairs).spearman
        return found

    def _may_get_better(self, epoch: int, vectors: WordVectors) -> bool:
        mean = mean_score(self.scores[-1])
        if not self.best_epoch or mean > mean_score(self.scores[self.best_epoch - 1]):
            self.best_epoch = epoch
            self.best_vectors = vectors.matrix.copy()
        if epoch - self.best_epoch < self.wanted.stop_early:
            return True
        self.progress.message(
            f"stopped: no better score in {self.wanted.stop_early} epochs; "
            f"taking the vectors of epoch {self.best_epoch}"
        )
        return False


def mean_score(scores: dict[str, float]) -> float:
    """The mean of all scores that are numbers: that of analogies is the share answered rightly,
    that of pairs Spearman's correlation. Minus infinity where none is."""
    numbers = [score for score in scores.values() if not math.isnan(score)]
    return fmean(numbers) if numbers else -math.inf


def epoch_path(path, epoch: int) -> Path:
    """``vectors.bin.gz`` of epoch 2 is ``vectors.epoch-2.bin.gz``."""
    path = Path(path)
    packed = path.suffix.lower() in formats.COMPRESSED
    ending = "".join(path.suffixes[-2:] if packed else path.suffixes[-1:])
    return path.with_name(f"{path.name.removesuffix(ending)}.epoch-{epoch}{ending}")


def _for_json(scores: list[dict[str, float]]) -> list[dict[str, float | None]]:
    """JSON knows no NaN."""
    return [
        {name: None if math.isnan(score) else score for name, score in each.items()}
        for each in scores
    ]


def _told(scores: dict[str, float]) -> str:
    return ", ".join(f"{Path(name).stem} {score:.3f}" for name, score in scores.items())
