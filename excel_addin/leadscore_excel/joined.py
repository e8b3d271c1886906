"""Events and lists, from their own ranges, by the lead that they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from leadscore import columns as names
from leadscore.data.resolve import attribute_columns, lead_owner
from leadscore.needs import AttributeNeed
from leadscore.plan import terms as t
from leadscore.values.dates import Reader
from leadscore.values.text import fold, normal, text_of
from leadscore_excel.grid import Column, Row, Value, as_rows, clean_column, is_blank
from leadscore_excel.host import Host
from leadscore_excel.models import Compiled
from leadscore_excel.sheet import (
    Header,
    Leads,
    as_dates,
    dated,
    header,
    ids_of,
    leads_id,
    missing_phrase,
    place,
)
from leadscore_excel.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Joined:
    """What a range holds of each row of the leads, parallel to them."""

    rows: list[Any]
    errors: dict[int, str]
    """Rows of the leads whose id is an error, so that nothing can be looked up."""
    notes: list[str]
    """What is to be said about the range, a sentence each."""


@dataclass(frozen=True, slots=True)
class Match:
    """The columns through which a range belongs to the leads, by their places."""

    ours: int
    theirs: int
    rival: int | None
    """Another column of the range that may hold the lead's id."""


@dataclass(frozen=True, slots=True)
class EventPlaces:
    """Where a range of events has what."""

    match: Match
    type: int
    time: int
    attributes: tuple[int | None, ...]


def match_columns(leads: Header, theirs: Header) -> Match:
    """The columns that the leads and another range share. Raises Trouble.

    As for tables: the leads' own id column, `lead_id` or `contact_id`, else the first. Where that
    first one is a column of the leads, or both have another of the names of ids, it is that one.
    """
    ours = leads_id(leads)
    own_name = leads.names[ours]
    there = theirs.names
    owner = lead_owner(theirs, own_name, None)
    at = place(owner.column)
    rival = names.find(there, owner.rival) if owner.rival else None
    if (
        names.find(there, own_name) is None
        and names.find_any(there, names.EVENT_ID_COLUMNS) is None
    ):
        for name in names.ID_COLUMNS:
            one, other = names.find_any(leads.names, (name,)), names.find_any(there, (name,))
            if one is not None and other is not None:
                return Match(one, other, None)
        shared = names.find(leads.names, there[at])
        if shared is not None:
            ours = shared
        elif not there[at]:
            raise Trouble(
                f"{theirs.label} have no column with the id of the lead. Call it "
                f"{own_name or 'lead_id'!r}, as in the leads."
            )
    return Match(ours, at, rival)


def event_places(
    leads: Header, events: Header, needs: Sequence[AttributeNeed]
) -> tuple[EventPlaces, list[str]]:
    """Where a range of events has what; and the attributes that it lacks, a phrase each.

    Raises Trouble where it has no column of types, of times or of the lead's id.
    """
    there = events.names
    kind = _needed(there, names.find_any(there, names.TYPE_COLUMNS), "type", names.TYPE_COLUMNS)
    time = _needed(there, names.find_time(there), "time", names.TIME_COLUMNS)
    match = match_columns(leads, events)
    if match.theirs in (kind, time):
        raise Trouble(
            "the events have no column with the id of the lead. There are: "
            f"{names.listed(there)}. Name it as in the leads "
            f"({leads.names[match.ours]!r}), or lead_id."
        )
    found = attribute_columns(events, needs)
    lacked = [need for need, column in zip(needs, found, strict=True) if column is None]
    near = names.Near(there if lacked else ())
    missing = [missing_phrase(need.name, (need.name,), need.line, near) for need in lacked]
    attributes = tuple(None if column is None else place(column) for column in found)
    return EventPlaces(match, kind, time, attributes), missing


def _needed(there: Sequence[str], at: int | None, what: str, wanted: Sequence[str]) -> int:
    if at is None:
        raise Trouble(
            f"the events have no column with their {what}; it is named {', '.join(wanted)}. There "
            f"are: {names.listed(there)}. Rename the column, and give the header row of the events "
            "too."
        )
    return at


def given_table(argument: Any, label: str) -> tuple[Header, list[Row]] | None:
    """The header and the rows of a range; None where it was left out."""
    rows = as_rows(argument)
    if not rows:
        return None
    return header(label, rows[0]), [row for row in rows[1:] if not is_blank(row)]


