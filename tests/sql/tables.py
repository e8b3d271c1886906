"""Tables of leads, events and lists, and what every way of scoring them has to agree on.

A test says what a table holds once, as columns with a kind each. From there it goes row by row to
`Model.score`, as Arrow to the engines, and as tables of a database to the SQL of the plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pyarrow as pa
from tests.sql.databases import Database, arrow
from tests.sql.runners import Columns, Runner

import leadscore
from leadscore.data import open_tables
from leadscore.engines.run import merged_needs
from leadscore.receipt_columns import receipt_columns
from leadscore.report import Report
from leadscore.scores import open_run
from leadscore.targets.sql.dialect import ColumnKind, Dialect
from leadscore.targets.sql.emit import Options, Query, emit
from leadscore.targets.sql.inputs import (
    EventInput,
    InputColumn,
    Inputs,
    LeadInput,
    ListInput,
    ModelInput,
)
from leadscore.values.dates import as_of_seconds, zone
from leadscore.values.text import fold, normal, text_of, trim
from leadscore.values.units import decimal_text, plain

Row = dict[str, str | None]
"""What a lead comes to: texts, points as exact decimals; None for what is blank."""

Lead = tuple[dict[str, Any], list[dict[str, Any]], list[str]]
"""A lead's properties, events and lists, as `Model.score` takes them."""

OWN_ID = "lead of the test"
"""The column of the leads' ids in all tables; no property or attribute is called so."""


@dataclass(frozen=True, slots=True)
class Tables:
    """Leads, events and lists, all with the column `OWN_ID`.

    Events have `event` and `time`, lists `list`. Of several tables of events, columns of one name
    are of one kind, and a table may lack attributes that another has.
    """

    leads: Columns
    events: tuple[Columns, ...]
    lists: Columns
    as_of: str | datetime
    zone: str
    kinds: Mapping[str, ColumnKind] = field(init=False)
    """Of the events' columns."""

    def __post_init__(self) -> None:
        kinds = {name: kind for table in self.events for name, (kind, _) in table.items()}
        object.__setattr__(self, "kinds", kinds)

    def __repr__(self) -> str:
        shown = [f"as of {self.as_of} in {self.zone}", f"leads: {dict(self.leads)}"]
        shown += [f"events: {dict(table)}" for table in self.events]
        return "\n".join([*shown, f"lists: {dict(self.lists)}"])

    @property
    def seconds(self) -> int:
        """The as-of instant."""
        return as_of_seconds(self.as_of, zone(self.zone))

    @property
    def ids(self) -> list[str | None]:
        """The ids of the leads, as text."""
        return [_id(value) for value in self.leads[OWN_ID][1]]

    def each(self) -> Iterator[Lead]:
        """The leads, one by one."""
        events: dict[str, list[dict[str, Any]]] = {}
        lists: dict[str, list[str]] = {}
        for table in self.events:
            for event in _rows(table):
                events.setdefault(_id(event.pop(OWN_ID)) or "", []).append(event)
        for entry in _rows(self.lists):
            if entry["list"] is not None:
                lists.setdefault(_id(entry[OWN_ID]) or "", []).append(entry["list"])
        for lead in _rows(self.leads):
            own = _id(lead.pop(OWN_ID))
            yield lead, events.get(own, []) if own else [], lists.get(own, []) if own else []

    def without(self, places: set[int]) -> Tables:
        """The same without some of the leads; their events are then those of strangers."""
        kept = {
            name: (kind, [value for at, value in enumerate(values) if at not in places])
            for name, (kind, values) in self.leads.items()
        }
        return Tables(kept, self.events, self.lists, self.as_of, self.zone)

    def arrow(self) -> tuple[pa.Table, list[pa.Table], pa.Table]:
        """Leads, tables of events, and lists."""
        return arrow(self.leads), [arrow(table) for table in self.events], arrow(self.lists)


def _id(value: Any) -> str | None:
    text = text_of(value)
    return trim(text) if text else None


