"""Horizontal sums: the sum of all lanes of each of many vectors.

One vector at a time would take three or four dependent shuffles and additions, most of whose lanes
are thrown away. Here vectors are added two by two in a tree: each step shuffles two vectors into
two, adds these, and so halves the number of vectors with every lane in use.
"""

from numba import types
from numba.extending import intrinsic

from fastw2v.jit.simd.llvm import INT, constant, shuffle, slots_pair, tile_rows
from fastw2v.jit.simd.width import SLOTS


def _shuffle_add(builder, left, right, low, high):
    """The lanes ``low`` of the two vectors plus the lanes ``high``, numbered as in `shuffle`."""
    operands = [shuffle(builder, left, right, order) for order in (low, high)]
    return builder.fadd(*operands)


def _shuffle_add_in_quads(builder, left, right, low, high):
    """`_shuffle_add` with the same order in each quad (four lanes, 128 bits)."""
    quads = range(0, left.type.count, 4)
    low, high = ([quad + lane for quad in quads for lane in order] for order in (low, high))
    return _shuffle_add(builder, left, right, low, high)


def _sum_quads(builder, a, b, c, d):
    """Four vectors into one: lane j of its quad q is the sum of quad q of the j-th vector.

    Shuffles within a quad are the cheapest (1 cycle on x86; across quads 3), so they come first,
    while there are many vectors.
    """
    other = a.type.count  # lanes of the right vector are numbered from here
    # a0+a2 b0+b2 a1+a3 b1+b3
    order = (0, other, 1, other + 1), (2, other + 2, 3, other + 3)
    a_and_b = _shuffle_add_in_quads(builder, a, b, *order)
    c_and_d = _shuffle_add_in_quads(builder, c, d, *order)
    # a0+a2+a1+a3 b... c... d...
    order = (0, 1, other, other + 1), (2, 3, other + 2, other + 3)
    return _shuffle_add_in_quads(builder, a_and_b, c_and_d, *order)


def _add_neighbouring_quads(builder, left, right):
    """Two vectors into one: quads 0 + 1, 2 + 3, ... of left, then those of right."""
    low = [lane for lane in range(2 * left.type.count) if lane % 8 < 4]
    high = [lane + 4 for lane in low]
    return _shuffle_add(builder, left, right, low, high)


def _sum_eight(builder, vectors):
    """Eight vectors into one. With 8 lanes: their sums. With 16 lanes: each quad holds half of
    the sums of four of them, and one more step completes them."""
    halves = (_sum_quads(builder, *four) for four in (vectors[:4], vectors[4:]))
    return _add_neighbouring_quads(builder, *halves)


@intrinsic
def horizontal_sums(typing, first, second):
    """The sums of all lanes of each row of tile ``first``, then of tile ``second``.

    Returns a pair of `SLOTS` float32 each; slots without a row are 0.
    """
    columns = first.columns

    def generate(context, builder, signature, arguments):
        sums = []
        for tile in arguments:
            rows = tile_rows(builder, tile)
            sums.append(_sum_eight(builder, rows + [constant(0.0, columns)] * (SLOTS - len(rows))))
        if columns == SLOTS:
            return shuffle(builder, *sums, range(2 * SLOTS))
        return _add_neighbouring_quads(builder, *sums)

    return slots_pair(first, second), generate


@intrinsic
def sum_of_pair(typing, pair):
    """The sum of all numbers of a pair of slots, float32."""

    def generate(context, builder, signature, arguments):
        left = arguments[0]
        while (half := left.type.count // 2) > 0:
            parts = [shuffle(builder, left, left, range(at, at + half)) for at in (0, half)]
            left = builder.fadd(*parts)
        return builder.extract_element(left, INT(0))

    return types.float32(pair), generate
