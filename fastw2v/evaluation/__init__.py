"""Evaluation of word vectors: analogies, and correlation with human scores of similarity.

    from fastw2v import evaluation

    questions = evaluation.read_questions("questions-words.txt")
    evaluation.analogies(vectors, questions).total.accuracy
    evaluation.similarity(vectors, "wordsim353.tsv").spearman

Programs differ in how they count; `fastw2v.evaluation.rules` documents the two supported ways.
"""

from fastw2v.evaluation.answers import AnalogyResult, Section, analogies
from fastw2v.evaluation.correlation import SimilarityResult, average_ranks, similarity
from fastw2v.evaluation.questions import Pairs, Questions, read_pairs, read_questions

__all__ = [
    "AnalogyResult",
    "Pairs",
    "Questions",
    "Section",
    "SimilarityResult",
    "analogies",
    "average_ranks",
    "read_pairs",
    "read_questions",
    "similarity",
]
