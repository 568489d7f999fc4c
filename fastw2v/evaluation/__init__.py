"""Evaluation of word vectors: analogies, correlation with human scores of similarity, and bias.

    from fastw2v import evaluation

    questions = evaluation.read_questions("questions-words.txt")
    evaluation.analogies(vectors, questions).total.accuracy
    evaluation.similarity(vectors, "wordsim353.tsv").spearman
    evaluation.associations(vectors, "weat.txt")[0].effect_size

Programs differ in how they count; `fastw2v.evaluation.rules` documents the two supported ways.
"""

from fastw2v.evaluation.answers import AnalogyResult, Section, analogies
from fastw2v.evaluation.association import (
    AssociationResult,
    AssociationTest,
    WordSet,
    associations,
    read_associations,
)
from fastw2v.evaluation.correlation import SimilarityResult, average_ranks, similarity
from fastw2v.evaluation.pairs import Pairs, read_pairs
from fastw2v.evaluation.questions import Questions, read_questions
from fastw2v.submodules import lazy

__all__ = [
    "AnalogyResult",
    "AssociationResult",
    "AssociationTest",
    "Pairs",
    "Questions",
    "Section",
    "SimilarityResult",
    "WordSet",
    "analogies",
    "associations",
    "average_ranks",
    "read_associations",
    "read_pairs",
    "read_questions",
    "similarity",
]

__getattr__, __dir__ = lazy(__name__)
