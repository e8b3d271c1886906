"""Where the columns of a query come from: the tables of leads, events and lists."""

from __future__ import annotations

from dataclasses import dataclass

from leadscore.targets.sql.dialect import ColumnKind


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column of the data: SQL over its table, and what it holds."""

    expression: str
    kind: ColumnKind


@dataclass(frozen=True, slots=True)
class LeadInput:
    """The table of leads: what follows `from`, and its columns."""

    source: str
    id: str
    row: str | None
    """A number that orders the leads; None: the result has no order, and no such column."""
    kept: tuple[str, ...] = ()
    """Further columns that come out as they are, before all others."""


@dataclass(frozen=True, slots=True)
class EventInput:
    """The table of events."""

    source: str
    lead: str
    """The id of the lead, of the type of the leads' own."""
    type: InputColumn
    time: InputColumn
    seq: str | None
    """A number that orders the events of one second; None: they have no order."""
    table: str | None
    """The number of the event's table among several, from 0, for counting; None: one table."""
    tables: int


@dataclass(frozen=True, slots=True)
class ListInput:
    """The table of lists."""

    source: str
    lead: str
    list: str


@dataclass(frozen=True, slots=True)
class ModelInput:
    """The columns that one plan reads, parallel to its properties and attributes."""

    properties: tuple[InputColumn, ...]
    attributes: tuple[InputColumn, ...]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All tables, and for each plan its columns. A table that is not given is None: it is empty."""

    leads: LeadInput
    events: EventInput | None
    lists: ListInput | None
    models: tuple[ModelInput, ...]
