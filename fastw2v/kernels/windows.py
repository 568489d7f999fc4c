"""From ids to windows: sentences, sub-sampling, the words around a centre word."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.private_rows import address_for
from fastw2v.kernels.state import ALONE, END, KEPT, POSITION, RAW, SENTENCE_WORDS, TRAINED
from fastw2v.model.rng import below, draw, high32

_ALWAYS = np.uint32(0xFFFFFFFF)


@compiled(inline=True)
def read_sentence(text, work):
    """Read the shard's next sentence into ``work.sentence``; returns its number of words.

    Ends at a sentence end, at the end of the shard, or when the buffer is full. Words read are
    counted before sub-sampling (Mikolov et al. 2013, "Distributed representations of words and
    phrases", section 2.3), words kept after it.
    """
    counters = work.counters
    position, end = counters[POSITION], counters[END]
    raw = kept = 0
    while position < end and kept < SENTENCE_WORDS:
        word = text.ids[position]
        position += 1
        if word == 0:
            break
        raw += 1
        keep = text.keep[word]
        if keep == _ALWAYS or high32(draw(work.random)) <= keep:
            work.sentence[kept] = word
            kept += 1
    counters[POSITION] = position
    counters[RAW] += raw
    counters[KEPT] += kept
    return kept


@compiled(inline=True)
def count_sentence(words, trained, counters):
    """Note for the ledger how many of a sentence's words were trained; one alone never is."""
    counters[TRAINED] += trained
    counters[ALONE] += words == 1


@compiled(inline=True)
def gather_context(position, words, job, work):
    """Fill ``work.context`` with the words around ``position``; returns how many.

    words: length of the sentence. The width is drawn from 1 to ``window`` of the plan, or is
    ``window`` itself where the plan says so.
    """
    width = job.plan.window
    if not job.plan.fixed_window:
        width = 1 + below(high32(draw(work.random)), job.plan.window)
    context = np.int64(0)  # what is given a plain 0 would be compiled for that 0 too
    for neighbour in range(max(0, position - width), min(words, position + width + 1)):
        if neighbour != position:
            word = work.sentence[neighbour]
            work.context[context] = word
            work.context_ptrs[context] = address_for(work.private_inputs, job.inputs, word)
            work.context_update_ptrs[context] = work.context_ptrs[context]
            context += 1
    if job.text.frozen.shape[0] > 0:
        _spare_frozen(context, job.text.frozen, work)
    return context


@compiled(inline=True)
def _spare_frozen(context, frozen, work):
    """Send the moves of frozen words to the frozen_sink."""
    for i in range(context):
        if frozen[work.context[i]]:
            work.context_update_ptrs[i] = work.frozen_sink.ctypes.data
