"""The relations that engines read: views over the tables that were opened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from leadscore.data import kinds, notes, resolve
from leadscore.data.contacts import (
    CONTACT_TYPE,
    REPEATS,
    Contacts,
    Moment,
    companies_of,
    make_companies,
    moment,
    repeats_note,
    through_note,
    through_notes,
)
from leadscore.data.relations import (
    EVENT_INPUT,
    LEAD_INPUT,
    LIST_INPUT,
    EventCounts,
    EventSource,
    InputColumns,
    Relations,
)
from leadscore.data.source import Column, Scan, Table
from leadscore.data.store import Store, literal
from leadscore.needs import Needs
from leadscore.report import Report, Unreadable


@dataclass(frozen=True, slots=True)
class Opened:
    """All tables, opened, with the columns that are read."""

    leads: Table
    id: Column
    properties: tuple[Column | None, ...]
    """Parallel to ``needs.properties``; None: it is not there."""
    events: tuple[tuple[Table, resolve.EventColumns], ...]
    lists: tuple[Table, resolve.Owner, Column] | None
    """The table, whose an entry is, and the name of the list."""
    contacts: Contacts | None


@dataclass(frozen=True, slots=True)
class Part:
    """What one table adds to ``event_input`` or to ``list_input``."""

    told: notes.Told
    rows: int
    """Of the table."""
    through: str = ""
    """SQL of its rows with ``contact``, where they are those of contacts."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The relations, which are read where they are, and what is known of them."""

    report: Report
    id_column: str
    id_position: int
    relations: Relations
    leads_sql: str
    """The query that is ``lead_input``."""
    leads_local: bool
    """Whether cursors of the connection cannot run it."""
    events: tuple[Part, ...]
    contacts: Contacts | None
    notes_at: int
    """Where among the notes those about events that reach no lead go."""
    columns: InputColumns

    def event_notes(self, store: Store, counts: Sequence[EventCounts]) -> list[str]:
        """What is said about events that reach no lead; `counts` are parallel to the sources."""
        out = []
        for source, (part, found) in enumerate(zip(self.events, counts, strict=True)):
            rows = f"(SELECT lead FROM {EVENT_INPUT} WHERE source = {source})"
            out += _strangers(store, part, rows, found, self.contacts)
        return out


def _strangers(
    store: Store, part: Part, rows: str, counts: EventCounts, contacts: Contacts | None
) -> list[str]:
    if not part.through or contacts is None:
        return notes.belonging_notes(store, part.told, rows, counts)
    if not counts.without_id and not counts.strangers:
        return []
    return through_notes(store, part.told, part.through, contacts)