def _rows(columns: Columns) -> Iterator[dict[str, Any]]:
    for values in zip(*(values for _, values in columns.values()), strict=True):
        yield dict(zip(columns, values, strict=True))


# Columns of mixed values


def cell(value: Any) -> str | None:
    """A value as a cell of a text column has it: times with their offset, if they have one."""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    return text_of(normal(value))


def column(values: Sequence[Any], *, typed: bool) -> tuple[ColumnKind, list[Any]]:
    """Values as a column of text; or, `typed`, of the one kind that all of them are of."""
    kinds = {_kind(value) for value in values if value is not None}
    if typed and kinds == {"integer", "double"} and all(map(_is_double, values)):
        return "double", [None if value is None else float(value) for value in values]
    if typed and len(kinds) == 1 and (kind := kinds.pop()) is not None:
        return kind, list(values)
    return "text", [cell(value) for value in values]


def _is_double(value: Any) -> bool:
    return not isinstance(value, int) or abs(value) <= 2**53


def _kind(value: Any) -> ColumnKind | None:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer" if -(2**63) <= value < 2**63 else None
        case float():
            return "double"
        case str():
            return "text"
        case datetime():
            return "timestamp" if value.tzinfo is None else "instant"
        case date():
            return "date"
    return None


# One lead after the other


def single(model: leadscore.Model, lead: Lead, tables: Tables) -> Row:
    """What a lead comes to alone, with the columns of its receipt; raises EvaluationError."""
    given, events, lists = lead
    result = model.score(given, events, lists, as_of=tables.as_of, time_zone=tables.zone)
    row = {
        name: None if value is None else plain(value) for name, value in result.to_dict().items()
    }
    columns = receipt_columns(model.plan)
    if result.excluded:
        return row | {column.name: None for column in columns}
    receipt = result.receipt
    for column_ in columns:
        if column_.group is None:
            amount = receipt.limited[column_.target or ""]
        else:
            group = receipt.groups[column_.group]
            of = group if column_.rule is None else group.rules[column_.rule]
            amount = getattr(of, column_.what)
        row[column_.name] = decimal_text(amount)
    return row


# The engines


def scored(
    models: Sequence[leadscore.Model],
    tables: Tables,
    engine: str,
    *,
    prefixes: Sequence[str] = ("",),
    threads: int | None = None,
    sources: tuple[Any, Any, Any] | None = None,
) -> tuple[list[Row], Report]:
    """What an engine makes of the tables, with receipts; raises EvaluationError.

    `sources` are the tables as files or whatever else the reader takes.
    """
    leads, events, lists = sources or tables.arrow()
    needs = merged_needs(models)
    with open_tables(
        needs,
        leads,
        events,
        lists,
        id=OWN_ID,
        time_zone=tables.zone,
        allow_missing=True,
        threads=threads,
    ) as opened:
        run = open_run(
            models,
            opened,
            needs,
            as_of=tables.seconds,
            time_zone=zone(tables.zone),
            prefixes=prefixes,
            receipt=True,
            engine=engine,
        )
        rows = [row for batch in run.batches() for row in batch.to_pylist()]
        own, *names = run.request.columns
        numbers = run.request.numbers
        assert [row[own] for row in rows] == tables.ids
        found = [
            {
                name: decimal_text(row[name])
                if name in numbers and row[name] is not None
                else row[name]
                for name in names
            }
            for row in rows
        ]
        return found, run.report()


def counts(report: Report) -> dict[str, Any]:
    """What of a report does not depend on the order in which an engine goes over the events."""
    return {
        "leads": report.leads,
        "excluded": report.excluded,
        "events": report.events,
        "future": report.future_events,
        "untimed": report.untimed_events,
        "unreadable": {key: entry.count for key, entry in report.unreadable.items()},
        "notes": report.notes,
    }


# The SQL of a plan


