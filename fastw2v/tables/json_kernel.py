"""Compiled reading of JSON Lines: rows -> the text of one field, copied without Python objects.

What the kernel accepts is a part of JSON, and of that it gives what `text_of` in
`fastw2v.tables.json_rows` gives. At a line with anything else it stops, and that function takes the
line or says what is wrong.
"""

import numpy as np

from fastw2v.jit.compiled import compiled

MAX_DEPTH = 64  # of nested values; deeper ones are not for the kernel
_MOST_DIGITS = 300  # of a number, likewise: Python refuses those with thousands
_NOT_OURS = -1

_QUOTE, _BACKSLASH, _COMMA, _COLON = ord('"'), ord("\\"), ord(","), ord(":")
_OPEN, _CLOSE, _OPEN_LIST, _CLOSE_LIST = ord("{"), ord("}"), ord("["), ord("]")
_SPACE, _TAB, _RETURN, _NEWLINE = ord(" "), ord("\t"), ord("\r"), ord("\n")
_ZERO, _NINE, _MINUS, _PLUS, _POINT = ord("0"), ord("9"), ord("-"), ord("+"), ord(".")
_TRUE, _FALSE, _NULL = (np.frombuffer(word, np.uint8) for word in (b"true", b"false", b"null"))

# What comes next.
_KEY, _FIRST_KEY, _VALUE, _FIRST_VALUE, _AFTER = range(5)

_ESCAPES = np.zeros(256, np.uint8)  # the character that an escape stands for; 0: no such escape
for _letter, _meant in zip(b'"\\/bfnrt', b'"\\/\b\f\n\r\t', strict=True):
    _ESCAPES[_letter] = _meant

_HEX = np.full(256, 255, np.uint8)  # the value of a hexadecimal digit
for _value, _digits in enumerate((*"0123456789", *("aA", "bB", "cC", "dD", "eE", "fF"))):
    for _digit in _digits:
        _HEX[ord(_digit)] = _value


@compiled
def extract(data, start, stop, key, out, at, stack):
    """Copy the text of a field of each row, and a newline after each.

    data: uint8; from ``start`` to ``stop`` whole lines, each with its newline.
    key: uint8, the name of the field. out: uint8, written from ``at``, with as much room as there
    are bytes of ``data``. stack: (`MAX_DEPTH`,) uint8, work space.

    Return where the first line begins that is not for the kernel, or ``stop``; where ``out`` ends;
    and the number of lines read.
    """
    lines = 0
    while start < stop:
        end = start
        while data[end] != _NEWLINE:
            end += 1
        first = _skip_space(data, start, end)
        if first < end:
            written = _row(data, first, end, key, out, at, stack)
            if written == _NOT_OURS:
                break
            out[written] = _NEWLINE
            at = written + 1
        start, lines = end + 1, lines + 1
    return start, at, lines


@compiled
def _row(data, at, stop, key, out, start, stack):
    """Copy the text of a row to ``out`` from ``start``; return its end there, or `_NOT_OURS`.

    Of equal keys the last one counts.
    """
    if data[at] != _OPEN:
        return _NOT_OURS
    stack[0] = _OPEN
    depth, state, at = 1, _FIRST_KEY, at + 1
    wanted, end = False, _NOT_OURS
    while depth > 0 and at != _NOT_OURS:
        at = _skip_space(data, at, stop)
        if at >= stop:
            return _NOT_OURS
        byte = data[at]
        if state == _AFTER and byte == _COMMA:
            state, at = _KEY if stack[depth - 1] == _OPEN else _VALUE, at + 1
        elif byte in (_CLOSE, _CLOSE_LIST):
            if not _may_close(byte, stack[depth - 1], state):
                return _NOT_OURS
            depth, state, at = depth - 1, _AFTER, at + 1
        elif state in (_KEY, _FIRST_KEY):
            equal, at = _key(data, at, stop, key)
            wanted, state = equal and depth == 1, _VALUE
        elif byte in (_OPEN, _OPEN_LIST):
            if wanted or depth == MAX_DEPTH or state == _AFTER:
                return _NOT_OURS
            stack[depth] = byte
            depth, at = depth + 1, at + 1
            state = _FIRST_KEY if byte == _OPEN else _FIRST_VALUE
        else:
            at, end = _scalar(data, at, stop, state, wanted, out, start, end)
            wanted, state = False, _AFTER
    return end if at != _NOT_OURS and _skip_space(data, at, stop) == stop else _NOT_OURS


@compiled
def _may_close(byte, opened, state):
    """Whether what began with ``opened`` may end with ``byte`` in this state."""
    if byte == _CLOSE:
        return opened == _OPEN and state in (_AFTER, _FIRST_KEY)
    return opened == _OPEN_LIST and state in (_AFTER, _FIRST_VALUE)


@compiled
def _scalar(data, at, stop, state, wanted, out, start, end):
    """Skip a value, or copy it to ``out`` from ``start`` if it is wanted.

    Return the place after it, or `_NOT_OURS`; and the end of the text, ``end`` if it is as before.
    """
    if state == _AFTER:
        return _NOT_OURS, end
    if wanted:
        return _text(data, at, stop, out, start)
    return _skip_scalar(data, at, stop), end


@compiled(inline=True)
def _skip_space(data, at, stop):
    while at < stop and (data[at] == _SPACE or data[at] == _TAB or data[at] == _RETURN):
        at += 1
    return at