class Views:
    """Makes the relations of opened tables, step by step.

    Args:
        store: where they are made.
        needs: what they are made for.
        opened: the tables.
        keep: whether all columns of the leads are kept.
        as_of: seconds; the time of the contacts.
        zone: of times without an offset.
        report: gets what there is to say.
    """

    def __init__(
        self,
        store: Store,
        needs: Needs,
        opened: Opened,
        *,
        keep: bool,
        as_of: int,
        zone: dt.tzinfo,
        report: Report,
    ) -> None:
        self._store = store
        self._needs = needs
        self._opened = opened
        self._kept = opened.leads.columns if keep else ()
        self._as_of = as_of
        self._zone = zone
        self._report = report
        self._id_kind, self._contact_kind = _id_kinds(opened)
        self._repeats = 0

    def make(self) -> Loaded:
        """Scan all tables, make the relations, and say what there is to say. Raises DataError."""
        opened = self._opened
        used = [opened.id, *opened.properties, *self._kept]
        leads = opened.leads.scan([one for one in used if one is not None], dense=True)
        people = None
        if opened.contacts is not None:
            people = opened.contacts.table.scan(opened.contacts.used)
        scans = [table.scan(columns.used) for table, columns in opened.events]
        lists = opened.lists and opened.lists[0].scan([opened.lists[1].column, opened.lists[2]])

        leads_sql = self._leads(leads)
        same = self._note_leads(leads.rows)
        if opened.contacts is not None and people is not None:
            self._companies(opened.contacts, people)
        kinds_found, parts = self._events(scans, people)
        notes_at = len(self._report.notes)
        self._lists(lists)
        kind_of_time, *kinds_of_attributes = kinds_found
        relations = Relations(
            self._id_kind,
            tuple(kinds.TEXT if one is None else one.kind for one in opened.properties),
            tuple(kinds_of_attributes),
            kind_of_time,
            tuple(column.name for column in self._kept),
            tuple(column.kind for column in self._kept),
            leads.rows,
            same,
            tuple(EventSource(part.told.label, part.rows, bool(part.through)) for part in parts),
        )
        return Loaded(
            self._report,
            opened.id.name,
            opened.leads.columns.index(opened.id),
            relations,
            leads_sql,
            leads.local,
            tuple(parts),
            opened.contacts,
            notes_at,
            _input_columns(opened),
        )

    def _leads(self, scan: Scan) -> str:
        opened = self._opened
        select = [f"{scan.row} AS row", f"{_id(opened.id, self._id_kind)} AS id"]
        select += [
            f"{self._expression(scan, column)} AS p{at}"
            for at, column in enumerate(opened.properties)
        ]
        # What is kept goes out as it came in: its odd dates are no loss of the model's.
        select += [f"{column.expression} AS c{at}" for at, column in enumerate(self._kept)]
        sql = f"SELECT {', '.join(select)} FROM {scan.relation}"
        self._store.execute(f"CREATE TEMP VIEW {LEAD_INPUT} AS {sql}")
        self._say(opened.leads, [opened.id, *opened.properties])
        return sql

    def _note_leads(self, many: int) -> bool:
        """Say which leads have no id, and which the same; whether some have the same."""
        label, id_column = self._opened.leads.label, self._opened.id.name
        with_id, different = self._store.execute(
            f"SELECT count(id), count(DISTINCT id) FROM {LEAD_INPUT}"
        )[0]
        with_id, different = int(str(with_id)), int(str(different))
        if with_id < many:
            without = many - with_id
            self._report.notes.append(notes.without_id(label, without, many, id_column))
        if different == with_id:
            return False
        shared = (
            f"(SELECT id, min(row) AS row, count(*) AS copies FROM {LEAD_INPUT} "
            "WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1)"
        )
        ids, rows = self._store.execute(f"SELECT count(*), sum(copies) FROM {shared}")[0]
        examples = notes.texts(
            self._store,
            f"SELECT CAST(id AS VARCHAR) FROM {shared} ORDER BY copies DESC, row LIMIT 3",
        )
        self._report.notes.append(notes.same_ids(label, int(str(rows)), int(str(ids)), examples))
        return True

    def _companies(self, contacts: Contacts, scan: Scan) -> None:
        self._repeats = make_companies(
            self._store,
            _id(contacts.columns.contact, self._contact_kind),
            _id(contacts.columns.company, self._id_kind),
            scan,
        )
        self._say(contacts.table, contacts.used)
        if self._repeats and self._needs.events:
            self._report.notes.append(repeats_note(contacts.table.label, self._repeats))

    def _events(self, scans: Sequence[Scan], people: Scan | None) -> tuple[list[str], list[Part]]:
        """Make the relation of events; gives the types of time and attributes, and its parts."""
        contacts = self._opened.contacts if self._needs.events else None
        tables = [columns for _, columns in self._opened.events]
        times = {columns.time.kind for columns in tables}
        now = None
        if contacts is not None:
            now = moment(self._as_of, self._zone, kinds.common(times) if times else None)
            times.add(now.kind)
        parallel = [columns.attributes for columns in tables]
        if contacts is not None:
            parallel.append(contacts.attributes)
        wanted = [kinds.common(times or {kinds.TEXT})]
        for at in range(len(self._needs.attributes)):
            met = {one.kind for found in parallel if (one := found[at]) is not None}
            wanted.append(kinds.common(met or {kinds.TEXT}))

        queries: list[str] = []
        parts: list[Part] = []
        offset = 0
        for (table, columns), scan in zip(self._opened.events, scans, strict=True):
            part, query = self._event_table(table, columns, scan, wanted, len(parts), offset)
            parts.append(part)
            queries.append(query)
            offset += scan.end
        if contacts is not None and people is not None and now is not None:
            part, query = self._contacts(contacts, people, now, wanted, len(parts), offset)
            parts.append(part)
            queries.append(query)
        names = ["lead", "source", "seq", "type", "time", *_attributes(len(wanted) - 1)]
        if not queries:
            types = [self._id_kind, "INTEGER", kinds.INTEGER, kinds.TEXT, *wanted]
            queries = [_nothing(names, types)]
        self._store.execute(f"CREATE TEMP VIEW {EVENT_INPUT} AS {' UNION ALL '.join(queries)}")
        return wanted, parts

    def _event_table(
        self,
        table: Table,
        columns: resolve.EventColumns,
        scan: Scan,
        wanted: Sequence[str],
        source: int,
        offset: int,
    ) -> tuple[Part, str]:
        """One table of events, and the query of its rows in ``event_input``."""
        owner = columns.owner
        kind = columns.type
        type_ = (
            literal(kind) if isinstance(kind, str) else kinds.as_text(kind.expression, kind.kind)
        )
        given = (columns.time, *columns.attributes)
        values = [
            self._expression(scan, column, as_) for column, as_ in zip(given, wanted, strict=True)
        ]
        query = _event_query(
            self._owner_id(owner),
            "contact" if owner.of_contacts else "lead",
            source,
            f"{scan.row} + {offset}",
            [type_, *values],
            scan.relation,
        )
        if owner.rival:
            self._report.notes.append(notes.rival_note(table.label, owner))
        self._say(table, [owner.column, columns.type, *given])
        part = self._part(table, "event", owner, scan)
        if part.through:
            names = ("source", "seq", "type", "time", *_attributes(len(wanted) - 1))
            query = companies_of(query, "".join(f", e.{name}" for name in names))
        return part, query

    def _contacts(
        self,
        contacts: Contacts,
        scan: Scan,
        now: Moment,
        wanted: Sequence[str],
        source: int,
        offset: int,
    ) -> tuple[Part, str]:
        """The contacts as events of their companies, and their query in ``event_input``."""
        values = [
            self._expression(scan, column, as_)
            for column, as_ in zip(contacts.attributes, wanted[1:], strict=True)
        ]
        company = contacts.columns.company
        query = _event_query(
            _id(company, self._id_kind),
            "lead",
            source,
            f"{scan.row} + {offset}",
            [literal(CONTACT_TYPE), kinds.converted(now.sql, now.kind, wanted[0]), *values],
            scan.relation,
        )
        if self._repeats:
            query = (
                f"SELECT * FROM ({query}) e WHERE e.seq NOT IN (SELECT n + {offset} FROM {REPEATS})"
            )
        label, leads_id = contacts.table.label, self._opened.id.name
        told = notes.told(label, "contact", resolve.Owner(company), leads_id, ())
        return Part(told, scan.rows), query

    def _lists(self, scan: Scan | None) -> None:
        """Make the relation of lists, and say which entries reach no lead."""
        names = ["lead", "seq", "list"]
        opened = self._opened.lists
        if opened is None or scan is None:
            query = _nothing(names, [self._id_kind, kinds.INTEGER, kinds.TEXT])
            self._store.execute(f"CREATE TEMP VIEW {LIST_INPUT} AS {query}")
            return
        table, owner, name = opened
        query = (
            f"SELECT {self._owner_id(owner)} AS {'contact' if owner.of_contacts else 'lead'}, "
            f"{scan.row} AS seq, {kinds.as_text(name.expression, name.kind)} AS list "
            f"FROM {scan.relation}"
        )
        if owner.rival and self._opened.contacts is not None:
            self._report.notes.append(notes.rival_note(table.label, owner, of_lists=True))
        self._say(table, [owner.column, name])
        part = self._part(table, "list entry", owner, scan)
        if part.through:
            query = companies_of(query, ", e.seq, e.list")
        self._store.execute(f"CREATE TEMP VIEW {LIST_INPUT} AS {query}")
        rows = f"(SELECT 0 AS source, lead FROM {LIST_INPUT})"
        counts = notes.counted(self._store, rows, 1)[0]
        self._report.notes += _strangers(self._store, part, rows, counts, self._opened.contacts)

    def _part(self, table: Table, noun: str, owner: resolve.Owner, scan: Scan) -> Part:
        names = resolve.column_names(table)
        told = notes.told(table.label, noun, owner, self._opened.id.name, names)
        if not owner.of_contacts:
            return Part(told, scan.rows)
        self._report.notes.append(through_note(told, scan.rows))
        ids = f"SELECT {self._owner_id(owner)} AS contact FROM {scan.relation}"
        return Part(told, scan.rows, ids)

    def _owner_id(self, owner: resolve.Owner) -> str:
        return _id(owner.column, self._contact_kind if owner.of_contacts else self._id_kind)

    def _expression(self, scan: Scan, column: Column | None, wanted: str | None = None) -> str:
        """SQL for a column, as `wanted`; dates that no calendar has are counted, once."""
        if column is None:
            return f"CAST(NULL AS {wanted or kinds.TEXT})"
        expression = column.expression
        if column.odd is not None:
            odd = column.odd
            many, example = self._store.execute(
                f"SELECT count(*), min({odd.text}) FROM {scan.relation} WHERE {odd.where}"
            )[0]
            if many:
                entry = Unreadable(column.name, "date", int(str(many)), str(example)[:80])
                self._report.unreadable.setdefault((column.name, "date"), entry)
            else:
                expression = odd.none
        return kinds.converted(expression, column.kind, wanted or column.kind)

    def _say(self, table: Table, used: Sequence[Column | str | None]) -> None:
        self._report.notes += [*table.notes, *resolve.repeated(table, used)]


