"""Mutations of valid files: bytes flipped, cut, repeated, spliced, numbers made extreme."""

import random
import re

MOST_BYTES = 1 << 18  # of a mutated file, so that a case stays quick
_NUMBER = re.compile(rb"-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?")
_NUMBERS = (
    *(b"%d" % number for number in (-1, 0, 1, 2, 3, 7, 2**31 - 1, 2**31, 2**32, 2**53, 2**62)),
    *(b"%d" % number for number in (2**63 - 1, 2**63, 2**64, 2**70, 10**18, 10**19, 10**400)),
    *(b"1e39", b"-1e39", b"1e-46", b"nan", b"-nan", b"inf", b"-inf", b"1_0", b"0x10", b"1.2.3"),
    *(b"-0", b"+5", b".5", b"5.", b"-", b".", b"1e", b"\xd9\xa3", b"0" * 5000, b"9" * 5000),
)
_TOKENS = (
    *(b" ", b"\t", b"\n", b"\r", b"\r\n", b"\n\n", b"  ", b"\0", b"\x0b", b"\x0c", b"\x1c"),
    *(
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xc2\xa0",
        b"\xe3\x80\x80",
        b"\xe2\x80\xa8",
        b"\xff",
        b"\x80",
    ),
    *(b"</s>", b":", b": ", b"#", b"_", b"-", b",", b"'", b"{", b"(", b"\x1b[2J", b"word"),
    *(b"\x1f\x8b\x08", b"BZh91AY&SY", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"),
    *(b"\x93NUMPY\x01\0", b"\x80\x04", b"\x50\x2a\x4d\x18\x05\0\0\0"),
)
_FLOATS = (
    *(b"\0\0\xc0\x7f", b"\0\0\x80\x7f", b"\0\0\x80\xff", b"\x01\0\x80\x7f", b"\xff\xff\x7f\x7f"),
    *(b"\x01\0\0\0", b"\0\0\0\x80", b"    ", b"\n\n\n\n", b"\n   ", b"a b\n"),
)


def mutated(content: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """``content`` with a few faults. others: valid files from which parts may be spliced."""
    for _ in range(1 if chance.random() < 0.5 else chance.randint(2, 6)):
        content = chance.choice(_MUTATIONS)(content, others, chance)[:MOST_BYTES]
    return content


def _span(content: bytes, chance: random.Random) -> tuple[int, int]:
    """A piece, mostly a short one."""
    start = chance.randint(0, len(content))
    longest = chance.choice((1, 2, 4, 8, 16, 64, 1024, len(content)))
    return start, min(len(content), start + chance.randint(0, longest))


def _flip(content, others, chance):
    if not content:
        return content
    changed = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _set_bytes(content, others, chance):
    start, stop = _span(content, chance)
    return content[:start] + chance.randbytes(stop - start) + content[stop:]


def _cut(content, others, chance):
    start, stop = _span(content, chance)
    return content[:start] + content[stop:]


def _cut_end(content, others, chance):
    return content[: chance.randint(0, len(content))]


def _insert(content, others, chance):
    place = chance.randint(0, len(content))
    piece = chance.choice(_TOKENS) * chance.choice((1, 1, 1, 2, 9))
    return content[:place] + piece + content[place:]


def _repeat(content, others, chance):
    start, stop = _span(content, chance)
    most = MOST_BYTES // max(1, stop - start) + 1
    times = min(most, chance.choice((2, 2, 3, 10, 100, 5000)))
    return content[:start] + content[start:stop] * times + content[stop:]


def _splice(content, others, chance):
    other = chance.choice(others)
    start, stop = _span(other, chance)
    place, end = _span(content, chance)
    return content[:place] + other[start:stop] + content[end:]


def _swap_number(content, others, chance):
    found = list(_NUMBER.finditer(content[:4096]))
    if not found:
        return content
    # The first numbers are those of headers.
    match = found[0] if chance.random() < 0.3 else chance.choice(found)
    return content[: match.start()] + chance.choice(_NUMBERS) + content[match.end() :]


def _swap_float(content, others, chance):
    place = chance.randint(0, len(content))
    return content[:place] + chance.choice(_FLOATS) + content[place + 4 :]


def _swap_separator(content, others, chance):
    places = [place for place, byte in enumerate(content[:4096]) if byte in b" \t\n\r"]
    if not places:
        return content
    place = chance.choice(places)
    return content[:place] + chance.choice(_TOKENS) + content[place + 1 :]


def _move_line(content, others, chance):
    lines = content.split(b"\n")
    line = lines.pop(chance.randrange(len(lines)))
    for _ in range(chance.choice((0, 1, 2))):
        lines.insert(chance.randint(0, len(lines)), line)
    return b"\n".join(lines)


def _in_front(content, others, chance):
    return chance.choice(_TOKENS) + content


_MUTATIONS = (
    *(_flip, _set_bytes, _cut, _cut_end, _insert, _insert, _repeat, _splice),
    *(_swap_number, _swap_number, _swap_float, _swap_separator, _move_line, _in_front),
)
