"""Sums of all lanes of many rows at once: a tree of shuffles, a few instructions for each row."""

from numba.core import cgutils
from numba.extending import intrinsic

from fastw2v.jit.simd.llvm import LIBERTIES, constant, octets, shuffled
from fastw2v.jit.simd.width import OCTET, WIDTH


def _added(builder, left, right, low, high):
    """The numbers that ``low`` picks out of both vectors, plus those that ``high`` picks."""
    chosen = [shuffled(builder, left, right, order) for order in (low, high)]
    return builder.fadd(*chosen, flags=LIBERTIES)


def _added_by_quads(builder, left, right, low, high):
    """`_added`, where the numbers are picked in the same way from each quad (four lanes)."""
    quads = range(0, WIDTH, 4)
    low, high = ([quad + lane for quad in quads for lane in order] for order in (low, high))
    return _added(builder, left, right, low, high)


def _sum_quads(builder, values):
    """Four vectors into one: in each quad of it, the sums of the four's quads.

    Shuffles within a quad are the cheapest, so they come first, while there are many vectors.
    """
    other = WIDTH  # the lanes of the right one are counted on from the left one's
    order = (0, other, 1, other + 1), (2, other + 2, 3, other + 3)
    first = _added_by_quads(builder, *values[:2], *order)
    second = _added_by_quads(builder, *values[2:], *order)
    order = (0, 1, other, other + 1), (2, 3, other + 2, other + 3)
    return _added_by_quads(builder, first, second, *order)


def _join_quads(builder, left, right):
    """Two vectors into one: its first half the sums of left's quads, two by two, its second half
    those of right's."""
    low = [lane for lane in range(2 * WIDTH) if lane % 8 < 4]
    high = [lane + 4 for lane in low]
    return _added(builder, left, right, low, high)


def _sum_octet(builder, values):
    """Eight vectors into one, a quad of it holding a share of the sums of four of them."""
    return _join_quads(builder, *(_sum_quads(builder, four) for four in (values[:4], values[4:])))


@intrinsic
def sums(typing, first, second):
    """A pair of octets: the sums of all lanes of ``first``'s rows, then those of ``second``'s;
    places without a row are 0."""

    def generate(context, builder, signature, arguments):
        halves = []
        for kind, rows in ((first, arguments[0]), (second, arguments[1])):
            padding = [constant(0.0)] * (OCTET - kind.count)
            values = cgutils.unpack_tuple(builder, rows, kind.count) + padding
            halves.append(_sum_octet(builder, values))
        if WIDTH == OCTET:
            return shuffled(builder, *halves, list(range(2 * OCTET)))
        return _join_quads(builder, *halves)

    return octets(first, second), generate
