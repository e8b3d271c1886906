"""Contacts of companies: their events and lists count for the company, and each is itself an event.

A row of the table of contacts is an event of its company: type ``Contact``, at the instant of the
evaluation, so that its age is 0 and every window up to now holds it; its attributes are the
columns of the table. A contact that is of several companies, one row each, counts for each.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from leadscore.columns import count
from leadscore.data import kinds
from leadscore.data.contact_columns import ContactColumns
from leadscore.data.notes import Told, texts
from leadscore.data.relations import LEAD_INPUT
from leadscore.data.source import Column, Scan, Table
from leadscore.data.store import Store, literal
from leadscore.values.dates import seconds_of

CONTACT_TYPE = "Contact"
"""The type of the event that a contact is."""

COMPANIES, REPEATS = "contact_companies", "contact_repeats"
"""Tables of the store: (contact, company) without doubles, company NULL where there is none; and
the numbers of the rows of contacts that only repeat an earlier one."""

_UNKNOWN, _ALONE, _STRANGE, _KNOWN, _BLANK = -1, 0, 1, 2, -2
"""What becomes of an event of a contact: the contact is not in the table, has no company, has one
that is not among the leads, or has one that is; or there is no id of a contact."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """The table of contacts, opened, and where it has what."""

    table: Table
    columns: ContactColumns
    attributes: tuple[Column | None, ...]
    """Parallel to ``needs.attributes``."""

    @property
    def used(self) -> list[Column]:
        """The columns that are read."""
        found = (self.columns.contact, self.columns.company, *self.attributes)
        return [column for column in found if column is not None]


@dataclass(frozen=True, slots=True)
class Moment:
    """The instant of the evaluation, as the time of an event."""

    kind: str
    sql: str


def moment(as_of: int, zone: dt.tzinfo, kind: str | None) -> Moment:
    """The time of the contacts, in a type that leaves the events' own times as they are.

    Args:
        as_of: seconds since 1970-01-01T00:00 UTC.
        zone: the zone of times without an offset.
        kind: the type of the times of all other events; None: there are none.
    """
    instant = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=as_of)
    if kind in (kinds.DATE, kinds.TIMESTAMP):
        try:
            local = instant.astimezone(zone).replace(tzinfo=None)
        except OverflowError:  # in this zone, it is a day before year 1 or after 9999
            local = None
        # A local time that occurs twice is read as its first occurrence: then it is not the same.
        if local is not None and seconds_of(local, zone) == as_of:
            return Moment(kinds.TIMESTAMP, f"CAST({literal(local.isoformat())} AS TIMESTAMP)")
    sql = f"CAST({literal(instant.isoformat())} AS {kinds.INSTANT})"
    return Moment(kinds.INSTANT, sql)


def make_companies(store: Store, contact: str, company: str, scan: Scan) -> int:
    """Make `COMPANIES` and `REPEATS`; returns how many rows are repeats.

    `contact` and `company` are SQL for the ids over `scan`.
    """
    rows = (
        f"SELECT {scan.row} AS n, {contact} AS contact, {company} AS company FROM {scan.relation}"
    )
    store.execute(
        f"CREATE TABLE {COMPANIES} AS SELECT DISTINCT contact, company FROM ({rows}) "
        "WHERE contact IS NOT NULL"
    )
    store.execute(f"CREATE TABLE {REPEATS} (n BIGINT)")
    whole = "contact IS NOT NULL AND company IS NOT NULL"
    pairs = store.number(f"SELECT count(*) FROM {COMPANIES} WHERE company IS NOT NULL")
    repeats = store.number(f"SELECT count(*) FROM ({rows}) WHERE {whole}") - pairs
    if repeats:
        store.execute(
            f"INSERT INTO {REPEATS} SELECT n FROM (SELECT n, row_number() OVER "
            f"(PARTITION BY contact, company ORDER BY n) AS nth FROM ({rows}) WHERE {whole}) "
            "WHERE nth > 1"
        )
    return repeats


def repeats_note(label: str, repeats: int) -> str:
    """What is said about rows that repeat a contact of the same company."""
    verb = "repeats" if repeats == 1 else "repeat"
    return (
        f"{label}: {count(repeats, 'row')} {verb} a contact of the same company; the first row of "
        "each counts."
    )


def through_note(table: Told, rows: int) -> str:
    """What is said about a table whose rows count for the companies of contacts."""
    return (
        f"{table.label}: {table.many(rows)} of contacts (by {table.column!r}), through the "
        "company of each."
    )


def companies_of(rows: str, more: str) -> str:
    """SQL for `rows` of contacts as rows of their companies, one for each company.

    `rows` have ``contact``, where the result has ``lead``; `more` are their other columns, each
    as ``, e.name``. ``lead`` is NULL where there is no company.
    """
    return (
        f"SELECT k.company AS lead{more} FROM ({rows}) e LEFT JOIN {COMPANIES} k "
        "ON e.contact = k.contact AND k.company IS NOT NULL"
    )


def through_notes(store: Store, table: Told, rows: str, contacts: Contacts) -> list[str]:
    """What is said about rows of contacts that reach no company among the leads.

    `rows` is SQL of a query with ``contact``; it is run once.
    """
    known = f"SELECT DISTINCT id FROM {LEAD_INPUT} WHERE id IS NOT NULL"
    reach = (
        f"SELECT k.contact, max(CASE WHEN k.company IS NULL THEN {_ALONE} "
        f"WHEN l.id IS NULL THEN {_STRANGE} ELSE {_KNOWN} END) AS reach "
        f"FROM {COMPANIES} k LEFT JOIN ({known}) l ON k.company = l.id GROUP BY k.contact"
    )
    judged = store.name("judged")
    store.execute(
        f"CREATE TEMP TABLE {judged} AS SELECT e.contact, e.many, CASE WHEN e.contact IS NULL "
        f"THEN {_BLANK} ELSE coalesce(r.reach, {_UNKNOWN}) END AS what "
        f"FROM (SELECT contact, count(*) AS many FROM ({rows}) GROUP BY contact) e "
        f"LEFT JOIN ({reach}) r ON e.contact = r.contact"
    )
    found = store.execute(f"SELECT what, sum(many) FROM {judged} GROUP BY what")
    counts = {int(str(what)): int(str(many)) for what, many in found}
    examples = {
        what: texts(
            store,
            f"SELECT CAST(contact AS VARCHAR) FROM {judged} WHERE what = {what} ORDER BY 1 LIMIT 3",
        )
        for what in counts
        if what not in (_BLANK, _KNOWN)
    }
    store.execute(f"DROP TABLE {judged}")
    total = table.many(sum(counts.values()))
    if counts and counts.keys() <= {_UNKNOWN, _BLANK}:
        ours = texts(
            store,
            f"SELECT DISTINCT CAST(contact AS VARCHAR) FROM {COMPANIES} ORDER BY 1 LIMIT 3",
        )
        return [
            f"{table.label}: 0 of {total} matched a contact. The ids in {table.column!r} are "
            f"{examples.get(_UNKNOWN) or 'blank'}; those of the contacts, in "
            f"{contacts.columns.contact.name!r} of {contacts.table.label}, are {ours or 'none'}."
        ]
    out = []
    for what, whose in (
        (_UNKNOWN, f"contacts that are not in {contacts.table.label}"),
        (_ALONE, "contacts without a company"),
        (_STRANGE, "contacts of companies that are not in the table of leads"),
    ):
        if many := counts.get(what, 0):
            verb = "belongs" if many == 1 else "belong"
            out.append(
                f"{table.label}: {many:,} of {total} {verb} to {whose} (such as "
                f"{examples[what]}); not counted."
            )
    if blank := counts.get(_BLANK, 0):
        verb = "has" if blank == 1 else "have"
        out.append(
            f"{table.label}: {blank:,} of {total} {verb} no id of a contact in "
            f"{table.column!r}; not counted."
        )
    return out
