"""BigQuery and Snowflake as far as DuckDB can stand in for them.

sqlglot reads an expression by the grammar of its own database and writes it for DuckDB. Where it
does not say what the documentation of the other database says, the tree is mended here first. So
the vectors show that a template is right if its functions do what they are documented to; whether
they do, only the database itself could show.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, ClassVar

import sqlglot
from sqlglot import exp
from tests.sql.duckdb_runner import DuckDbRunner
from tests.sql.duckdb_runner import start as start_duckdb
from tests.sql.runners import Columns, Runner

from leadscore.targets.sql.dialect import Dialect

_BEFORE = 74758377600
"""Seconds from 400 years before year 1 to 1970: no time is before it."""

_MACROS = {
    # BigQuery: fractions are cut off, down.
    "unix_seconds(t)": f"(epoch_us(t) + {_BEFORE}000000) // 1000000 - {_BEFORE}",
    "safe_multiply(a, b)": "CASE WHEN isfinite(a * b) THEN a * b END",
    # BigQuery's text of a decimal number has no zeros at its end.
    "decimal_text(t)": "rtrim(rtrim(CAST(CAST(t AS DECIMAL(38, 21)) AS VARCHAR), '0'), '.')",
    # Snowflake makes 1 March of 29 February 2026.
    "date_from_parts(y, m, d)": (
        "CAST(make_date(CAST(y AS INTEGER), 1, 1) + to_months(CAST(m - 1 AS INTEGER)) "
        "+ to_days(CAST(d - 1 AS INTEGER)) AS DATE)"
    ),
    "safe_date(y, m, d)": (
        "TRY(make_date(CAST(nullif(y, 0) AS INTEGER), CAST(m AS INTEGER), CAST(d AS INTEGER)))"
    ),
    # Snowflake rounds a quotient to six decimals, and then, in a cast, to an integer.
    "cast_quotient(a, b)": "((CAST(a AS HUGEINT) * 1000000 + b // 2) // b + 500000) // 1000000",
}
_SNOWFLAKE_FORMATS = {"YYYY-MM-DD": "%Y-%m-%d", 'YYYY-MM-DD"T"HH24:MI:SS': "%Y-%m-%dT%H:%M:%S"}


class StandIn(Runner):
    """A dialect, in DuckDB."""

    nul: ClassVar[bool] = True
    unicode: ClassVar[tuple[int, int]] = DuckDbRunner.unicode

    def __init__(self, dialect: Dialect, duckdb: DuckDbRunner) -> None:
        self.dialect = dialect
        self.duckdb = duckdb

    def rows(self, expressions: Sequence[str], columns: Columns) -> list[tuple[Any, ...]]:
        mended = [self.translated(expression, columns) for expression in expressions]
        return [tuple(map(_plain, row)) for row in self.duckdb.rows(mended, columns)]

    def aggregates(self, expressions: Sequence[str], columns: Columns) -> tuple[Any, ...]:
        mended = [self.translated(expression, columns) for expression in expressions]
        return tuple(map(_plain, self.duckdb.aggregates(mended, columns)))

    def translated(self, expression: str, columns: Columns) -> str:
        """The expression, as DuckDB has it."""
        tree = parsed(self.dialect, expression)
        # In a root of its own, so that the expression itself can be replaced.
        root = exp.Paren(this=tree)
        for mend in _MENDS[self.dialect.name]:
            mend(root)
        if self.dialect.name == "snowflake":
            _widen(root, {name for name, (kind, _) in columns.items() if kind == "integer"})
        return str(root.sql("duckdb"))


def parsed(dialect: Dialect, expression: str) -> exp.Expression:
    """The tree of an expression; raises where sqlglot's grammar of the dialect has none."""
    select = sqlglot.parse_one(
        f"SELECT {expression} AS value", read=dialect.name, error_level=sqlglot.ErrorLevel.RAISE
    )
    assert isinstance(select, exp.Select)
    [column] = select.expressions
    return column.this


@contextlib.contextmanager
def start(dialect: Dialect) -> Iterator[StandIn]:
    """A DuckDB that stands in for the dialect's own database."""

    def never(reason: str) -> Any:
        raise AssertionError(reason)

    with start_duckdb(never) as duckdb:
        for signature, body in _MACROS.items():
            duckdb.connection.execute(f"CREATE MACRO {signature} AS {body}")
        yield StandIn(dialect, duckdb)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        assert value == int(value)
        return int(value)
    return value


