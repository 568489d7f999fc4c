"""Groups of the words of a map: k-means on their vectors, names, colours."""

from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from fastw2v.classes import assign_classes

COLOURS = 8
"""Colours of the palette. Far apart on the map, groups may share one."""
NAMED_BY = 3
"""Typical words that name a group."""
_MOST = 24
_WORDS_PER_GROUP = 12  # the number of groups is the root of the words divided by this
_FREQUENT = 4  # typical words are among this part of a group's words, the most frequent,
_MOST_FREQUENT = 40  # and among this many
_STOP_RATE = 1.5  # times the rate of stop words on the map: what is above is no subject


@dataclass(frozen=True)
class Groups:
    """G groups of n words, the largest first.

    of_word: (n,) int64, the group of each word.
    names: for each group the indices of its typical words, the most typical first.
    colours: (G,) int64, from 0 to `COLOURS` - 1.
    is_subject: (G,) bool, False for groups of stop words, and of the adverbs and verbs near them.
    """

    of_word: np.ndarray
    names: list[list[int]]
    colours: np.ndarray
    is_subject: np.ndarray

    def label_order(self, content: np.ndarray) -> np.ndarray:
        """(n,) int64, the words by decreasing priority of their labels.

        First those that name groups with a subject, in turn one of each group; then other words of
        these groups, words of other groups, and words that are not ``content``, (n,) bool.
        """
        subjects = [
            name for name, is_one in zip(self.names, self.is_subject, strict=True) if is_one
        ]
        turns = [each for turn in zip_longest(*subjects) for each in turn if each is not None]
        leading = [word for word in turns if content[word]]
        ranks = np.where(content, np.where(self.is_subject[self.of_word], 1, 2), 3)
        ranks[leading] = 0
        order = np.argsort(ranks, kind="stable")
        order[: len(leading)] = leading
        return order


def group_words(unit: np.ndarray, points: np.ndarray, content: np.ndarray, seed: int) -> Groups:
    """Group words by the directions of their vectors (spherical k-means, `fastw2v.classes`).

    unit: (n, D) float32, by decreasing frequency. points: (n, 2), on the map. content: (n,) bool,
    the words that name groups
    that have some.
    """
    wanted = int(np.clip(round((len(unit) / _WORDS_PER_GROUP) ** 0.5), 1, _MOST))
    classes, centroids, _ = assign_classes(unit, wanted, seed=seed)
    sizes = np.bincount(classes, minlength=wanted)
    order = np.argsort(-sizes, kind="stable")[: int((sizes > 0).sum())]
    place = np.empty(wanted, np.int64)
    place[order] = np.arange(len(order))
    of_word = place[classes]
    members = [np.flatnonzero(of_word == group) for group in range(len(order))]
    names = [
        _typical(unit, centroids[label], group[content[group]] if content[group].any() else group)
        for label, group in zip(order, members, strict=True)
    ]
    centres = np.array([np.median(points[group], axis=0) for group in members])
    is_subject = np.array([not _is_of_stop_words(content, group) for group in members])
    return Groups(of_word, names, _coloured(centres), is_subject)


def _typical(unit: np.ndarray, centroid: np.ndarray, group: np.ndarray) -> list[int]:
    """Of the most frequent words of a group, those nearest to its mean direction."""
    frequent = group[: max(NAMED_BY, min(_MOST_FREQUENT, len(group) // _FREQUENT))]
    cosines = unit[frequent] @ centroid
    return frequent[np.argsort(-cosines, kind="stable")[:NAMED_BY]].tolist()


def _is_of_stop_words(content: np.ndarray, group: np.ndarray) -> bool:
    """Whether the frequent words of a group are stop words, and more of all its words than
    elsewhere on the map."""
    frequent = group[: max(NAMED_BY, len(group) // _FREQUENT)]
    rate = (~content[group]).mean()
    return bool((~content[frequent]).mean() > 0.5 and rate > _STOP_RATE * (~content).mean())


def _coloured(centres: np.ndarray) -> np.ndarray:
    """A colour for each group, in turn that whose nearest group so far is the farthest away."""
    colours = np.empty(len(centres), np.int64)
    for group, centre in enumerate(centres):
        gaps = np.linalg.norm(centres[:group] - centre, axis=1)
        free = [gaps[colours[:group] == colour].min(initial=np.inf) for colour in range(COLOURS)]
        colours[group] = int(np.argmax(free))
    return colours
