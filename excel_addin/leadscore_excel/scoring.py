"""Scoring the rows of a call: from its arguments to what the evaluator says of each row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any

from leadscore.data.resolve import property_columns, repeated
from leadscore.errors import DataError, EvaluationError
from leadscore.model import Lead, Model, zone_of
from leadscore.receipt import Receipt
from leadscore.report import Report
from leadscore.targets.python.evaluator import Bound, Raw
from leadscore.values.dates import as_of_seconds, pattern_reader
from leadscore_excel.clock import MACHINE
from leadscore_excel.config import Config
from leadscore_excel.grid import CellError, Column, as_rows, clean
from leadscore_excel.host import Host
from leadscore_excel.joined import Joined, events_of, lists_of
from leadscore_excel.models import compiled
from leadscore_excel.serials import date_of_serial
from leadscore_excel.sheet import (
    Leads,
    given_leads,
    ids_of,
    lacking,
    leads_id,
    properties_of,
    values_of,
)
from leadscore_excel.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a formula hands over, as the host gives it."""

    model: Any
    headers: Any
    rows: Any = None
    events: Any = None
    lists: Any = None
    as_of: Any = None


@dataclass(frozen=True, slots=True)
class Blank:
    """A row in which nothing stands: no lead."""


Outcome = Raw | Trouble | Blank
"""What becomes of a row."""


@dataclass(frozen=True, slots=True)
class Scored:
    """The rows of a call, scored."""

    model: Model
    outcomes: list[Outcome]
    explain: Explain
    report: Report
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Explain:
    """What the receipt of a row is made of."""

    model: Model
    bound: Bound
    as_of: int
    values: list[tuple[Any, ...]]
    events: list[Any] | None
    lists: list[Any] | None
    ids: list[str | None]

    def receipt(self, row: int, raw: Raw) -> Receipt:
        """The receipt of a row that has no trouble. Raises EvaluationError."""
        events = () if self.events is None else self.events[row]
        lists = _NO_LISTS if self.lists is None else self.lists[row]
        return self.model.receipt_of(
            raw, self.values[row], events, lists, self.as_of, self.bound, self.ids[row]
        )


_NO_LISTS: frozenset[str] = frozenset()


def scored(given: Arguments, host: Host, config: Config, only: str = "") -> Scored:
    """Score the rows of a call.

    With `only`, the name of a function, there must be one row. Raises Trouble for what is wrong
    with the call as a whole.
    """
    made = compiled(given.model, host, config)
    model = made.model
    header, rows = given_leads(given.headers, given.rows, host)
    if only and len(rows) != 1:
        raise Trouble(f"{only} takes one row, and there are {len(rows):,}.")
    properties = properties_of(made, header)
    missing = lacking(made, header, properties)
    if missing:
        raise Trouble(
            f"the headers lack what the model reads: {', '.join(missing)}. Add the column, or say "
            'in the model where the property comes from (from "COLUMN").'
        )
    leads = Leads(header, rows, properties, host)
    zone = zone_in(config)
    try:
        bound = model.bound(zone, config.time_pattern)
    except DataError as error:
        raise Trouble(f"the configuration: {error}.") from None
    moment = as_of_in(given.as_of, zone, host)

    values, columns = values_of(made, leads)
    events = None
    if model.plan.uses_events:
        pattern = pattern_reader(config.time_pattern) if config.time_pattern else None
        events = events_of(made, leads, given.events, pattern)
    lists = lists_of(leads, given.lists) if model.plan.uses_lists else None
    ids = ids_of(leads.column(leads_id(header)))
    explain = Explain(
        model,
        bound,
        moment,
        values,
        None if events is None else events.rows,
        None if lists is None else lists.rows,
        ids,
    )
    report = Report()
    outcomes = _outcomes(leads, explain, events, lists, report)
    notes = _notes(leads, columns, explain, events, lists)
    return Scored(model, outcomes, explain, report, notes)


def _outcomes(
    leads: Leads, explain: Explain, events: Joined | None, lists: Joined | None, report: Report
) -> list[Outcome]:
    run, moment = explain.bound.run, explain.as_of
    nothing: Sequence[Any] = ()
    outcomes: list[Outcome] = []
    for row, (values, blank) in enumerate(zip(explain.values, leads.blank(), strict=True)):
        if blank:
            outcomes.append(Blank())
            continue
        for joined in (events, lists):
            if joined is not None and row in joined.errors:
                outcomes.append(Trouble(joined.errors[row]))
                break
        else:
            try:
                outcomes.append(
                    run(
                        values,
                        nothing if events is None else events.rows[row],
                        _NO_LISTS if lists is None else lists.rows[row],
                        moment,
                        report,
                        Lead(explain.ids[row]),
                    )
                )
            except EvaluationError as error:
                outcomes.append(Trouble(error))
    return outcomes


def _notes(
    leads: Leads,
    columns: list[Column],
    explain: Explain,
    events: Joined | None,
    lists: Joined | None,
) -> list[str]:
    """What is to be said about the cells of a call, beside its report."""
    used = property_columns(leads.header, explain.model.needs)
    notes = repeated(leads.header, used)
    for column, at in zip(columns, leads.properties, strict=True):
        if at is not None and column.errors:
            example = next(iter(column.errors.values()))
            notes.append(f"{leads.header.names[at]} is an error ({example}), taken as unknown")
    for joined, what in ((events, "events"), (lists, "lists")):
        if joined is not None:
            notes += joined.notes
            if None in explain.ids:
                notes.append(f"the row has no id, so no {what} are found for it")
    return notes


def zone_in(config: Config) -> tzinfo:
    """The zone of times without an offset. Raises Trouble."""
    if config.time_zone is None:
        return MACHINE
    try:
        return zone_of(config.time_zone)
    except DataError as error:
        raise Trouble(f"the configuration: {error}.") from None


def as_of_in(argument: Any, zone: tzinfo, host: Host) -> int:
    """The as-of instant of a call, in seconds; now where it was left out. Raises Trouble."""
    rows = as_rows(argument)
    if not rows:
        return int(datetime.now(UTC).timestamp())
    if len(rows) > 1 or len(rows[0]) > 1:
        raise Trouble("as_of is one date, and not a range of several cells.")
    value = clean(rows[0][0], error_numbers=host.error_numbers)
    if isinstance(value, CellError):
        raise Trouble(f"as_of is an error, {value.text}.")
    if value is None:
        return int(datetime.now(UTC).timestamp())
    moment: date | None = None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        moment = date_of_serial(value, host.date_system())
        if moment is None:
            raise Trouble(f"as_of is {value}, which is no date. Give a date, or NOW().")
        value = moment
    try:
        return as_of_seconds(value, zone)
    except ValueError as error:
        raise Trouble(f"{error}.") from None
