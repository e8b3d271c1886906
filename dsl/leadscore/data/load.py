"""From what a caller names to opened tables, whose columns are checked against the needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from leadscore.data import resolve
from leadscore.data.arguments import ColumnMapping, ContactTable
from leadscore.data.contact_columns import contact_columns, owner
from leadscore.data.contacts import Contacts
from leadscore.data.source import Column, Opening, Table, open_source
from leadscore.data.views import Loaded, Opened, Views
from leadscore.errors import DataError
from leadscore.needs import AttributeNeed, Needs
from leadscore.report import Report


@dataclass(frozen=True, slots=True)
class Given:
    """The tables that a caller names; arguments as those of `open_tables`."""

    leads: object
    events: Sequence[tuple[object, ColumnMapping]]
    lists: object
    contacts: ContactTable | None
    id: str | None
    as_of: int
    """Seconds; of no meaning without contacts."""
    zone: dt.tzinfo
    allow_missing: bool
    keep: bool
    model: str


def load(needs: Needs, opening: Opening, given: Given) -> Loaded:
    """Open all tables and make the relations. Raises DataError."""
    report = Report()
    _check_given(needs, given, report)
    leads = open_source(given.leads, "the leads", opening)
    id_column = resolve.id_column(leads, given.id)
    properties = resolve.property_columns(leads, needs)
    contacts = _open_contacts(needs, opening, given, id_column.name)
    events = _open_events(needs, opening, given, id_column.name, contacts)
    _check_columns(needs, leads, properties, events, contacts, given, report)
    lists = _open_lists(needs, opening, given, id_column.name, contacts)
    opened = Opened(leads, id_column, tuple(properties), tuple(events), lists, contacts)
    views = Views(
        opening.store,
        needs,
        opened,
        keep=given.keep,
        as_of=given.as_of,
        zone=given.zone,
        report=report,
    )
    return views.make()


def _check_given(needs: Needs, given: Given, report: Report) -> None:
    missing = []
    if needs.events and not given.events and given.contacts is None:
        missing.append(("events", "--events FILE (in Python: events=)", "no events"))
    if needs.lists and given.lists is None:
        missing.append(("lists", "--lists FILE (in Python: lists=)", "no lists"))
    if missing and not given.allow_missing:
        what = " and ".join(name for name, _, _ in missing)
        give = " and ".join(option for _, option, _ in missing)
        none = " and ".join(nothing for _, _, nothing in missing)
        raise DataError(
            f"{given.model} looks at {what}, and none are given. Give {give}, or score as if there "
            f"were {none}: --allow-missing (in Python: allow_missing=True)."
        )
    for name, _, nothing in missing:
        report.notes.append(
            f"No {name} are given, though {given.model} looks at them: scored as if there were "
            f"{nothing}."
        )


def _open_contacts(needs: Needs, opening: Opening, given: Given, leads_id: str) -> Contacts | None:
    if given.contacts is None or not (needs.events or needs.lists):
        return None
    table = open_source(given.contacts.source, "the contacts", opening)
    columns = contact_columns(table, leads_id, given.contacts)
    return Contacts(table, columns, resolve.attribute_columns(table, needs.attributes))


def _open_events(
    needs: Needs, opening: Opening, given: Given, leads_id: str, contacts: Contacts | None
) -> list[tuple[Table, resolve.EventColumns]]:
    if not needs.events:
        return []
    opened = []
    contacts_id = contacts.columns.contact.name if contacts is not None else None
    for number, (source, mapping) in enumerate(given.events, 1):
        label = "the events" if len(given.events) == 1 else f"the events, table {number}"
        table = open_source(source, label, opening)
        whose = owner(table, leads_id, contacts_id, mapping)
        found = resolve.event_columns(table, whose, mapping, needs.attributes)
        opened.append((table, found))
    return opened


def _open_lists(
    needs: Needs, opening: Opening, given: Given, leads_id: str, contacts: Contacts | None
) -> tuple[Table, resolve.Owner, Column] | None:
    if given.lists is None or not needs.lists:
        return None
    table = open_source(given.lists, "the lists", opening)
    name = resolve.list_name(table)
    contacts_id = contacts.columns.contact.name if contacts is not None else None
    return table, owner(table, leads_id, contacts_id, ColumnMapping()), name


def _check_columns(
    needs: Needs,
    leads: Table,
    properties: Sequence[Column | None],
    events: Sequence[tuple[Table, resolve.EventColumns]],
    contacts: Contacts | None,
    given: Given,
    report: Report,
) -> None:
    """An error that names all columns that are missing, or a note on each."""
    no_property = [
        need for need, column in zip(needs.properties, properties, strict=True) if column is None
    ]
    tables = [table for table, _ in events]
    attributes = [columns.attributes for _, columns in events]
    if contacts is not None and needs.events:
        tables.append(contacts.table)
        attributes.append(contacts.attributes)
    no_attribute: list[AttributeNeed] = [
        need
        for at, need in enumerate(needs.attributes)
        if tables and all(found[at] is None for found in attributes)
    ]
    if not no_property and not no_attribute:
        return
    if not given.allow_missing:
        raise resolve.missing_columns(leads, no_property, tables, no_attribute, given.model)
    for need in no_property:
        looked = " or ".join(dict.fromkeys(need.sources)) or need.name
        report.notes.append(
            f"{leads.label}: there is no column {looked}; {need.name} is unknown for all leads."
        )
    for attribute in no_attribute:
        report.notes.append(
            f"No table of events has a column {attribute.name}; it is unknown for all events."
        )
