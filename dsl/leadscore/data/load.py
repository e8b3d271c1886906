"""From opened sources to the three relations of the store, and the notes on the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leadscore.columns import EVENT_ID_COLUMNS, count, find_any
from leadscore.data import kinds, resolve
from leadscore.data.arguments import ColumnMapping
from leadscore.data.source import Column, Opening, Table, open_source
from leadscore.data.store import Store, literal
from leadscore.errors import DataError
from leadscore.needs import AttributeNeed, Needs
from leadscore.report import Report, Unreadable
from leadscore.values.text import fold

COPIES_LIMIT = 50_000_000
"""Events that may be copied because leads have the same id."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What `load` made; the relations are described at `Tables`."""

    report: Report
    leads: int
    id_column: str
    id_position: int
    property_kinds: tuple[str, ...]
    attribute_kinds: tuple[str, ...]
    time_kind: str
    kept: tuple[str, ...]


def load(
    needs: Needs,
    opening: Opening,
    leads: object,
    events: Sequence[tuple[object, ColumnMapping]],
    lists: object,
    *,
    id: str | None,
    allow_missing: bool,
    keep: bool,
    model: str,
) -> Loaded:
    """Read all tables; arguments as those of `open_tables`. Raises DataError."""
    store, report = opening.store, Report()
    _check_given(needs, bool(events), lists is not None, allow_missing, report, model)
    table = open_source(leads, "the leads", opening)
    id_column = resolve.id_column(table, id)
    properties = resolve.property_columns(table, needs)
    event_sources = _open_events(needs, opening, events, id_column.name)
    _check_columns(needs, table, properties, event_sources, allow_missing, report, model)
    many = _load_leads(store, table, id_column, properties, keep, report)
    attribute_kinds, time_kind = _load_events(
        store, event_sources, needs.attributes, report, id_column.name
    )
    _load_lists(needs, opening, lists, id_column.name, report)
    return Loaded(
        report,
        many,
        id_column.name,
        table.columns.index(id_column),
        tuple(kinds.TEXT if column is None else column.kind for column in properties),
        attribute_kinds,
        time_kind,
        tuple(column.name for column in table.columns) if keep else (),
    )


def _check_given(
    needs: Needs, events: bool, lists: bool, allow_missing: bool, report: Report, model: str
) -> None:
    missing = []
    if needs.events and not events:
        missing.append(("events", "--events FILE (in Python: events=)", "no events"))
    if needs.lists and not lists:
        missing.append(("lists", "--lists FILE (in Python: lists=)", "no lists"))
    if missing and not allow_missing:
        what = " and ".join(name for name, _, _ in missing)
        give = " and ".join(option for _, option, _ in missing)
        none = " and ".join(nothing for _, _, nothing in missing)
        raise DataError(
            f"{model} looks at {what}, and none are given. Give {give}, or score as if there "
            f"were {none}: --allow-missing (in Python: allow_missing=True)."
        )
    for name, _, nothing in missing:
        report.notes.append(
            f"No {name} are given, though {model} looks at them: scored as if there were {nothing}."
        )


def _open_events(
    needs: Needs,
    opening: Opening,
    events: Sequence[tuple[object, ColumnMapping]],
    leads_id: str,
) -> list[tuple[Table, resolve.EventColumns]]:
    if not needs.events:
        return []
    opened = []
    for number, (source, mapping) in enumerate(events, 1):
        label = "the events" if len(events) == 1 else f"the events, table {number}"
        table = open_source(source, label, opening)
        opened.append((table, resolve.event_columns(table, leads_id, mapping, needs.attributes)))
    return opened


def _check_columns(
    needs: Needs,
    leads: Table,
    properties: Sequence[Column | None],
    events: Sequence[tuple[Table, resolve.EventColumns]],
    allow_missing: bool,
    report: Report,
    model: str,
) -> None:
    """An error that names all columns that are missing, or a note on each."""
    no_property = [
        need for need, column in zip(needs.properties, properties, strict=True) if column is None
    ]
    no_attribute: list[AttributeNeed] = [
        need
        for at, need in enumerate(needs.attributes)
        if events and all(found.attributes[at] is None for _, found in events)
    ]
    if not no_property and not no_attribute:
        return
    if not allow_missing:
        raise resolve.missing_columns(
            leads, no_property, [table for table, _ in events], no_attribute, model
        )
    for need in no_property:
        looked = " or ".join(dict.fromkeys(need.sources)) or need.name
        report.notes.append(
            f"{leads.label}: there is no column {looked}; {need.name} is unknown for all leads."
        )
    for attribute in no_attribute:
        report.notes.append(
            f"No table of events has a column {attribute.name}; it is unknown for all events."
        )


