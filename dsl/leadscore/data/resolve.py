"""Which column holds what: the rules of "Tables", and what to say where none fits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leadscore import columns as names
from leadscore.data.arguments import ColumnMapping
from leadscore.data.source import Column, Columns
from leadscore.errors import DataError
from leadscore.needs import AttributeNeed, Needs, PropertyNeed
from leadscore.values.text import fold

_NEAR_MISSES = 20
"""Missing names for which near misses are looked up."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The column that says whose an event, or an entry of a list, is."""

    column: Column
    of_contacts: bool = False
    """It holds ids of contacts, not of leads."""
    rival: str = ""
    """A column that could be meant as well, where nobody said which it is; or empty."""
    rival_key: str = "lead"
    """What the rival would be: the ``lead``, or the ``contact``."""


@dataclass(frozen=True, slots=True)
class EventColumns:
    """Where an event table has what; attributes are parallel to the needs, None: not there."""

    owner: Owner
    type: Column | str
    """A text is the type of all events of the table."""
    time: Column
    attributes: tuple[Column | None, ...]

    @property
    def used(self) -> list[Column]:
        """The columns that are read."""
        found = (self.owner.column, self.type, self.time, *self.attributes)
        return [column for column in found if isinstance(column, Column)]


def column_names(table: Columns) -> list[str]:
    """The names of a table's columns, in its order."""
    return [column.name for column in table.columns]


def id_column(table: Columns, wanted: str | None) -> Column:
    """The column with the ids of the leads; `wanted` is the caller's ``--id``."""
    there = some_columns(table)
    if wanted is not None:
        return named(table, wanted, "the id of the leads", "--id (in Python: id=)")
    found = names.find_any(there, names.ID_COLUMNS)
    return table.columns[0 if found is None else found]


def lead_owner(table: Columns, leads_id: str, wanted: str | None) -> Owner:
    """The column with the lead's id, in a table other than the leads'; `wanted`: ``lead=``.

    Tables of events often have an ``id`` of their own beside the lead's. A column of the same
    name as the leads' ids goes first, and then the other is worth a word.
    """
    there = some_columns(table)
    if wanted is not None:
        return Owner(named(table, wanted, "the lead of an event", "lead="))
    own = names.find_any(there, names.EVENT_ID_COLUMNS)
    found = names.find(there, leads_id)
    if found is None:
        return Owner(table.columns[0 if own is None else own])
    if own is None or fold(there[found]) in names.EVENT_ID_COLUMNS:
        return Owner(table.columns[found])
    return Owner(table.columns[found], False, there[own])


def event_columns(
    table: Columns, owner: Owner, mapping: ColumnMapping, attributes: Sequence[AttributeNeed]
) -> EventColumns:
    """The columns of an event table. Raises DataError where there is no type or no time."""
    there = some_columns(table)
    kind: Column | str
    if mapping.constant_type is not None:
        kind = mapping.constant_type
    elif mapping.type is not None:
        kind = named(table, mapping.type, "the type of an event", "type=")
    else:
        kind = _found(table, names.find_any(there, names.TYPE_COLUMNS), "type", names.TYPE_COLUMNS)
    if mapping.time is not None:
        time = named(table, mapping.time, "the time of an event", "time=")
    else:
        time = _found(table, names.find_time(there), "time", names.TIME_COLUMNS)
    if mapping.lead is None and mapping.contact is None and owner.column in (kind, time):
        raise DataError(
            f"{table.label}: no column with the lead's id is found. There are: "
            f"{names.listed(there)}. Name it: lead=COLUMN{_WHERE}."
        )
    return EventColumns(owner, kind, time, attribute_columns(table, attributes))


def attribute_columns(
    table: Columns, attributes: Sequence[AttributeNeed]
) -> tuple[Column | None, ...]:
    """The column of each attribute, parallel to the needs; None: it is not there."""
    positions = names.positions(column_names(table))
    found = [positions.get(fold(need.name)) for need in attributes]
    return tuple(None if at is None else table.columns[at] for at in found)


def list_name(table: Columns) -> Column:
    """The column with the name of the list. Raises DataError."""
    there = some_columns(table)
    found = names.find_any(there, names.LIST_COLUMNS)
    if found is None:
        raise DataError(
            f"{table.label}: a table of lists has two columns, the lead's id and list; no column "
            f"is named list. There are: {names.listed(there)}. Rename the column."
        )
    return table.columns[found]


def property_columns(table: Columns, needs: Needs) -> list[Column | None]:
    """The column of each property, parallel to the needs; None: it is not there."""
    there = names.positions(column_names(table))
    chosen: list[Column | None] = []
    for need in needs.properties:
        keys = map(fold, _wanted(need))
        found = next((there[key] for key in keys if key in there), None)
        chosen.append(None if found is None else table.columns[found])
    return chosen


