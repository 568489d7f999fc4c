"""Compiled hash table from the bytes of a word to its word_id and count.

`fastw2v.corpus.lexicon` owns the arrays, in a `Table`. Slots are an open-addressing table with
linear probing, half a cache line each, four uint64:

    [bytes 0-7, bytes 8-15, length + 1 << 32 | word_id, count]

Slots are in the order of the words' hashes, but for collisions, whatever the size of the table:
`fastw2v.corpus.table_parts` merges tables range by range.

The bytes are padded with zeros. A free slot has length 0. Nearly all words have 16 bytes or less
and are stored in the slot itself: one cache line per token. For a longer word the first number is
a hash and the second the offset of its record, whose bytes are compared: the result never depends
on the quality of the hash.

There is one record per distinct word, in the order of first occurrence, padded to whole uint64:

    [length, bytes 0-7, bytes 8-15, ...]

Words are given by the address of their first byte; 16 readable bytes must follow the last one of a
text or of records. All arithmetic is in uint64, see `splitting`.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.text_bytes import eight_bytes

_U = np.uint64
_0, _1, _2, _3, _4, _7, _8, _16 = map(_U, (0, 1, 2, 3, 4, 7, 8, 16))
_29, _32 = _U(29), _U(32)
_LOW_32 = _U(0xFFFFFFFF)
_MULTIPLIER = _U(0x9E3779B97F4A7C15)
_LENGTH_MULTIPLIER = _U(0xC2B2AE3D27D4EB4F)

SLOT = 4  # uint64 of a slot
SLACK = 2  # readable uint64 after the last record
HEADER = 1  # uint64 before the bytes of a record
_SLOT_BITS = _2
LOW, HIGH, LENGTH_AND_ID, COUNT = _0, _1, _2, _3  # entries of a slot
_HEADER = _U(HEADER)
_LONG = _U(0xFFFFFFFFFFFFFFFF)  # larger than any offset of a record

# Entries of the `state` array, int64: distinct words, uint64 of records in use, position of the
# scan or merge, and the numbers of words and of uint64 of records that did not fit.
WORDS, USED, POSITION, NEW_WORDS, NEW_RECORDS = range(5)
STATE_SIZE = 5


class Table(NamedTuple):
    """The arrays of a lexicon."""

    slots: np.ndarray  # uint64, `SLOT` each; a power of two, at least half of them free
    records: np.ndarray  # uint64
    firsts: np.ndarray  # int64, by word_id: position of the first occurrence
    state: np.ndarray  # int64, `STATE_SIZE` of them


class Words(NamedTuple):
    """Distinct words by word_id."""

    records: np.ndarray  # uint64, with `SLACK` after the last
    offsets: np.ndarray  # int64, offset in `records` of each
    counts: np.ndarray  # int64
    firsts: np.ndarray  # int64, position of the first occurrence


@compiled(inline=True)
def _lowest_bytes(eight, count):
    """The lowest ``count`` (0 to 8) bytes of eight, padded with zeros."""
    half = count << _2
    return eight & (((_1 << half) << half) - _1)  # two shifts: one by 64 is undefined


@compiled(inline=True)
def _hash_long(start, length):
    """Hash of a word's bytes, eight at a time."""
    value = length
    done = _0
    while done < length:
        eight = _lowest_bytes(eight_bytes(start + done), min(length - done, _8))
        value = (value ^ eight) * _MULTIPLIER
        value ^= value >> _29
        done += _8
    return value


@compiled(inline=True)
def key_of(start, length):
    """``(low, high)``, the first two numbers in the slot of a word; high is `_LONG` if long."""
    if length > _16:
        return _hash_long(start, length), _LONG
    low = _lowest_bytes(eight_bytes(start), min(length, _8))
    high = _lowest_bytes(eight_bytes(start + _8), max(length, _8) - _8)
    return low, high


@compiled(inline=True)
def hash_of(low, high, length):
    """Hash of a word from its key; the highest bits are the best."""
    value = (low ^ (length * _LENGTH_MULTIPLIER)) * _MULTIPLIER
    return (value ^ (value >> _32) ^ high) * _MULTIPLIER


@compiled(inline=True)
def home_slot(low, high, length, slots):
    """Index in ``slots`` at which probing for a word starts."""
    return first_slot(hash_of(low, high, length), slots)


@compiled(inline=True)
def first_slot(value, slots):
    """Index of the first of the four entries of the slot for a hash: the highest bits count."""
    return (((value >> _32) * _U(slots.size >> 2)) >> _32) << _SLOT_BITS


@compiled(inline=True)
def slot_hash(place, slots):
    """The hash of the word in a slot."""
    length = (slots[place + LENGTH_AND_ID] >> _32) - _1
    high = _LONG if length > _16 else slots[place + HIGH]
    return hash_of(slots[place + LOW], high, length)