def _load_leads(
    store: Store,
    table: Table,
    id_column: Column,
    properties: Sequence[Column | None],
    keep: bool,
    report: Report,
) -> int:
    select = [f"{kinds.as_id(id_column.expression, id_column.kind)} AS id"]
    select += [f"{_expression(column)} AS p{at}" for at, column in enumerate(properties)]
    odd = {f"o{at}": column for at, column in enumerate(properties) if column and column.odd}
    select += [f"{column.odd} AS {name}" for name, column in odd.items()]
    if keep:
        select += [f"{column.expression} AS c{at}" for at, column in enumerate(table.columns)]
    table.create("lead_rows", select)
    report.notes += [*table.notes, *resolve.repeated(table, [id_column, *properties])]
    _report_odd(store, "lead_rows", odd, report)
    store.execute("CREATE VIEW leads AS SELECT rowid AS row, * FROM lead_rows")
    store.execute(
        "CREATE TABLE lead_ids AS SELECT id, min(rowid) AS row, count(*) AS copies "
        "FROM lead_rows WHERE id IS NOT NULL GROUP BY id"
    )
    many = store.number("SELECT count(*) FROM lead_rows")
    with_id = store.number("SELECT count(id) FROM lead_rows")
    if with_id < many:
        without = many - with_id
        verb = "has" if without == 1 else "have"
        report.notes.append(
            f"{table.label}: {count(without, 'lead')} of {many:,} {verb} no id in "
            f"{id_column.name!r}; scored, without events and lists."
        )
    _note_copies(store, table.label, report)
    return many


def _note_copies(store: Store, label: str, report: Report) -> None:
    ids = store.number("SELECT count(*) FROM lead_ids WHERE copies > 1")
    if not ids:
        return
    rows = store.number("SELECT sum(copies) FROM lead_ids WHERE copies > 1")
    examples = _texts(
        store, "SELECT id FROM lead_ids WHERE copies > 1 ORDER BY copies DESC, row LIMIT 3"
    )
    report.notes.append(
        f"{label}: {rows:,} leads share {count(ids, 'id')} (such as {examples}); each row is "
        "scored by itself, with the events and lists of its id."
    )


def _load_events(
    store: Store,
    tables: Sequence[tuple[Table, resolve.EventColumns]],
    attributes: Sequence[AttributeNeed],
    report: Report,
    leads_id: str,
) -> tuple[tuple[str, ...], str]:
    """Make the relation of events; returns the types of the attributes and of the time."""
    columns = [(found.time, *found.attributes) for _, found in tables]
    wanted = [
        kinds.common([column.kind for column in parallel if column is not None] or [kinds.TEXT])
        for parallel in zip(*columns, strict=True)
    ] or [kinds.TEXT] * (1 + len(attributes))
    names = ["time", *(f"a{at}" for at in range(len(attributes)))]
    listed = "".join(f", {name} {kind}" for name, kind in zip(names, wanted, strict=True))
    store.execute(f"CREATE TABLE events (row BIGINT, seq BIGINT, type VARCHAR{listed})")
    offset = 0
    for table, found in tables:
        raw = store.name("event_rows")
        select = [f"{kinds.as_id(found.lead.expression, found.lead.kind)} AS id"]
        select.append(
            f"{literal(found.type)} AS type"
            if isinstance(found.type, str)
            else f"{kinds.as_text(found.type.expression, found.type.kind)} AS type"
        )
        given = (found.time, *found.attributes)
        odd: dict[str, Column] = {}
        for name, column, kind in zip(names, given, wanted, strict=True):
            select.append(f"{_expression(column, kind)} AS {name}")
            if column is not None and column.odd:
                odd[f"o_{name}"] = column
        select += [f"{column.odd} AS {name}" for name, column in odd.items()]
        table.create(raw, select)
        _report_odd(store, raw, odd, report)
        if found.rival:
            report.notes.append(
                f"{table.label}: the lead of an event is taken from {found.lead.name!r}, named as "
                f"the leads' own ids; there is also {found.rival!r}. If that is the lead's id, "
                f"say lead={found.rival}."
            )
        report.notes += [
            *table.notes,
            *resolve.repeated(table, [found.lead, found.type, *given]),
        ]
        chosen = ", ".join(f"e.{name}" for name in names)
        store.execute(
            f"INSERT INTO events SELECT k.row, e.rowid + {offset}, e.type, {chosen} "
            f"FROM {raw} e JOIN lead_ids k ON e.id = k.id"
        )
        offset += _note_strangers(store, table, raw, "event", report, found.lead.name, leads_id)
        store.execute(f"DROP TABLE {raw}")
    _copy_for_same_ids(store, "events", ["seq", "type", *names], "events")
    return tuple(wanted[1:]), wanted[0]


