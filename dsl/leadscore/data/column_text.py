"""Columns of Arrow as text: fields of CSV, values of JSON; no loop over rows.

What comes out is what the writers make of the same values row by row.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leadscore.data.sinks import is_number, plain_text
from leadscore.data.unit_columns import decimal_texts, is_units
from leadscore.values.units import decimal_of

if TYPE_CHECKING:
    import pyarrow as pa

_CONTROL = [chr(code) for code in range(32)]


def texts(column: pa.Array, field: pa.Field) -> pa.Array:
    """The values as large_string; null where there is none, or no finite number."""
    import pyarrow as pa
    from pyarrow import types

    if is_units(field):
        return decimal_texts(column)
    kind = column.type
    if types.is_dictionary(kind):
        return texts(column.dictionary_decode(), field)
    if (
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
        or types.is_integer(kind)
        or types.is_boolean(kind)
        or types.is_null(kind)
    ):
        return _cast(column)
    numeric = _is_numeric(kind)
    return pa.array(
        [
            None if value is None or (numeric and not is_number(value)) else plain_text(value)
            for value in column.to_pylist()
        ],
        pa.large_string(),
    )


def rows_of(batch: pa.RecordBatch) -> list[tuple[Any, ...]]:
    """The rows of a batch as tuples of Python's values; points are Decimals."""
    columns = [
        [None if value is None else decimal_of(value) for value in column.to_pylist()]
        if is_units(field)
        else column.to_pylist()
        for column, field in zip(batch.columns, batch.schema, strict=True)
    ]
    return list(zip(*columns, strict=True))


def delimited(batch: pa.RecordBatch, delimiter: str) -> str:
    """The lines of a batch, each with a line feed at its end, quoted as Python's csv does it."""
    import pyarrow.compute as pc

    unsafe = f'[{delimiter}"\r\n]'
    fields = []
    for column, field in zip(batch.columns, batch.schema, strict=True):
        text = pc.fill_null(texts(column, field), "")
        quoted = pc.match_substring_regex(text, unsafe)
        if pc.any(quoted).as_py():
            doubled = pc.replace_substring(text, '"', '""')
            text = pc.if_else(quoted, _joined(_scalar('"'), doubled, _scalar('"')), text)
        fields.append(text)
    if len(fields) == 1:  # a blank line would be no row
        fields = [pc.if_else(pc.equal(fields[0], ""), _scalar('""'), fields[0])]
    parts = [fields[0]]
    for text in fields[1:]:
        parts += [_scalar(delimiter), text]
    return _content(_joined(*parts, _scalar("\n")))


def json_records(batch: pa.RecordBatch, keys: Sequence[str], before: str, after: str) -> str:
    """An object a row, between `before` and `after`.

    `keys` are parallel to the columns: each a name in quotes, with a colon and a blank.
    """
    parts = [_scalar(before + "{")]
    for at, (key, column, field) in enumerate(zip(keys, batch.columns, batch.schema, strict=True)):
        parts += [_scalar((", " if at else "") + key), _json_values(column, field)]
    return _content(_joined(*parts, _scalar("}" + after)))


def _json_values(column: pa.Array, field: pa.Field) -> pa.Array:
    import pyarrow.compute as pc
    from pyarrow import types

    text = texts(column, field)
    kind = column.type.value_type if types.is_dictionary(column.type) else column.type
    if not (_is_numeric(kind) or types.is_boolean(kind)):
        escaped = pc.match_substring_regex(text, r'[\x00-\x1f"\\]')
        if pc.any(escaped).as_py():
            text = _escaped(text)
        text = _joined(_scalar('"'), text, _scalar('"'))
    return pc.fill_null(text, "null")


def _escaped(text: pa.Array) -> pa.Array:
    """As between the quotes of JSON."""
    import pyarrow.compute as pc

    text = pc.replace_substring(text, "\\", "\\\\")
    text = pc.replace_substring(text, '"', '\\"')
    if pc.any(pc.match_substring_regex(text, r"[\x00-\x1f]")).as_py():
        for char in _CONTROL:
            text = pc.replace_substring(text, char, json.dumps(char)[1:-1])
    return text


def _is_numeric(kind: pa.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_integer(kind) or types.is_floating(kind) or types.is_decimal(kind))


def _cast(column: pa.Array) -> pa.Array:
    import pyarrow as pa

    return column.cast(pa.large_string())


def _scalar(text: str) -> pa.Scalar:
    import pyarrow as pa

    return pa.scalar(text, pa.large_string())


def _joined(*parts: Any) -> pa.Array:
    """The parts of each row one after the other; null where one is."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(*parts, _scalar(""))


def _content(lines: pa.Array) -> str:
    """All texts of an array that was just made, one after the other, as they lie in memory."""
    import pyarrow.compute as pc

    size = pc.sum(pc.binary_length(lines)).as_py() or 0
    return str(memoryview(lines.buffers()[2])[:size], "utf-8", "replace")
