"""Leads with their events and lists, as tables that the row-wise path streams from in order."""

from __future__ import annotations

from collections.abc import Sequence

from leadscore.data.notes import texts
from leadscore.data.relations import EVENT_INPUT, LEAD_INPUT, LIST_INPUT
from leadscore.data.store import Store
from leadscore.errors import DataError

LEADS, EVENTS, LISTS = "leads", "events", "lists"
"""The relations; unlike those that they are made from, cursors see them."""

COPIES_LIMIT = 50_000_000
"""Events that may be copied because leads have the same id."""


def make_leads(store: Store, query: str, *, copy: bool) -> None:
    """Make `LEADS`: the columns of ``lead_input``, which is `query`, with ids as text.

    With `copy`, the leads are read into the store, since a cursor could not run `query`.
    """
    columns = "CAST(id AS VARCHAR) AS id, * EXCLUDE (row, id)"
    if copy:
        store.execute(f"CREATE TABLE lead_rows AS SELECT {columns} FROM {LEAD_INPUT}")
        store.execute(f"CREATE VIEW {LEADS} AS SELECT rowid AS row, * FROM lead_rows")
    else:
        store.execute(f"CREATE VIEW {LEADS} AS SELECT row, {columns} FROM ({query})")


def make_events(store: Store, attributes: int, *, same_ids: bool) -> None:
    """Make `EVENTS`: row of the lead, seq, type, time, and the attributes.

    With `same_ids`, leads may have the same id; each has its copy. Raises DataError where those
    would be too many.
    """
    columns = ["seq", "type", "time", *(f"a{at}" for at in range(attributes))]
    _join(store, EVENTS, EVENT_INPUT, columns, "events", same_ids)


def make_lists(store: Store, *, same_ids: bool) -> None:
    """Make `LISTS`: row of the lead, seq, list; as `make_events`."""
    _join(store, LISTS, LIST_INPUT, ["seq", "list"], "entries of lists", same_ids)


def _join(
    store: Store, name: str, relation: str, columns: Sequence[str], what: str, same_ids: bool
) -> None:
    if same_ids:
        _check_copies(store, relation, what)
    chosen = ", ".join(f"e.{column}" for column in columns)
    store.execute(
        f"CREATE TABLE {name} AS SELECT k.row, {chosen} "
        f"FROM {relation} e JOIN {LEAD_INPUT} k ON e.lead = k.id"
    )


def _check_copies(store: Store, relation: str, what: str) -> None:
    shared = (
        f"(SELECT id, min(row) AS row, count(*) AS copies FROM {LEAD_INPUT} "
        "WHERE id IS NOT NULL GROUP BY id HAVING count(*) > 1)"
    )
    copies = store.number(
        f"SELECT sum((k.copies - 1) * e.many) FROM {shared} k JOIN "
        f"(SELECT lead, count(*) AS many FROM {relation} GROUP BY lead) e ON e.lead = k.id"
    )
    if copies > COPIES_LIMIT:
        worst = texts(
            store,
            f"SELECT CAST(id AS VARCHAR) FROM {shared} ORDER BY copies DESC, row LIMIT 1",
        )
        raise DataError(
            f"So many leads have the same id (such as {worst}) that their {what} would be "
            f"{copies:,} copies. Is it the right column? Name the one of the ids with --id "
            "(in Python: id=), or take double leads out."
        )
