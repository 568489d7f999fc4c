"""Compiled merging of several hash tables, part by part.

A part is a range of hashes, so of slots in each table (see `fastw2v.corpus.table`): threads that
work on different parts never access the same words. A part fits in the cache of a core.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.corpus.table import (
    COUNT,
    HEADER,
    HIGH,
    LENGTH_AND_ID,
    LOW,
    SLOT,
    Table,
    first_slot,
    slot_hash,
)
from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.text_bytes import eight_bytes

_U = np.uint64
_0, _1, _3, _8, _16, _32 = map(_U, (0, 1, 3, 8, 16, 32))
_LOW_32 = _U(0xFFFFFFFF)
_SLOT, _HEADER = _U(SLOT), _U(HEADER)

_ID_BITS = 31  # of an int32: part, and number of a word in it


class Source(NamedTuple):
    """One of the lexicons that are merged.

    offsets: (V,) int64, of its records by word_id. base: to be added to them in the merged words.
    ids: (V,) int32, by word_id: filled with part and number of the merged word, see `unpack_ids`.
    """

    table: Table
    offsets: np.ndarray
    base: int
    ids: np.ndarray


class PartWords(NamedTuple):
    """The merged words of a part, by number."""

    slots: np.ndarray  # uint64, `SLOT` each, a power of two: bytes or address, length + 1, number
    offsets: np.ndarray  # int64
    counts: np.ndarray  # int64
    firsts: np.ndarray  # int64
    state: np.ndarray  # (1,) int64, number of words


@compiled
def count_parts(slots, bits, counts):
    """Add to ``counts`` (int64, ``2**bits`` of them) how many words of a table are in each part."""
    for place in range(_0, _U(slots.size), _SLOT):
        if slots[place + LENGTH_AND_ID] & _LOW_32 != _0:  # neither free nor the sentence end
            counts[slot_hash(place, slots) >> _U(64 - bits)] += 1


@compiled(inline=True)
def _goes_on(place, end, slots):
    """Whether words of a part that ends at ``end`` may be at ``place`` or after it: collisions move
    words to later slots, up to the next free one."""
    return place < end or slots[place & _U(slots.size - 1) | LENGTH_AND_ID] != _0


@compiled(inline=True)
def _same_word(place, slots, high, own, words):
    """Whether the word in a slot is the one in the slot ``own`` of the merged words.

    high: bytes 8-15 of the first, or the address of its record.
    """
    if words[own + LOW] != slots[place + LOW]:
        return False
    length = slots[place + LENGTH_AND_ID] >> _32
    if words[own + LENGTH_AND_ID] >> _32 != length:
        return False
    other = words[own + HIGH]
    if length <= _16 + _1:
        return high == other
    done = _0
    while done + _1 < length:  # both are padded with zeros
        if eight_bytes(high + done) != eight_bytes(other + done):
            return False
        done += _8
    return True


@compiled
def merge_part(number, bits, source, words):
    """Merge the words of part ``number`` of a lexicon into ``words``, which has room for them.

    bits: there are ``2**bits`` parts, at least two.
    """
    slots, records = source.table.slots, _U(source.table.records.ctypes.data)
    part, last = _U(number), _U(slots.size - 1)
    packed = number << (_ID_BITS - bits)
    position = (part * _U(slots.size)) >> _U(bits)
    end = ((part + _1) * _U(slots.size)) >> _U(bits)
    while _goes_on(position, end, slots):
        place = position & last
        position += _SLOT
        length_and_id, high = slots[place + LENGTH_AND_ID], slots[place + HIGH]
        if length_and_id & _LOW_32 == _0:  # free, or the sentence end
            continue
        value = slot_hash(place, slots)
        if value >> _U(64 - bits) != part:
            continue
        if length_and_id >> _32 > _16 + _1:
            high = records + ((high + _HEADER) << _3)
        own = first_slot(value << _U(bits), words.slots)
        while words.slots[own + LENGTH_AND_ID] != _0 and not _same_word(
            place, slots, high, own, words.slots
        ):
            own = (own + _SLOT) & _U(words.slots.size - 1)
        word_id = np.int64(length_and_id & _LOW_32)
        first = source.table.firsts[word_id]
        if words.slots[own + LENGTH_AND_ID] == _0:
            new = words.state[0]
            words.slots[own + LOW], words.slots[own + HIGH] = slots[place + LOW], high
            words.slots[own + LENGTH_AND_ID] = (length_and_id >> _32 << _32) | _U(new)
            words.counts[new], words.firsts[new] = 0, first
            words.offsets[new] = source.offsets[word_id] + source.base
            words.state[0] += 1
        merged = np.int64(words.slots[own + LENGTH_AND_ID] & _LOW_32)
        words.counts[merged] += np.int64(slots[place + COUNT])
        words.firsts[merged] = min(words.firsts[merged], first)
        source.ids[word_id] = np.int32(packed | merged)


@compiled
def unpack_ids(bits, starts, ids):
    """Turn part and number into word_ids of the merged words, but for the first, the sentence end.

    starts: int64, word_id of the first word of each of the ``2**bits`` parts.
    """
    number_bits = _ID_BITS - bits
    for position in range(1, ids.size):
        packed = ids[position]
        number = packed & ((1 << number_bits) - 1)
        ids[position] = np.int32(starts[packed >> number_bits] + number)