def events_of(
    compiled: Compiled, leads: Leads, argument: Any, pattern: Reader | None = None
) -> Joined:
    """The events of each lead, as evaluators take them. Raises Trouble.

    `pattern` reads the texts of times, where they are not ISO 8601.
    """
    given = given_table(argument, "the events")
    if given is None:
        raise Trouble(
            "the model looks at events. Give their range, with its header row, as the argument "
            "events."
        )
    events, rows = given
    places, missing = event_places(leads.header, events, compiled.model.needs.attributes)
    if missing:
        raise Trouble(
            f"the events lack what the model reads: {', '.join(missing)}. Add the column, or "
            "rename it."
        )
    cells = _columns(events, rows)
    host = leads.host
    times = _cleaned(cells, places.time, host)
    when = as_dates(times.values, pattern, host.date_system)
    attributes: list[Sequence[Value]] = []
    notes = _error_notes(events, {places.time: times})
    for spec, at in zip(compiled.model.plan.attributes, places.attributes, strict=True):
        assert at is not None
        column = dated(_cleaned(cells, at, host), t.Attribute(spec.key), compiled, host)
        attributes.append(column.values)
        notes += _error_notes(events, {at: column})
    kinds = _cleaned(cells, places.type, host)
    notes += _error_notes(events, {places.type: kinds})
    made = zip(map(_type, kinds.values), map(_time, when), *attributes, strict=True)
    joined = _join(leads, places.match, events, cells, list(made), "event")
    return Joined(joined.rows, joined.errors, [*joined.notes, *notes])


def lists_of(leads: Leads, argument: Any) -> Joined:
    """The lists that each lead is in, as folded names. Raises Trouble."""
    given = given_table(argument, "the lists")
    if given is None:
        raise Trouble(
            "the model asks for lists. Give their range, with the columns of the lead's id and "
            "list in its header row, as the argument lists."
        )
    lists, rows = given
    at = names.find_any(lists.names, names.LIST_COLUMNS)
    if at is None:
        raise Trouble(
            "the lists have no column that is named list. There are: "
            f"{names.listed(lists.names)}. Rename the column, and give the header row too."
        )
    match = match_columns(leads.header, lists)
    if match.theirs == at:
        raise Trouble(
            "the lists have no column with the id of the lead, beside list. Name it as in the "
            f"leads ({leads.header.names[match.ours]!r}), or lead_id."
        )
    cells = _columns(lists, rows)
    column = _cleaned(cells, at, leads.host)
    entries = [text_of(normal(value)) for value in column.values]
    joined = _join(leads, match, lists, cells, entries, "list entry")
    sets = [frozenset(fold(name) for name in found if name) for found in joined.rows]
    return Joined(sets, joined.errors, [*joined.notes, *_error_notes(lists, {at: column})])


def _join(
    leads: Leads,
    match: Match,
    table: Header,
    cells: Sequence[Sequence[Any]],
    items: Sequence[Any],
    noun: str,
) -> Joined:
    """The items of each row of the leads, in their order."""
    ours = leads.column(match.ours)
    theirs = _cleaned(cells, match.theirs, leads.host)
    leads_ids = ids_of(ours)
    wanted = set(leads_ids) - {None}
    owners = ids_of(theirs)
    found: dict[str | None, list[Any]] = {id: [] for id in wanted}
    reached = 0
    for id, item in zip(owners, items, strict=True):
        own = found.get(id)
        if own is not None:
            own.append(item)
            reached += 1
    if not reached and match.rival is not None:
        rivals = ids_of(_cleaned(cells, match.rival, leads.host))
        if not wanted.isdisjoint(rivals):
            name, rival = table.names[match.theirs], table.names[match.rival]
            raise Trouble(
                f"{table.label} have the ids of the leads in {rival!r}, and not in {name!r}, which "
                f"is named as the leads' own ids. Rename {name!r}, or leave it out."
            )
    nothing: list[Any] = []
    rows = [nothing if id is None else found[id] for id in leads_ids]
    errors = {
        row: f"the id of this row, in {leads.header.names[match.ours]!r}, is an error ({text}), so "
        f"its {'events' if noun == 'event' else 'lists'} cannot be found."
        for row, text in ours.errors.items()
    }
    notes = _error_notes(table, {match.theirs: theirs})
    if noun == "event" and len(leads_ids) == 1 and not reached and leads_ids[0] is not None:
        notes.append(f"{table.label} hold nothing of the id of this row, {leads_ids[0]!r}")
    return Joined(rows, errors, notes)


def _columns(table: Header, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    if not rows:
        return [() for _ in table.columns]
    return list(zip(*rows, strict=True))


def _cleaned(cells: Sequence[Sequence[Any]], at: int, host: Host) -> Column:
    return clean_column(cells[at], error_numbers=host.error_numbers)


def _error_notes(table: Header, columns: dict[int, Column]) -> list[str]:
    """What is said of cells with errors."""
    notes = []
    for at, column in columns.items():
        if column.errors:
            many = names.count(len(column.errors), "cell")
            example = next(iter(column.errors.values()))
            verb, count = ("holds", "counts") if len(column.errors) == 1 else ("hold", "count")
            notes.append(
                f"{table.label}: {many} of {table.names[at]!r} {verb} an error such as {example}, "
                f"and {count} as unknown."
            )
    return notes


def _type(value: Value) -> str | None:
    return value if type(value) is str else text_of(normal(value))


def _time(value: Value) -> Any:
    """A time as evaluators take it: a text, a date or None; a number that is none is its text."""
    if type(value) is str or value is None:
        return value
    if isinstance(value, (bool, int, float)):
        return text_of(normal(value)) or "(no time)"
    return value
