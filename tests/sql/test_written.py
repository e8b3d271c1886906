"""What `Model.to_sql` writes, as a stranger runs it: tables called `leads`, `events` and `lists`.

In DuckDB on the conformance cases and random models, once without a word about the tables, whose
columns are then texts with the names of the model, once with samples of typed ones. BigQuery's and
Snowflake's is parsed and not run: neither database can run here.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import duckdb
import pytest
import sqlglot
from hypothesis import given
from sqlglot import exp
from tests.independent.support import Scene, scenes
from tests.sql.databases import arrow
from tests.sql.runners import Columns
from tests.sql.tables import OWN_ID, Row, Tables, cell, single
from tests.sql.test_conformance import SCORED, Key, ident, tables_of
from tests.sql.test_differential import expected, some

import leadscore
from leadscore.outputs import NUMBERS
from leadscore.receipt_columns import receipt_columns
from leadscore.values.dates import date_of, zone
from leadscore.values.text import fold, normal

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*/*.score"))
UNRUN = ("bigquery", "snowflake")

Found = dict[str, tuple[Any, ...]]
"""Rows by the ids of their leads."""


def texts(columns: Columns, names: dict[str, str]) -> dict[str, Any]:
    """The columns of those names, by the names that they are to have, as text."""
    by_name = {fold(name): values for name, (_, values) in columns.items()}
    size = len(next(iter(columns.values()))[1])
    return {
        new: ("text", [cell(value) for value in by_name.get(fold(old), [None] * size)])
        for new, old in names.items()
    }


def run(sql: str, leads: Columns, events: Columns, lists: Columns) -> Found:
    """The rows that a query gives, by their ids."""
    with duckdb.connect() as connection:
        for name, columns in (("leads", leads), ("events", events), ("lists", lists)):
            connection.register(f"{name}_arrow", arrow(columns))
            connection.execute(f"CREATE TABLE {name} AS FROM {name}_arrow")
        rows = connection.execute(sql).fetchall()
    found = {str(row[0]): row[1:] for row in rows}
    assert len(found) == len(rows)
    return found


def points(row: Row, model: leadscore.Model) -> tuple[Any, ...]:
    """A row as the query gives it: points as doubles."""
    numbers = {*NUMBERS, *(column.name for column in receipt_columns(model.plan))}
    return tuple(
        float(value) if name in numbers and value is not None else value
        for name, value in row.items()
    )


def own_names(model: leadscore.Model, tables: Tables) -> dict[str, str] | None:
    """For each column that the query takes by the name of the model, what the tables call it.

    None where the model has two columns by one name.
    """
    names: dict[str, str] = {}
    there = {fold(name) for name in tables.leads}
    for need in model.needs.properties:
        source = next(one for one in need.sources if fold(one) in there)
        if fold(names.setdefault(need.sources[0], source)) != fold(source):
            return None
    return names


def untyped(model: leadscore.Model, tables: Tables, names: dict[str, str]) -> Found:
    """Without samples: columns are called as the model calls them, and are cast to text."""
    [events] = tables.events
    attributes = {need.name: need.name for need in model.needs.attributes}
    sql = model.to_sql("duckdb", as_of=tables.as_of, time_zone=tables.zone, receipt=True)
    return run(
        sql,
        texts(tables.leads, {"id": OWN_ID, **names}),
        texts(events, {"lead_id": OWN_ID, "event": "event", "time": "time", **attributes}),
        texts(tables.lists, {"lead_id": OWN_ID, "list": "list"}),
    )


def typed(model: leadscore.Model, tables: Tables) -> Found:
    """With samples: columns are called as in the samples, and read as what they are."""
    [events] = tables.events
    sql = model.to_sql(
        "duckdb",
        leads=arrow(tables.leads),
        events=arrow(events),
        lists=arrow(tables.lists),
        id=OWN_ID,
        as_of=tables.as_of,
        time_zone=tables.zone,
        receipt=True,
    )
    return run(sql, tables.leads, events, tables.lists)


def completed(model: leadscore.Model, tables: Tables) -> Tables:
    """As tables have to be for the query: one of events, all columns there, each id once.

    Names have no blanks around them: a query has to call a column exactly as it is called.
    The query knows of no order in which events of one second happened, so there are none.
    """
    leads = {name.strip(): column for name, column in tables.leads.items()}
    ids = tables.ids
    size = len(ids)
    known = {fold(name) for name in leads}
    for need in model.needs.properties:
        if not known.intersection(map(fold, need.sources)):
            leads[need.sources[0]] = ("text", [None] * size)
            known.add(fold(need.sources[0]))
    kept = [at for at, own in enumerate(ids) if own is not None and ids.index(own) == at]
    first = dict(tables.events[0])
    rows = len(first[OWN_ID][1])
    there = {fold(name) for name in first}
    for attribute in model.needs.attributes:
        if fold(attribute.name) not in there:
            first[attribute.name] = ("text", [None] * rows)
    seen: set[tuple[Any, int | None]] = set()
    single_seconds: list[int] = []
    for at, (own, time) in enumerate(zip(first[OWN_ID][1], first["time"][1], strict=True)):
        moment = str(own).strip(), date_of(normal(time), zone(tables.zone))
        if moment not in seen:
            seen.add(moment)
            single_seconds.append(at)
    return Tables(
        picked(leads, kept),
        (picked(first, single_seconds),),
        tables.lists,
        tables.as_of,
        tables.zone,
    )


def picked(columns: Columns, places: Sequence[int]) -> Columns:
    return {name: (kind, [values[at] for at in places]) for name, (kind, values) in columns.items()}


def check(model: leadscore.Model, tables: Tables, *, samples: bool) -> None:
    wanted: Found = {}
    for own, lead in zip(tables.ids, tables.each(), strict=True):
        wanted[str(own)] = points(single(model, lead, tables), model)
    if samples:
        assert typed(model, tables) == wanted
    elif (names := own_names(model, tables)) is not None:
        assert untyped(model, tables, names) == wanted


@pytest.mark.parametrize("samples", [False, True], ids=["text", "samples"])
@pytest.mark.parametrize("key", SCORED, ids=ident)
def test_conformance_cases(key: Key, samples: bool) -> None:
    model = leadscore.loads(key[0])
    check(model, completed(model, tables_of(SCORED[key], typed=samples)), samples=samples)


def as_text(columns: Columns) -> Columns:
    return {
        name: ("text", [cell(value) for value in values]) for name, (_, values) in columns.items()
    }


@given(scenes())
@some(4)
def test_random_models(scene: Scene) -> None:
    [model] = scene.models
    kept, _ = expected(scene.models, scene.tables)
    tables = completed(model, kept)
    check(model, tables, samples=True)
    in_text = Tables(
        as_text(tables.leads),
        tuple(map(as_text, tables.events)),
        as_text(tables.lists),
        tables.as_of,
        tables.zone,
    )
    check(model, completed(model, in_text), samples=False)


def test_decimals_and_headers_with_blanks() -> None:
    """Columns are read as `score_table` reads them, and called as they are."""
    model = leadscore.loads(
        'score "S"\ngroup "G"\n  +1 if price is "1.5"\n  +2 if price = 1.5\n'
        '  +4 if wide is "12345678901234567890.5"\n  +8 if [annual revenue] is "100"\n'
    )
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE leads AS SELECT 1 AS id, 1.50::DECIMAL(10,2) AS price, "
            "12345678901234567890.50::DECIMAL(38,2) AS wide, "
            '100.00::DECIMAL(10,2) AS " Annual Revenue "'
        )
        sample = connection.sql("FROM leads")
        sql = model.to_sql(leads=sample, as_of="2026-01-31")
        [(_, score)] = connection.execute(sql).fetchall()
        assert score == 15
        assert model.score_table(sample).to_arrow()["score"].to_pylist() == [15]


# Parsed only


def parsed(sql: str, dialect: str) -> exp.Select:
    """The one statement of a query, by sqlglot's grammar of its database."""
    [tree] = sqlglot.parse(sql, read=dialect, error_level=sqlglot.ErrorLevel.RAISE)
    assert isinstance(tree, exp.Select)
    # A command is what sqlglot could not parse.
    assert not list(tree.find_all(exp.Command))
    return tree