def _all(root: exp.Expression, *kinds: type[exp.Expression]) -> list[Any]:
    return list(root.find_all(*kinds))


def _call(name: str, *arguments: exp.Expression) -> exp.Expression:
    return exp.Anonymous(this=name, expressions=list(arguments))


def _whole_operands(root: exp.Expression) -> None:
    # sqlglot writes d * DIV(a + b, c) as d * a + b // c.
    for node in _all(root, exp.IntDiv, exp.Mod):
        place = exp.Placeholder()
        node.replace(place)
        node.set("this", exp.Paren(this=node.this))
        node.set("expression", exp.Paren(this=node.expression))
        place.replace(exp.Paren(this=node))


def _groups(root: exp.Expression) -> None:
    # sqlglot gives the whole of what fits.
    for node in _all(root, exp.RegexpExtract):
        group = node.args["group"] or exp.Literal.number(1)
        assert node.args.get("parameters") is None or node.args["parameters"].name == "e"
        node.replace(_call("regexp_extract", node.this, node.expression, group))


def _doubles(root: exp.Expression) -> None:
    # To BigQuery 1.5 is a double, to DuckDB a decimal number.
    for node in _all(root, exp.Literal):
        if node.is_number and not node.is_int:
            node.replace(exp.Cast(this=node.copy(), to=exp.DataType.build("DOUBLE")))


def _wide(root: exp.Expression) -> None:
    for node in _all(root, exp.Cast):
        if node.to.is_type("BIGDECIMAL"):
            outer = node.parent
            if isinstance(outer, exp.Cast) and outer.to.is_type("TEXT"):
                outer.replace(_call("decimal_text", node.this))
            else:
                node.set("to", exp.DataType.build("INT128"))


def _bigquery_times(root: exp.Expression) -> None:
    utc = exp.Literal.string("UTC")
    for node in _all(root, exp.UnixSeconds):
        node.replace(_call("unix_seconds", node.this))
    for node in _all(root, exp.Timestamp):
        node.replace(_call("timezone", node.args["zone"], node.this))
    for node in _all(root, exp.TimeToStr):
        time = node.this.this
        if isinstance(node.this, exp.TsOrDsToTimestamp):
            assert node.args["zone"] == utc
            time = _call("timezone", utc, time)
        python = node.args["format"].name.replace("%E4Y", "%Y")
        node.replace(_call("strftime", time, exp.Literal.string(python)))
    for node in _all(root, exp.SafeFunc):
        call = node.this
        if isinstance(call, exp.DateFromParts):
            parts = (call.args[name] for name in ("year", "month", "day"))
            node.replace(_call("safe_date", *parts))
        else:
            node.replace(_call("TRY", call))


def _bigquery_numbers(root: exp.Expression) -> None:
    for node in _all(root, exp.SafeMultiply):
        node.replace(_call("safe_multiply", node.this, node.expression))
    for node in _all(root, exp.Format):
        node.replace(_call("printf", node.this, *node.expressions))


def _snowflake_times(root: exp.Expression) -> None:
    for node in _all(root, exp.ToChar):
        if written := node.args.get("format"):
            python = exp.Literal.string(_SNOWFLAKE_FORMATS[written.name])
            node.replace(_call("strftime", node.this, python))
    for node in _all(root, exp.DateFromParts):
        parts = (node.args[name] for name in ("year", "month", "day"))
        node.replace(_call("date_from_parts", *parts))


def _quotients(root: exp.Expression) -> None:
    for node in _all(root, exp.Div):
        cast = node.parent
        if isinstance(cast, exp.Cast) and cast.to.is_type("DECIMAL"):
            cast.replace(_call("cast_quotient", node.this, node.expression))
    for node in _all(root, exp.Cast):
        if node.to.is_type("DECIMAL"):
            node.set("to", exp.DataType.build("INT128"))


def _widen(root: exp.Expression, integers: set[str]) -> None:
    # The integers of Snowflake have 38 digits: the lowest one of 64 bits has an absolute value.
    for node in _all(root, exp.Abs):
        if isinstance(node.this, exp.Column) and node.this.name in integers:
            node.this.replace(exp.Cast(this=node.this.copy(), to=exp.DataType.build("INT128")))


_MENDS: dict[str, tuple[Callable[[exp.Expression], None], ...]] = {
    "bigquery": (_groups, _wide, _bigquery_times, _bigquery_numbers, _doubles, _whole_operands),
    "snowflake": (_groups, _snowflake_times, _quotients, _whole_operands),
}
