"""Compiled splitting and counting: a hash table from the bytes of a word to its record.

The rules of splitting are told in `fastw2v.corpus.blocks`. `fastw2v.corpus.lexicon` owns the
arrays, in a `Table`. Its slots are an open-addressing table with linear probing; a slot is 0 when
free, else ``offset of the record + 1`` in the high 40 bits and 24 bits of the hash, the tag, in
the low ones. There is one record per distinct word, in the order of arrival:

    [count, first position, length << 32 | word_id, bytes 0-7, bytes 8-15, ...]

The bytes are padded with zeros to whole uint64. A token thus touches one slot and mostly one
cache line of records. A tag that matches is always followed by a comparison of all bytes: the
result never hangs on the quality of the hash.

Text is read eight bytes at a time, from an array of uint64 as well, so that one function hashes
and compares words of a text and words of another lexicon. All arithmetic is in uint64, with named
constants: Numba turns a mixture of uint64 and int64 into float64.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.compiling import compiled

_U = np.uint64
_0, _1, _3, _7, _8, _56 = _U(0), _U(1), _U(3), _U(7), _U(8), _U(56)
_32, _63 = _U(32), _U(63)
_LOW_32 = _U(0xFFFFFFFF)

# Eight equal bytes in one uint64.
_ONES = _U(0x0101010101010101)
_HIGH_BITS = _U(0x8080808080808080)
_SPACES = _U(0x2020202020202020)
_TABS = _U(0x0909090909090909)
_NEWLINES = _U(0x0A0A0A0A0A0A0A0A)
_NEWLINE = _U(10)
_BYTE = _U(0xFF)

_MULTIPLIER = _U(0x9E3779B97F4A7C15)
_LENGTH_MULTIPLIER = _U(0xC2B2AE3D27D4EB4F)
_29 = _U(29)

_TAG_BITS = _U(24)
_TAG = _U(0xFFFFFF)
HEADER = 3  # uint64 in front of the bytes of a record
_HEADER = _U(HEADER)
_COUNT, _FIRST, _LENGTH_AND_ID = _U(0), _U(1), _U(2)

# Entries of the `state` array, int64: distinct words, uint64 of records in use, where the scan or
# merge stands, and how many uint64 the record needed for which there was no room.
WORDS, USED, POSITION, NEEDED = 0, 1, 2, 3
STATE_SIZE = 4


class Table(NamedTuple):
    """The arrays of a lexicon."""

    slots: np.ndarray  # uint64, a power of two of them, at least half of them free
    records: np.ndarray  # uint64
    state: np.ndarray  # int64, `STATE_SIZE` of them


@compiled(hot=True)
def _eight_bytes(text, position):
    """The bytes ``position`` to ``position + 7`` of ``text`` (uint64 array), the first lowest.

    Two aligned loads: slices with views cost more. Reads one uint64 past the last byte's.
    """
    index = position >> _3
    shift = (position & _7) << _3
    # Two shifts: one by 64 is undefined, and needed where the position is aligned.
    return (text[index] >> shift) | ((text[index + _1] << _1) << (_63 - shift))


@compiled(hot=True)
def _zero_bytes(eight):
    """Bit 7 of every byte that is zero; the lowest one is exact, those above it may be false."""
    return (eight - _ONES) & ~eight & _HIGH_BITS


@compiled(hot=True)
def _separator_bits(eight):
    """Bit 7 of every byte that is a space, tab or newline; only the lowest one is exact."""
    return (
        _zero_bytes(eight ^ _SPACES) | _zero_bytes(eight ^ _TABS) | _zero_bytes(eight ^ _NEWLINES)
    )


@compiled(hot=True)
def _bytes_below(bits):
    """How many bytes lie below the lowest of ``bits`` (bits 7 of bytes, not all zero)."""
    below = ((bits & (~bits + _1)) >> _7) - _1
    return ((below & _ONES) * _ONES) >> _56


@compiled(hot=True)
def _word_length(text, start):
    """Length of the word at byte ``start``; a separator must follow somewhere."""
    position = start
    bits = _separator_bits(_eight_bytes(text, position))
    while bits == _0:
        position += _8
        bits = _separator_bits(_eight_bytes(text, position))
    return position + _bytes_below(bits) - start


@compiled(hot=True)
def _chunk(text, start, done, length):
    """Eight bytes of the word at ``start`` from its byte ``done`` on, zeros behind its end."""
    eight = _eight_bytes(text, start + done)
    left = length - done
    if left < _8:
        eight &= (_1 << (left << _3)) - _1
    return eight


@compiled(hot=True)
def _hash(text, start, length):
    """Hash of the ``length`` bytes at byte ``start`` of ``text``."""
    value = length * _LENGTH_MULTIPLIER
    done = _0
    while done < length:
        value = (value ^ _chunk(text, start, done, length)) * _MULTIPLIER
        value ^= value >> _29
        done += _8
    value *= _MULTIPLIER
    return value ^ (value >> _32)


@compiled(hot=True)
def _same(text, start, length, records, offset):
    """Whether the record at ``offset`` is of the ``length`` bytes at byte ``start`` of ``text``."""
    if records[offset + _LENGTH_AND_ID] >> _32 != length:
        return False
    offset += _HEADER
    done = _0
    while done < length:
        if records[offset] != _chunk(text, start, done, length):
            return False
        offset += _1
        done += _8
    return True


@compiled(hot=True)
def _find(text, start, length, table):
    """``(index of the slot, tag)`` of a word: its own slot, or the free one it belongs in."""
    slots, records = table.slots, table.records
    value = _hash(text, start, length)
    last = _U(slots.size - 1)
    # The index from the high bits, the tag from the low ones: they must not say the same twice.
    index = (value >> _TAG_BITS) & last
    tag = value & _TAG
    slot = slots[index]
    while slot != _0:
        if slot & _TAG == tag and _same(text, start, length, records, (slot >> _TAG_BITS) - _1):
            break
        index = (index + _1) & last
        slot = slots[index]
    return index, tag


@compiled(hot=True)
def _append(text, start, length, first, index, tag, table):
    """Append a record with count 0 and put it in the slot at ``index``. Return its offset."""
    slots, records, state = table
    offset = _U(state[USED])
    word_id = _U(state[WORDS])
    records[offset + _COUNT] = _0
    records[offset + _FIRST] = first
    records[offset + _LENGTH_AND_ID] = (length << _32) | word_id
    end = offset + _HEADER
    done = _0
    while done < length:
        records[end] = _chunk(text, start, done, length)
        end += _1
        done += _8
    slots[index] = ((offset + _1) << _TAG_BITS) | tag
    state[USED] = np.int64(end)
    state[WORDS] += 1
    return offset


@compiled(hot=True)
def _has_room(length, table):
    """Whether a word of ``length`` bytes could be appended; if not, the table must grow.

    Half of the slots stay free, and one uint64 behind the records (see `_eight_bytes`).
    """
    slots, records, state = table
    needed = np.int64(_HEADER + ((length + _7) >> _3)) + 1
    state[NEEDED] = needed
    return 2 * (state[WORDS] + 1) <= slots.size and state[USED] + needed <= records.size


@compiled(hot=True)
def _cut(text, start, length, most, at_nul):
    """The length that the C program sees: at most ``most``, and up to the first NUL."""
    length = min(length, most)
    if at_nul:
        for done in range(length):
            if _eight_bytes(text, start + _U(done)) & _BYTE == _0:
                return _U(done)
    return length


@compiled
def scan(block, table, ids):
    """Split a block of text into tokens, count them, and write their provisional ids.

    block: a `fastw2v.corpus.blocks.Block`; behind its text stand spaces, so that there are
        ``size // 8 + 2`` uint64 or more. The scan starts at byte ``table.state[POSITION]``.
    table: a `Table` in which word_id 0 is the sentence end.
    ids: int32, as many as there are bytes to scan, or more.

    Return the number of ids written. ``state[POSITION]`` is ``block.size`` or more when all is
    done; when not, the table must grow by ``state[NEEDED]`` uint64 before the next call.
    """
    text, at_nul = block.text, block.cut_at_nul
    size, base, most = _U(block.size), _U(block.base), _U(block.longest_word)
    slots, records, state = table
    position = _U(state[POSITION])
    written = 0
    sentence_ends = _0
    while position < size:
        length = _word_length(text, position)
        end = position + length
        if length > _0:
            if length > most or at_nul:
                length = _cut(text, position, length, most, at_nul)
            index, tag = _find(text, position, length, table)
            slot = slots[index]
            if slot != _0:
                offset = (slot >> _TAG_BITS) - _1
            elif _has_room(length, table):
                offset = _append(text, position, length, base + position, index, tag, table)
            else:
                break
            records[offset + _COUNT] += _1
            ids[written] = np.int32(records[offset + _LENGTH_AND_ID] & _LOW_32)
            written += 1
        if _eight_bytes(text, end) & _BYTE == _NEWLINE:
            ids[written] = 0
            written += 1
            sentence_ends += _1
        position = end + _1
    records[_COUNT] += sentence_ends  # the record of word_id 0 is the first
    state[POSITION] = np.int64(position)
    return written


@compiled
def rehash(table):
    """Fill the slots, all free, with the records."""
    slots, records, state = table
    offset, used = _0, _U(state[USED])
    last = _U(slots.size - 1)
    while offset < used:
        length = records[offset + _LENGTH_AND_ID] >> _32
        value = _hash(records, (offset + _HEADER) << _3, length)
        index = (value >> _TAG_BITS) & last
        while slots[index] != _0:
            index = (index + _1) & last
        slots[index] = ((offset + _1) << _TAG_BITS) | (value & _TAG)
        offset += _HEADER + ((length + _7) >> _3)


@compiled
def merge(source, used, add, table, merged_ids):
    """Look up every word of another lexicon in ``table``, with the counts summed.

    source: the other's records, ``used`` uint64 and one more. ``state[POSITION]`` is where to
        start in it.
    add: whether words that are new are added; when not, their merged id is -1.
    merged_ids: int32, by the word_id in ``source``; the word_id in ``table`` is put there.

    ``state[POSITION]`` is ``used`` when all is done; when not, the table must grow, as in `scan`.
    """
    slots, records, state = table
    position = _U(state[POSITION])
    while position < _U(used):
        length_and_id = source[position + _LENGTH_AND_ID]
        length = length_and_id >> _32
        start = (position + _HEADER) << _3
        index, tag = _find(source, start, length, table)
        slot = slots[index]
        merged_id = np.int32(-1)
        if slot != _0 or add:
            first = source[position + _FIRST]
            if slot != _0:
                offset = (slot >> _TAG_BITS) - _1
            elif _has_room(length, table):
                offset = _append(source, start, length, first, index, tag, table)
            else:
                break
            records[offset + _COUNT] += source[position + _COUNT]
            records[offset + _FIRST] = min(records[offset + _FIRST], first)
            merged_id = np.int32(records[offset + _LENGTH_AND_ID] & _LOW_32)
        merged_ids[length_and_id & _LOW_32] = merged_id
        position += _HEADER + ((length + _7) >> _3)
    state[POSITION] = np.int64(position)


@compiled
def summary(table, counts, firsts, offsets):
    """Write count, first position and offset of the record (int64 each) by word_id."""
    records, used = table.records, _U(table.state[USED])
    offset = _0
    word_id = 0
    while offset < used:
        counts[word_id] = np.int64(records[offset + _COUNT])
        firsts[word_id] = np.int64(records[offset + _FIRST])
        offsets[word_id] = np.int64(offset)
        offset += _HEADER + (((records[offset + _LENGTH_AND_ID] >> _32) + _7) >> _3)
        word_id += 1
