"""Whose events and lists a table holds, where leads are companies that have contacts.

The rules, for a table of events or lists:

1. What the caller says holds: ``lead=COLUMN`` makes the events the companies' own,
   ``contact=COLUMN`` those of contacts.
2. A column named as the companies' id column makes them the companies' own; a column named as the
   contacts' id column, or ``contact_id``, those of contacts, which count for their companies. A
   table with both is the companies' own, since it names the company itself.
3. Where companies and contacts have id columns of one name (``id`` in many databases, ``Record
   ID`` in exports of HubSpot), that name says nothing. ``contact_id`` then makes a table the
   contacts'; else a column that is surely a company's (``company_id``, ``account_id``,
   ``Associated Company ID``, ``Primary Associated Company ID``) makes it the companies' own; else
   the name that both have is taken as the contact's, with a note that says so and how to say
   otherwise.
4. A table with none of these columns is the companies' own, by the rules for leads.

In the table of contacts, ``contact_id`` is the contact's id, else the first of the usual names of
ids that is not a company's, else the first column. The company's id is a column named as the
companies' own id column; but a name that every table may use for its own rows (``id``, ``Record
ID``, …) goes after the sure names of companies' ids. ``company`` and ``account``, which
may hold names, come last.
"""

from __future__ import annotations

from dataclasses import dataclass

from leadscore import columns as names
from leadscore.data import resolve
from leadscore.data.arguments import ColumnMapping, ContactTable
from leadscore.data.source import Column, Table
from leadscore.errors import DataError
from leadscore.values.text import fold

CONTACT_ID_COLUMNS = ("contact_id", "id", "lead_id", "Record ID", "Prospect ID", "email")
"""Where the id of a contact is looked for, in the table of contacts; else the first column."""
COMPANY_ID_COLUMNS = (
    "company_id",
    "account_id",
    "Associated Company ID",
    "Primary Associated Company ID",
)
"""Names that nothing but a company's id has."""
COMPANY_COLUMNS = ("company", "account")
_OWN = frozenset(map(names.loose, ("id", "Record ID", "Prospect ID")))
"""Names that a table may use for its own rows, whatever they are."""


@dataclass(frozen=True, slots=True)
class ContactColumns:
    """Where the table of contacts has the ids of the contact and of its company."""

    contact: Column
    company: Column


def contact_columns(table: Table, leads_id: str, given: ContactTable) -> ContactColumns:
    """The columns of the table of contacts; `leads_id` is the companies' own id column.

    Raises:
        DataError: there is no such column, or none that holds the company.
    """
    if given.contact is not None:
        contact = resolve.named(table, given.contact, "the id of a contact", "contact=")
    else:
        contact = _contact(table, leads_id, given.company)
    if given.company is not None:
        company = resolve.named(table, given.company, "the company of a contact", "company=")
    else:
        company = _company(table, leads_id, contact)
    if company is contact:
        raise DataError(
            f"{table.label}: {contact.name!r} is taken for both the contact's own id and the id "
            f"of its company. Name both columns: contact=COLUMN,company=COLUMN{_WHERE}."
        )
    return ContactColumns(contact, company)


def _contact(table: Table, leads_id: str, company: str | None) -> Column:
    there = resolve.some_columns(table)
    if company is not None:
        taken = {names.find(there, company)}
    else:
        others = (*COMPANY_ID_COLUMNS, *COMPANY_COLUMNS)
        taken = {names.find_any(there, (name,)) for name in others}
        if not _is_own(leads_id):
            taken.add(names.find(there, leads_id))
    left = [name if at not in taken else "" for at, name in enumerate(there)]
    found = names.find_any(left, CONTACT_ID_COLUMNS)
    if found is None:
        found = next((at for at in range(len(there)) if at not in taken), 0)
    return table.columns[found]


def _company(table: Table, leads_id: str, contact: Column) -> Column:
    there = [
        "" if column is contact else column.name for column in table.columns
    ]  # the contact's own id is no company's
    same = names.find(there, leads_id)
    sure = names.find_any(there, COMPANY_ID_COLUMNS)
    order = (sure, same) if _is_own(leads_id) else (same, sure)
    for found in (*order, names.find_any(there, COMPANY_COLUMNS)):
        if found is not None:
            return table.columns[found]
    looked = ", ".join((leads_id, *COMPANY_ID_COLUMNS, *COMPANY_COLUMNS))
    raise DataError(
        f"{table.label}: no column with the id of a contact's company is found; it is named "
        f"{looked}. There are: {names.listed(there)}. Name it: company=COLUMN{_WHERE}."
    )


def owner(
    table: Table, leads_id: str, contacts_id: str | None, mapping: ColumnMapping
) -> resolve.Owner:
    """The column that says whose an event or an entry of a list is.

    Args:
        table: the table of events or lists.
        leads_id: name of the id column of the leads.
        contacts_id: name of the id column of the contacts; None: there are no contacts.
        mapping: what the caller says.

    Raises:
        DataError: there is no such column, or ``contact=`` is said without a table of contacts.
    """
    if contacts_id is None:
        if mapping.contact is not None:
            raise DataError(
                f"{table.label}: contact={mapping.contact} says that its events are those of "
                "contacts, and no table of contacts is given. Give --contacts FILE (in Python: "
                "contacts=), or say lead=COLUMN."
            )
        return resolve.lead_owner(table, leads_id, mapping.lead)
    there = resolve.some_columns(table)
    if mapping.contact is not None:
        column = resolve.named(table, mapping.contact, "the contact of an event", "contact=")
        return resolve.Owner(column, True)
    if mapping.lead is not None:
        return resolve.lead_owner(table, leads_id, mapping.lead)
    lead = names.find(there, leads_id)
    sure = names.find_any(there, ("contact_id",))
    own = names.find(there, contacts_id)
    contact = (
        (sure if sure is not None else own)
        if _is_own(contacts_id)
        else (own if own is not None else sure)
    )
    if fold(contacts_id) != fold(leads_id):
        if lead is not None:
            rival = "" if contact is None else there[contact]
            return resolve.Owner(table.columns[lead], False, rival, "contact")
        if contact is not None:
            return resolve.Owner(table.columns[contact], True)
        return _companies_own(table, leads_id)
    if sure is not None:
        return resolve.Owner(table.columns[sure], True)
    if own is None or names.find_any(there, COMPANY_ID_COLUMNS) is not None:
        return _companies_own(table, leads_id)
    return resolve.Owner(table.columns[own], True, there[own], "lead")


def _companies_own(table: Table, leads_id: str) -> resolve.Owner:
    """The column of the company, where it is not called as the companies' own ids are."""
    found = names.find_any(resolve.column_names(table), COMPANY_ID_COLUMNS)
    if found is not None:
        return resolve.Owner(table.columns[found], False)
    return resolve.lead_owner(table, leads_id, None)


def _is_own(name: str) -> bool:
    return names.loose(name) in _OWN


_WHERE = ", after the table as in --contacts FILE:contact=…,company=… (in Python: contacts=)"
