"""Spark DataFrames as the three relations that engines read; nothing is copied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Any

from leadscore.data import kinds, resolve
from leadscore.data.arguments import ColumnMapping, as_mapping, event_tables
from leadscore.data.notes import belonging, same_ids, told, without_id
from leadscore.data.relations import (
    EVENT_INPUT,
    LEAD_INPUT,
    LIST_INPUT,
    EventCounts,
    EventSource,
    Relations,
)
from leadscore.data.source import Column
from leadscore.engines.relations import KINDS
from leadscore.errors import DataError
from leadscore.needs import Needs
from leadscore.report import Report
from leadscore.targets.sql.dialects.spark import Spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import DataType

_NUMBERS = count(1)
_EXAMPLES = 3
_SPARK = Spark()
_SAME = {
    "string": kinds.TEXT,
    "bigint": kinds.INTEGER,
    "double": kinds.DOUBLE,
    "boolean": kinds.BOOLEAN,
    "date": kinds.DATE,
    "timestamp": kinds.INSTANT,
    "timestamp_ntz": kinds.TIMESTAMP,
}
_DOUBLE_DIGITS = 15
"""Every decimal of so many digits survives in a double."""


def is_frame(given: object) -> bool:
    """Whether a table is a Spark DataFrame, of a classic or a Connect session."""
    return type(given).__module__.startswith("pyspark.") and hasattr(given, "sparkSession")


def fresh_prefix() -> str:
    """What stands before the names of the views of one run, in a session that all runs share."""
    return f"leadscore_{next(_NUMBERS)}_"


@dataclass(frozen=True, slots=True)
class _Frame:
    """A DataFrame as `resolve` knows tables."""

    frame: DataFrame
    label: str
    columns: tuple[Column, ...]
    notes: list[str]

    def create(self, name: str, select: Sequence[str]) -> None:
        """Make the temporary view `name`, of these expressions over the columns."""
        self.frame.selectExpr(*select).createOrReplaceTempView(name)


def _opened(frame: Any, label: str) -> _Frame:
    columns = []
    for field in frame.schema.fields:
        expression, kind = _plain(_SPARK.identifier(field.name), field.dataType)
        columns.append(Column(field.name.strip(), expression, kind))
    return _Frame(frame, label, tuple(columns), [])


def _plain(x: str, given: DataType) -> tuple[str, str]:
    """An expression of a type of Spark's as one of the seven kinds; and which one."""
    name = given.simpleString()
    if name in _SAME:
        return x, _SAME[name]
    if name in ("tinyint", "smallint", "int"):
        return f"cast({x} as bigint)", kinds.INTEGER
    if name == "float":
        return f"cast({x} as double)", kinds.DOUBLE
    if name.startswith("decimal"):
        digits, places = (int(part) for part in name[len("decimal(") : -1].split(","))
        if places == 0 and digits <= 18:
            return f"cast({x} as bigint)", kinds.INTEGER
        text = f"cast({x} as string)"
        if digits <= _DOUBLE_DIGITS:
            return f"cast({text} as double)", kinds.DOUBLE
        return (text if places == 0 else f"rtrim('.', rtrim('0', {text}))"), kinds.TEXT
    if name.startswith(("array", "map", "struct")):
        return f"to_json({x})", kinds.TEXT
    return f"cast({x} as string)", kinds.TEXT


