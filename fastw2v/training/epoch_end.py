"""The end of each epoch: vectors are saved and scored, training may stop early."""

import math
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from fastw2v import formats
from fastw2v.errors import TrainingError, message_of, parameter
from fastw2v.evaluation import analogies, read_pairs, read_questions, similarity
from fastw2v.evaluation.coverage import covered
from fastw2v.io.failures import Failures
from fastw2v.model.matrices import Model
from fastw2v.progress import SILENT, Progress
from fastw2v.training.options import STOP, FilePath, TrainingOptions
from fastw2v.training.outputs import epoch_path, format_of, vector_files, written_rows
from fastw2v.vectors.word_vectors import WordVectors

MOST_FREQUENT = 30_000  # words among which analogies are answered, as is usual with the C program

Scores = list[dict[str, float | None]]  # for each epoch, from file to score; None for NaN


class EpochLog:
    """Saves and scores vectors after each epoch as the options ask, and keeps the record.

    words: by word_id, once `bind_vocabulary` was called.
    scores: one dictionary for each epoch, from file to score.
    best_vectors: (V, D) float32, those of ``best_epoch``; kept only for stopping early.

    failures: vectors of epochs that could not be saved, either then or later.

    Reads the questions at once, so that faults in them are reported before the training.
    Raises FormatError.
    """

    def __init__(self, options: TrainingOptions, progress: Progress = SILENT):
        self._options, self._progress = options, progress
        self.words: list[str] = []
        self.failures = Failures()
        self._unsaved: tuple[FilePath, WordVectors] | None = None
        self.scores: list[dict[str, float]] = []
        self.best_epoch = 0
        self.best_vectors: np.ndarray | None = None
        self._questions = {str(path): read_questions(path) for path in options.eval_analogies}
        self._pairs = {str(path): read_pairs(path) for path in options.eval_pairs}

    def bind_vocabulary(self, words: list[str]) -> None:
        """Set the vocabulary. Raises OutputError for words that the files to be written cannot
        express, TrainingError if no score can ever stop the training: now, not after it."""
        self.words = words
        if self._options.stop_early and not self._has_scores():
            names = ", ".join([*self._questions, *self._pairs])
            raise TrainingError(
                f"{parameter('stop_early')} has no score to go by: {names}: no question has all "
                f"its words in the vocabulary, nor two pairs; lower {parameter('min_count')}, use "
                f"other questions, or drop {parameter('stop_early')}"
            )
        if self._options.output is not None:
            for path, _ in vector_files(self._options.output, "", self._options):
                formats.check_writable(path, words, format=format_of(self._options))

    def __call__(self, epoch: int, model: Model, loss: float) -> bool:
        """After ``epoch`` epochs (from 1): save, score, call; returns whether to train more."""
        options = self._options
        self.save_again()
        proceed = self._save_and_score(epoch, model)
        if options.epoch_end is not None and self._asks_to_stop(epoch, model, loss):
            self._progress.message(f"stopped by {parameter('epoch_end')} after epoch {epoch}")
            return False
        return proceed

    def _asks_to_stop(self, epoch: int, model: Model, loss: float) -> bool:
        """Call the user's function, with a copy of the vectors, as it may keep or change them."""
        assert self._options.epoch_end is not None
        matrix = np.array(model.vectors(self._options.vectors))
        answer = self._options.epoch_end(epoch, WordVectors(self.words, matrix), loss)
        if isinstance(answer, str) and answer == STOP:
            return True
        if isinstance(answer, (bool, np.bool_, str)):  # True to stop, or to train more?
            raise TrainingError(
                f"{parameter('epoch_end')} returned {answer!r:.60} after epoch {epoch}: return "
                f'"{STOP}" to end the training, or nothing'
            )
        return False

    def _save_and_score(self, epoch: int, model: Model) -> bool:
        """Returns whether to train more."""
        options = self._options
        saves = options.save_every and epoch % options.save_every == 0
        if not (saves or options.evaluates):
            return True
        matrix, outputs = written_rows(model, options.vectors, self.words)
        vectors = WordVectors(self.words, matrix, outputs=outputs)
        if saves and options.output is not None:
            self._save(epoch_path(options.output, epoch), vectors)
        if not options.evaluates:
            return True
        scores = self._score(vectors)
        self.scores += [{}] * (epoch - 1 - len(self.scores))
        self.scores[epoch - 1 :] = [scores]
        shown = ", ".join(f"{Path(name).stem} {score:.3f}" for name, score in scores.items())
        self._progress.message(f"epoch {epoch}: {shown}")
        return not options.stop_early or self._may_improve(epoch, vectors)

    def save_again(self) -> None:
        """Try once more what could not be saved before; a second failure is final."""
        if self._unsaved is None:
            return
        (path, vectors), self._unsaved = self._unsaved, None
        with self.failures.noted():
            vectors.save(path, format=format_of(self._options))

    def state(self, epochs: int) -> tuple[Scores, int, np.ndarray | None]:
        """For `restore`, as of the end of so many epochs: scores, the best epoch, its vectors.

        Scores of a later epoch, whose evaluation may have been interrupted, do not count."""
        scores = _for_json(self.scores[:epochs])
        if self.best_vectors is None or self.best_epoch > epochs:
            return scores, 0, None
        return scores, self.best_epoch, self.best_vectors

    def restore(self, scores: Scores, best_epoch: int, best_vectors: np.ndarray | None) -> None:
        """Continue from what `state` returned, in this process or another.

        Without ``best_vectors``, the best epoch is forgotten.
        """
        self.scores = [
            {name: math.nan if score is None else score for name, score in each.items()}
            for each in scores
        ]
        self.best_epoch = best_epoch if best_vectors is not None else 0
        self.best_vectors = best_vectors

    def report(self) -> dict[str, Any]:
        """What goes into the training's report: nothing if nothing was scored."""
        if not self.scores:
            return {}
        return {"scores": _for_json(self.scores), "best_epoch": self.best_epoch or None}

    def _has_scores(self) -> bool:
        """Whether there is a question, or two pairs of one file, of known words."""
        frequent = self.words[:MOST_FREQUENT]
        return any(covered(frequent, each) > 0 for each in self._questions.values()) or any(
            covered(self.words, each) > 1 for each in self._pairs.values()
        )

    def _save(self, path: FilePath, vectors: WordVectors) -> None:
        """Save vectors of an epoch. A failure is reported, and ends nothing."""
        try:
            vectors.save(path, format=format_of(self._options))
        except Exception as error:  # whatever it is, the training is worth more
            problem = message_of(error)
            self._progress.message(f"{problem}; trying again after the next epoch")
            self._unsaved = path, vectors

    def _score(self, vectors: WordVectors) -> dict[str, float]:
        found = {}
        for name, questions in self._questions.items():
            found[name] = analogies(vectors, questions, limit=MOST_FREQUENT).total.accuracy
        for name, pairs in self._pairs.items():
            found[name] = similarity(vectors, pairs).spearman
        return found

    def _may_improve(self, epoch: int, vectors: WordVectors) -> bool:
        mean = mean_score(self.scores[-1])
        if not self.best_epoch and math.isinf(mean):  # nothing to compare with, now or before
            self._progress.message(f"Warning: epoch {epoch} has no score; training goes on")
            return True
        if not self.best_epoch or mean > mean_score(self.scores[self.best_epoch - 1]):
            self.best_epoch = epoch
            self.best_vectors = np.array(vectors.matrix)
        if epoch - self.best_epoch < self._options.stop_early:
            return True
        self._progress.message(
            f"stopped early: no better score in {self._options.stop_early} epochs; "
            f"using the vectors of epoch {self.best_epoch}"
        )
        return False


def mean_score(scores: dict[str, float]) -> float:
    """The mean of all scores that are not NaN; minus infinity if all are.

    The score of analogies is the share of correct answers, that of pairs Spearman's correlation.
    """
    numbers = [score for score in scores.values() if not math.isnan(score)]
    return fmean(numbers) if numbers else -math.inf


def _for_json(scores: list[dict[str, float]]) -> Scores:
    """JSON has no NaN: None instead."""
    return [
        {name: None if math.isnan(score) else score for name, score in each.items()}
        for each in scores
    ]
