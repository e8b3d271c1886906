"""PostgreSQL, in a server of the tests' own."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar, NoReturn

import psycopg
from tests.sql.postgres_server import load, server
from tests.sql.runners import Columns, Runner

from leadscore.targets.sql.dialect import ColumnKind
from leadscore.targets.sql.dialects.postgres import Postgres


class PostgresRunner(Runner):
    """Expressions over a table of a connection."""

    unicode: ClassVar[tuple[int, int]] = (15, 0)

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self.dialect = Postgres()
        self.connection = connection

    def rows(self, expressions: Sequence[str], columns: Columns) -> list[tuple[Any, ...]]:
        self._load(columns)
        return self._fetch(f"SELECT {', '.join(expressions)} FROM given ORDER BY given_row")

    def aggregates(self, expressions: Sequence[str], columns: Columns) -> tuple[Any, ...]:
        self._load(columns)
        [row] = self._fetch(f"SELECT {', '.join(expressions)} FROM given")
        return row

    def _load(self, columns: Columns) -> None:
        kinds: dict[str, ColumnKind] = {name: kind for name, (kind, _) in columns.items()}
        values = [values for _, values in columns.values()]
        numbered = ((row, *rest) for row, rest in enumerate(zip(*values, strict=True)))
        load(self.connection, "given", {"given_row": "integer", **kinds}, numbered)

    def _fetch(self, query: str) -> list[tuple[Any, ...]]:
        with self.connection.cursor() as cursor:
            found = cursor.execute(query.encode()).fetchall()
        return [tuple(_plain(value) for value in row) for row in found]


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        assert value == int(value)
        return int(value)
    return value


@contextlib.contextmanager
def start(unavailable: Callable[[str], NoReturn]) -> Iterator[PostgresRunner]:
    """A runner; the session's settings are those that are to make no difference."""
    with server(unavailable) as where, psycopg.connect(where, autocommit=True) as connection:
        connection.execute("SET TimeZone = 'Asia/Kolkata'")
        connection.execute("SET DateStyle = 'SQL, DMY'")
        connection.execute("SET standard_conforming_strings = off")
        connection.execute("SET escape_string_warning = off")
        yield PostgresRunner(connection)
