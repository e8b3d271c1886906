"""What is said about ids: leads without one, leads of one id, events and lists that reach no lead.

The sentences are functions of counts; the counting is elsewhere, or here by one query, since an
engine that goes over all events anyway need not do it twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leadscore.columns import EVENT_ID_COLUMNS, count, find_any
from leadscore.data.relations import LEAD_INPUT, EventCounts
from leadscore.data.resolve import Owner
from leadscore.data.store import Store
from leadscore.values.text import fold

_PLURALS = {"event": "events", "list entry": "list entries", "contact": "contacts"}
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Told:
    """A table whose rows belong to leads, as sentences call it."""

    label: str
    noun: str
    """``event``, ``list entry`` or ``contact``."""
    column: str
    """The column with the id of the lead."""
    leads_id: str
    """The id column of the leads."""
    other: str = ""
    """Another column that may hold the lead's id, where nothing matches."""
    other_key: str = "lead"

    def many(self, number: int) -> str:
        """``1 event``, ``2 events``."""
        return count(number, self.noun, _PLURALS[self.noun])


def told(label: str, noun: str, owner: Owner, leads_id: str, names: Sequence[str]) -> Told:
    """How to speak of a table with the columns `names`."""
    there = [name for name in names if fold(name) != fold(owner.column.name)]
    found = find_any(there, EVENT_ID_COLUMNS)
    other = "" if found is None else there[found]
    # Beside contacts, a contact's id is not the lead's.
    is_contact = owner.rival_key == "contact" and fold(other) == fold(owner.rival)
    return Told(
        label, noun, owner.column.name, leads_id, other, "contact" if is_contact else "lead"
    )


def rival_note(label: str, owner: Owner, *, of_lists: bool = False) -> str:
    """What is said where a name alone decided whose the events are."""
    column = owner.column.name
    if owner.of_contacts:
        remedy = "call the column company_id" if of_lists else f"say lead={column}"
        return (
            f"{label}: companies and contacts both have their ids in {column!r}; here it is taken "
            f"as the contact's. If it is the company's, {remedy}."
        )
    if owner.rival_key == "contact":
        remedy = "leave that column out" if of_lists else f"say contact={owner.rival}"
        return (
            f"{label}: the company is taken from {column!r}, named as the companies' own ids; "
            f"there is also {owner.rival!r}, of a contact. If it should count through the "
            f"contact, {remedy}."
        )
    return (
        f"{label}: the lead of an event is taken from {column!r}, named as the leads' own ids; "
        f"there is also {owner.rival!r}. If that is the lead's id, say lead={owner.rival}."
    )


def without_id(label: str, without: int, many: int, column: str) -> str:
    """What is said about leads without an id."""
    verb = "has" if without == 1 else "have"
    return (
        f"{label}: {count(without, 'lead')} of {many:,} {verb} no id in {column!r}; scored, "
        "without events and lists."
    )


def same_ids(label: str, rows: int, ids: int, examples: str) -> str:
    """What is said about leads that share ids."""
    return (
        f"{label}: {rows:,} leads share {count(ids, 'id')} (such as {examples}); each row is "
        "scored by itself, with the events and lists of its id."
    )


def belonging(
    table: Told, rows: int, without_id: int, strangers: int, theirs: str, ours: str
) -> list[str]:
    """What is said about rows that belong to no lead.

    Args:
        table: the table that they are of.
        rows: all of it.
        without_id: those without the id of a lead.
        strangers: those with the id of an unknown lead.
        theirs: examples of ids of strangers, if there are any.
        ours: examples of ids of leads.
    """
    if rows and strangers + without_id == rows:
        hint = (
            f" Is the {table.other_key}'s id in {table.other!r}? Then say "
            f"{table.other_key}={table.other}."
            if table.other
            else ""
        )
        return [
            f"{table.label}: 0 of {table.many(rows)} matched a lead. The ids in "
            f"{table.column!r} are {theirs or 'blank'}; those of the leads, in "
            f"{table.leads_id!r}, are {ours or 'none'}.{hint}"
        ]
    out = []
    if strangers:
        verb = "belongs" if strangers == 1 else "belong"
        out.append(
            f"{table.label}: {strangers:,} of {table.many(rows)} {verb} to leads that are not in "
            f"the table of leads (such as {theirs}); not counted."
        )
    if without_id:
        verb = "has" if without_id == 1 else "have"
        out.append(
            f"{table.label}: {without_id:,} of {table.many(rows)} {verb} no id of a lead in "
            f"{table.column!r}; not counted."
        )
    return out


def belonging_notes(store: Store, table: Told, rows: str, counts: EventCounts) -> list[str]:
    """The sentences of `belonging`, with examples looked up where they are needed.

    `rows` is what follows FROM for the rows of the table, whose ids are in ``lead``.
    """
    theirs = ours = ""
    none = counts.rows > 0 and counts.strangers + counts.without_id == counts.rows
    if counts.strangers and counts.examples is not None:
        theirs = ", ".join(map(repr, counts.examples[:_EXAMPLES]))
    elif counts.strangers:
        theirs = texts(
            store,
            f"SELECT DISTINCT CAST(e.lead AS VARCHAR) AS lead FROM {rows} e "
            f"ANTI JOIN {LEAD_INPUT} k ON e.lead = k.id "
            f"WHERE e.lead IS NOT NULL ORDER BY 1 LIMIT {_EXAMPLES}",
        )
    if none:
        ours = first_leads(store)
    return belonging(table, counts.rows, counts.without_id, counts.strangers, theirs, ours)


def first_leads(store: Store) -> str:
    """The ids of the first leads, for messages; empty where there are none."""
    return texts(
        store,
        f"SELECT CAST(id AS VARCHAR) FROM {LEAD_INPUT} WHERE id IS NOT NULL "
        f"GROUP BY id ORDER BY min(row) LIMIT {_EXAMPLES}",
    )


def texts(store: Store, sql: str) -> str:
    """The first column of what `sql` gives, as quoted texts with commas between."""
    return ", ".join(repr(str(row[0])) for row in store.execute(sql))


def counted(store: Store, relation: str, sources: int) -> list[EventCounts]:
    """For each of the sources of a relation of rows with ``lead``, which reach a lead."""
    found = {
        int(str(source)): (int(str(rows)), int(str(with_id)), int(str(known)))
        for source, rows, with_id, known in store.execute(
            "SELECT e.source, count(*), count(e.lead), count(k.id) "
            f"FROM {relation} e LEFT JOIN (SELECT DISTINCT id FROM {LEAD_INPUT}) k "
            "ON e.lead = k.id GROUP BY e.source"
        )
    }
    out = []
    for source in range(sources):
        rows, with_id, known = found.get(source, (0, 0, 0))
        out.append(EventCounts(rows, rows - with_id, with_id - known))
    return out