def written(
    dialect: Dialect,
    models: Sequence[leadscore.Model],
    tables: Tables,
    *,
    prefixes: Sequence[str] = ("",),
    packed: bool = False,
) -> tuple[dict[str, Columns], Query]:
    """The tables under the names that a query looks for, and the query."""
    properties = {fold(name): name for name in tables.leads}
    lead_columns: dict[str, tuple[ColumnKind, Sequence[Any]]] = {}
    event_columns: dict[str, tuple[ColumnKind, Sequence[Any]]] = {}
    size = len(tables.leads[OWN_ID][1])
    events = [event for table in tables.events for event in _rows(table)]
    attributes = {fold(name): name for name in tables.kinds}
    places: dict[str, str] = {}

    def lead_column(sources: Sequence[str]) -> InputColumn:
        name = next((properties[fold(s)] for s in sources if fold(s) in properties), None)
        at = places.setdefault(f"lead {name}", f"p{len(places)}")
        lead_columns[at] = ("text", [None] * size) if name is None else tables.leads[name]
        return InputColumn(at, lead_columns[at][0])

    def event_column(own: str, at: str) -> InputColumn:
        name = attributes.get(fold(own))
        kind: ColumnKind = "text" if name is None else tables.kinds[name]
        event_columns[at] = (kind, [event.get(name or "") for event in events])
        return InputColumn(at, kind)

    columns = tuple(
        ModelInput(
            tuple(lead_column(need.sources) for need in model.needs.properties),
            tuple(
                event_column(need.name, places.setdefault(f"event {need.name}", f"a{len(places)}"))
                for need in model.needs.attributes
            ),
        )
        for model in models
    )
    id_kind = tables.leads[OWN_ID][0]
    key = dialect.trim if id_kind == "text" else str
    inputs = Inputs(
        LeadInput("lead_input", key("id"), "given_row"),
        EventInput(
            "event_input",
            key("lead"),
            event_column("event", "type"),
            event_column("time", "happened"),
            "seq",
            None,
            1,
        ),
        ListInput("list_input", key("lead"), "list"),
        columns,
    )
    of = [event[OWN_ID] for event in events]
    loaded: dict[str, Columns] = {
        "lead_input": {
            "given_row": ("integer", range(size)),
            "id": tables.leads[OWN_ID],
            **lead_columns,
        },
        "event_input": {
            "seq": ("integer", range(len(events))),
            "lead": (id_kind, of),
            **event_columns,
        },
        "list_input": {"lead": tables.lists[OWN_ID], "list": tables.lists["list"]},
    }
    options = Options(
        zone(tables.zone),
        tables.seconds,
        form="text",
        packed=packed,
        receipt=True,
        prefixes=tuple(prefixes),
    )
    return loaded, emit(dialect, [model.plan for model in models], inputs, options)


def queried(
    database: Database,
    models: Sequence[leadscore.Model],
    tables: Tables,
    *,
    prefixes: Sequence[str] = ("",),
    packed: bool = False,
) -> list[Row]:
    """What the SQL of the plan makes of the tables, in a database."""
    loaded, query = written(database.dialect, models, tables, prefixes=prefixes, packed=packed)
    for name, columns in loaded.items():
        database.load(name, columns)
    rows = database.fetch(query.sql())
    names = [output.name for output in query.outputs]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    assert [row.pop("id") for row in found] == tables.ids
    return found


def packings(runner: Runner, models: Sequence[leadscore.Model]) -> tuple[bool, ...]:
    """How counters of events are written: packed too where an engine of ours runs them so."""
    engine = runner.dialect.name in ("duckdb", "spark")
    return (False, True) if engine and any(m.plan.uses_events for m in models) else (False,)


# Comparing


def differences(found: Sequence[Row], wanted: Sequence[Row]) -> dict[str, Any]:
    """Where rows are not those that were wanted: {lead and column: (found, wanted)}."""
    assert len(found) == len(wanted)
    return {
        f"lead {at}: {name}": (row.get(name, "(no such column)"), value)
        for at, (row, expected) in enumerate(zip(found, wanted, strict=True))
        for name, value in expected.items()
        if row.get(name, "(no such column)") != value
    }