@compiled(inline=True)
def _same(start, length, records, offset):
    """Whether the record at ``offset`` holds the ``length`` bytes from the address ``start`` on."""
    offset += _HEADER
    done = _0
    while done < length:
        eight = _lowest_bytes(eight_bytes(start + done), min(length - done, _8))
        if records[offset] != eight:
            return False
        offset += _1
        done += _8
    return True


@compiled(inline=True)
def find(start, length, low, high, place, table):
    """Index of the slot of a word, or of the free slot for it."""
    slots, records = table.slots, table.records
    while True:
        length_and_id = slots[place + LENGTH_AND_ID]
        if slots[place + LOW] == low and length_and_id >> _32 == length + _1:
            own = slots[place + HIGH]
            if own == high or (high == _LONG and _same(start, length, records, own)):
                return place
        if length_and_id == _0:
            return place
        place = (place + _U(SLOT)) & _U(slots.size - 1)


@compiled(inline=True)
def append(start, length, first, low, high, place, table):
    """Append a record, and enter the word in the slot at ``place`` with count 0."""
    slots, records, firsts, state = table
    offset = _U(state[USED])
    slots[place + LOW] = low
    slots[place + HIGH] = offset if high == _LONG else high
    slots[place + LENGTH_AND_ID] = ((length + _1) << _32) | _U(state[WORDS])
    firsts[state[WORDS]] = np.int64(first)
    records[offset] = length
    end = offset + _HEADER
    done = _0
    while done < length:
        records[end] = _lowest_bytes(eight_bytes(start + done), min(length - done, _8))
        end += _1
        done += _8
    state[USED] = np.int64(end)
    state[WORDS] += 1


@compiled(inline=True)
def has_capacity(words, length, table):
    """Whether ``words`` words of ``length`` bytes in total fit; if not, the table must grow.

    Half of the slots stay free.
    """
    slots, records, _, state = table
    needed = words * (_HEADER + _1) + (length >> _3) + _U(SLACK)
    state[NEW_WORDS], state[NEW_RECORDS] = np.int64(words), np.int64(needed)
    fits = state[USED] + np.int64(needed) <= records.size
    return fits and 2 * SLOT * (state[WORDS] + np.int64(words)) <= slots.size


@compiled(inline=True)
def is_free(place, slots):
    return slots[place + LENGTH_AND_ID] == _0


@compiled(inline=True)
def count_and_id(place, count, slots):
    """Add to the count of the word in a slot. Return its word_id."""
    slots[place + COUNT] += count
    return np.int32(slots[place + LENGTH_AND_ID] & _LOW_32)


@compiled
def rehash(old, slots):
    """Enter all words of ``old`` into ``slots``, which must be free."""
    for begin in range(_0, _U(old.size), _U(SLOT)):
        if old[begin + LENGTH_AND_ID] != _0:
            place = first_slot(slot_hash(begin, old), slots)
            while slots[place + LENGTH_AND_ID] != _0:
                place = (place + _U(SLOT)) & _U(slots.size - 1)
            for number in range(_U(SLOT)):
                slots[place + number] = old[begin + number]


@compiled
def merge(source, add, table, merged_ids):
    """Look up every word of another lexicon in ``table`` and add its count. First positions of
    words already in ``table`` do not change.

    source: `Words`; starts at word number ``state[POSITION]``.
    add: whether new words are added; if not, their merged id is -1.
    merged_ids: int32, by word_id in ``source``; filled with word_ids in ``table``.

    If ``state[POSITION]`` is less than the number of words, the table must grow before the next
    call.
    """
    slots, state = table.slots, table.state
    first_record = _U(source.records.ctypes.data)
    for word_id in range(state[POSITION], source.counts.size):
        offset = _U(source.offsets[word_id])
        length = source.records[offset]
        start = first_record + ((offset + _HEADER) << _3)
        low, high = key_of(start, length)
        place = find(start, length, low, high, home_slot(low, high, length, slots), table)
        merged_ids[word_id] = -1
        is_new = is_free(place, slots)
        if is_new and add:
            if not has_capacity(_1, length, table):
                state[POSITION] = word_id
                return
            append(start, length, source.firsts[word_id], low, high, place, table)
        if add or not is_new:
            merged_ids[word_id] = count_and_id(place, _U(source.counts[word_id]), slots)
    state[POSITION] = source.counts.size


@compiled
def summary(table, counts, offsets):
    """Write count and record offset (int64 each) by word_id."""
    slots, records = table.slots, table.records
    for place in range(0, slots.size, SLOT):
        length_and_id = slots[_U(place) + LENGTH_AND_ID]
        if length_and_id != _0:
            counts[np.int64(length_and_id & _LOW_32)] = np.int64(slots[_U(place) + COUNT])
    offset = _0
    for word_id in range(table.state[WORDS]):
        offsets[word_id] = np.int64(offset)
        offset += _HEADER + ((records[offset] + _7) >> _3)