def outputs(tree: exp.Select) -> list[str]:
    return [column.alias_or_name for column in tree.selects]


@pytest.mark.parametrize("dialect", UNRUN)
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_the_examples_are_sql_of_databases_that_cannot_run_here(path: Path, dialect: str) -> None:
    model = leadscore.load(path)
    for as_of in (None, "2026-01-31"):
        sql = model.to_sql(dialect, as_of=as_of, time_zone="Europe/Berlin", receipt=True)
        assert "parse this dialect and do not run it" in sql.split("\n", 3)[1]
        names = ["id", *model.outputs.names, *(one.name for one in receipt_columns(model.plan))]
        assert outputs(parsed(sql, dialect)) == names


@pytest.mark.parametrize("dialect", UNRUN)
def test_random_models_are_sql_of_databases_that_cannot_run_here(dialect: str) -> None:
    @given(scenes())
    @some(10)
    def check(scene: Scene) -> None:
        [model] = scene.models
        tables = completed(model, scene.tables)
        samples = {"leads": arrow(tables.leads), "events": arrow(tables.events[0])}
        for how in ({}, {**samples, "lists": arrow(tables.lists), "id": OWN_ID}):
            try:
                sql = model.to_sql(
                    dialect, as_of=tables.as_of, time_zone=tables.zone, receipt=True, **how
                )
            except leadscore.ScoreError as error:
                # The text of a double: Snowflake has no shortest one.
                assert (dialect, bool(how)) == ("snowflake", True)
                [diagnostic] = error.diagnostics
                assert diagnostic.code == "T401"
            else:
                parsed(sql, dialect)

    check()


@pytest.mark.parametrize(
    ("rule", "table"),
    [
        ('+2 if x is "1.5"', "leads"),
        ('+2 for each "Visit" where x is "1.5"', "events"),
    ],
)
def test_what_a_database_cannot_say_names_the_line(rule: str, table: str) -> None:
    model = leadscore.loads(f'score "S"\ngroup "G"\n  +1 if event "Call"\n  {rule}\n', "s.score")
    columns: Columns = {
        "id": ("integer", [1]),
        "event": ("text", ["Visit"]),
        "time": ("text", ["2026-01-31"]),
    }
    samples = {
        "leads": arrow({"id": ("integer", [1])}),
        "events": arrow({**columns}),
        table: arrow({**columns, "x": ("double", [1.5])}),
    }
    parsed(model.to_sql("snowflake"), "snowflake")
    with pytest.raises(leadscore.ScoreError) as refused:
        model.to_sql("snowflake", **samples)
    assert "s.score:4:3" in str(refused.value)
    [diagnostic] = refused.value.diagnostics
    assert diagnostic.code == "T401"
    assert diagnostic.message.startswith("Snowflake cannot say this exactly: ")