def _load_lists(
    needs: Needs, opening: Opening, lists: object, leads_id: str, report: Report
) -> None:
    store = opening.store
    store.execute("CREATE TABLE lists (row BIGINT, seq BIGINT, list VARCHAR)")
    if lists is None or not needs.lists:
        return
    table = open_source(lists, "the lists", opening)
    lead, name = resolve.list_columns(table, leads_id)
    raw = store.name("list_rows")
    table.create(
        raw,
        [
            f"{kinds.as_id(lead.expression, lead.kind)} AS id",
            f"{kinds.as_text(name.expression, name.kind)} AS list",
        ],
    )
    report.notes += [*table.notes, *resolve.repeated(table, [lead, name])]
    store.execute(
        "INSERT INTO lists SELECT k.row, e.rowid, e.list "
        f"FROM {raw} e JOIN lead_ids k ON e.id = k.id WHERE e.list IS NOT NULL"
    )
    _note_strangers(store, table, raw, "list entry", report, lead.name, leads_id)
    store.execute(f"DROP TABLE {raw}")
    _copy_for_same_ids(store, "lists", ["seq", "list"], "entries of lists")


def _copy_for_same_ids(store: Store, relation: str, columns: Sequence[str], what: str) -> None:
    """Give each further lead of an id its own copy of what belongs to the id."""
    if not store.number("SELECT count(*) FROM lead_ids WHERE copies > 1"):
        return
    copies = store.number(
        "SELECT sum((k.copies - 1) * e.many) FROM lead_ids k JOIN "
        f"(SELECT row, count(*) AS many FROM {relation} GROUP BY row) e ON e.row = k.row "
        "WHERE k.copies > 1"
    )
    if copies > COPIES_LIMIT:
        worst = _texts(store, "SELECT id FROM lead_ids ORDER BY copies DESC, row LIMIT 1")
        raise DataError(
            f"So many leads have the same id (such as {worst}) that their {what} would be "
            f"{copies:,} copies. Is it the right column? Name the one of the ids with --id "
            "(in Python: id=), or take double leads out."
        )
    chosen = ", ".join(f"e.{column}" for column in columns)
    store.execute(
        f"INSERT INTO {relation} SELECT l.rowid, {chosen} FROM {relation} e "
        "JOIN lead_ids k ON k.row = e.row AND k.copies > 1 "
        "JOIN lead_rows l ON l.id = k.id AND l.rowid <> k.row"
    )


def _note_strangers(
    store: Store, table: Table, raw: str, noun: str, report: Report, column: str, leads_id: str
) -> int:
    """Say what belongs to no lead; returns how many rows the table has."""
    many = store.number(f"SELECT count(*) FROM {raw}")
    without = store.number(f"SELECT count(*) FROM {raw} WHERE id IS NULL")
    unknown = f"FROM {raw} e ANTI JOIN lead_ids k ON e.id = k.id WHERE e.id IS NOT NULL"
    strangers = store.number(f"SELECT count(*) {unknown}")
    plural = "list entries" if noun == "list entry" else "events"
    if many and strangers + without == many:
        theirs = _texts(store, f"SELECT DISTINCT e.id {unknown} ORDER BY 1 LIMIT 3") or "blank"
        ours = _texts(store, "SELECT id FROM lead_ids ORDER BY row LIMIT 3") or "none"
        report.notes.append(
            f"{table.label}: 0 of {count(many, noun, plural)} matched a lead. The ids in "
            f"{column!r} are {theirs}; those of the leads, in {leads_id!r}, are {ours}."
            + _other_column(table, column)
        )
        return many
    if strangers:
        example = _texts(store, f"SELECT DISTINCT e.id {unknown} ORDER BY 1 LIMIT 3")
        verb = "belongs" if strangers == 1 else "belong"
        report.notes.append(
            f"{table.label}: {strangers:,} of {count(many, noun, plural)} {verb} to leads that "
            f"are not in the table of leads (such as {example}); not counted."
        )
    if without:
        verb = "has" if without == 1 else "have"
        report.notes.append(
            f"{table.label}: {without:,} of {count(many, noun, plural)} {verb} no id of a lead "
            f"in {column!r}; not counted."
        )
    return many


def _other_column(table: Table, used: str) -> str:
    there = [name for name in resolve.column_names(table) if fold(name) != fold(used)]
    found = find_any(there, EVENT_ID_COLUMNS)
    if found is None:
        return ""
    return f" Is the lead's id in {there[found]!r}? Then say lead={there[found]}."


def _expression(column: Column | None, wanted: str | None = None) -> str:
    if column is None:
        return f"CAST(NULL AS {wanted or kinds.TEXT})"
    return kinds.converted(column.expression, column.kind, wanted or column.kind)


def _report_odd(store: Store, relation: str, odd: dict[str, Column], report: Report) -> None:
    for name, column in odd.items():
        many, example = store.execute(f"SELECT count({name}), min({name}) FROM {relation}")[0]
        if many:
            entry = Unreadable(column.name, "date", int(str(many)), str(example)[:80])
            report.unreadable.setdefault((column.name, "date"), entry)


def _texts(store: Store, sql: str) -> str:
    return ", ".join(repr(str(row[0])) for row in store.execute(sql))
