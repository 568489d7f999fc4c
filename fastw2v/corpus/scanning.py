"""Compiled scanning: a block of text -> counts in a table, and the provisional ids of its tokens.

Text is processed in batches of `splitting.BATCH_BYTES`, in three steps: find the tokens; compute
the key and the slot of each and prefetch the slot; look up and count. No step waits for memory,
as the slots are prefetched before the third, and in each step the processor works on several
tokens at once, since they do not depend on each other.
"""

import numpy as np

from fastw2v.corpus.splitting import (
    BATCH_BYTES,
    MOST_TOKENS,
    cut_tokens,
    find_separators,
    shorten_as_c,
)
from fastw2v.corpus.table import (
    POSITION,
    append,
    count_and_id,
    find,
    has_capacity,
    home_slot,
    is_free,
    key_of,
)
from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.prefetch import prefetch

_U = np.uint64
_0, _1, _3 = _U(0), _U(1), _U(3)
_BATCH_BYTES = _U(BATCH_BYTES)
_MOST_TOKENS = _U(MOST_TOKENS)


@compiled(inline=True)
def _prepare(number, tokens, slots):
    """Compute the key of each token and the index of its slot, and prefetch the slot."""
    first_slot = _U(slots.ctypes.data)
    for token in range(number):
        length = tokens.lengths[token]
        low, high = key_of(tokens.starts[token], length)
        place = home_slot(low, high, length, slots)
        prefetch(first_slot + (place << _3))
        tokens.lows[token], tokens.highs[token], tokens.places[token] = low, high, place


@compiled(inline=True)
def _count(number, origin, tokens, table, ids):
    """Count each token and write its id. ``origin``: address of byte 0 of the whole text."""
    slots = table.slots
    for token in range(number):
        start, length = tokens.starts[token], tokens.lengths[token]
        low, high = tokens.lows[token], tokens.highs[token]
        place = find(start, length, low, high, tokens.places[token], table)
        if is_free(place, slots):
            append(start, length, start - origin, low, high, place, table)
        ids[token] = count_and_id(place, _1, slots)


@compiled
def scan(block, table, tokens, ids):
    """Split a block of text into tokens, count them, and write their provisional ids.

    block: a `fastw2v.corpus.blocks.Block`. The scan starts at byte ``table.state[POSITION]``.
    table: a `Table` in which word_id 0 is the sentence end.
    tokens: `Tokens`, work arrays.
    ids: int32, at least `MOST_TOKENS`.

    Return the number of ids written. If ``state[POSITION]`` is less than ``block.size``, there must
    be more ids before the next call if fewer than `MOST_TOKENS` are left; else the table must grow.
    """
    text, size, most = _U(block.text.ctypes.data), _U(block.size), _U(block.max_word_bytes)
    origin = text - _U(block.base)
    start = position = _U(table.state[POSITION])
    written = _0
    while position <= size and ids.size - written >= _MOST_TOKENS:  # a separator follows the text
        stop = min(position + _BATCH_BYTES, size + _1)
        found = find_separators(text, position, stop, tokens.ends)
        number, next_start = cut_tokens(text, start, found, tokens)
        if not has_capacity(number, next_start - start, table):
            break
        if block.cuts_words:
            shorten_as_c(number, most, block.cut_at_nul, tokens)
        _prepare(number, tokens, table.slots)
        _count(number, origin, tokens, table, ids[written:])
        written += number
        start, position = next_start, position + _BATCH_BYTES
    table.state[POSITION] = np.int64(start)
    return np.int64(written)
