"""The text of a column of Arrow's arrays, by pyarrow: rows -> bytes, without Python objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastw2v.errors import CorpusError
from fastw2v.tables.problems import RowError, bad_token, no_column

_PART_BYTES = 1 << 20  # of text at once
_FEW_ROWS = 64  # converted at once where lengths are unknown


def require_pyarrow(name: str, kind: str) -> Any:
    """The module pyarrow. Raises CorpusError that says how to get it."""
    try:
        import pyarrow
        import pyarrow.compute
    except ImportError as error:
        raise CorpusError(
            f"{name}: {_with_article(kind)} file; to read it, pip install 'fastw2v[tables]' "
            f"(this installs pyarrow)"
        ) from error
    return pyarrow


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "AEIOU" else f"a {kind}"


def find_column(schema: Any, column: str, name: str) -> list[str]:
    """The names that lead to a column: one, or several to a field of a struct.

    Raises CorpusError if there is none, or it has no text.
    """
    paths = {column: [column]} if column in schema.names else dict(_paths(schema))
    if column not in paths:
        raise CorpusError(f"{name}: {no_column(column, paths)}")
    if schema.names.count(column) > 1:
        raise CorpusError(f"{name}: several columns are named {column!r}; rename the others")
    path = paths[column]
    field = schema.field(path[0])
    for inner in path[1:]:
        field = field.type.field(inner)
    if not _is_text(field.type) and not _is_list(field.type):
        raise CorpusError(
            f"{name}: column {column!r} has the type {field.type}, not text or lists of tokens; "
            f"name another column"
        )
    return path


def _paths(schema: Any) -> Iterator[tuple[str, list[str]]]:
    """All names of columns, those within structs with points."""
    import pyarrow as pa

    waiting = [([field.name], field.type) for field in reversed(list(schema))]
    while waiting:
        path, kind = waiting.pop()
        yield ".".join(path), path
        if pa.types.is_struct(kind):
            inner = [kind.field(place) for place in range(kind.num_fields)]
            waiting += [([*path, field.name], field.type) for field in reversed(inner)]


def _plain(kind: Any) -> Any:
    """The type of the values of a dictionary, or the type itself."""
    import pyarrow as pa

    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    kind = _plain(kind)
    views = [getattr(pa.types, each, None) for each in ("is_string_view", "is_binary_view")]
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_null(kind)
        or any(is_view is not None and is_view(kind) for is_view in views)
    )


def _is_list(kind: Any) -> bool:
    import pyarrow as pa

    if not (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    ):
        return False
    return _is_text(kind.value_type) or bool(pa.types.is_integer(_plain(kind.value_type)))


def batch_text(batch: Any, path: list[str], before: int) -> Iterator[memoryview]:
    """The text of a column of a record batch: each row and a newline, in parts.

    path: as `find_column` returns it. before: number of rows before the batch, for errors.

    Raises RowError, with the number of the row.
    """
    import pyarrow.compute as pc

    array = batch.column(path[0])
    if len(path) > 1:
        array = pc.struct_field(array, path[1:])
    rows = max(1, len(array) * _PART_BYTES // max(1, array.nbytes))
    for start in range(0, len(array), rows):
        yield _text(array.slice(start, rows), ".".join(path), before + start)


def _text(array: Any, column: str, before: int) -> memoryview:
    if _is_list(array.type):
        array = _joined_tokens(array, column, before)
    return _joined(_as_bytes(array), b"\n")


def _as_bytes(array: Any) -> Any:
    """An array of binary, without nulls."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    if pa.types.is_null(array.type):
        return pa.array([b""] * len(array), pa.binary())
    if not pa.types.is_binary(array.type):
        array = array.cast(pa.binary())
    return pc.fill_null(array, b"")


def _joined(array: Any, separator: bytes) -> memoryview:
    """All values of an array of binary, a separator after each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    array = pa.concat_arrays([array, pa.array([b""], pa.binary())])
    rows = pa.ListArray.from_arrays(pa.array([0, len(array)], pa.int32()), array)
    return memoryview(pc.binary_join(rows, separator)[0].as_buffer())


def _joined_tokens(array: Any, column: str, before: int) -> Any:
    """The tokens of each list with spaces between them, as binary.

    Raises RowError for a token that plain text cannot hold.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_list(array.type):
        array = array.cast(pa.list_(array.type.value_type))
    tokens = array.flatten()
    words = tokens.cast(pa.string()) if pa.types.is_integer(_plain(tokens.type)) else tokens
    bad = _first_bad(words)
    if bad is not None:
        row = pc.list_parent_indices(array)[bad].as_py()
        token = words[bad].as_py()
        if isinstance(token, bytes):
            token = token.decode("utf-8", "surrogateescape")
        problem = "null in a list of tokens; remove it" if token is None else bad_token(token)
        raise RowError(before + row + 1, f"column {column!r}: {problem}", "row")
    lengths = pc.fill_null(pc.list_value_length(array), 0)
    ends = pc.cumulative_sum(lengths)
    offsets = pa.concat_arrays([pa.array([0], pa.int32()), ends.cast(pa.int32())])
    return pc.binary_join(pa.ListArray.from_arrays(offsets, _as_bytes(words)), b" ")


def _first_bad(words: Any) -> int | None:
    """The place of the first token that plain text cannot hold."""
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = words.cast(_plain(words.type))
    if pa.types.is_null(plain.type):
        return 0 if len(plain) else None
    bad = pc.or_kleene(
        pc.is_null(plain),
        pc.or_kleene(
            pc.equal(pc.binary_length(_as_bytes(plain)), 0),
            pc.match_substring_regex(_as_bytes(plain), "[ \\t\\n\\r]"),
        ),
    )
    place = pc.index(bad, True).as_py()
    return None if place < 0 else place
