"""DuckDB, in this process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar, NoReturn

import duckdb
import pyarrow as pa
from tests.sql.runners import Columns, Runner

from leadscore.targets.sql.dialect import ColumnKind
from leadscore.targets.sql.dialects.duckdb import DuckDb

TYPES: dict[ColumnKind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "instant": pa.timestamp("us", "UTC"),
}


class DuckDbRunner(Runner):
    """Expressions over a table of an in-memory database."""

    nul: ClassVar[bool] = True
    unicode: ClassVar[tuple[int, int]] = (15, 0)

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.dialect = DuckDb()
        self.connection = connection

    def rows(self, expressions: Sequence[str], columns: Columns) -> list[tuple[Any, ...]]:
        self._load(columns)
        return self._fetch(f"SELECT {', '.join(expressions)} FROM given ORDER BY row")

    def aggregates(self, expressions: Sequence[str], columns: Columns) -> tuple[Any, ...]:
        self._load(columns)
        [row] = self._fetch(f"SELECT {', '.join(expressions)} FROM given")
        return row

    def _load(self, columns: Columns) -> None:
        table = pa.table(
            {
                name: pa.array(values, TYPES[kind], from_pandas=False)
                for name, (kind, values) in columns.items()
            }
        )
        table = table.append_column("row", pa.array(range(table.num_rows), pa.int64()))
        with contextlib.closing(self.connection.cursor()) as cursor:
            cursor.register("arrow", table)
            cursor.execute("CREATE OR REPLACE TABLE given AS FROM arrow")

    def _fetch(self, sql: str) -> list[tuple[Any, ...]]:
        return self.connection.execute(sql).fetchall()


@contextlib.contextmanager
def start(unavailable: Callable[[str], NoReturn]) -> Iterator[DuckDbRunner]:
    """A runner; DuckDB is always there. The machine's time zone is to make no difference."""
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Kolkata'")
        yield DuckDbRunner(connection)
