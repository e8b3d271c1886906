"""Results as Parquet: numbers as doubles, nearest to the exact value, all else as text."""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from typing import Any

from leadscore.data.sinks import Beside, Writer, is_number, plain_text

_GROUP = 65_536
"""Rows of a row group: small ones make files large and slow."""


class ParquetWriter(Writer):
    """See :func:`leadscore.data.sinks.open_writer`."""

    def __init__(self, beside: Beside, columns: Sequence[str], numbers: Collection[str]) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        super().__init__()
        self._beside = beside
        self._numbers = [name in numbers for name in columns]
        self._schema = pa.schema(
            [
                (name, pa.float64() if number else pa.string())
                for name, number in zip(columns, self._numbers, strict=True)
            ]
        )
        self._waiting: list[Sequence[Any]] = []
        try:
            self._file = pq.ParquetWriter(str(beside.part), self._schema)
        except BaseException:
            beside.discard()
            raise

    def _write(self, rows: Sequence[Sequence[Any]]) -> None:
        self._waiting.extend(rows)
        if len(self._waiting) >= _GROUP:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if not self._waiting:
            return
        columns = zip(*self._waiting, strict=True)
        arrays = [
            pa.array([_double(value) for value in column], field.type)
            if number
            else pa.array([None if value is None else _text(value) for value in column], field.type)
            for column, number, field in zip(columns, self._numbers, self._schema, strict=True)
        ]
        self._file.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._waiting.clear()

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
