"""Results as Parquet: numbers as doubles, nearest to the exact value, all else as text."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from leadscore.data.sinks import Beside, Writer, is_number, plain_text

if TYPE_CHECKING:
    import pyarrow as pa

_GROUP = 65_536
"""Rows of a row group: small ones make files large and slow."""


class ParquetWriter(Writer):
    """See :func:`leadscore.data.sinks.open_writer`."""

    def __init__(self, beside: Beside, columns: Sequence[str], numbers: Collection[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        super().__init__(columns)
        self._beside = beside
        self._numbers = [name in numbers for name in columns]
        self._schema = pa.schema(
            [
                (name, pa.float64() if number else pa.string())
                for name, number in zip(columns, self._numbers, strict=True)
            ]
        )
        self._waiting: list[pa.RecordBatch] = []
        self._count = 0
        try:
            self._file = pq.ParquetWriter(str(beside.part), self._schema)
        except BaseException:
            beside.discard()
            raise

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        import pyarrow as pa

        if not rows:
            return
        columns = zip(*rows, strict=True)
        self._add(
            [
                pa.array([_double(value) for value in column], pa.float64())
                if number
                else pa.array([None if value is None else _text(value) for value in column])
                for column, number in zip(columns, self._numbers, strict=True)
            ]
        )

    def _write_table(self, batch: pa.RecordBatch) -> None:
        from leadscore.data.column_text import texts

        self._add(
            [
                _doubles(column, field) if number else texts(column, field)
                for column, field, number in zip(
                    batch.columns, batch.schema, self._numbers, strict=True
                )
            ]
        )

    def _add(self, arrays: list[pa.Array]) -> None:
        import pyarrow as pa

        typed = [array.cast(field.type) for array, field in zip(arrays, self._schema, strict=True)]
        batch = pa.RecordBatch.from_arrays(typed, schema=self._schema)
        self._waiting.append(batch)
        self._count += batch.num_rows
        if self._count >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._waiting:
            self._file.write_table(pa.Table.from_batches(self._waiting))
        self._waiting.clear()
        self._count = 0

    def finish(self) -> None:
        """See :meth:`Writer.finish`."""
        self._flush()
        self._file.close()
        self._beside.finish()

    def discard(self) -> None:
        """See :meth:`Writer.discard`."""
        with contextlib.suppress(Exception):
            self._file.close()
        self._beside.discard()


def _double(value: Any) -> float | None:
    return float(value) + 0.0 if is_number(value) else None  # no -0.0


def _text(value: object) -> str:
    return plain_text(value).encode("utf-8", "replace").decode()


def _doubles(column: pa.Array, field: pa.Field) -> pa.Array:
    """The values of a column, as doubles; points in units become points."""
    import pyarrow as pa

    from leadscore.data.unit_columns import is_units, nearest_doubles

    if is_units(field):
        return nearest_doubles(column)
    return pa.array([_double(value) for value in column.to_pylist()], pa.float64())
