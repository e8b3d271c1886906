"""A model as SQL for somebody else's database: `Model.to_sql` and ``leadscore sql``.

The same query that our engines run, with what only they need left out: no counts for a report, no
counters packed into bits. Columns are taken by their names. Where the tables, or samples of
them, are given, each column is read as what it is; else all are cast to text first and read from
that, which reads less well, and is right for all types but times with a zone, whose text
shows the session's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

from leadscore.diagnostics import Diagnostic, Span
from leadscore.errors import DataError, ScoreError
from leadscore.files import score_error
from leadscore.targets.sql.dialect import ColumnKind, Dialect
from leadscore.targets.sql.emit import CannotSay, Options, emit
from leadscore.targets.sql.inputs import (
    EventInput,
    InputColumn,
    Inputs,
    LeadInput,
    ListInput,
    ModelInput,
)
from leadscore.targets.sql.query import comment

if TYPE_CHECKING:
    from leadscore.data.described import Described, Named
    from leadscore.model import Model

DIALECTS = ("duckdb", "spark", "postgres", "snowflake", "bigquery")
TABLES = ("leads", "events", "lists")


def dialect_of(name: str) -> Dialect:
    """The dialect of a name; raises DataError where there is none."""
    match name:
        case "duckdb":
            from leadscore.targets.sql.dialects.duckdb import DuckDb

            return DuckDb()
        case "spark":
            from leadscore.targets.sql.dialects.spark import Spark

            return Spark()
        case "postgres":
            from leadscore.targets.sql.dialects.postgres import Postgres

            return Postgres()
        case "snowflake":
            from leadscore.targets.sql.dialects.snowflake import Snowflake

            return Snowflake()
        case "bigquery":
            from leadscore.targets.sql.dialects.bigquery import BigQuery

            return BigQuery()
    raise DataError(f"there is no dialect {name!r}; there are: {', '.join(DIALECTS)}")


def model_sql(
    model: Model,
    dialect: str,
    *,
    leads: object,
    events: object,
    lists: object,
    id: str | None,
    event_columns: Mapping[str, str] | str | None,
    relations: Mapping[str, str] | None,
    as_of: str | date | datetime | None,
    time_zone: str | tzinfo,
    time_pattern: str | None,
    receipt: bool,
) -> str:
    """See `Model.to_sql`."""
    from leadscore.model import as_of_seconds_of, check_time_pattern, zone_of

    spoken = dialect_of(dialect)
    zone = zone_of(time_zone)
    check_time_pattern(time_pattern)
    names = dict(zip(TABLES, TABLES, strict=True))
    for name, relation in (relations or {}).items():
        if name not in names:
            raise DataError(f"there is no table {name!r} to name; there are: {', '.join(TABLES)}")
        names[name] = relation
    described = _described(model, leads, events, lists, id, event_columns)
    options = Options(
        zone,
        None if as_of is None else as_of_seconds_of(as_of, zone),
        time_pattern,
        receipt=receipt,
    )
    inputs = _Inputs(model, spoken, described, names, id or "id").inputs()
    try:
        query = emit(spoken, [model.plan], inputs, options)
        text = query.sql()
    except CannotSay as found:
        raise _cannot_say(model, spoken, found) from None
    file = Path(model.source.name).name
    head = [
        f"{model.name}: written by leadscore from {file}, for {spoken.title}.",
        *([] if spoken.ran else ["leadscore's tests parse this dialect and do not run it."]),
        *(_as_of_note(as_of, time_zone)),
    ]
    return "".join(f"-- {comment(line)}\n" for line in head) + text


def _as_of_note(as_of: object, time_zone: str | tzinfo) -> list[str]:
    moment = "as of the moment it runs" if as_of is None else f"as of {as_of}"
    return [f"Scores are {moment}; times without an offset are of {time_zone}."]


def _described(
    model: Model,
    leads: object,
    events: object,
    lists: object,
    id: str | None,
    event_columns: Mapping[str, str] | str | None,
) -> Described:
    from leadscore.data.described import Described, describe

    if leads is None and events is None and lists is None:
        return Described(None, None, None, None, None)
    return describe(model.needs, leads, events, lists, id=id, event_columns=event_columns)


class _Inputs:
    """The columns of a model's tables, by name."""

    def __init__(
        self,
        model: Model,
        dialect: Dialect,
        described: Described,
        relations: Mapping[str, str],
        id: str,
    ) -> None:
        """`id` is the leads' id column, where they are not described."""
        from leadscore.engines.relations import KINDS

        self._model = model
        self._dialect = dialect
        self._described = described
        self._relations = relations
        self._id = id
        self._kinds: Mapping[str, ColumnKind] = KINDS

    def inputs(self) -> Inputs:
        """All of them."""
        model, found = self._model, self._described
        needs = model.needs
        own = found.id.name if found.id is not None else self._id
        properties = found.properties or (None,) * len(needs.properties)
        id_kind = found.id.kind if found.id is not None else None
        ids = [id_kind]
        if needs.events:
            ids.append(found.events.lead.kind if found.events is not None else None)
        if needs.lists:
            ids.append(found.list_lead.kind if found.list_lead is not None else None)
        key = self._key(ids)
        return Inputs(
            LeadInput(self._relations["leads"], key(own, id_kind), None),
            self._events(key) if needs.events else None,
            self._lists(key) if needs.lists else None,
            (
                ModelInput(
                    tuple(
                        self._column(column, need.sources[0])
                        for column, need in zip(properties, needs.properties, strict=True)
                    ),
                    self._attributes(),
                ),
            ),
        )

    def _key(self, kinds: list[str | None]) -> Callable[[str, str | None], str]:
        """How ids are compared: as they are where all are whole numbers, else as trimmed text."""
        whole = all(kind is not None and self._kinds[kind] == "integer" for kind in kinds)

        def key(name: str, kind: str | None) -> str:
            column = self._dialect.identifier(name)
            if whole:
                return column
            known = "text" if kind is None else self._kinds[kind]
            if kind is None:
                column = self._dialect.as_text(column)
            text = column if known == "text" else self._dialect.text_of(column, known)
            return self._dialect.trim(text)

        return key

    def _column(self, column: Named | None, name: str) -> InputColumn:
        if column is None:
            return InputColumn(self._dialect.as_text(self._dialect.identifier(name)), "text")
        found = self._dialect.identifier(column.name)
        if column.decimal:
            # Read as text, whose number is the nearest double everywhere; a cast need not be.
            return InputColumn(self._dialect.shortest(self._dialect.as_text(found)), "text")
        return InputColumn(found, self._kinds[column.kind])

    def _attributes(self) -> tuple[InputColumn, ...]:
        needs = self._model.needs.attributes
        found = self._described.events
        attributes = found.attributes if found is not None else (None,) * len(needs)
        return tuple(
            self._column(column, need.name) for column, need in zip(attributes, needs, strict=True)
        )

    def _events(self, key: Callable[[str, str | None], str]) -> EventInput:
        found = self._described.events
        if found is None:
            lead, type_, time = key("lead_id", None), None, None
        else:
            lead = key(found.lead.name, found.lead.kind)
            type_, time = found.type, found.time
        kind = self._text(type_, "event")
        return EventInput(
            self._relations["events"], lead, kind, self._column(time, "time"), None, None, 1
        )

    def _text(self, column: Named | str | None, name: str) -> InputColumn:
        """A column that is read as text only."""
        if isinstance(column, str):
            return InputColumn(self._dialect.string(column), "text")
        found = self._column(column, name)
        if found.kind == "text":
            return found
        return InputColumn(self._dialect.text_of(found.expression, found.kind), "text")

    def _lists(self, key: Callable[[str, str | None], str]) -> ListInput:
        found = self._described
        lead = found.list_lead
        return ListInput(
            self._relations["lists"],
            key(lead.name, lead.kind) if lead is not None else key("lead_id", None),
            self._text(found.list_name, "list").expression,
        )


def _cannot_say(model: Model, dialect: Dialect, found: CannotSay) -> ScoreError:
    """The error that points at the line."""
    document = model.analysis.document
    span = Span(0, 0)
    for statement in document.statements:
        if statement.line == found.line:
            span = Span(statement.start, statement.start + len(statement.parsed.text))
    diagnostic = Diagnostic(
        "T401",
        span,
        f"{dialect.title} cannot say this exactly: {found}",
        hint="Score with another engine, or write the rule so that this is not needed.",
    )
    return score_error((diagnostic,), model.source)