def repeated(table: Columns, used: Sequence[Column | str | None]) -> list[str]:
    """Notes on columns that are used, and there more than once: the first one counts."""
    there = column_names(table)
    copies = Counter(map(fold, there))
    first = names.positions(there)
    notes = []
    for key in dict.fromkeys(fold(column.name) for column in used if isinstance(column, Column)):
        if key and copies[key] > 1:
            notes.append(
                f"{table.label}: {copies[key]} columns are named {there[first[key]]!r}; the first "
                "one is used."
            )
    return notes


def missing_columns(
    leads: Columns,
    properties: Sequence[PropertyNeed],
    events: Sequence[Columns],
    attributes: Sequence[AttributeNeed],
    model: str,
) -> DataError:
    """The error that names every column that the model needs and the data lacks."""
    parts: list[str] = []
    if properties:
        there = column_names(leads)
        near = _near_misses(there, [name for need in properties for name in _wanted(need)])
        parts.append(f"{leads.label} lacks what the model reads:")
        parts += [
            _missing_line(need.name, _wanted(need), need.line, near, model) for need in properties
        ]
        parts.append(f"The columns there are: {names.listed(there)}.")
    if attributes:
        labels = ", ".join(table.label for table in events)
        there = list(dict.fromkeys(name for table in events for name in column_names(table)))
        near = _near_misses(there, [attribute.name for attribute in attributes])
        parts.append(f"{labels}: the events lack what the model reads:")
        parts += [
            _missing_line(attribute.name, (attribute.name,), attribute.line, near, model)
            for attribute in attributes
        ]
        parts.append(f"The columns there are: {names.listed(there)}.")
    where = (
        ', or say in the model where a property comes from (from "COLUMN")' if properties else ""
    )
    parts.append(
        f"Rename the columns{where}, or take what is missing as unknown: --allow-missing (in "
        "Python: allow_missing=True)."
    )
    return DataError("\n".join(parts))


def _wanted(need: PropertyNeed) -> tuple[str, ...]:
    return need.sources or (need.name,)


def _near_misses(there: Sequence[str], wanted: Sequence[str]) -> dict[str, list[str]]:
    """Names of columns that look like what is wanted, for the first of it.

    Where much more is missing, it is another table, and no name is a near miss.
    """
    near = names.Near(there)
    return {name: near.to(name) for name in list(dict.fromkeys(wanted))[:_NEAR_MISSES]}


def _missing_line(
    name: str, wanted: Sequence[str], line: int, near: Mapping[str, Sequence[str]], model: str
) -> str:
    looked = " or ".join(dict.fromkeys(wanted))
    shown = name if looked == name else f"{name} (column {looked})"
    found = dict.fromkeys(one for name in wanted for one in near.get(name, ()))
    likely = ", ".join(map(repr, found))
    hint = f"; did you mean {likely}?" if likely else ""
    return f"  {shown}, line {line} of {model}{hint}"


def some_columns(table: Columns) -> list[str]:
    """The names of the columns; raises DataError where there are none."""
    there = column_names(table)
    if not there:
        raise DataError(f"{table.label}: the table has no columns.")
    return there


def named(table: Columns, wanted: str, what: str, option: str) -> Column:
    """The column that the caller named `wanted` for `what` with `option`; raises DataError."""
    there = column_names(table)
    found = names.find(there, wanted)
    if found is not None:
        return table.columns[found]
    near = names.Near(there).to(wanted)
    hint = f" Did you mean {', '.join(map(repr, near))}?" if near else ""
    raise DataError(
        f"{table.label}: there is no column {wanted!r} for {what}.{hint} There are: "
        f"{names.listed(there)}. Correct {option}."
    )


def _found(table: Columns, at: int | None, what: str, looked: Sequence[str]) -> Column:
    if at is not None:
        return table.columns[at]
    there = column_names(table)
    signs = ("type", "event") if what == "type" else ("time", "date")
    likely = next((name for name in there if names.loose(name).endswith(signs)), None)
    constant = ' (or type="Session" for all of them)' if what == "type" else ""
    raise DataError(
        f"{table.label}: no column with the {what} of the events is found; it is named "
        f"{', '.join(looked)}. There are: {names.listed(there)}. "
        f"Name it: {what}={likely or 'COLUMN'}{constant}{_WHERE}."
    )


_WHERE = (
    ", after the table as in --events FILE:lead=…,type=…,time=…, or with --event-columns "
    "(in Python: event_columns=)"
)