def _input_columns(opened: Opened) -> InputColumns:
    names = [name for table, _ in opened.events for name in resolve.column_names(table)]
    return InputColumns(
        tuple(resolve.column_names(opened.leads)),
        frozenset(at for at, column in enumerate(opened.properties) if column is None),
        tuple(dict.fromkeys(names)) if opened.events else None,
        opened.lists is not None,
    )


def _id_kinds(opened: Opened) -> tuple[str, str]:
    """The types of the ids of leads and of contacts: of each, what all of its columns hold.

    Whole numbers are compared as such, which is much faster; anything else as text.
    """
    leads, contacts = [opened.id], []
    owners = [columns.owner for _, columns in opened.events]
    if opened.lists is not None:
        owners.append(opened.lists[1])
    if opened.contacts is not None:
        leads.append(opened.contacts.columns.company)
        contacts.append(opened.contacts.columns.contact)
    for owner in owners:
        (contacts if owner.of_contacts else leads).append(owner.column)
    whole = (all(one.kind == kinds.INTEGER for one in columns) for columns in (leads, contacts))
    of_leads, of_contacts = (kinds.INTEGER if one else kinds.TEXT for one in whole)
    return of_leads, of_contacts


def _id(column: Column, kind: str) -> str:
    if kind == kinds.INTEGER:
        return column.expression
    return kinds.as_id(column.expression, column.kind)


def _event_query(
    owner: str, owner_name: str, source: int, seq: str, values: Sequence[str], relation: str
) -> str:
    names = ("type", "time", *_attributes(len(values) - 2))
    chosen = ", ".join(f"{value} AS {name}" for value, name in zip(values, names, strict=True))
    return (
        f"SELECT {owner} AS {owner_name}, CAST({source} AS INTEGER) AS source, {seq} AS seq, "
        f"{chosen} FROM {relation}"
    )


def _attributes(many: int) -> list[str]:
    return [f"a{at}" for at in range(many)]


def _nothing(names: Sequence[str], types: Sequence[str]) -> str:
    """A query of these columns that gives no row."""
    columns = (f"CAST(NULL AS {kind}) AS {name}" for name, kind in zip(names, types, strict=True))
    return f"SELECT {', '.join(columns)} WHERE false"
