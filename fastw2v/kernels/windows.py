"""From ids to windows: sentences, sub-sampling, the words around a centre word."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.replicas import address_for
from fastw2v.kernels.rows import address_of
from fastw2v.model.rng import below, draw, high32

LEFT, RIGHT = -1, 1
SIDES = {"both": None, "left": LEFT, "right": RIGHT}
"""Where the context words are, by the name that the settings give it."""

_ALWAYS = np.uint32(0xFFFFFFFF)


@compiled(inline=True)
def read_sentence(text, own, most):
    """Read the shard's next sentence into ``own.sentence``; returns its number of words.

    Ends at a sentence end, at the end of the shard, or when ``most`` words are kept, which fill the
    buffer or end the round. Words read are
    counted before sub-sampling (Mikolov et al. 2013, "Distributed representations of words and
    phrases", section 2.3), words kept after it.
    """
    counters = own.counters[0]
    position, end = counters.position, counters.end
    raw = kept = 0
    while position < end and kept < most:
        word = text.ids[position]
        position += 1
        if word == 0:
            break
        raw += 1
        keep = text.keep[word]
        if keep == _ALWAYS or high32(draw(own.random)) <= keep:
            own.sentence[kept] = word
            kept += 1
    counters.position = position
    counters.read += raw
    counters.kept += kept
    return kept


@compiled(inline=True)
def count_sentence(words, trained, counters, side=None):
    """Note for the ledger how many of a sentence's words were trained; one without a context never
    is: the only one, or where the context is on one ``side``, the first or the last."""
    counters.trained += trained
    if side is None:
        counters.alone += words == 1
    else:
        counters.alone += words > 0


@compiled(inline=True)
def gather_context(position, words, shared, own):
    """Fill ``own.context`` with the words around ``position``; returns how many.

    words: length of the sentence. The width is drawn from 1 to ``window`` of the settings, or is
    ``window`` itself where the settings say so.
    """
    width = shared.settings.window
    if not shared.settings.fixed_window:
        width = 1 + below(high32(draw(own.random)), shared.settings.window)
    context = np.int64(0)  # what is given a plain 0 would be compiled for that 0 too
    first, end = _bounds(position, width, words, shared.settings.side)
    for neighbour in range(first, end):
        if neighbour != position:
            word = own.sentence[neighbour]
            own.context[context] = word
            own.context_ptrs[context] = address_for(own.input_rows, shared.inputs, word)
            own.context_update_ptrs[context] = own.context_ptrs[context]
            context += 1
    if shared.text.frozen.shape[0] > 0:
        _spare_frozen(context, shared.text.frozen, own)
    return context


@compiled(inline=True)
def _bounds(position, width, words, side):
    """Where the words around ``position`` begin and end; it may be among them itself."""
    first, end = max(0, position - width), min(words, position + width + 1)
    if side is not None:
        if side == LEFT:
            end = position
        else:
            first = position
    return first, end


@compiled(inline=True)
def newcomer_of(position, window, side):
    """The place of the word that the window around ``position`` is the first of its sentence to
    touch; it may be beyond the sentence on either side."""
    newcomer = position + window
    if side is not None:  # noqa: SIM102, decided when it is compiled
        if side == LEFT:
            newcomer = position - 1
    return newcomer


@compiled(inline=True)
def _spare_frozen(context, frozen, own):
    """Send the updates of frozen words to a row that nobody reads."""
    for i in range(context):
        if frozen[own.context[i]]:
            own.context_update_ptrs[i] = address_of(own.frozen_sink)