class SparkFrames:
    """Leads, events and lists that are DataFrames, as open tables; see `leadscore.data.Tables`."""

    passthrough_columns: tuple[str, ...] = ()

    def __init__(
        self,
        needs: Needs,
        leads: DataFrame,
        events: object,
        lists: object,
        *,
        id: str | None,
        event_columns: ColumnMapping | Mapping[str, str] | str | None,
        allow_missing: bool,
        model: str,
    ) -> None:
        """Takes what `open_tables` does, of DataFrames. Raises DataError."""
        self.session: SparkSession = leads.sparkSession
        self.prefix = fresh_prefix()
        self.report = Report()
        self._needs = needs
        self._allow_missing = allow_missing
        self._model = model
        people = _opened(leads, "the leads")
        id_column = resolve.id_column(people, id)
        self.id_column = id_column.name
        properties = resolve.property_columns(people, needs)
        tables = [
            (_opened(_frame(table.source, "the events"), label), table.mapping)
            for table, label in _labelled(events if needs.events else None)
        ]
        override = as_mapping(event_columns)
        found = []
        for table, mapping in tables:
            own = mapping.under(override)
            owner = resolve.lead_owner(table, self.id_column, own.lead)
            found.append(resolve.event_columns(table, owner, own, needs.attributes))
        list_table = None
        if needs.lists and lists is not None:
            list_table = _opened(_frame(lists, "the lists"), "the lists")
        self._check(people, properties, [t for t, _ in tables], found, lists is not None)
        ids = [id_column, *(one.owner.column for one in found)]
        list_owner = None
        if list_table is not None:
            list_owner = resolve.lead_owner(list_table, self.id_column, None).column
            ids.append(list_owner)
        whole = all(column.kind == kinds.INTEGER for column in ids)
        self._leads(people, id_column, properties, whole)
        columns = [(one.time, *one.attributes) for one in found]
        wanted = [
            kinds.common([column.kind for column in parallel if column is not None] or [kinds.TEXT])
            for parallel in zip(*columns, strict=True)
        ] or [kinds.TEXT] * (1 + len(needs.attributes))
        self._told = [
            told(table.label, "event", one.owner, self.id_column, resolve.column_names(table))
            for (table, _), one in zip(tables, found, strict=True)
        ]
        self._events([table for table, _ in tables], found, wanted, whole)
        self._lists(list_table, list_owner, whole)
        self._count_leads(people.label)
        self.relations = Relations(
            kinds.INTEGER if whole else kinds.TEXT,
            tuple(kinds.TEXT if column is None else column.kind for column in properties),
            tuple(wanted[1:]),
            wanted[0],
            (),
            (),
            self.lead_count,
            self._same_ids,
            tuple(EventSource(table.label, -1, False) for table, _ in tables),
        )

    def _check(
        self,
        people: _Frame,
        properties: Sequence[Column | None],
        tables: Sequence[_Frame],
        found: Sequence[resolve.EventColumns],
        lists: bool,
    ) -> None:
        """An error that names what is missing, or a note on each."""
        needs = self._needs
        nothing = [
            what
            for what, needed, given in (
                ("events", needs.events, bool(tables)),
                ("lists", needs.lists, lists),
            )
            if needed and not given
        ]
        no_property = [
            need
            for need, column in zip(needs.properties, properties, strict=True)
            if column is None
        ]
        no_attribute = [
            need
            for at, need in enumerate(needs.attributes)
            if found and all(one.attributes[at] is None for one in found)
        ]
        if nothing and not self._allow_missing:
            raise DataError(
                f"{self._model} looks at {' and '.join(nothing)}, and none are given. Give "
                f"{' and '.join(f'{what}=' for what in nothing)}, or score as if there were none: "
                "allow_missing=True."
            )
        if (no_property or no_attribute) and not self._allow_missing:
            raise resolve.missing_columns(people, no_property, tables, no_attribute, self._model)
        notes = self.report.notes
        notes += [
            f"No {what} are given, though {self._model} looks at them: scored as if there were "
            f"no {what}."
            for what in nothing
        ]
        notes += [
            f"{people.label}: there is no column {' or '.join(dict.fromkeys(need.sources))}; "
            f"{need.name} is unknown for all leads."
            for need in no_property
        ]
        notes += [
            f"No table of events has a column {need.name}; it is unknown for all events."
            for need in no_attribute
        ]

    def _leads(
        self,
        people: _Frame,
        id_column: Column,
        properties: Sequence[Column | None],
        whole: bool,
    ) -> None:
        select = ["monotonically_increasing_id() as row", f"{_key(id_column, whole)} as id"]
        select += [f"{_expression(column)} as p{at}" for at, column in enumerate(properties)]
        people.create(self.prefix + LEAD_INPUT, select)

    def _events(
        self,
        tables: Sequence[_Frame],
        found: Sequence[resolve.EventColumns],
        wanted: Sequence[str],
        whole: bool,
    ) -> None:
        names = ["time", *(f"a{at}" for at in range(len(wanted) - 1))]
        parts = []
        for place, (table, one) in enumerate(zip(tables, found, strict=True)):
            select = [
                f"{_key(one.owner.column, whole)} as lead",
                f"{place} as source",
                f"{_type(one.type)} as type",
            ]
            given = (one.time, *one.attributes)
            for name, column, kind in zip(names, given, wanted, strict=True):
                select.append(f"{_expression(column, kind)} as {name}")
            part = f"{self.prefix}events_{place}"
            table.create(part, select)
            parts.append(f"select * from {part}")
        if not parts:
            columns = ", ".join(
                f"cast(null as {_TYPES[kind]}) as {name}"
                for name, kind in zip(names, wanted, strict=True)
            )
            lead = "bigint" if whole else "string"
            parts.append(
                f"select cast(null as {lead}) as lead, 0 as source, "
                f"cast(null as string) as type, {columns} where false"
            )
        # Numbered together, so that the rows of a table come after those of the one before it.
        union = self.session.sql(" union all ".join(parts)).selectExpr(
            "*", "monotonically_increasing_id() as seq"
        )
        union.createOrReplaceTempView(self.prefix + EVENT_INPUT)

    def _lists(self, table: _Frame | None, owner: Column | None, whole: bool) -> None:
        name = self.prefix + LIST_INPUT
        if table is None or owner is None:
            lead = "bigint" if whole else "string"
            empty = f"select cast(null as {lead}) as lead, cast(null as string) as list where false"
            self.session.sql(empty).createOrReplaceTempView(name)
            return
        listed = resolve.list_name(table)
        table.create(name, [f"{_key(owner, whole)} as lead", f"{_type(listed)} as list"])

    def _count_leads(self, label: str) -> None:
        name = self.prefix + LEAD_INPUT
        rows, known, ids = self.rows(f"select count(*), count(id), count(distinct id) from {name}")[
            0
        ]
        self.lead_count: int = rows
        self._same_ids = ids < known
        if known < rows:
            self.report.notes.append(without_id(label, rows - known, rows, self.id_column))
        if self._same_ids:
            shared, many = self.rows(
                f"select count(*), cast(sum(n) as bigint) from "
                f"(select count(*) as n from {name} where id is not null group by id) where n > 1"
            )[0]
            examples = self.texts(
                "select id from (select id, count(*) as n, min(row) as first "
                f"from {name} where id is not null group by id) where n > 1 "
                f"order by n desc, first limit {_EXAMPLES}"
            )
            self.report.notes.append(same_ids(label, many, shared, examples))

    def note_events(self, counts: Sequence[EventCounts]) -> None:
        """Add to the report what is said about events that reach no lead."""
        leads = f"select id from {self.prefix}{LEAD_INPUT}"
        for place, (table, one) in enumerate(zip(self._told, counts, strict=True)):
            theirs = ours = ""
            if one.strangers:
                theirs = self.texts(
                    f"select distinct lead from {self.prefix}{EVENT_INPUT} where source = {place} "
                    f"and lead is not null and lead not in ({leads} where id is not null) "
                    f"order by 1 limit {_EXAMPLES}"
                )
            if one.rows and one.strangers + one.without_id == one.rows:
                ours = self.texts(f"{leads} where id is not null limit {_EXAMPLES}")
            self.report.notes += belonging(
                table, one.rows, one.without_id, one.strangers, theirs, ours
            )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a small result."""
        return [tuple(row) for row in self.session.sql(sql).collect()]

    def texts(self, sql: str) -> str:
        """The first column of what `sql` gives, as quoted texts with commas between."""
        return ", ".join(repr(str(row[0])) for row in self.rows(sql))

    def close(self) -> None:
        """Drop the views; the DataFrames of a caller stay as they are."""
        for view in self.session.catalog.listTables():
            if view.name.startswith(self.prefix):
                self.session.catalog.dropTempView(view.name)


_TYPES = {
    kinds.TEXT: "string",
    kinds.INTEGER: "bigint",
    kinds.DOUBLE: "double",
    kinds.BOOLEAN: "boolean",
    kinds.DATE: "date",
    kinds.TIMESTAMP: "timestamp_ntz",
    kinds.INSTANT: "timestamp",
}


def _frame(given: object, label: str) -> Any:
    if not is_frame(given):
        raise DataError(
            f"{label}: beside leads that are a Spark DataFrame, this has to be one too, and is a "
            f"{type(given).__name__}."
        )
    return given


def _labelled(events: object) -> list[tuple[Any, str]]:
    tables = event_tables([events] if is_frame(events) else events)
    if len(tables) == 1:
        return [(tables[0], "the events")]
    return [(table, f"the events, table {at}") for at, table in enumerate(tables, 1)]


def _expression(column: Column | None, wanted: str | None = None) -> str:
    if column is None:
        return f"cast(null as {_TYPES[wanted or kinds.TEXT]})"
    if wanted is None or column.kind == wanted:
        return column.expression
    if wanted == kinds.TEXT:
        text = _SPARK.text_of(column.expression, KINDS[column.kind])
        return f"concat({text}, '+00:00')" if column.kind == kinds.INSTANT else text
    return f"cast({column.expression} as {_TYPES[wanted]})"


def _type(column: Column | str) -> str:
    if isinstance(column, str):
        return _SPARK.string(column)
    return _expression(column, kinds.TEXT)


def _key(column: Column, whole: bool) -> str:
    if whole:
        return column.expression
    return _SPARK.trim(_expression(column, kinds.TEXT))
