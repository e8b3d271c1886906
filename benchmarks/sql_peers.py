"""The queries of `sql/`, by hand for `models/many_leads.score`, and how DuckDB runs them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crm_data import AS_OF, Tables

if TYPE_CHECKING:
    import pyarrow

FOLDER = Path(__file__).parent / "sql"


INSTANTS = {"duckdb": "TIMESTAMP", "spark": "TIMESTAMP_NTZ"}
"""The type of times without a zone, which those in the files are."""


def by_hand(dialect: str, events: str) -> str:
    """A query over `leads` and `events`: id, score, label, fit, engagement, in units.

    `events` is how the rules on events are written: `filter` (one scan with a filtered aggregate a
    rule), `filter_ranked` (the same with `row_number()`; for DuckDB only) or `naive` (a query and
    a join a rule).
    """
    parts = ("properties", events, "result")
    texts = [(FOLDER / dialect / f"{part}.sql").read_text() for part in parts]
    return query(*texts, dialect=dialect)


def query(*parts: str, dialect: str = "duckdb") -> str:
    """Parts, all but the last of them common table expressions, as one query at the as-of."""
    as_of = f"{INSTANTS[dialect]} '{AS_OF:%Y-%m-%d %H:%M:%S}'"
    return ("WITH " + "\n".join(parts)).replace("$as_of", as_of)


def in_duckdb(text: str, tables: Tables) -> pyarrow.Table:
    """The result of a query over the two Parquet files, on a new connection."""
    import duckdb

    with duckdb.connect() as connection:
        for name, path in (("leads", tables.leads), ("events", tables.events)):
            quoted = str(path).replace("'", "''")
            connection.execute(f"CREATE VIEW {name} AS FROM read_parquet('{quoted}')")
        return connection.sql(text).to_arrow_table()
