"""The columns of tables, without their rows: for SQL that runs somewhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leadscore.data import kinds, resolve
from leadscore.data.arguments import ColumnMapping, as_mapping, event_tables
from leadscore.data.source import Column, Opening, Table, open_source, paths_of
from leadscore.data.store import Store
from leadscore.errors import DataError
from leadscore.needs import Needs


@dataclass(frozen=True, slots=True)
class Named:
    """A column: its name as it is there, and one of the seven kinds."""

    name: str
    kind: str
    decimal: bool = False
    """Whether it holds decimals with places, which are of kind text or double."""


@dataclass(frozen=True, slots=True)
class DescribedEvents:
    """The columns of a table of events; attributes are parallel to the needs, None: not there."""

    lead: Named
    type: Named | str
    """A text is the type of all events."""
    time: Named
    attributes: tuple[Named | None, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """The columns of the tables that were given; None for a table that was not."""

    id: Named | None
    properties: tuple[Named | None, ...] | None
    """Parallel to the needs; None: not there."""
    events: DescribedEvents | None
    list_lead: Named | None
    list_name: Named | None


def describe(
    needs: Needs,
    leads: object = None,
    events: object = None,
    lists: object = None,
    *,
    id: str | None = None,
    event_columns: ColumnMapping | Mapping[str, str] | str | None = None,
) -> Described:
    """Which columns of tables are what; takes what `open_tables` does, and one table of events.

    Raises DataError where a column that is needed is not there.
    """
    tables = event_tables(events)
    if len(tables) > 1:
        raise DataError(
            "SQL is written over one table of events. Put them together in a view, and give that."
        )
    given = (leads, *(table.source for table in tables), lists)
    store = Store(paths_of([source for source in given if source is not None]), "1GB")
    try:
        opening = Opening(store, None, None)
        leads_id: Named | None = None
        properties: tuple[Named | None, ...] | None = None
        found_events: DescribedEvents | None = None
        people = open_source(leads, "the leads", opening) if leads is not None else None
        if people is not None:
            leads_id = _named(resolve.id_column(people, id))
            columns = resolve.property_columns(people, needs)
            missing = [n for n, c in zip(needs.properties, columns, strict=True) if c is None]
            if missing:
                raise resolve.missing_columns(people, missing, [], [], "the model")
            properties = tuple(_named(column) if column else None for column in columns)
        name = leads_id.name if leads_id is not None else (id or "id")
        if tables:
            mapping = tables[0].mapping.under(as_mapping(event_columns))
            table = open_source(tables[0].source, "the events", opening)
            found_events = _events(table, name, mapping, needs)
            unknown = [
                need
                for need, column in zip(needs.attributes, found_events.attributes, strict=True)
                if column is None
            ]
            if unknown:
                raise resolve.missing_columns(table, [], [table], unknown, "the model")
        list_lead = list_name = None
        if lists is not None:
            table = open_source(lists, "the lists", opening)
            list_lead = _named(resolve.lead_owner(table, name, None).column)
            list_name = _named(resolve.list_name(table))
        return Described(leads_id, properties, found_events, list_lead, list_name)
    finally:
        store.close()


def _events(table: Table, leads_id: str, mapping: ColumnMapping, needs: Needs) -> DescribedEvents:
    owner = resolve.lead_owner(table, leads_id, mapping.lead)
    found = resolve.event_columns(table, owner, mapping, needs.attributes)
    return DescribedEvents(
        _named(found.owner.column),
        found.type if isinstance(found.type, str) else _named(found.type),
        _named(found.time),
        tuple(_named(column) if column else None for column in found.attributes),
    )


def _named(column: Column) -> Named:
    return Named(column.header or column.name, column.kind, kinds.has_places(column.given))
