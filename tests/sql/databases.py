"""The databases that whole queries run in: those of the runners, with tables of any name."""

from __future__ import annotations

import contextlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from tests.sql.runners import Columns, Runner

from leadscore.targets.sql.dialect import ColumnKind, Dialect

if TYPE_CHECKING:
    import duckdb
    import psycopg
    from pyspark.sql import SparkSession

ARROW: dict[ColumnKind, pa.DataType] = {
    "text": pa.string(),
    "integer": pa.int64(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "instant": pa.timestamp("us", "UTC"),
}


def arrow(columns: Columns) -> pa.Table:
    """The columns as Arrow has them; a NaN is one, and not a null."""
    return pa.table(
        {
            name: pa.array(values, ARROW[kind], from_pandas=False)
            for name, (kind, values) in columns.items()
        }
    )


class Database(ABC):
    """A database, by a runner that is there."""

    dialect: Dialect

    @abstractmethod
    def load(self, name: str, columns: Columns) -> None:
        """Make a table, in place of one of that name."""

    @abstractmethod
    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows that a query gives, in its order."""


def database(runner: Runner, *, compiled: bool = False) -> Database:
    """The database of a runner.

    `compiled`: Spark makes Java of the query, on two partitions, as it does with large tables. It
    takes seconds for that; interpreting the same plan over a few rows takes a tenth.
    """
    match runner.dialect.name:
        case "duckdb":
            return _DuckDb(runner)
        case "postgres":
            return _Postgres(runner)
        case "spark":
            return _Spark(runner, _COMPILED if compiled else _INTERPRETED)
    raise AssertionError(runner.dialect.name)


class _DuckDb(Database):
    def __init__(self, runner: Any) -> None:
        self.dialect = runner.dialect
        self._connection: duckdb.DuckDBPyConnection = runner.connection

    def load(self, name: str, columns: Columns) -> None:
        with contextlib.closing(self._connection.cursor()) as cursor:
            cursor.register("arrow", arrow(columns))
            cursor.execute(f"CREATE OR REPLACE TABLE {name} AS FROM arrow")

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()


class _Postgres(Database):
    def __init__(self, runner: Any) -> None:
        self.dialect = runner.dialect
        self._connection: psycopg.Connection[Any] = runner.connection

    def load(self, name: str, columns: Columns) -> None:
        from tests.sql.postgres_server import load

        kinds = {column: kind for column, (kind, _) in columns.items()}
        rows = zip(*(values for _, values in columns.values()), strict=True)
        load(self._connection, name, kinds, rows)

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        with self._connection.cursor() as cursor:
            return cursor.execute(sql.encode()).fetchall()


_COMPILED: Mapping[str, str] = {}
_INTERPRETED: Mapping[str, str] = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
}


class _Spark(Database):
    def __init__(self, runner: Any, settings: Mapping[str, str]) -> None:
        self.dialect = runner.dialect
        self._session: SparkSession = runner.session
        self._settings = settings

    def load(self, name: str, columns: Columns) -> None:
        from tests.sql.spark_runner import TYPES
        from tests.sql.spark_session import quietly

        schema = ", ".join(f"`{column}` {TYPES[kind][1]}" for column, (kind, _) in columns.items())
        with quietly():
            frame = self._session.createDataFrame(arrow(columns), schema)
            frame.createOrReplaceTempView(name)

    def fetch(self, sql: str) -> list[tuple[Any, ...]]:
        from tests.sql.spark_session import quietly

        with quietly(), _set(self._session, self._settings):
            return [tuple(row) for row in self._session.sql(sql).collect()]


@contextlib.contextmanager
def interpreted(runner: Any) -> Iterator[None]:
    """In here, Spark interprets what it runs."""
    with _set(runner.session, _INTERPRETED):
        yield


@contextlib.contextmanager
def _set(session: SparkSession, settings: Mapping[str, str]) -> Iterator[None]:
    before = {name: session.conf.get(name) for name in settings}
    for name, value in settings.items():
        session.conf.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            session.conf.set(name, value or "")