@compiled
def _key(data, at, stop, key):
    """Whether the key at ``at`` is ``key``, and the place after its colon, or `_NOT_OURS`."""
    if data[at] != _QUOTE:
        return False, _NOT_OURS
    start = at + 1
    end = _skip_string(data, start, stop)
    if end == _NOT_OURS:
        return False, _NOT_OURS
    equal = end - 1 - start == key.size
    for place in range(start, end - 1):
        if data[place] == _BACKSLASH:  # it may be the key, escaped
            return False, _NOT_OURS
        equal = equal and data[place] == key[place - start]
    at = _skip_space(data, end, stop)
    if at >= stop or data[at] != _COLON:
        return False, _NOT_OURS
    return equal, at + 1


@compiled
def _text(data, at, stop, out, to):
    """Copy the value at ``at``, a string or null; return the places after it in both arrays."""
    if data[at] != _QUOTE:
        return _skip_word(data, at, stop, _NULL), to
    at += 1
    while at < stop:
        byte = data[at]
        at += 1
        if byte == _QUOTE:
            return at, to
        if byte < _SPACE:
            return _NOT_OURS, to
        if byte != _BACKSLASH:
            out[to] = byte
            to += 1
            continue
        if at >= stop:
            return _NOT_OURS, to
        if data[at] == ord("u"):
            at, to = _unicode_escape(data, at + 1, stop, out, to)
            if at == _NOT_OURS:
                return _NOT_OURS, to
            continue
        out[to] = _ESCAPES[data[at]]
        if not out[to]:
            return _NOT_OURS, to
        at, to = at + 1, to + 1
    return _NOT_OURS, to


@compiled
def _unicode_escape(data, at, stop, out, to):
    """Write the character of the escape whose digits are at ``at``, with the second half of a
    surrogate pair if there is one."""
    code = _four_digits(data, at, stop)
    if code == _NOT_OURS:
        return _NOT_OURS, to
    at += 4
    if 0xD800 <= code < 0xE000:
        low = _NOT_OURS
        if at + 6 <= stop and data[at] == _BACKSLASH and data[at + 1] == ord("u"):
            low = _four_digits(data, at + 2, stop)
        if code < 0xDC00 and 0xDC00 <= low < 0xE000:
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
            at += 6
        else:
            code = 0xFFFD
    return at, write_utf8(code, out, to)


@compiled
def write_utf8(code, out, to):
    """Write a character as UTF-8; return its end."""
    if code < 0x80:
        out[to] = code
        return to + 1
    if code < 0x800:
        out[to], out[to + 1] = 0xC0 | code >> 6, 0x80 | code & 63
        return to + 2
    if code < 0x10000:
        out[to], out[to + 1] = 0xE0 | code >> 12, 0x80 | code >> 6 & 63
        out[to + 2] = 0x80 | code & 63
        return to + 3
    out[to], out[to + 1] = 0xF0 | code >> 18, 0x80 | code >> 12 & 63
    out[to + 2], out[to + 3] = 0x80 | code >> 6 & 63, 0x80 | code & 63
    return to + 4


@compiled
def _four_digits(data, at, stop):
    """The number of four hexadecimal digits, or `_NOT_OURS`."""
    if at + 4 > stop:
        return _NOT_OURS
    code = 0
    for place in range(at, at + 4):
        digit = _HEX[data[place]]
        if digit > 15:
            return _NOT_OURS
        code = code << 4 | np.int64(digit)
    return code


@compiled
def _skip_string(data, at, stop):
    """The place after the string whose first character is at ``at``, or `_NOT_OURS`."""
    while at < stop:
        byte = data[at]
        at += 1
        if byte == _QUOTE:
            return at
        if byte < _SPACE:
            return _NOT_OURS
        if byte == _BACKSLASH:
            if at >= stop:
                return _NOT_OURS
            if data[at] == ord("u"):
                if _four_digits(data, at + 1, stop) == _NOT_OURS:
                    return _NOT_OURS
                at += 5
            elif _ESCAPES[data[at]]:
                at += 1
            else:
                return _NOT_OURS
    return _NOT_OURS


@compiled
def _skip_scalar(data, at, stop):
    """The place after a string, number, true, false or null, or `_NOT_OURS`."""
    byte = data[at]
    if byte == _QUOTE:
        return _skip_string(data, at + 1, stop)
    if byte == _TRUE[0]:
        return _skip_word(data, at, stop, _TRUE)
    if byte == _FALSE[0]:
        return _skip_word(data, at, stop, _FALSE)
    if byte == _NULL[0]:
        return _skip_word(data, at, stop, _NULL)
    return _skip_number(data, at, stop)


@compiled
def _skip_word(data, at, stop, word):
    if at + word.size > stop:
        return _NOT_OURS
    for place in range(word.size):
        if data[at + place] != word[place]:
            return _NOT_OURS
    return at + word.size


@compiled
def _skip_number(data, at, stop):
    start = at
    if data[at] == _MINUS:
        at += 1
    whole = _skip_digits(data, at, stop)
    if whole == at or (whole > at + 1 and data[at] == _ZERO):
        return _NOT_OURS
    at = whole
    if at < stop and data[at] == _POINT:
        end = _skip_digits(data, at + 1, stop)
        if end == at + 1:
            return _NOT_OURS
        at = end
    if at < stop and (data[at] == ord("e") or data[at] == ord("E")):
        at += 1
        if at < stop and (data[at] == _PLUS or data[at] == _MINUS):
            at += 1
        end = _skip_digits(data, at, stop)
        if end == at:
            return _NOT_OURS
        at = end
    return at if at - start <= _MOST_DIGITS else _NOT_OURS


@compiled(inline=True)
def _skip_digits(data, at, stop):
    while at < stop and _ZERO <= data[at] <= _NINE:
        at += 1
    return at
