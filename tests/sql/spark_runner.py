"""Spark, in a Java process of this machine."""

from __future__ import annotations

import contextlib
import decimal
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import pyarrow as pa
from tests.sql.runners import Columns, Runner
from tests.sql.spark_session import quietly, spark_session

from leadscore.targets.sql.dialect import ColumnKind
from leadscore.targets.sql.dialects.spark import Spark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

TYPES: dict[ColumnKind, tuple[pa.DataType, str]] = {
    "text": (pa.string(), "STRING"),
    "integer": (pa.int64(), "BIGINT"),
    "double": (pa.float64(), "DOUBLE"),
    "boolean": (pa.bool_(), "BOOLEAN"),
    "date": (pa.date32(), "DATE"),
    "timestamp": (pa.timestamp("us"), "TIMESTAMP_NTZ"),
    "instant": (pa.timestamp("us", "UTC"), "TIMESTAMP"),
}


class SparkRunner(Runner):
    """Expressions over a data frame, in compiled stages as over any table."""

    nul: ClassVar[bool] = True
    # That of Java 17, the oldest that Spark 4 runs on.
    unicode: ClassVar[tuple[int, int]] = (13, 0)

    def __init__(self, session: SparkSession) -> None:
        self.dialect = Spark()
        self.session = session

    def rows(self, expressions: Sequence[str], columns: Columns) -> list[tuple[Any, ...]]:
        listed = ", ".join(f"{sql} AS e{number}" for number, sql in enumerate(expressions))
        return [
            row[1:] for row in self._fetch(f"SELECT row, {listed} FROM given ORDER BY row", columns)
        ]

    def aggregates(self, expressions: Sequence[str], columns: Columns) -> tuple[Any, ...]:
        [row] = self._fetch(f"SELECT {', '.join(expressions)} FROM given", columns)
        return row

    def _fetch(self, sql: str, columns: Columns) -> list[tuple[Any, ...]]:
        arrays = {
            name: pa.array(values, TYPES[kind][0], from_pandas=False)
            for name, (kind, values) in columns.items()
        }
        size = len(next(iter(arrays.values())))
        table = pa.table({**arrays, "row": pa.array(range(size), pa.int64())})
        schema = ", ".join(f"{name} {TYPES[kind][1]}" for name, (kind, _) in columns.items())
        with quietly():
            frame = self.session.createDataFrame(table, f"{schema}, row BIGINT")
            frame.createOrReplaceTempView("given")
            return [tuple(map(_plain, row)) for row in self.session.sql(sql).collect()]


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, decimal.Decimal) else value


@contextlib.contextmanager
def start(unavailable: Callable[[str], NoReturn]) -> Iterator[SparkRunner]:
    """A runner over the session of all tests; the session's time zone is to make no difference."""
    session = spark_session(unavailable)
    zone = session.conf.get("spark.sql.session.timeZone")
    session.conf.set("spark.sql.session.timeZone", "America/New_York")
    try:
        yield SparkRunner(session)
    finally:
        session.conf.set("spark.sql.session.timeZone", zone or "UTC")
